"""The tab Compare: five questions, each a part with an address of its own, of which one is shown at a time.

Each is a package of its own, which lays itself out and computes nothing before it is opened; none may import another.
"""

from __future__ import annotations

import gradio as gr

from ..page_context import PageContext
from ..shared.parts import build_parts
from . import agreement, depth, published, race, shortcuts

TAB = "compare"
PARTS = {"depth": depth, "shortcuts": shortcuts, "published": published, "race": race, "agreement": agreement}


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    with gr.Column(elem_id="compare"):
        build_parts(context, TAB, PARTS)
