"""A place among the recorded epochs of a run, moved by hand or played. It knows no run, only steps."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def scrubber(text: Text, *, elem_id: str = "scrubber", value: dict[str, Any] | None = None) -> gr.HTML:
    """The slider. `epoch` {run, step} tells where it has come to, also where new epochs have carried it.

    value: {"run": its id, "epochs": [[step, epoch], …] in ascending order, "running": whether more may come,
            "step": where it is to stand, or None for the last; "note": what is said where there are no epochs}
    Another run, and another "step", send it somewhere without an event: whoever sends it knows. With the same run it
    stays where it is, and goes along when it stands at the last epoch; where its epoch was taken back it goes to the
    one before. It tells about eight times a second at most: listen to every time.
    """
    return custom("scrubber", value or {}, elem_id=elem_id, text=text.part("scrubber"))
