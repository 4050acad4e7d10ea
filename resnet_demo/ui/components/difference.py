"""What each network of a race is ahead of or behind another one, at equal steps, with the noise of that.

It asks for the same logs as the curves above it, and knows the runs by their ids.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def difference(
    text: Text,
    poll: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    elem_id: str = "difference",
    value: dict[str, Any] | None = None,
) -> gr.HTML:
    """Two charts, loss and accuracy: each run less the one that the visitor chooses among them, the first one at first.

    poll, value: as `curves` takes them; "replay" and "paper" mean nothing here. In training a line is the mean of the
    latest reports that both runs made of the same steps, its band two standard errors of that mean to either side; in
    validation a mark is the difference at an epoch's end. It has no events.
    """

    def poll_runs(asked: dict[str, Any]) -> dict[str, Any]:
        return poll(asked)

    words = text.part("curves") | text.part("difference")
    return custom(
        "difference",
        value,
        elem_id=elem_id,
        styles=["chart"],
        server_functions=[poll_runs],
        text=words,
    )
