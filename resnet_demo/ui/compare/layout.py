"""The tab Compare as a list of sections.

Each is a package of its own, which lays itself out and computes nothing before the tab is opened; none may import
another.
"""

from __future__ import annotations

import gradio as gr

from ..components.prose import contents, heading, lead
from ..page_context import PageContext
from . import agreement, depth, published, race, shortcuts

TAB = "compare"
SECTIONS = {"ways": shortcuts, "published": published, "race": race, "picture": agreement, "depth": depth}


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    text = context.text
    with gr.Column(elem_id="compare"):
        lead(text, "compare.lead")
        contents(text, TAB, list(SECTIONS))
        for name, section in SECTIONS.items():
            heading(text, TAB, name)
            section.build(context)
