"""The tab Networks: what is inside a residual network, drawn and counted from the module that runs."""

from .layout import TAB, build

__all__ = ["TAB", "build"]
