"""A network as a row of blocks for each stage, with what each gives out for one image; its shortcuts and branches can
be cut. It knows no model and no image.
"""

from __future__ import annotations

import gradio as gr

from ..text import Text
from .custom import custom


def flow(text: Text, *, elem_id: str) -> gr.HTML:
    """The network. Events: `cut` {cuts: all that is cut now, each "layer2.0.shortcut" or "layer2.0.branch"} whenever
    that changes; `open` {name} when the channels of a part are asked for.

    value: {"model": its id; what is cut stays while it does, "cuts": what is cut when another one comes, "answer": to
    the image, in a few words, "stages": [stage]}, {} for none
    a stage: {"title", "range": what the colours mean, "parts": [part]}
    a part: {"name", "words": what it is, "shape", "zeros", "shortcut": "identity", "padding", "projection", or "" where
    there is none, "branch": whether it is a block, "strip": data: address of tiles on top of each other, "tiles": how
    many}
    """
    return custom("flow", {}, elem_id=elem_id, text=text.part("flow"))
