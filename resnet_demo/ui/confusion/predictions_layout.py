"""The components that take a file of predictions or counts and how they are wired; see `predictions_handlers`.

Which columns hold the labels is a question that is visible only where the columns' names do not say it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.choices import Choices
from ..components.notice import notice
from ..components.table import table
from ..events import EVERY
from ..text import Text
from .predictions_handlers import PredictionsHandlers

# few files are read at a time, together with those of `models_layout` and the images of Train
LOADING = {"show_progress": "minimal", "api_visibility": "private", "concurrency_id": "bring", "concurrency_limit": 2}


@dataclass(frozen=True)
class PredictionsParts:
    """The components of the section.

    question: the column with the table's first rows, the lists for the columns with true labels, predicted labels and
    ids, and the button `use_columns`. transposed: whether the rows of a matrix of counts are the predicted classes,
    visible for such a file. own, refresh: states of the tab.
    """

    file: Any
    status: Any
    transposed: Any
    question: Any
    first_rows: Any
    true: Any
    predicted: Any
    ids: Any
    use_columns: Any
    own: Any
    refresh: Any

    @property
    def columns(self) -> list[Any]:
        """The lists of columns, in the order of `ColumnChoice`."""
        return [self.true, self.predicted, self.ids]

    @property
    def read(self) -> list[Any]:
        """What is filled when a file has been read."""
        return [self.status, self.transposed, self.own, self.refresh]


def predictions_layout(text: Text, **states: Any) -> PredictionsParts:
    """Lay out the section; states: own, refresh."""
    with gr.Accordion(text("bring.predictions"), open=False, elem_id="bring-predictions"):
        file = gr.File(
            label=text("bring.file"), file_types=[".csv", ".tsv", ".txt", ".parquet"], height=160, elem_id="bring-file"
        )
        gr.Markdown(text("bring.about"))
        status = notice(elem_id="bring-said")
        transposed = gr.Checkbox(False, label=text("bring.transposed"), visible=False, elem_id="bring-transposed")
        with gr.Column(visible=False, elem_id="bring-columns") as question:
            first_rows = table(
                text, elem_id="bring-columns-rows", name="head", label=text("columns.rows"), selectable=False,
                compact=True,
            )  # fmt: skip
            columns = {
                name: Choices(
                    [], label=text(f"columns.{name}"), elem_id=f"bring-columns-{name}", filterable=False,
                    interactive=True,
                )
                for name in ("true", "predicted", "ids")
            }  # fmt: skip
            use_columns = gr.Button(text("columns.use"), size="sm", elem_id="bring-columns-use")
    return PredictionsParts(
        file=file,
        status=status,
        transposed=transposed,
        question=question,
        first_rows=first_rows,
        use_columns=use_columns,
        **columns,
        **states,
    )


def wire_predictions(parts: PredictionsParts, handlers: PredictionsHandlers) -> None:
    """Connect the components to their handlers."""
    question = [parts.question, parts.first_rows, *parts.columns]
    parts.file.upload(handlers.read, parts.file, [*parts.read, *question], **EVERY, **LOADING)
    parts.file.clear(handlers.clear, None, [*parts.read, parts.question], **LOADING)
    parts.transposed.input(
        handlers.transpose, [parts.file, parts.transposed], parts.read, trigger_mode="always_last", **LOADING
    )
    parts.use_columns.click(handlers.use_columns, [parts.file, *parts.columns], parts.read, **LOADING)
