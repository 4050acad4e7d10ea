"""The part on how networks are built: drawn, counted and compared, whether or not they were ever trained."""

from .layout import build

__all__ = ["build"]
