"""Training and evaluation: configuration in, events out. Knows nothing of folders, pages or processes."""
