"""Small numbers that can be changed, and what becomes of them step by step. It computes nothing.

It sends what is typed in and draws what comes back.
"""

from __future__ import annotations

import gradio as gr

from ..text import Text
from .custom import custom


def follow(text: Text, *, elem_id: str) -> gr.HTML:
    """The steps. Event: `edit`, with {"option", "place", "x", "weights": what stands in the fields, "fill": which
    weights are asked for instead, or "", "seed": how often they were, "turn": a number that grows with each change}.

    value: {"option", "place", "x": [[[text]]], "weights": [[text]] or None: what the fields hold,
            "kept", "out": [[[text]]], "zeros": [channel], "stride": int,
            "titles": {"x", "kept", "weights", "out"}, "words": sentences below, "module": code,
            "reads": [[[what one number of `out` is made of]]], "turn": that of the event, others are not drawn},
           or {"wrong": the place of what cannot be used, "error": the sentence about it, "turn"}: the numbers stay
    """
    return custom("follow", None, elem_id=elem_id, text=text.part("shortcuts.follow"))
