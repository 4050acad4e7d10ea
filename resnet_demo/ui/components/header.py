"""The top of the page: what it is, where it runs, and switches for language, light or dark, and the presenter's page.

What a switch does happens in the browser (`header.js`); what was chosen is kept there too and applied at the next
visit before anything is drawn (`ui/head.js`).
"""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from ..text import LANGUAGES, Text

HERE = Path(__file__).parent


def header(text: Text, device: str) -> gr.HTML:
    """The header in one language; `device` is what answers are computed on."""
    (other,) = (one for one in LANGUAGES.values() if one.language != text.language)
    return gr.HTML(
        html_template=(HERE / "header.html").read_text(encoding="utf-8"),
        css_template=(HERE / "header.css").read_text(encoding="utf-8"),
        js_on_load=(HERE / "header.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        text=text.part("header"),
        title=text("page.title"),
        sentence=text("page.sentence"),
        device=text("page.device", device=device),
        other={
            "language": other.language,
            "name": other("page.language"),
            "locale": other.locale,
            "address": other.path or "./",
        },
        elem_id="header",
    )
