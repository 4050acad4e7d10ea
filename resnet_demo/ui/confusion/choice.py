"""What can be chosen in the tab and what is: runs, their sets and epochs, merged classes, a visitor's own answers.

It must not depend on a component.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, NamedTuple

import gradio as gr

from ...data.counts import Counts
from ...data.predictions import Table
from ...data.sizes import memory_size
from ...data.slices import SliceColumn
from ...library import answers as source
from ...library.answers import BY_EPOCH, Answers, answer_sets, counts_of, has_answers, part_of, recorded_epochs
from ...library.datasets import is_available
from ...library.runs import has_private_images, usable_run
from ...library.visitors import Visitor
from ...metrics.groups import parse_groups
from ...runs.folder import RunError
from ...services import Services
from ..errors import REFUSALS, sentence
from ..runs import run_title
from ..text import Text

THIS, OTHER, DIFFERENCE = "this", "other", "difference"  # what the matrix shows of two sides that are compared
VIEWS = (THIS, OTHER, DIFFERENCE)
EARLIER = "earlier"  # stands for the file shown before, in the list of what is compared with; no run has this id
OWN = "own"  # stands for a visitor's own answers in the list of runs; no run has this id
LOSSLESS = "test-lossless"  # the part of "test" whose images are stored losslessly, which is no set of its own


@dataclass(frozen=True, eq=False)
class OwnAnswers:
    """Answers that no run has recorded, held by one visitor's page: uploaded, or computed here for them.

    name: for people. table: the uploaded file of predictions or counts, if they are from one. note: a line about them.
    keeps: what is released with them, room in memory and images on disk. key: names them in addresses; cannot be
    guessed.
    """

    name: str
    answers: Answers
    table: Table | Counts | None = None
    note: str = ""
    keeps: tuple[object, ...] = ()
    key: str = field(default_factory=lambda: token_urlsafe(16))

    @property
    def rows(self) -> Table | None:
        """The uploaded file where it has a row for each answer."""
        return self.table if isinstance(self.table, Table) else None

    @property
    def stem(self) -> str:
        """The first part of the names of files made of them."""
        return Path(self.name).stem if self.table else self.name


def hold_in_memory(services: Services, own: OwnAnswers, who: Visitor) -> OwnAnswers:
    """Return `own` with room in the server's memory for as long as it is referenced; Refusal if there is none."""
    _ = own.answers.matrix, own.answers.confidence  # cached from the first use on, so they count
    size = memory_size(own.answers, own.table)
    return replace(own, keeps=(*own.keeps, services.memory.hold(who.address, size)))


class Choice(NamedTuple):
    """The values of the components that choose answers, whatever a browser may have sent.

    run, set_name: whose answers, on which set. step: of the epoch, 0 for the last one. only: which of many classes are
    drawn. groups: as `parse_groups` reads them. own: the visitor's own answers, which are shown instead of a run's.
    kept: what their browser remembers of its runs. view: one of VIEWS. other, other_set, other_step: the run that this
    side is compared with, "" for none. curve: the class whose curves are drawn, "" for averages, None for no curves.
    slicing, slice_value: a column of an uploaded file, and the value of the rows that are looked at, None for all.
    last, earlier: the counts of the file that was shown last, and of the one before, which can be compared with.
    """

    run: Any = None
    set_name: Any = None
    step: Any = 0
    only: Any = ""
    groups: Any = ""
    own: OwnAnswers | None = None
    kept: Any = None
    view: Any = THIS
    other: Any = ""
    other_set: Any = None
    other_step: Any = 0
    curve: Any = None
    slicing: Any = ""
    slice_value: Any = None
    earlier: OwnAnswers | None = None
    last: OwnAnswers | None = None

    @property
    def other_side(self) -> Choice:
        """The side that this one is compared with."""
        own = self.earlier if self.other == EARLIER else None
        return Choice(self.other, self.other_set, self.other_step, self.only, self.groups, own, self.kept)

    def followed_by(self, own: OwnAnswers) -> Choice:
        """The same once another file is shown; one that was read the other way round takes the place of the last."""
        counts = replace(own, answers=counts_of(own.answers), table=None, keeps=())
        last = self.last
        turned = last is not None and last.name == own.name and last.answers.matrix.same_transposed(own.answers.matrix)
        return self._replace(earlier=self.earlier if turned else last, last=counts)

    @property
    def compares(self) -> bool:
        """Whether the matrix shows a difference."""
        return self.view == DIFFERENCE and bool(self.other)

    @property
    def shown(self) -> Choice:
        """The side that is looked at; of a difference this side."""
        return self.other_side if self.view == OTHER and self.other else self


@dataclass(frozen=True, eq=False)
class Selection:
    """The chosen answers, classes merged where possible, or None; error: a sentence or ""."""

    answers: Answers | None
    error: str = ""


