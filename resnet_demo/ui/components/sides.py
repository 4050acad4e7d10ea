"""The probabilities that several models give one image, side by side. It draws what it is given."""

from __future__ import annotations

import gradio as gr

from ..text import Text
from .custom import custom


def sides(text: Text, *, elem_id: str) -> gr.HTML:
    """The figure. Event: `select`, index is the class that was clicked, value its name.

    value: {"networks": [{"option": "A" | "B" | "C" | "plain", "title", "best": name of its answer, "percent",
                          "right": bool or None where that is unknown}],
            "rows": [{"index", "label", "true": bool, "probabilities": [0 to 1], "percents": [text], "best": [bool]}],
            "shown": how many of them are not folded away, "sentence", "gap", "truth": text or "",
            "view": data: address, "pixelated", "caption", "scroll": whether to bring it into view},
           or {"message", "error": bool}
    """
    return custom("sides", {}, elem_id=elem_id, text=text.part("agreement.sides"))
