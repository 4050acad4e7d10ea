"""A demo of residual networks: our own ResNets in plain PyTorch, their training, and views of what they learned."""

__version__ = "0.1.0"
