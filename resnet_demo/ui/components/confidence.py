"""How sure a network is and how right: a reliability diagram, right and wrong answers by confidence, and what is left
when only answers of some confidence are given. All three have the same axis, and one threshold goes across.

It draws counts and knows neither pictures nor networks.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import gradio as gr
import numpy as np

from ...metrics.calibration import ConfidenceHistogram, Coverage, Reliability
from ..text import Text
from .custom import custom


def confidence(text: Text, *, elem_id: str = "confidence", value: dict[str, Any] | None = None) -> gr.HTML:
    """The three charts. value: what `as_value` makes; {} or only a "note" where there is nothing to show.

    Event: `threshold` {value: 0 to 1} when the visitor has moved it, about eight times a second while it moves: listen
    to every time. It is always one of the thresholds of the coverage curve. A new value leaves it,
    the focus and the scale as they are.
    """
    return custom("confidence", value or {}, elem_id=elem_id, text=text.part("confidence"))


def as_value(
    reliability: Reliability,
    histogram: ConfidenceHistogram,
    coverage: Coverage,
    *,
    title: str = "",
    note: str = "",
    threshold: float | None = None,
) -> dict[str, Any]:
    """What the component shows. title, note: one line each above; threshold: where it stands, again when it changes.

    Without answers the charts are empty and the component says so, unless the note does.
    """
    return {
        "title": title,
        "note": note,
        "reliability": _plain(reliability),
        "histogram": _plain(histogram),
        "coverage": _plain(coverage),
        "threshold": threshold,
    }


def _plain(result: Reliability | ConfidenceHistogram | Coverage) -> dict[str, Any]:
    """Fields as JSON has them: arrays as lists, what is NaN as None."""
    fields = {field.name: np.asarray(getattr(result, field.name)) for field in dataclasses.fields(result)}
    return {
        name: np.where(array == array, array.astype(object), np.array(None)).tolist() for name, array in fields.items()
    }
