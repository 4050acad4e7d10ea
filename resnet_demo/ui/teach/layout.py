"""The tab Teach in two parts: teaching a model by showing it images, and doing so with a class of phones.

Each is a package of its own, which lays itself out and computes nothing before it is opened; none may import another.
"""

from __future__ import annotations

from ..page_context import PageContext
from ..shared.parts import build_parts
from . import room, showing

TAB = "teach"
PARTS = {"showing": showing, "room": room}


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    build_parts(context, TAB, PARTS)
