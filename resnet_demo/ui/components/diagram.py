"""The diagram of a network: read by pointing and by arrow keys, opened by click or Enter, downloaded as SVG or PNG.

It chooses the drawing that fits its width and knows no network: what a part says stands in the drawing.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def diagram(text: Text, value: dict[str, Any] | None = None) -> gr.HTML:
    """The diagram. Events: `mount` once it is on the page, with what the address asks for; `select` (value: the name
    of a part) opens it; `fold` (stage) folds or unfolds a stage; `shut` closes the opened part.

    value: {"title", "facts": [[word before, number, word after]], "wide", "narrow": two drawings of `figures.network`,
    "file": name of downloads, "address": {key: value} that leads back here}; or {"wrong": a sentence} that stands above
    the last drawing
    """
    return custom("diagram", value, elem_id="diagram", styles=["drawing"], text=text.part("diagram"))
