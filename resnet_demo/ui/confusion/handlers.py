"""What the tab Confusion does when it is used: each handler returns the new values by component.

`choice` finds the answers that are chosen, `views` makes what is shown of them; sections have handlers of their own. No
handler makes a component: `parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from ...data.sources import HUB_SOURCES
from ...library.answers import Answers
from ...library.visitors import Visitor
from ...metrics.groups import PREPARED, as_text
from ...services import Services
from ..components.matrix import MOST_CLASSES
from ..components.notice import said
from ..latest import background
from ..text import Text
from ..visitor import visitor
from . import takeaway, views
from .cell_handlers import CellHandlers
from .choice import Choice, Selection, about, epoch_update, run_choices, run_name, select, set_update
from .difference_handlers import DifferenceHandlers
from .missing_handlers import MissingHandlers
from .models_handlers import ModelsHandlers
from .predictions_handlers import PredictionsHandlers
from .timeline_handlers import TimelineHandlers

if TYPE_CHECKING:
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is
CIFAR10 = HUB_SOURCES["cifar10"].classes
HIDDEN = gr.update(visible=False)


class Handlers:
    """The handlers of one page, with those of its sections."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts
        self.cell = CellHandlers(services, text, parts.cell)
        self.difference = DifferenceHandlers(services, text, parts.difference)
        self.missing = MissingHandlers(services, text, parts.missing)
        self.timeline = TimelineHandlers(services, text, parts.timeline)
        self.predictions = PredictionsHandlers(services, text, parts.predictions)
        self.models = ModelsHandlers(services, text, parts.models)

    def mount(self, event: gr.EventData, link: Any, kept: Any, request: gr.Request) -> Values:
        """Show what another tab asks for, else what the address does, else the first run."""
        return self._open(link or event._data or {}, kept, visitor(self.services, request, kept))

    def follow_link(self, link: Any, kept: Any, request: gr.Request) -> Values:
        """Show what another tab asks for."""
        return self._open(link or {}, kept, visitor(self.services, request, kept))

    def choose_run(self, run_id: Any, set_name: Any, kept: Any, request: gr.Request) -> Values:
        """Show another run, on the same set if it has that."""
        return self._run(run_id, set_name, 0, kept, visitor(self.services, request, kept))[1]

    def choose_set(self, request: gr.Request, *values: Any) -> Values:
        """Show another set of the run."""
        choice = Choice(*values)
        epochs = epoch_update(self.services, choice.run, choice.set_name, 0, self.text)
        choice = choice._replace(step=epochs["value"], own=None)
        return {self.parts.epochs: epochs, self.parts.own: None} | self._show(choice, request)

    def choose_epoch(self, request: gr.Request, *values: Any) -> Values:
        """Show another epoch of the set."""
        return {self.parts.own: None} | self._show(Choice(*values)._replace(own=None), request)

    def show(self, request: gr.Request, *values: Any) -> Values:
        """Show the answers that are chosen again: groups have changed, or there is something new."""
        return self._show(Choice(*values), request)

    @background
    def follow(self, request: gr.Request, cell: Any, page: int, picked: Any, *values: Any) -> Values:
        """Show what a run that trains has new; an open cell stays open, and an image that is looked at where it is."""
        choice = Choice(*values)
        if choice.own or choice.step:
            return {}
        sets = set_update(self.services, choice.run, choice.set_name, self.text)
        choice = choice._replace(set_name=sets["value"])
        epochs = epoch_update(self.services, choice.run, choice.set_name, 0, self.text)
        selection = self._select(choice, request)
        shown = {self.parts.sets: sets, self.parts.epochs: epochs} | self._shown(choice, selection)
        if cell is None or picked is not None:  # no cell is open, unless since a moment ago
            return shown
        if selection.answers is None:
            return shown | self.cell.closed()
        return shown | self.cell.opened(selection.answers, cell, page, choice)

    def draw(self, request: gr.Request, *values: Any) -> Values:
        """Draw other ones of many classes."""
        choice = Choice(*values)
        answers = self._select(choice, request).answers
        matrix = views.matrix_value(answers, "", self.text, choice.only) if answers else {}
        return {self.parts.figure: matrix} | self.cell.closed()

    def prepared_groups(self) -> Values:
        """Fill in the groups of CIFAR-10."""
        return {self.parts.groups: as_text(PREPARED[CIFAR10], CIFAR10)}

    def open_cell(self, event: gr.SelectData, request: gr.Request, *values: Any) -> Values:
        """Open the cell that was clicked, and mark its class in the table."""
        choice = Choice(*values)
        selection = self._select(choice, request)
        answers = selection.answers
        if answers is None:
            return self.cell.closed(selection.error)
        cell = [views.class_of_cell(answers, int(index), choice.only) for index in event.index]
        return self._marked(answers, cell[0]) | self.cell.opened(answers, cell, 0, choice)

    def open_pair(self, event: gr.SelectData, request: gr.Request, cells: list[Any], *values: Any) -> Values:
        """Open the cell of a row of the table of pairs."""
        choice, cell = Choice(*values), cells[event.index] if 0 <= event.index < len(cells) else None
        selection = self._select(choice, request)
        if selection.answers is None:
            return self.cell.closed(selection.error)
        return self.cell.opened(selection.answers, cell, 0, choice)

    def mark_row(self, event: gr.EventData, request: gr.Request, *values: Any) -> Any:
        """Mark the class that was clicked in the matrix in the table of classes."""
        choice = Choice(*values)
        answers = self._select(choice, request).answers
        if answers is None:
            return gr.skip()
        return self._marked(answers, views.class_of_cell(answers, int(event.index), choice.only))

    def mark_class(self, event: gr.SelectData, request: gr.Request, *values: Any) -> Values:
        """Mark the class that was clicked in the table in the matrix, which draws it if it did not yet."""
        choice = Choice(*values)
        answers, only = self._select(choice, request).answers, choice.only
        if answers is None:
            return {}
        if event.index not in views.drawn(answers, only):  # it comes with those that it is confused with
            only = answers.classes[event.index]
        matrix = views.matrix_value(answers, "", self.text, only)
        matrix["highlight"] = views.drawn(answers, only).index(event.index)
        return {self.parts.figure: matrix} | ({} if only == choice.only else {self.parts.only: gr.update(value=only)})

    def list_runs(self, run_id: Any, kept: Any, request: gr.Request) -> Values:
        """List the runs again; `run_id` stays chosen."""
        runs = run_choices(self.services, visitor(self.services, request, kept), self.text, (run_id,))
        return {self.parts.runs: gr.update(choices=runs, value=run_id)}

    def _open(self, link: Mapping[str, Any], kept: Any, who: Visitor) -> Values:
        """Everything, as a link describes it: run, set, step, and other, other_set, other_step to compare with."""
        runs = run_choices(self.services, who, self.text, (link.get("run"), link.get("other")))
        ids = [run_id for _, run_id in runs]
        run_id = link.get("run") if link.get("run") in ids else ids[0] if ids else None
        other = link.get("other") if link.get("other") in ids else next((one for one in ids if one != run_id), run_id)
        choice, values = self._run(run_id, link.get("set"), link.get("step"), kept, who)
        values[self.parts.runs] = gr.update(choices=runs, value=run_id)
        return values | self.difference.link(link, runs, other, choice, who)

    def _run(self, run_id: Any, set_name: Any, step: Any, kept: Any, who: Visitor) -> tuple[Choice, Values]:
        """Begin with a run: without groups, and without answers of the visitor's own."""
        sets = set_update(self.services, run_id, set_name, self.text)
        epochs = epoch_update(self.services, run_id, sets["value"], step, self.text)
        choice = Choice(run_id, sets["value"], epochs["value"], kept=kept)
        values = self._shown(choice, select(self.services, choice, who, self.text), new_run=True)
        values |= {self.parts.sets: sets, self.parts.epochs: epochs, self.parts.groups: "", self.parts.own: None}
        return choice, values | self.cell.closed() | self.timeline.values(run_id)

    def _show(self, choice: Choice, request: gr.Request) -> Values:
        return self._shown(choice, self._select(choice, request)) | self.cell.closed()

    def _shown(self, choice: Choice, selection: Selection, new_run: bool = False) -> Values:
        """All but the open cell. new_run: its classes are others, so what was typed about them is cleared."""
        parts, text, answers, own = self.parts, self.text, selection.answers, choice.own
        values = {parts.groups_status: said(selection.error, error=bool(selection.error))}
        values |= self.missing.values(answers, choice)
        if answers is None or not len(answers.labels):
            values |= {part: {} for part in (parts.figure, parts.files, parts.confidence)}
            values |= dict.fromkeys((parts.per_class, parts.averages, parts.pairs))
            values |= {parts.head: {"title": text("confusion.empty")}, parts.pair_cells: []}
            return values | {parts.prepared: HIDDEN, parts.only: HIDDEN}
        facts = [about(answers, text), *([own.note] if own and own.note else []), *views.headline(answers, text)]
        pairs, pair_cells = views.pair_table(answers.matrix, text)
        of_cifar10 = answers.run is not None and answers.run.config.classes == CIFAR10
        many = len(answers.classes) > MOST_CLASSES
        return values | {
            parts.head: {"title": own.name if own else run_name(self.services, choice.run, text), "facts": facts},
            parts.figure: views.matrix_value(answers, "", text, choice.only),
            parts.per_class: views.class_table(answers.matrix, text),
            parts.averages: views.averages(answers.matrix, text),
            parts.pairs: pairs,
            parts.pair_cells: pair_cells,
            parts.confidence: views.confidence(answers, text),
            parts.files: takeaway.addresses(self.services, choice, answers, text),
            parts.prepared: gr.update(visible=of_cifar10),
            parts.only: gr.update(visible=many, **({"value": ""} if new_run else {})),
        }

    def _marked(self, answers: Answers, index: int) -> Values:
        """The table of classes with one of them marked and in view; "turn": each time anew."""
        table = views.class_table(answers.matrix, self.text) | {"marked": index, "turn": time.monotonic()}
        return {self.parts.per_class: table}

    def _select(self, choice: Choice, request: gr.Request) -> Selection:
        return select(self.services, choice, visitor(self.services, request, choice.kept), self.text)
