"""The slices of an uploaded file: a list of its further columns, a table of the chosen one; see `slices_handlers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.choices import Choices
from ..components.into_view import revealed
from ..components.notice import notice
from ..components.table import table
from ..text import Text

REVEAL_MATRIX = revealed("#confusion-matrix")


@dataclass(frozen=True)
class SlicesParts:
    """The components of the section.

    section: the column with all of it, visible where a file has further columns. columns: the list of them. table: the
    values of the chosen one. value: a state with that of them whose rows are looked at, None for all rows.
    """

    section: Any
    columns: Any
    note: Any
    table: Any
    value: Any

    @property
    def choice(self) -> list[Any]:
        """The last fields of a `Choice`."""
        return [self.columns, self.value]

    @property
    def shown(self) -> list[Any]:
        """What is filled when other answers are looked at."""
        return [self.section, self.columns, self.note, self.table, self.value]


def slices_layout(text: Text) -> SlicesParts:
    """Lay out the section."""
    with gr.Column(visible=False, elem_id="confusion-slices") as section:
        columns = Choices(
            [(text("slices.not"), "")], value="", label=text("slices.column"), elem_id="confusion-slice-column",
            filterable=False, interactive=True,
        )  # fmt: skip
        slices = table(
            text, elem_id="confusion-slice-values", name="slices", label=text("slices.table"), height=260, compact=True
        )
        note = notice(elem_id="confusion-slices-said")
    return SlicesParts(section, columns, note, slices, gr.State(None))
