"""The part on what happens inside a trained model: activations, cut shortcuts, what each block adds."""

from .layout import build

__all__ = ["build"]
