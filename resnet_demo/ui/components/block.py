"""The panel of one part of a network: its drawing, formula, layers and source code. It knows no network."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def block(
    text: Text, value: dict[str, Any] | None = None, *, elem_id: str = "block", told: str = "networks:open"
) -> gr.HTML:
    """The panel, shown while there is a value. Events: `step` (name) asks for another part, `shut` to close.

    told: the event by which the page's diagram learns what is open, "" where there is none

    value: {"name", "heading", "place", "before", "after": names or None, "drawing": SVG or "", "file": its name,
    "formula": [[symbols, shape]], "chain", "way": sentences, "heads", "rows", "total": cells as text,
    "idea": [title, text, where it is from] or [], "sources": [{"title", "from", "code": [[kind, text]]}]}, where a
    kind is "", "word" or "quiet"
    """
    return custom("block", value, elem_id=elem_id, styles=["drawing"], text=text.part("block"), told=told)
