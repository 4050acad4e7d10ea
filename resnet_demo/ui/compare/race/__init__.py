"""The part in which A, B, C and plain race: equal initial values, equal batches, and all in one chart."""

from .layout import build

__all__ = ["build"]
