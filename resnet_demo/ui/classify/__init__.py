"""The tab Classify: images, models, their answers, and where the models look."""

from .layout import TAB, build

__all__ = ["TAB", "build"]
