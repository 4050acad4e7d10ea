"""A camera of the visitor's, whose newest frame is sent whenever the last answer is there; other components draw that.

It knows no model, and of an answer only what it tells aloud. Frames leave the page as small JPEGs, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def camera(text: Text, value: dict[str, Any], *, address: str, tab: str, draws: Mapping[str, str]) -> gr.HTML:
    """A button that starts it, then the video with what belongs to it.

    value: {"models": ids, "top_k", "temperature", "crop"}, what is asked about each frame. address: where, relative to
    the page. tab: whose being left frees the camera. draws: the parts of an answer, {"figure": …, "views": …}, and the
    ids of the components whose scripts draw them: each is told by an event `live`, null as detail where it has ended.

    Events: `start` before the first frame is sent, `end` when the visitor has stopped it or it has stopped itself. The
    page's event "camera:stop" stops it without a word.
    """
    words = text.part("camera")
    options: dict[str, Any] = {"address": address, "tab": tab, "draws": dict(draws), "language": text.language}
    return custom("camera", value, elem_id="camera", text=words, **options)
