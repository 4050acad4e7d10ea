"""Heat maps of several networks over one picture, beside each other; their strength is set in the browser, at once.

It draws what it is given and knows no network.
"""

from __future__ import annotations

import gradio as gr

from ..text import Text
from .custom import custom


def overlays(text: Text, *, elem_id: str) -> gr.HTML:
    """The figures, shown while there are any.

    value: {"title", "view": data: address of the picture, "pixelated", "caption",
            "items": [{"option", "title", "map": data: address, "note": text or ""}]}, or {"message"}
    """
    return custom("overlays", {}, elem_id=elem_id, text=text.part("heat"))
