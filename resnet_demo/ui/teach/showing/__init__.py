"""The part on teaching by showing: images of classes, a run that learns them, and its live answers."""

from .layout import build

__all__ = ["build"]
