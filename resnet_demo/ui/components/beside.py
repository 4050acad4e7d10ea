"""Drawings side by side, each with its caption and its download. It knows no network."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def beside(text: Text, *, elem_id: str, value: dict[str, Any] | None = None) -> gr.HTML:
    """The drawings. value: {"items": [{"title", "drawing": SVG, "file": its name}], "note": a line below}."""
    return custom("beside", value, elem_id=elem_id, styles=["drawing"], text=text.part("blocks"))
