"""A heat map over the picture it belongs to, beside the original; its strength is set in the browser, at once.

It draws what it is given (`ui.classify.heat.figure`) and knows no network.
"""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from ..text import Text

HERE = Path(__file__).parent


def heatmap(text: Text) -> gr.HTML:
    """An empty figure, in the words of its page."""
    return gr.HTML(
        {},
        html_template=(HERE / "heatmap.html").read_text(encoding="utf-8"),
        css_template=(HERE / "heatmap.css").read_text(encoding="utf-8"),
        js_on_load=(HERE / "heatmap.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        text=text.part("heat"),
        elem_id="heatmap",
    )
