"""The tab Compare: what the shortcut options A, B and C do, cost and bring, as far as the runs say."""

from .layout import TAB, build

__all__ = ["TAB", "build"]
