"""Answers as a figure: for each network the class, bars of probabilities, the picture as it saw it, what it knows.

It draws what it is given (`ui.shared.answers.figure`) and knows no network. `select` tells which class was clicked:
index is the class, value the network's id.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def result(text: Text, value: dict[str, Any] | None = None, *, elem_id: str = "result") -> gr.HTML:
    """The figure, in the words of its page."""
    return custom("result", value or {}, elem_id=elem_id, text=text.part("result"))
