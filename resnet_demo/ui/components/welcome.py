"""The opening of the page, below the first answer: a small network, two curves, and where to go from here.

It draws what it is given. It must not depend on models or runs.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def welcome(text: Text, value: dict[str, Any], *, elem_id: str = "welcome") -> gr.HTML:
    """The opening in the words of its page.

    value: {"blocks": {"title", "network", "items": [{"stage", "keeps", "words"}]}, "curves": None or {"about",
    "lines": [{"title", "plain", "errors": percent at equal distances, None where unknown, "last"}]}}
    """
    return custom("welcome", value, elem_id=elem_id, text=text.part("welcome"))
