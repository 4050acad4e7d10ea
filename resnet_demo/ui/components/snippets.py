"""Lines to copy into a terminal or an editor, each with its title. It knows no language and runs nothing."""

from __future__ import annotations

import gradio as gr

from ..text import Text
from .custom import custom


def snippets(text: Text, *, elem_id: str) -> gr.HTML:
    """The lines. value: {"items": [{"title", "code"}], "note": a sentence below}, or {} to show nothing."""
    return custom("snippets", {}, elem_id=elem_id, text=text.part("snippets"))
