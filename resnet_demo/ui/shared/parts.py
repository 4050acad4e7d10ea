"""A tab in parts, of which one is shown at a time, each with an address of its own and a question above it.

A part is a package with `build(context)`, which computes nothing before it is opened. It must not depend on a tab.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from ..components.parts import parts_address
from ..components.prose import question
from ..page_context import PageContext


def build_parts(context: PageContext, tab: str, parts: Mapping[str, Any]) -> None:
    """Fill a tab with its parts, inside a `gr.Tab` of the page. parts: packages by their `part` in the address."""
    text, place = context.text, f"{tab}-parts"
    with gr.Tabs(elem_id=place, elem_classes="tab-parts", overflow_behavior="wrap"):
        for name, part in parts.items():
            with gr.Tab(text(f"{tab}.{name}"), id=name):
                question(text, f"{tab}.{name}.question")
                part.build(context)
    parts_address(place, elem_id=f"{tab}-address")
