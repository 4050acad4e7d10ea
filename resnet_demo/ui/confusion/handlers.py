"""What the tab Confusion does when it is used: each handler returns the new values by component.

`choice` finds the answers that are chosen, `views` makes what is shown of them; sections have handlers of their own. No
handler makes a component: `parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from ...library.answers import Answers
from ...library.visitors import Visitor
from ...metrics.groups import PREPARED, as_text
from ...services import Services
from ..latest import background
from ..text import Text
from ..visitor import visitor
from . import cells, views
from .cells import SUREST, Cell
from .choice import (
    DIFFERENCE,
    EARLIER,
    LOSSLESS,
    OWN,
    THIS,
    Choice,
    epoch_update,
    first_run,
    run_choices,
    set_update,
)
from .linking import choice_of, parameters_of
from .models_handlers import ModelsHandlers
from .predictions_handlers import PredictionsHandlers
from .showing import CIFAR10, Showing, Values
from .timeline_handlers import TimelineHandlers

if TYPE_CHECKING:
    from .layout import Parts


class Handlers:
    """The handlers of one page, with those of its sections."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts
        self.showing = Showing(services, text, parts)
        self.cell, self.difference, self.missing = self.showing.cell, self.showing.difference, self.showing.missing
        self.curves, self.slices = self.showing.curves, self.showing.slices
        self.timeline = TimelineHandlers(services, text, parts.timeline)
        self.predictions = PredictionsHandlers(services, text, parts.predictions)
        self.models = ModelsHandlers(services, text, parts.models)

    def mount(self, event: gr.EventData, link: Any, kept: Any, request: gr.Request) -> Values:
        """Show what another tab asks for, else what the address does, else the first run whose images are here."""
        return self._open(link or event._data or {}, kept, visitor(self.services, request, kept))

    def follow_link(self, link: Any, kept: Any, request: gr.Request) -> Values:
        """Show what another tab asks for."""
        return self._open(link or {}, kept, visitor(self.services, request, kept))

    def choose_run(self, request: gr.Request, *values: Any) -> Values:
        """Show another run, on the same set if it has that; what it is compared with stays."""
        choice = Choice(*values)
        if choice.run == OWN:
            return {}
        choice = choice._replace(step=0, groups="")
        return self._run(choice, visitor(self.services, request, choice.kept))

    def choose_set(self, request: gr.Request, cell: Cell, *values: Any) -> Values:
        """Show another set of the run."""
        choice = Choice(*values)
        epochs = epoch_update(self.services, choice.run, choice.set_name, 0, self.text)
        return {self.parts.epochs: epochs} | self._show(choice._replace(step=epochs["value"]), request, cell)

    def choose_lossless(self, request: gr.Request, cell: Cell, *values: Any) -> Values:
        """Show the losslessly stored part of the test set, or the test set again."""
        choice = Choice(*values)
        name = "test" if choice.set_name == LOSSLESS else LOSSLESS
        sets = set_update(self.services, choice.run, name, self.text)
        return {self.parts.sets: sets} | self._show(choice._replace(set_name=sets["value"]), request, cell)

    def choose_other(self, request: gr.Request, *values: Any) -> Values:
        """Compare with another run, on the same set if it has that, or with none."""
        choice = Choice(*values)
        other, lists = self.difference.listed(choice.other, choice.other_set or choice.shown.set_name)
        choice = choice._replace(view=DIFFERENCE if choice.other else THIS, other_set=other.set_name, other_step=0)
        return lists | self._show(choice, request)

    def choose_other_set(self, request: gr.Request, cell: Cell, *values: Any) -> Values:
        """Compare with another set of the other run."""
        choice = Choice(*values)
        _, lists = self.difference.listed(choice.other, choice.other_set)
        return lists | self._show(choice._replace(other_step=0), request, cell)

    def choose_view(self, request: gr.Request, cell: Cell, *values: Any) -> Values:
        """Show the other side, this one, or the difference, at first all of it."""
        choice = Choice(*values)
        return self._show(choice, request, None if choice.compares else cell)

    def show_same(self, request: gr.Request, cell: Cell, *values: Any) -> Values:
        """Show what is chosen, of the same classes, so that an open cell stays open."""
        return self._show(Choice(*values), request, cell)

    def show_awaited(self, request: gr.Request, waited: bool, cell: Cell, *values: Any) -> Values:
        """Show the same once its images were waited for."""
        return self.show_same(request, cell, *values) if waited else {}

    def choose_column(self, request: gr.Request, *values: Any) -> Values:
        """Slice an uploaded file by another of its columns, or by none; all of its rows are shown."""
        choice = Choice(*values)
        whole = choice._replace(slice_value=None)
        if choice.slice_value is None:  # all rows are shown already
            return self.slices.values(whole) | {self.parts.located: parameters_of(whole)}
        return self._show(whole, request)

    def choose_slice(self, event: gr.SelectData, request: gr.Request, cell: Cell, *values: Any) -> Values:
        """Show the rows of a slice, or all of them."""
        return self._show(self.slices.chosen(event.index, Choice(*values)), request, cell)

    def merge(self, request: gr.Request, *values: Any) -> Values:
        """Show what is chosen with other classes."""
        return self._show(Choice(*values), request)

    def show_own(self, request: gr.Request, *values: Any) -> Values:
        """Show answers of the visitor's own that have come, or the first run where they have gone."""
        choice = Choice(*values)
        who = visitor(self.services, request, choice.kept)
        if not choice.own:
            return self._run(choice._replace(run=None) if choice.run == OWN else choice, who)
        runs = [(choice.own.name, OWN), *run_choices(self.services, who, self.text)]
        shown = {
            self.parts.runs: gr.update(choices=runs, value=OWN),
            self.parts.sets: gr.update(choices=[], value=None, visible=False),
            self.parts.epochs: epoch_update(self.services, None, None, 0, self.text),
        }
        names = ("own", "kept", "curve", "slicing", "slice_value", "earlier", "last")
        choice = Choice(OWN, **{name: getattr(choice, name) for name in names}).followed_by(choice.own)
        _, lists = self.difference.listed("", None)
        others = [(self.text("confusion.difference.none"), ""), *runs[1:]]
        if choice.earlier:
            others.insert(1, (choice.earlier.name, EARLIER))
        shown |= {self.parts.groups: "", self.parts.difference.runs: gr.update(choices=others, value="")} | lists
        shown |= {self.parts.earlier: choice.earlier, self.parts.last: choice.last}
        shown |= self.timeline.values(None)
        return shown | self.showing.values(choice, who, new_run=True)

    @background
    def follow(self, request: gr.Request, cell: Cell, page: int, picked: Any, *values: Any) -> Values:
        """Show what a run that trains has new; an open cell stays open, and an image that is looked at where it is."""
        choice = Choice(*values)
        if choice.own or choice.step:
            return {}
        who = visitor(self.services, request, choice.kept)
        sets = set_update(self.services, choice.run, choice.set_name, self.text)
        choice = choice._replace(set_name=sets["value"])
        epochs = epoch_update(self.services, choice.run, choice.set_name, 0, self.text)
        shown = {self.parts.sets: sets, self.parts.epochs: epochs} | self.showing.values(choice, who, cell, page)
        shown[self.parts.figure].pop("selected", None)  # another one may have been opened meanwhile
        if cell is None or picked is not None:  # no cell is open, unless since a moment ago
            return {part: value for part, value in shown.items() if part not in self.parts.cell.shown}
        return shown

    def draw(self, request: gr.Request, *values: Any) -> Values:
        """Draw other ones of many classes."""
        side = Choice(*values).shown
        answers = self.showing.select(side, visitor(self.services, request, side.kept)).answers
        matrix = views.matrix_value(answers, "", self.text, side.only) if answers else {}
        return {self.parts.figure: matrix} | self.cell.closed()

    def prepared_groups(self) -> Values:
        """Fill in the groups of CIFAR-10."""
        return {self.parts.groups: as_text(PREPARED[CIFAR10], CIFAR10)}

    def open_cell(self, event: gr.SelectData, request: gr.Request, whose: Any, *values: Any) -> Values:
        """Open the cell that was clicked, and mark its class in the table."""
        choice = Choice(*values)
        side, who = choice.shown, visitor(self.services, request, choice.kept)
        selection = self.showing.select(side, who)
        answers = selection.answers
        if answers is None:
            return self.cell.closed(selection.error)
        true, predicted = (views.class_of_cell(answers, int(index), side.only) for index in event.index)
        return self._marked(answers, true) | self._in_cell(answers, (true, predicted), choice, whose, who)

    def open_pair(
        self, event: gr.SelectData, request: gr.Request, cells: list[Any], whose: Any, *values: Any
    ) -> Values:
        """Open the cell of a row of the table of pairs."""
        choice, cell = Choice(*values), cells[event.index] if 0 <= event.index < len(cells) else None
        who = visitor(self.services, request, choice.kept)
        selection = self.showing.select(choice.shown, who)
        if selection.answers is None or cell is None:
            return self.cell.closed(selection.error)
        return self._in_cell(selection.answers, cell, choice, whose, who)

    def open_surest(self, request: gr.Request, *values: Any) -> Values:
        """Open the most confident mistakes over all classes, in the place of a cell."""
        choice = Choice(*values).shown
        selection = self.showing.select(choice, visitor(self.services, request, choice.kept))
        answers = selection.answers
        if answers is None or not cells.has(answers, SUREST):
            return self.cell.closed(selection.error)
        matrix = views.matrix_value(answers, "", self.text, choice.only)  # in which no cell is selected
        return {self.parts.figure: matrix} | self.cell.opened(answers, SUREST, 0, choice)

    def mark_row(self, event: gr.EventData, request: gr.Request, *values: Any) -> Any:
        """Mark the class that was clicked in the matrix in the table of classes."""
        side = Choice(*values).shown
        answers = self.showing.select(side, visitor(self.services, request, side.kept)).answers
        if answers is None:
            return gr.skip()
        return self._marked(answers, views.class_of_cell(answers, int(event.index), side.only))

    def mark_class(self, event: gr.SelectData, request: gr.Request, *values: Any) -> Values:
        """Mark the class that was clicked in the table in the matrix, which draws it if it did not yet; draw its curves
        where there are some."""
        choice = Choice(*values)
        side, who, only = choice.shown, visitor(self.services, request, choice.kept), choice.only
        answers = self.showing.select(side, who).answers
        if answers is None:
            return {}
        if event.index not in views.drawn(answers, only):  # it comes with those that it is confused with
            only = answers.classes[event.index]
        changed, _ = self.difference.values(choice, None, who)
        matrix = changed or views.matrix_value(answers, "", self.text, only)
        matrix.pop("selected", None)  # a difference has none
        matrix["highlight"] = views.drawn(answers, only).index(event.index)
        typed = {} if only == choice.only else {self.parts.only: gr.update(value=only)}
        return {self.parts.figure: matrix} | typed | self.curves.chosen(answers, answers.classes[event.index], choice)

    def list_runs(self, run_id: Any, own: Any, kept: Any, request: gr.Request) -> Values:
        """List the runs again; `run_id` stays chosen."""
        runs = run_choices(self.services, visitor(self.services, request, kept), self.text, (run_id,))
        if own:
            runs = [(own.name, OWN), *runs]
        return {self.parts.runs: gr.update(choices=runs, value=run_id)}

    def _open(self, link: Mapping[str, Any], kept: Any, who: Visitor) -> Values:
        """Everything, as a link describes it (`linking`)."""
        runs = run_choices(self.services, who, self.text, (link.get("run"), link.get("other")))
        choice = choice_of(link, [run_id for _, run_id in runs], kept)
        listed = [(self.text("confusion.difference.none"), ""), *runs]
        values = self._run(choice, who, cells.read(link.get("cell")))
        if choice.curve is not None:
            values[self.parts.curves.fold]["open"] = True
        return values | {
            self.parts.difference.runs: gr.update(choices=listed, value=choice.other),
            self.parts.difference.fold: gr.update(open=bool(choice.other)),
            self.parts.curves.chosen: choice.curve,
            **self.slices.kept(choice),
        }

    def _run(self, choice: Choice, who: Visitor, cell: Cell = None) -> Values:
        """Begin with a run, by default the first one, without answers of the visitor's own."""
        runs = run_choices(self.services, who, self.text, (choice.run, choice.other))
        run_id = choice.run if choice.run else first_run(self.services, [one for _, one in runs])
        sets = set_update(self.services, run_id, choice.set_name, self.text)
        epochs = epoch_update(self.services, run_id, sets["value"], choice.step, self.text)
        other, lists = self.difference.listed(choice.other, choice.other_set or sets["value"], choice.other_step)
        choice = choice._replace(
            run=run_id, set_name=sets["value"], step=epochs["value"], only="", own=None,
            other_set=other.set_name, other_step=other.step,
        )  # fmt: skip
        values = {
            self.parts.runs: gr.update(choices=runs, value=run_id),
            self.parts.sets: sets,
            self.parts.epochs: epochs,
            self.parts.groups: choice.groups,
            self.parts.own: None,
        }
        return values | lists | self.timeline.values(run_id) | self.showing.values(choice, who, cell, new_run=True)

    def _show(self, choice: Choice, request: gr.Request, cell: Cell = None) -> Values:
        return self.showing.values(choice, visitor(self.services, request, choice.kept), cell)

    def _in_cell(self, answers: Answers, cell: Cell, choice: Choice, whose: Any, who: Visitor) -> Values:
        """The images of a cell, of a difference those that only one side gets right."""
        values = self.cell.opened(answers, cell, 0, choice.shown)
        return values | (self.difference.opened(choice, whose, cell, who) if choice.compares else {})

    def _marked(self, answers: Answers, index: int) -> Values:
        """The table of classes with one of them marked and in view; "turn": each time anew."""
        table = views.class_table(answers.matrix, self.text) | {"marked": index, "turn": time.monotonic()}
        return {self.parts.per_class: table}
