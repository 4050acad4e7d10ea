"""The tab Confusion: which classes a model confuses, for any run and set, and for what visitors upload."""

from . import takeaway
from .layout import TAB, build

__all__ = ["TAB", "build", "takeaway"]
