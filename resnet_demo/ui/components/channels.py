"""All channels of one part of a network for one image, one of them large beside the image. It knows no model."""

from __future__ import annotations

import gradio as gr

from ..text import Text
from .custom import custom


def channels(text: Text, *, elem_id: str) -> gr.HTML:
    """The channels. Events: `unit` {name, channel, row, column} when a unit of the large one is clicked; `shut`.

    value: {"name": of the part, "title", "note", "strip": data: address of all channels on top of each other,
    "channels": their numbers in the order of the strip, "height", "width": of each, "view": the image, "pixelated": how
    it is enlarged, "field": {"box": [left, top, width, height] as shares of the image, "map": data: address, "words"},
    or None for no unit}; {} for none
    """
    return custom("channels", {}, elem_id=elem_id, text=text.part("channels"))
