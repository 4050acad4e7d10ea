"""An image to paint over, with a brush of some size. It knows no model."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import gradio as gr
import numpy as np

from ..text import Text
from .custom import custom


def brush(text: Text, covers: list[tuple[str, str]], *, elem_id: str) -> gr.HTML:
    """The image. Event: `paint` {bits: what is painted, see `mask_of`, cover: one of `covers`} while somebody paints.

    covers: (words, name) of what a painted place is covered with.
    value: {"view": the image as a data: address, "pixelated": how it is enlarged, "width", "height": in pixels,
    "painted": the view as it is covered now, or None}; what is painted stays while "view" does; {} for none
    """
    return custom("brush", {}, elem_id=elem_id, text=text.part("brush"), covers=[list(one) for one in covers])


def mask_of(bits: Any, height: int, width: int) -> np.ndarray:
    """What is painted, bool (height, width), of the event's bits: base64 of all rows of bits without gaps, the first
    one highest. ValueError for anything else.
    """
    packed = np.frombuffer(b64decode(str(bits), validate=True), np.uint8)
    if packed.size != -(-height * width // 8):
        raise ValueError(f"{packed.size} bytes for {height} × {width} bits")
    return np.unpackbits(packed, count=height * width).astype(bool).reshape(height, width)
