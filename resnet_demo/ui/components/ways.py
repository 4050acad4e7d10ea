"""Three ways to do one thing as cards beside each other, with drawings that can be clicked. It knows no network."""

from __future__ import annotations

import gradio as gr

from ..text import Text
from .custom import custom


def ways(text: Text, *, elem_id: str) -> gr.HTML:
    """The cards. Event: `select`, index is the option of the card and value the name of the drawing that was clicked.

    value: {"cards": [{"option": "A" | "B" | "C", "title", "text", "fact", "figures": [{"name", "caption",
                       "drawing": SVG}]}],
            "open": [option, name] of the drawing whose panel is open, or None}
    """
    return custom("ways", None, elem_id=elem_id, styles=["drawing"], text=text.part("shortcuts.ways"))
