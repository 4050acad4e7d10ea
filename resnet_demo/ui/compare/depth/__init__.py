"""The part on deeper plain networks beside residual ones: recorded runs, and gradients that are measured here."""

from .layout import build

__all__ = ["build"]
