"""The components of the part on A, B and C and how they are connected; what they show is decided in `handlers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...components.block import block
from ...components.follow import follow
from ...components.opening import opening
from ...components.prose import fold, lead, note
from ...components.table import table
from ...components.ways import ways
from ...events import EVERY, QUIET
from ...page_context import PageContext
from .handlers import Handlers


@dataclass(frozen=True)
class Parts:
    """The components of the part.

    opening: reports that the part is opened. cards: a drawing of two blocks for each option; panel: the block that is
    open, a block of `option`. costs: the table. example: small numbers on their way through a shortcut.
    """

    opening: Any
    cards: Any
    panel: Any
    costs: Any
    example: Any
    option: Any


def build(context: PageContext) -> None:
    """Fill the part, inside its tab."""
    text = context.text
    opened = opening(elem_id="shortcuts-opening")
    cards = ways(text, elem_id="shortcuts-ways")
    panel = block(text, elem_id="shortcuts-block", told="")
    note(text, "shortcuts.numbers", "h3")
    costs = table(
        text, elem_id="shortcuts-numbers", name="shortcuts", label=text("shortcuts.numbers"), selectable=False,
        compact=True,
    )  # fmt: skip
    with fold(text, "shortcuts.try", elem_id="shortcuts-try"):
        lead(text, "shortcuts.try.about")
        example = follow(text, elem_id="shortcuts-follow")
    with fold(text, "shortcuts.more", elem_id="shortcuts-more"):
        for key in ("about", "more.A", "more.B", "more.C"):
            lead(text, f"shortcuts.{key}")
    parts = Parts(opened, cards, panel, costs, example, gr.State("A"))
    wire(parts, Handlers(text, parts))


def wire(parts: Parts, handlers: Handlers) -> None:
    """Connect the components to their handlers."""
    one_block = [parts.cards, parts.panel, parts.option]
    parts.opening.mount(handlers.mount, None, [parts.cards, parts.costs, parts.example], **QUIET)
    parts.cards.select(handlers.open_block, None, one_block, **EVERY, **QUIET)
    parts.panel.step(handlers.step, parts.option, one_block, **EVERY, **QUIET)
    parts.panel.shut(handlers.close_block, None, [parts.cards, parts.panel], **QUIET)
    parts.example.edit(handlers.edit, None, parts.example, **EVERY, **QUIET)
