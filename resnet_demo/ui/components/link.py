"""A link to what the page shows now: its address to copy, and a QR code for an audience. It knows no run."""

from __future__ import annotations

import gradio as gr

from ..text import Text
from .custom import custom


def link(text: Text, *, elem_id: str, words: str = "link") -> gr.HTML:
    """A button; `ask` (address: the page's own, without what stands after the question mark) wants a value.

    value: {"address", "code": a picture as data: address}, or {} as long as nothing was asked for
    words: where among the words its own are
    """
    return custom("link", {}, elem_id=elem_id, text=text.part(words))
