"""Pictures with what they are and what a network took them for, as a grid of small figures.

It draws what it is given and knows neither data set nor network. New pictures, say each epoch, take the places of the
old ones, so that the focus stays.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def mistakes(text: Text, *, elem_id: str, value: dict[str, Any] | None = None, selectable: bool = True) -> gr.HTML:
    """The grid; `select` tells the picture that was clicked: index is its own "index", value its place in the list.

    value: {"note": a line above, "pixelated": whether pixels are to be seen,
            "items": [{"source": data: address, "true", "predicted": names, "probability": 0 to 1 or None,
                       "index": int}]}; a picture that got its own class is marked ✓, any other ✗. Several answers to
            a picture: "answers": [{"who", "predicted", "right": bool, "probability"}] in the place of its one
    """
    return custom("mistakes", value, elem_id=elem_id, text=text.part("mistakes"), selectable=selectable)
