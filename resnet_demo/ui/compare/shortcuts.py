"""The first part of the tab Compare: what A, B and C are, drawn, counted, and followed by small numbers.

This module lays it out and wires it; `ways` says what is drawn of the blocks, `steps` what becomes of the numbers.
"""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr

from ..components.block import block
from ..components.follow import follow
from ..components.opening import opening
from ..components.prose import note, prose
from ..components.table import table
from ..components.ways import ways
from ..events import EVERY, QUIET
from ..page_context import PageContext
from . import steps
from . import ways as drawn


def build(context: PageContext) -> None:
    """Fill this part of the tab."""
    text = context.text
    begun = opening(elem_id="shortcuts-opening")
    prose(f'<div class="idea"><p>{escape(text("shortcuts.about"))}</p></div>')
    cards = ways(text, elem_id="shortcuts-ways")
    panel = block(text, elem_id="shortcuts-block", told="")
    note(text, "shortcuts.numbers", "h4")
    numbers = table(
        text, elem_id="shortcuts-numbers", name="shortcuts", label=text("shortcuts.numbers"), selectable=False,
        compact=True,
    )  # fmt: skip
    note(text, "shortcuts.try", "h4")
    prose(f'<div class="idea"><p>{escape(text("shortcuts.try.about"))}</p></div>')
    small = follow(text, elem_id="shortcuts-follow")
    option = gr.State("A")  # whose block is open

    def mount() -> tuple[Any, ...]:
        return drawn.cards(text), drawn.numbers(text), steps.beginning(text)

    def show(chosen: Any, name: Any) -> tuple[Any, ...]:
        value = drawn.panel(chosen, name, text) if isinstance(name, str) else None
        return drawn.cards(text, (chosen, name) if value else None), value, chosen

    def open_block(event: gr.SelectData) -> tuple[Any, ...]:
        return show(event.index, event.value)

    def step(event: gr.EventData, chosen: str) -> tuple[Any, ...]:
        return show(chosen, event.name)

    def edit(event: gr.EventData) -> dict[str, Any]:
        return steps.edited(event._data or {}, text)

    one_block = [cards, panel, option]
    begun.mount(mount, None, [cards, numbers, small], **QUIET)
    cards.select(open_block, None, one_block, **EVERY, **QUIET)
    panel.step(step, option, one_block, **EVERY, **QUIET)
    panel.shut(lambda: (drawn.cards(text), None), None, [cards, panel], **QUIET)
    small.edit(edit, None, small, **EVERY, **QUIET)
