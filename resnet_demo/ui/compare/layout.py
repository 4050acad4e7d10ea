"""The tab Compare: five questions, each a part with an address of its own, of which one is shown at a time.

Each is a package of its own, which lays itself out and computes nothing before it is opened; none may import another.
"""

from __future__ import annotations

import gradio as gr

from ..components.parts import parts_address
from ..components.prose import question
from ..page_context import PageContext
from . import agreement, depth, published, race, shortcuts

TAB = "compare"
PARTS = {"depth": depth, "shortcuts": shortcuts, "published": published, "race": race, "agreement": agreement}
PLACE = "compare-parts"  # in the page; head.js opens the part that an address names


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    text = context.text
    with gr.Column(elem_id="compare"):
        with gr.Tabs(elem_id=PLACE, overflow_behavior="wrap"):
            for name, part in PARTS.items():
                with gr.Tab(text(f"{TAB}.{name}"), id=name):
                    question(text, f"{TAB}.{name}.question")
                    part.build(context)
        parts_address(PLACE, elem_id="compare-address")
