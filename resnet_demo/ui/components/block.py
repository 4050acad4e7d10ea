"""The panel of one part of a network: its drawing, formula, layers and source code. It knows no network."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .drawing import script, style

HTML = """<section class="block" tabindex="-1">
  <header><h3></h3><span class="place"></span><span class="buttons"></span></header>
  <div class="parts">
    <div class="figure"></div>
    <div class="computed"><h4></h4><div class="formula"></div><p class="chain"></p><p class="way"></p>
      <h4 class="idea"></h4><p class="idea"></p><cite></cite></div>
  </div>
  <h4 class="layers"></h4>
  <div class="scroll" tabindex="0"><table><thead></thead><tbody></tbody><tfoot></tfoot></table></div>
  <h4 class="code"></h4><div class="sources"></div>
</section>"""


def block(text: Text, value: dict[str, Any] | None = None) -> gr.HTML:
    """The panel, shown while there is a value. Events: `step` (name) asks for another part, `shut` to close.

    value: {"name", "heading", "place", "before", "after": names or None, "drawing": SVG or "", "file": its name,
    "formula": [[symbols, shape]], "chain", "way": sentences, "heads", "rows", "total": cells as text,
    "idea": [title, text, where it is from] or [], "sources": [{"title", "from", "code": [[kind, text]]}]}, where a
    kind is "", "word" or "quiet"
    """
    return gr.HTML(
        value,
        html_template=HTML,
        css_template=style("block.css"),
        js_on_load=script("block.js"),
        apply_default_css=False,
        text=text.part("block"),
        elem_id="block",
    )
