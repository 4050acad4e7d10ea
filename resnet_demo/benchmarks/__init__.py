"""What this machine does in how much time. Must not depend on a page or a command line, which show the numbers."""
