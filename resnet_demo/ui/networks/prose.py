"""What stands between the drawings: headings, notes, the ideas of the paper, and the contents that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import gradio as gr

from ..components.custom import custom
from ..text import Text

HERE = Path(__file__).parent
STYLE = (HERE / "prose.css").read_text(encoding="utf-8")


def heading(text: Text, section: str) -> None:
    """The heading of a section, to which the contents lead."""
    _html(f'<h3 class="section">{escape(text(f"networks.{section}"))}</h3>', f"section-{section}")


def note(text: Text, key: str, tag: str) -> None:
    """A line of text: "h4" above a table or "p" below it."""
    _html(f'<{tag} class="note">{escape(text(key))}</{tag}>')


def ideas(text: Text, names: Sequence[str], *, elem_id: str) -> gr.HTML:
    """Ideas of the paper, each with the place where it stands; its value is made by `told_ideas`."""
    return _html(told_ideas(text, names), elem_id)


def told_ideas(text: Text, names: Sequence[str]) -> str:
    """Our own words as HTML."""
    told = (
        f'<article class="idea"><h4>{escape(text(f"idea.{name}"))}</h4><p>{escape(text(f"idea.{name}.text"))}</p>'
        f"<cite>{escape(text('networks.source', where=text(f'idea.{name}.where')))}</cite></article>"
        for name in names
    )
    return f'<div class="ideas">{"".join(told)}</div>'


def contents(text: Text, sections: Sequence[str]) -> None:
    """The sections as a list that leads to them."""
    custom(
        "contents",
        elem_id="networks-contents",
        folder=HERE,
        caption=text("networks.contents"),
        sections=[[text(f"networks.{name}"), f"section-{name}"] for name in sections],
    )


def _html(content: str, elem_id: str | None = None) -> gr.HTML:
    return gr.HTML(content, css_template=STYLE, js_on_load=None, apply_default_css=False, elem_id=elem_id)
