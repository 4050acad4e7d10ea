"""The tab Teach: classes that a model is shown a few images of, by one person or by a class with phones."""

from .layout import TAB, build

__all__ = ["TAB", "build"]
