"""What stands between the parts of a long tab: headings, notes, articles, and the contents that lead to the headings.

A section has a name: its heading is the word `<tab>.<section>`, its place in the page `section-<tab>-<section>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import gradio as gr

from .. import static
from ..text import Text
from .custom import custom


def heading(text: Text, tab: str, section: str) -> None:
    """The heading of a section, to which the contents lead."""
    prose(f'<h3 class="section">{escape(text(f"{tab}.{section}"))}</h3>', _place(tab, section))


def question(text: Text, key: str) -> None:
    """What a part of a tab answers, as its heading."""
    prose(f'<h2 class="question">{escape(text(key))}</h2>')


def fold(text: Text, key: str, *, elem_id: str) -> gr.Accordion:
    """A part of the page that is folded away at first; a context to build it in."""
    return gr.Accordion(text(key), open=False, elem_id=elem_id, elem_classes="fold")


def note(text: Text, key: str, tag: str) -> None:
    """A line of text: "h4" above a table or "p" below it."""
    prose(f'<{tag} class="note">{escape(text(key))}</{tag}>')


def lead(text: Text, key: str, **values: object) -> None:
    """What a tab or section is about, above all of it. values: of the placeholders."""
    prose(f'<p class="lead">{escape(text(key, **values))}</p>')


def boxed(text: Text, key: str) -> None:
    """A paragraph in a box: what a section is about and what it does not say."""
    prose(f'<div class="idea"><p>{escape(text(key))}</p></div>')


def articles(told: Iterable[tuple[str, str, str]]) -> str:
    """Titles, paragraphs and where they are from, side by side where there is room: HTML for `prose`."""
    each = (
        f'<article class="idea"><h4>{escape(title)}</h4><p>{escape(words)}</p><cite>{escape(source)}</cite></article>'
        for title, words, source in told
    )
    return f'<div class="ideas">{"".join(each)}</div>'


def contents(text: Text, tab: str, sections: Sequence[str]) -> None:
    """The sections as a list that leads to them."""
    custom(
        "contents",
        elem_id=f"{tab}-contents",
        caption=text("page.contents"),
        sections=[[text(f"{tab}.{name}"), _place(tab, name)] for name in sections],
    )


def prose(content: str, elem_id: str | None = None) -> gr.HTML:
    """HTML of our own making in the look of running text."""
    style = static.style_class("prose")
    return gr.HTML(content, js_on_load=None, apply_default_css=False, elem_id=elem_id, elem_classes=[style])


def _place(tab: str, section: str) -> str:
    return f"section-{tab}-{section}"
