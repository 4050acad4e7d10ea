"""A heat map over the picture it belongs to, beside the original; its strength is set in the browser, at once.

It draws what it is given (`ui.classify.heat.figure`) and knows no network.
"""

from __future__ import annotations

import gradio as gr

from ..text import Text
from .custom import custom


def heatmap(text: Text, *, elem_id: str = "heatmap") -> gr.HTML:
    """An empty figure, in the words of its page."""
    return custom("heatmap", {}, elem_id=elem_id, text=text.part("heat"))
