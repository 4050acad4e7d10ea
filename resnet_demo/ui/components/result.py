"""Answers as a figure: for each network the class, bars of probabilities, the picture as it saw it, what it knows.

It draws what it is given (`ui.classify.answers.figure`) and knows no network. `select` tells which class was clicked:
index is the class, value the network's id.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from ..text import Text

HERE = Path(__file__).parent


def result(text: Text, value: dict[str, Any]) -> gr.HTML:
    """The figure, in the words of its page."""
    return gr.HTML(
        value,
        html_template=(HERE / "result.html").read_text(encoding="utf-8"),
        css_template=(HERE / "result.css").read_text(encoding="utf-8"),
        js_on_load=(HERE / "result.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        text=text.part("result"),
        elem_id="result",
    )
