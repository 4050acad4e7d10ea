"""The live curves of a run: asks for what is new, draws it in place, overlays other runs, plays recorded ones back.

It knows runs by their ids: what there is to know of one is answered by `poll`, what it is called is said by its value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from ..errors import why
from ..text import Text
from .custom import custom


def curves(
    text: Text,
    poll: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    elem_id: str = "curves",
    value: dict[str, Any] | None = None,
    steepness: float = 0.68,
) -> gr.HTML:
    """The curves. poll: `runs.tail.Tails.poll`, asked by the browser without a queue while a run waits or trains.

    value: {"runs": [{"id", "title", "style": "A", "B", "C", "plain" or "other", "paper": accuracy 0 to 1 or None}],
        "replay": id or None}. The first run is the one that the numbers, progress and events are about; the others are
        drawn with it. `replay` plays that run's recording, which then is the one they are about. Any other value
        asks again, also for runs that had ended. An equal one changes nothing: after a run was resumed give it anything
        new, such as a number "turn" that goes up.
    steepness: how high a chart is by its width, within limits.

    Events: `mount` once it is on the page, with what the address asks for; `state` {run, state} for each run when it is
    first seen and whenever its state changes; `epoch` {run, step} when another epoch of the first run is the latest
    that is shown, in a replay too. Several `state` may come at once: listen with trigger_mode="multiple".
    """

    def poll_runs(asked: dict[str, Any]) -> dict[str, Any]:
        return {run_id: _said(answer, text) for run_id, answer in poll(asked).items()}

    return custom(
        "curves", value, elem_id=elem_id, server_functions=[poll_runs], text=text.part("curves"),
        styles=["chart"], steepness=steepness,
    )  # fmt: skip


def _said(answer: dict[str, Any], text: Text) -> dict[str, Any]:
    """The answer with its reason in the page's language."""
    if "reason" not in answer:
        return answer
    others = {name: value for name, value in answer.items() if name not in ("code", "values")}
    return {**others, "reason": why(answer["reason"], answer["code"], answer["values"], text)}