def select(services: Services, choice: Choice, who: Visitor, text: Text) -> Selection:
    """Find the answers that are chosen; where only the groups are wrong, the answers stay as they are."""
    answers = None
    try:
        answers = chosen_answers(services, choice, who)
        return Selection(merged(answers, choice.groups))
    except REFUSALS as error:
        return Selection(answers, sentence(error, text))


def chosen_answers(services: Services, choice: Choice, who: Visitor) -> Answers | None:
    """The answers that are chosen, classes not merged; None where there are none, RunError for a damaged run."""
    if choice.own is not None:
        return sliced(choice.own, choice.slicing, choice.slice_value)
    run = usable_run(services, choice.run)
    if run is None:
        return None
    if not isinstance(choice.set_name, str):
        answer_sets(run)  # has none, or raises why
        return None
    step = choice.step if isinstance(choice.step, int) else 0
    answers = source.answers(services, run, choice.set_name, step)
    return replace(answers, private=True) if answers and has_private_images(services, run, who) else answers


def slice_column(own: OwnAnswers, name: Any) -> SliceColumn | None:
    """The further column of an uploaded file that has this name."""
    columns = own.rows.slices if own.rows else ()
    return next((column for column in columns if column.name == name), None)


def sliced(own: OwnAnswers, name: Any, value: Any) -> Answers:
    """The answers on the rows that have this value in this column; all where there is no such value."""
    column = slice_column(own, name)
    if column is None or value not in column.values:
        return own.answers
    return part_of(own.answers, column.rows(value))


def merged(answers: Answers | None, groups: Any) -> Answers | None:
    """The answers with classes merged as the visitor typed it; Refusal where that cannot be parsed."""
    if answers is None or not (groups or "").strip():
        return answers
    return source.grouped(answers, parse_groups(groups, answers.classes))


def shown_name(services: Services, choice: Choice, text: Text) -> str:
    """The title of a run, or of a visitor's own answers; "" for none."""
    if choice.own:
        return choice.own.name
    run = usable_run(services, choice.run)
    return run_title(services.runs, run, text) if run else ""


def first_run(services: Services, ids: Iterable[str]) -> str | None:
    """The run to begin with: the first one whose images are on this machine, else the first one."""
    ids = list(ids)
    here = (one for one in ids if (run := usable_run(services, one)) and is_available(services, run.config.data))
    return next(here, ids[0] if ids else None)


def run_choices(services: Services, who: Visitor, text: Text, linked: Iterable[Any] = ()) -> list[tuple[str, str]]:
    """(title, id) of the runs that a visitor may see in lists, after those that a link names."""
    own = [run for run in who.runs(services.runs) if has_answers(run)]
    ids = {run.id for run in own}
    named = [run for one in dict.fromkeys(linked) if (run := usable_run(services, one)) and run.id not in ids]
    return [(run_title(services.runs, run, text), run.id) for run in (*named, *own)]


def set_update(services: Services, run_id: Any, wanted: Any, text: Text) -> Any:
    """The list of a run's sets; `wanted` is chosen if it is one of them. The losslessly stored part of the test set is
    listed only where it is chosen."""
    run = usable_run(services, run_id)
    try:
        names = answer_sets(run) if run else []
    except RunError:  # `chosen_answers` raises it too, where it is shown
        names = []
    value = wanted if wanted in names else names[0] if names else None
    listed = [(text(f"confusion.set.{name}"), name) for name in names if name != LOSSLESS or value == LOSSLESS]
    return gr.update(choices=listed, value=value, visible=bool(listed))


def epoch_update(services: Services, run_id: Any, set_name: Any, wanted: Any, text: Text) -> Any:
    """The list of a run's recorded epochs; visible where the set is recorded in each of them."""
    run = usable_run(services, run_id)
    if run is None or set_name not in BY_EPOCH:
        return gr.update(choices=[], value=None, visible=False)
    steps = {str(event.step): event for event in recorded_epochs(run)}
    named = [(text("confusion.epoch.at", epoch=f"{event.epoch:.4g}"), event.step) for event in steps.values()]
    value = steps[str(wanted)].step if str(wanted) in steps else 0
    return gr.update(choices=[(text("confusion.epoch.last"), 0), *named], value=value, visible=True)


def about(answers: Answers, text: Text, named: bool = True) -> str:
    """The set that the answers are on, and the epoch, if they are of one; named: without an epoch the set, too."""
    if not answers.name:
        return ""
    words = text(f"confusion.set.{answers.name}")
    epochs = recorded_epochs(answers.run) if answers.run and answers.step else []
    ended = [event for event in epochs if event.step == answers.step]
    if ended:
        return text("confusion.set.at", set=words, epoch=f"{ended[-1].epoch:.4g}")
    return words if named else ""
