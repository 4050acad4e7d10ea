"""What happens with an uploaded file of predictions or counts: each handler returns the new values by component.

The file is read by `data.counts`, and its answers are shown to nobody else. No handler makes a component: `parts`
may be any object with the names of `predictions_layout.PredictionsParts`.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from ...data.counts import Counts, read_uploaded
from ...data.errors import DataError
from ...data.predictions import ColumnChoice, Head, read_head
from ...library.answers import answers_from_counts, answers_from_table
from ...services import Services
from ..components.notice import said
from ..errors import REFUSALS, sentence
from ..text import Text
from ..uploads import uploaded
from ..visitor import visitor
from . import predictions_views as views
from .choice import OwnAnswers, hold_in_memory

if TYPE_CHECKING:
    from .predictions_layout import PredictionsParts

Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = gr.update(visible=False, value=False)


class PredictionsHandlers:
    """The handlers of the section."""

    def __init__(self, services: Services, text: Text, parts: PredictionsParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def read(self, path: str | None, request: gr.Request) -> Values:
        """Show the predictions or counts in a file, or ask which of its columns hold the labels."""
        if not path:
            return {self.parts.status: said(), self.parts.transposed: HIDDEN} | self._no_question()
        try:
            return self._shown_or_question(path, request)
        except REFUSALS as error:
            return self._refused(error) | self._no_question() | {self.parts.transposed: HIDDEN}

    def transpose(self, path: str | None, transposed: Any, request: gr.Request) -> Values:
        """Show the counts in a file with its rows read as the true, or as the predicted classes."""
        if not path:
            return {}
        try:
            return self._shown(path, None, request, transposed is True)
        except REFUSALS as error:
            return self._refused(error)

    def use_columns(self, path: str | None, request: gr.Request, true: Any, predicted: Any, ids: Any) -> Values:
        """Show the predictions in the columns that were chosen."""
        if not path or true is None or predicted is None:
            return {self.parts.status: said(self.text("columns.none"), error=True)}
        try:
            return self._shown(path, ColumnChoice(true, predicted, ids), request)
        except REFUSALS as error:
            return self._refused(error)

    def clear(self) -> Values:
        """Return from a file to what the lists choose."""
        return {
            self.parts.status: said(),
            self.parts.own: None,
            self.parts.refresh: time.monotonic(),
            self.parts.transposed: HIDDEN,
            **self._no_question(),
        }

    def _shown_or_question(self, path: str, request: gr.Request) -> Values:
        try:
            return self._shown(path, None, request) | self._no_question()
        except DataError as error:
            if error.code != "table.unclear":
                raise
            status = said(self.text("columns.ask", name=error.values["name"]))
            return {self.parts.status: status, self.parts.transposed: HIDDEN} | self._question(
                read_head(uploaded(path))
            )

    def _shown(self, path: str, columns: ColumnChoice | None, request: gr.Request, transposed: bool = False) -> Values:
        read = read_uploaded(uploaded(path), name=Path(path).name, columns=columns, transposed=transposed)
        counts = isinstance(read, Counts)
        answers = answers_from_counts(read) if isinstance(read, Counts) else answers_from_table(read)
        own = hold_in_memory(self.services, OwnAnswers(read.name, answers, read), visitor(self.services, request))
        return {
            self.parts.status: said(views.summary(read, self.text)),
            self.parts.transposed: gr.update(visible=counts, value=transposed),
            self.parts.own: own,
            self.parts.refresh: time.monotonic(),
        }

    def _question(self, head: Head) -> Values:
        """Ask which columns hold the labels."""
        choices = views.column_choices(head, self.text)
        return {
            self.parts.question: gr.update(visible=True),
            self.parts.first_rows: views.first_rows(head, self.text),
            self.parts.true: gr.update(choices=choices["true"], value=None),
            self.parts.predicted: gr.update(choices=choices["predicted"], value=None),
            self.parts.ids: gr.update(choices=choices["ids"], value=views.NOT_A_COLUMN),
        }

    def _no_question(self) -> Values:
        return {self.parts.question: gr.update(visible=False)}

    def _refused(self, error: Exception) -> Values:
        return {self.parts.status: said(sentence(error, self.text), error=True)}
