"""The question which columns of an uploaded table hold the labels, with the table's first rows in sight.

It is asked where the columns' names do not say it. It must depend on nothing but the head of a table: `bringing` reads.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from ...data.decode import printable
from ...data.predictions import ColumnChoice, Head
from ..components.choices import Choices
from ..components.table import table
from ..text import Text

MOST_COLUMNS = 12  # of the table that is shown; there are lists of all
NOT_A_COLUMN = ""


class ColumnQuestion:
    """The first rows, a list for each role, and a button; `outputs` are filled by `asked` and `hidden`."""

    def __init__(self, text: Text):
        self.text = text
        plain = {"filterable": False, "interactive": True}
        with gr.Column(visible=False, elem_id="bring-columns") as self.part:
            self.rows = table(
                text,
                elem_id="bring-columns-rows",
                name="head",
                label=text("columns.rows"),
                selectable=False,
                compact=True,
            )
            self.true = Choices([], label=text("columns.true"), elem_id="bring-columns-true", **plain)
            self.predicted = Choices([], label=text("columns.predicted"), elem_id="bring-columns-predicted", **plain)
            self.ids = Choices([], label=text("columns.ids"), elem_id="bring-columns-ids", **plain)
            self.button = gr.Button(text("columns.use"), size="sm", elem_id="bring-columns-use")
        self.chosen = [self.true, self.predicted, self.ids]
        self.outputs = [self.part, self.rows, *self.chosen]

    def asked(self, head: Head) -> list[Any]:
        """Values of `outputs` that ask about a table."""
        names = [printable(title) or self.text("columns.unnamed", place=at + 1) for at, title in enumerate(head.header)]
        columns = [{"key": str(at), "title": name} for at, name in enumerate(names[:MOST_COLUMNS])]
        rows = [{str(at): printable(cell) for at, cell in enumerate(row[:MOST_COLUMNS])} for row in head.rows]
        choices = [(name, at) for at, name in enumerate(names)]
        return [
            gr.update(visible=True),
            {"columns": columns, "rows": rows},
            gr.update(choices=choices, value=None),
            gr.update(choices=[*choices, (self.text("columns.shares"), NOT_A_COLUMN)], value=None),
            gr.update(choices=[(self.text("columns.no_ids"), NOT_A_COLUMN), *choices], value=NOT_A_COLUMN),
        ]

    def hidden(self) -> list[Any]:
        """Values of `outputs` while there is nothing to ask."""
        return [gr.update(visible=False), *[gr.skip()] * (len(self.outputs) - 1)]

    def choice(self, true: Any, predicted: Any, ids: Any) -> ColumnChoice | None:
        """What a browser sent as the values of `chosen`; None where something is still to be chosen."""
        return None if true is None or predicted is None else ColumnChoice(true, predicted, ids)
