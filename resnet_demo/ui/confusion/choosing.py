"""What can be looked at and what is: runs, their sets, the epochs of these, and merged classes. No component."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, NamedTuple

import gradio as gr

from ...data.predictions import Table
from ...data.sizes import memory_size
from ...library import answers as source
from ...library.answers import BY_EPOCH, Answers
from ...library.runs import has_private_images, usable_run
from ...library.visitors import Visitor
from ...metrics.groups import parse_groups
from ...runs.folder import RunError
from ...services import Services
from ..runs import run_title
from ..text import Text


@dataclass(frozen=True, eq=False)
class Brought:
    """Answers that are no run's own. name: for people. table: the file they came in, if they did. note: a line.
    keeps: what ends with this, room in memory and images on disk. key: what nobody can guess, for addresses."""

    name: str
    answers: Answers
    table: Table | None = None
    note: str = ""
    keeps: tuple[object, ...] = ()
    key: str = field(default_factory=lambda: token_urlsafe(16))

    @property
    def stem(self) -> str:
        """What files made of it are called before their own names."""
        return Path(self.name).stem if self.table else self.name


def held(services: Services, brought: Brought, who: Visitor) -> Brought:
    """Return `brought` with room in the server's memory for as long as it is referred to; Refused if there is none."""
    _ = brought.answers.matrix, brought.answers.confidence  # kept from the first look on, so they count
    size = memory_size(brought.answers, brought.table)
    return replace(brought, keeps=(*brought.keeps, services.memory.hold(who.address, size)))


class Choice(NamedTuple):
    """What the page's components have, whatever a browser may have sent.

    step: of the epoch, 0 for the last one. only: which of many classes are drawn. groups: as `parse_groups` reads them.
    own: what the visitor brought, which then counts instead of a run. kept: what their browser remembers of its runs.
    """

    run: Any = None
    name: Any = None
    step: Any = 0
    only: Any = ""
    groups: Any = ""
    own: Brought | None = None
    kept: Any = None


def answers(services: Services, choice: Choice, who: Visitor) -> Answers | None:
    """The answers that are chosen, their classes as they are; None where there are none, RunError of a damaged run."""
    if choice.own is not None:
        return choice.own.answers
    run = usable_run(services, choice.run)
    if run is None:
        return None
    if not isinstance(choice.name, str):
        source.sets_of(run)  # there are none, or this says why
        return None
    found = source.answers(services, run, choice.name, choice.step if isinstance(choice.step, int) else 0)
    return replace(found, private=True) if found and has_private_images(services, run, who) else found


def merged(found: Answers | None, groups: Any) -> Answers | None:
    """The answers with classes merged as somebody wrote it; MetricError where that cannot be read."""
    if found is None or not (groups or "").strip():
        return found
    return source.grouped(found, parse_groups(groups, found.classes))


def title(services: Services, run_id: Any, text: Text) -> str:
    """What a run is called, "" for none."""
    run = usable_run(services, run_id)
    return run_title(services.runs, run, text) if run else ""


def runs(services: Services, who: Visitor, text: Text, wanted: Iterable[Any] = ()) -> list[tuple[str, str]]:
    """(title, id) of the runs that a visitor may see in lists, after those that a link names."""
    found = [run for run in who.runs(services.runs) if source.has_answers(run)]
    known = {run.id for run in found}
    linked = [run for one in dict.fromkeys(wanted) if (run := usable_run(services, one)) and run.id not in known]
    return [(run_title(services.runs, run, text), run.id) for run in (*linked, *found)]


def set_update(services: Services, run_id: Any, wanted: Any, text: Text) -> Any:
    """The list of a run's sets; `wanted` is chosen if it is one of them."""
    run = usable_run(services, run_id)
    try:
        names = source.sets_of(run) if run else []
    except RunError:  # `answers` says it
        names = []
    value = wanted if wanted in names else names[0] if names else None
    return gr.update(choices=[(text(f"confusion.set.{name}"), name) for name in names], value=value)


def epoch_update(services: Services, run_id: Any, name: Any, wanted: Any, text: Text) -> Any:
    """The list of a run's recorded epochs; shown where the set is recorded in each of them."""
    run = usable_run(services, run_id)
    if run is None or name not in BY_EPOCH:
        return gr.update(choices=[], value=None, visible=False)
    steps = {str(event.step): event for event in source.epochs(run)}
    named = [(text("confusion.epoch.at", epoch=f"{event.epoch:.4g}"), event.step) for event in steps.values()]
    value = steps[str(wanted)].step if str(wanted) in steps else 0
    return gr.update(choices=[(text("confusion.epoch.last"), 0), *named], value=value, visible=True)


def about(found: Answers, text: Text) -> str:
    """The set that the answers are on, and the epoch, if it is a chosen one."""
    if not found.name:
        return ""
    words = text(f"confusion.set.{found.name}")
    ended = [event for event in source.epochs(found.run) if event.step == found.step] if found.step else []
    return text("confusion.set.at", set=words, epoch=f"{ended[-1].epoch:.4g}") if ended else words
