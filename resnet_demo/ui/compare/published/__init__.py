"""The part on the published runs of A, B, C and plain: cost, accuracy seed by seed, and verdicts on each pair."""

from .layout import build

__all__ = ["build"]
