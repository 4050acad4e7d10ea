"""An answer as a figure: the class, bars of probabilities, the picture as the network saw it, what it knows.

It draws what it is given (`answer`, `message`) and knows no network.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from ...inference.classify import Prediction
from ..text import Text
from .samples import data_address

HERE = Path(__file__).parent
UNSURE_BELOW = 0.5
PIXELATED_UP_TO = 64  # pictures of data sets; a 224 px crop is a photograph


def result(text: Text, value: dict[str, Any]) -> gr.HTML:
    """The figure; `value` is made by `answer` or `message`."""
    return gr.HTML(
        value,
        html_template=(HERE / "result.html").read_text(encoding="utf-8"),
        css_template=(HERE / "result.css").read_text(encoding="utf-8"),
        js_on_load=(HERE / "result.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        text=text.part("result"),
        elem_id="result",
    )


def answer(prediction: Prediction, text: Text) -> dict[str, Any]:
    """What the page shows of a prediction."""
    size, best = prediction.view.width, prediction.confidence

    def percent(probability: float) -> str:
        return text("answer.percent", percent=100 * probability) if probability >= 5e-4 else text("answer.tiny")

    return {
        "rows": [
            {"label": label, "probability": p, "percent": percent(p)}
            for label, p in zip(prediction.labels, prediction.probabilities, strict=True)
        ],
        "note": text("answer.unsure", percent=100 * best) if best < UNSURE_BELOW else "",
        "view": data_address(prediction.view),
        "pixelated": size <= PIXELATED_UP_TO,
        "caption": text("view.caption", size=size),
        "knows": list(prediction.classes),
    }


def message(sentence: str, *, knows: tuple[str, ...] = (), command: str = "", error: bool = False) -> dict[str, Any]:
    """A sentence in the place of an answer: what to do next, or what was wrong with the picture."""
    return {"message": sentence, "command": command, "error": error, "knows": list(knows)}
