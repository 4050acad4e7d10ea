"""The tab Teach: classes that a model is shown a few images of, a run that learns them, and its live answers."""

from .handlers import TAB
from .layout import build

__all__ = ["TAB", "build"]
