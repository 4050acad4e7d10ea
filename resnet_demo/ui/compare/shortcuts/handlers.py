"""What the part on A, B and C does when it is used: each handler returns the new values by component.

`views` makes what is drawn and counted, `example_views` what is shown of the small numbers. No handler makes a
component: `parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from ...text import Text
from . import example_views, views

if TYPE_CHECKING:
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is


class Handlers:
    """The handlers of one page."""

    def __init__(self, text: Text, parts: Parts) -> None:
        self.text, self.parts = text, parts

    def mount(self) -> Values:
        """Fill the part when it is opened."""
        return {
            self.parts.cards: views.cards(self.text),
            self.parts.costs: views.costs(self.text),
            self.parts.example: example_views.beginning(self.text),
        }

    def open_block(self, event: gr.SelectData) -> Values:
        """Open the block that was clicked in a drawing."""
        return self._block(event.index, event.value)

    def step(self, event: gr.EventData, option: str) -> Values:
        """Open the next or the previous block."""
        return self._block(option, event.name)

    def close_block(self) -> Values:
        """Close the open block."""
        return {self.parts.cards: views.cards(self.text), self.parts.panel: None}

    def edit(self, event: gr.EventData) -> Values:
        """Send other numbers or weights through a shortcut."""
        return {self.parts.example: example_views.edited(event._data or {}, self.text)}

    def _block(self, option: Any, name: Any) -> Values:
        """One block opened; closed where the model has no such block."""
        value = views.panel(option, name, self.text) if isinstance(name, str) else None
        cards = views.cards(self.text, (option, name) if value else None)
        return {self.parts.cards: cards, self.parts.panel: value, self.parts.option: option}
