"""The part on a class of phones: a room, its board, training on the accepted images, and everybody's runs."""

from .layout import build

__all__ = ["build"]
