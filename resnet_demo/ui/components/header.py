"""The top of the page: what it is, and switches for language, light or dark, and the presenter's page.

What a switch does happens in the browser (`header.js`); what was chosen is kept there too and applied at the next
visit before anything is drawn (`ui/web/head.js`).
"""

from __future__ import annotations

import gradio as gr

from ..text import LANGUAGES, Text
from .custom import custom


def header(text: Text) -> gr.HTML:
    """The header in one language."""
    (other,) = (one for one in LANGUAGES.values() if one.language != text.language)
    return custom(
        "header",
        elem_id="header",
        text=text.part("header"),
        title=text("page.title"),
        sentence=text("page.sentence"),
        other={
            "language": other.language,
            "name": other("page.language"),
            "locale": other.locale,
            "address": other.path or "./",
        },
    )
