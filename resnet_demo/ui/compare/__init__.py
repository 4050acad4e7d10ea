"""The tab Compare: what the shortcut options A, B and C do, cost and bring, as far as the runs say.

A long tab of sections, each a module that lays itself out, wires itself and computes nothing before the tab is opened.
"""

from __future__ import annotations

import gradio as gr

from ..components.prose import contents, heading, lead
from ..page_context import PageContext
from . import depth, picture, published, racing, shortcuts

TAB = "compare"
SECTIONS = {"ways": shortcuts, "published": published, "race": racing, "picture": picture, "depth": depth}


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    text = context.text
    with gr.Column(elem_id="compare"):
        lead(text, "compare.lead")
        contents(text, TAB, list(SECTIONS))
        for name, section in SECTIONS.items():
            heading(text, TAB, name)
            section.build(context)
