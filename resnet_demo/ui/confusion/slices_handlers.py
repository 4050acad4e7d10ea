"""What the slices of an uploaded file do when they are used: a column is chosen, and one of its values.

All that the tab shows is then of the rows with this value. No handler makes a component: `parts` may be any object with
the names of `slices_layout.SlicesParts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from ...services import Services
from ..text import Text
from . import slices_views as views
from .choice import Choice, slice_column

if TYPE_CHECKING:
    from .slices_layout import SlicesParts

Values = dict[Any, Any]  # by component; what is left out stays as it is


class SlicesHandlers:
    """`values`, `kept` and `chosen` serve the handlers of the tab."""

    def __init__(self, services: Services, text: Text, parts: SlicesParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def values(self, choice: Choice) -> Values:
        """Show the slices of what is chosen; nothing where a file has none."""
        parts, text = self.parts, self.text
        table = choice.own.rows if choice.own else None
        if choice.own is None or table is None or not table.slices:
            return {parts.section: gr.update(visible=False), parts.table: None, parts.note: {}}
        column = slice_column(choice.own, choice.slicing)
        listed = [(text("slices.not"), ""), *((one.name, one.name) for one in table.slices)]
        note = text("slices.ranges", column=column.name) if column and column.ranges else ""
        shown = {
            parts.section: gr.update(visible=True),
            parts.columns: gr.update(choices=listed, value=column.name if column else ""),
            parts.value: choice.slice_value if column and choice.slice_value in column.values else None,
            parts.note: {"text": note, "error": False} if note else {},
        }
        if column is None:
            return shown | {parts.table: None}
        value = choice.slice_value if choice.slice_value in column.values else None
        return shown | {parts.table: views.table(choice.own.answers, column, value, text)}

    def kept(self, choice: Choice) -> Values:
        """What an address asks for, until a file is uploaded."""
        listed = [(self.text("slices.not"), ""), *([(choice.slicing, choice.slicing)] if choice.slicing else [])]
        columns = gr.update(choices=listed, value=choice.slicing)
        return {self.parts.columns: columns, self.parts.value: choice.slice_value}

    def chosen(self, index: Any, choice: Choice) -> Choice:
        """What is chosen once a row of the table was clicked."""
        column = slice_column(choice.own, choice.slicing) if choice.own else None
        return choice._replace(slice_value=views.value_of_row(column, index) if column else None)
