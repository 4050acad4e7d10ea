"""What the open cell of the matrix does when it is used: each handler returns the new values by component.

No handler makes a component: `parts` may be any object with the names of `cell_layout.CellParts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from ...library.answers import Answers, pictures
from ...services import Services
from ..errors import REFUSALS, sentence
from ..runs import choices
from ..text import Text
from ..visitor import visitor
from . import cell_views, cells, views
from .choice import Choice, Selection, select

if TYPE_CHECKING:
    from .cell_layout import CellParts

Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = gr.update(visible=False)


class CellHandlers:
    """The handlers of the section; `opened` and `closed` also serve those of the tab."""

    def __init__(self, services: Services, text: Text, parts: CellParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def closed(self, why: str = "") -> Values:
        """Close the cell; why: the reason that one could not be opened."""
        return {
            self.parts.images: {"note": why or self.text("confusion.cell.none_open"), "items": []},
            self.parts.located: {"cell": None},
            self.parts.previous: HIDDEN,
            self.parts.next: HIDDEN,
            self.parts.rows: None,
            self.parts.cell: None,
            self.parts.page: 0,
            **self._not_explained(),
        }

    def opened(self, answers: Answers, cell: cells.Cell, page: int, choice: Choice) -> Values:
        """Show a page of a cell, or of the most confident mistakes, the last one where it has fewer; None: no cell.
        choice: the side that is looked at."""
        if cell is None:
            return self.closed()
        table = choice.own.rows if choice.own else None
        last = cell_views.page_count(len(cells.members(answers, cell))) - 1
        page = max(0, min(page, last))
        images = cell_views.strip(self.services, answers, cell, page, self.text)
        several = bool(images["items"])
        return {
            self.parts.images: images,
            self.parts.previous: gr.update(visible=several and page > 0),
            self.parts.next: gr.update(visible=several and page < last),
            self.parts.rows: views.rows_table(answers, table, cell, self.text) if table else None,
            self.parts.cell: cell,
            self.parts.page: page,
            self.parts.located: {"cell": None if choice.own else cells.write(cell)},
            **self._not_explained(),
        }

    def previous_page(self, request: gr.Request, at: Any, page: int, *values: Any) -> Values:
        """Show the previous page of the open cell."""
        return self._turn(request, at, page - 1, Choice(*values).shown)

    def next_page(self, request: gr.Request, at: Any, page: int, *values: Any) -> Values:
        """Show the next page of the open cell."""
        return self._turn(request, at, page + 1, Choice(*values).shown)

    def explain(self, event: gr.SelectData, request: gr.Request, *values: Any) -> Values:
        """Show where the model looks in the image that was clicked."""
        choice = Choice(*values).shown
        selection = self._select(choice, request)
        answers = selection.answers
        if answers is None:
            return self._not_explained(selection.error)
        if not answers.network or (choice.groups or "").strip():
            return self._not_explained()  # merged classes are not the model's
        try:
            heat = cell_views.explained(self.services, answers, int(event.index), self.text)
        except REFUSALS as error:
            return self._not_explained(sentence(error, self.text))
        return {
            self.parts.heat: heat,
            self.parts.classify: gr.update(visible=bool(heat)),
            self.parts.picked: int(event.index),
        }

    def open_in_classify(self, request: gr.Request, at: Any, *values: Any) -> Values:
        """Open the image with the heat maps in the tab Classify, with the model that answered."""
        choice = Choice(*values).shown
        answers = self._select(choice, request).answers
        if answers is None or answers.rows is None or at is None:
            return {}
        split = pictures(self.services, answers).split
        if split is None:
            return {}
        opened: Values = {self.parts.tabs: gr.Tabs(selected="classify")}
        opened[self.parts.uploads] = [split.picture(int(answers.rows[at]))]
        kept = {**(choice.kept or {}), answers.network: ""}  # so that a linked run is listed too
        models = choices(self.services, self.text, visitor(self.services, request, kept))
        if answers.network in [model for _, model in models]:
            opened[self.parts.models] = gr.update(choices=models, value=[answers.network])
        return opened

    def _turn(self, request: gr.Request, at: Any, page: int, choice: Choice) -> Values:
        selection = self._select(choice, request)
        if selection.answers is None:
            return self.closed(selection.error)
        return self.opened(selection.answers, at, page, choice)

    def _select(self, choice: Choice, request: gr.Request) -> Selection:
        return select(self.services, choice, visitor(self.services, request, choice.kept), self.text)

    def _not_explained(self, why: str = "") -> Values:
        """Hide the heat maps and what belongs to them; why: the reason that there are none."""
        return {
            self.parts.heat: {"message": why} if why else {},
            self.parts.classify: HIDDEN,
            self.parts.picked: None,
        }
