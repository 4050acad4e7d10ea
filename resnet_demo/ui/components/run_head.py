"""Which run is looked at: its title, how it stands, and its download. It draws what it is given and knows no run."""

from __future__ import annotations

import gradio as gr

from ..text import Text
from .custom import custom


def run_head(text: Text, *, elem_id: str) -> gr.HTML:
    """The head. value: {"title", "facts": [words], "note", "warning": a sentence, "download": address or "", "file":
    name of the download, "onnx": address of the network alone or ""}; what is left out is not shown."""
    return custom("run_head", {}, elem_id=elem_id, text=text.part("run_head"))
