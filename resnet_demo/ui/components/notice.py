"""One sentence in the place where something was asked for: what happened, or what was wrong. It knows no more."""

from __future__ import annotations

from typing import Any

import gradio as gr

from .custom import custom


def notice(*, elem_id: str) -> gr.HTML:
    """The sentence; made of values by `said`."""
    return custom("notice", {}, elem_id=elem_id)


def said(sentence: str = "", *, error: bool = False) -> dict[str, Any]:
    """The value that shows a sentence; error: it is read out at once and marked with a cross."""
    return {"text": sentence, "error": error}
