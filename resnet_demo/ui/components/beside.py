"""Drawings side by side, each with its caption and its download. It knows no network."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .drawing import script, style


def beside(text: Text, *, elem_id: str, value: dict[str, Any] | None = None) -> gr.HTML:
    """The drawings. value: {"items": [{"title", "drawing": SVG, "file": its name}], "note": a line below}."""
    return gr.HTML(
        value,
        html_template='<div class="row"></div><p class="note"></p>',
        css_template=style("beside.css"),
        js_on_load=script("beside.js"),
        apply_default_css=False,
        text=text.part("compare"),
        elem_id=elem_id,
    )
