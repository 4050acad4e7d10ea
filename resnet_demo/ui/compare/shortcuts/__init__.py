"""The part on what A, B and C are: drawn, counted, and worked through with small numbers."""

from .layout import build

__all__ = ["build"]
