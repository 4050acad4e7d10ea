"""Training and evaluation: configuration in, events out. Must not depend on folders, pages or processes."""
