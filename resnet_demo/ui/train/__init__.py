"""The tab Train: a form, a run that learns while one looks on, and the runs there are."""

from .form_handlers import TAB
from .layout import build

__all__ = ["TAB", "build"]
