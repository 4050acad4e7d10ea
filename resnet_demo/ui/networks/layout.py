"""The tab Networks in two parts: how a network is built, and what happens inside a trained one.

Each is a package of its own, which lays itself out and computes nothing before it is opened; none may import another.
"""

from __future__ import annotations

from ..page_context import PageContext
from ..shared.parts import build_parts
from . import architecture, inside

TAB = "networks"
PARTS = {"architecture": architecture, "inside": inside}


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    build_parts(context, TAB, PARTS)
