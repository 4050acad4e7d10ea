"""The ideas of the paper in our own words, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from ...components.prose import articles, prose
from ...text import Text


def ideas(text: Text, names: Sequence[str], *, elem_id: str) -> gr.HTML:
    """Ideas of the paper, each with the place where it stands; its value is made by `told_ideas`."""
    return prose(told_ideas(text, names), elem_id)


def told_ideas(text: Text, names: Sequence[str]) -> str:
    """Our own words as HTML."""
    return articles(
        (
            text(f"idea.{name}"),
            text(f"idea.{name}.text"),
            text("networks.source", where=text(f"idea.{name}.where")),
        )
        for name in names
    )
