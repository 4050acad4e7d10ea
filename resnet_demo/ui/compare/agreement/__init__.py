"""The part that shows one image to every published variant: their answers, and images that only one has right."""

from .layout import build

__all__ = ["build"]
