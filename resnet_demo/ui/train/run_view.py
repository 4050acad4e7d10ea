"""What the page shows of the run that is looked at, of the list of runs, and of an epoch: values by component.

The handlers of the tab are built on it. `parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from ...library.runs import find_run, first_run
from ...library.visitors import Visitor
from ...runs.folder import RunFolder
from ...services import Services
from ..runs import run_title
from ..shared.epoch_views import epoch_of
from ..shared.hub_save import can_save
from ..text import Text
from ..visitor import visitor
from . import listing, views

if TYPE_CHECKING:
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is


class RunView:
    """The views of one page. data: the data set that the form begins with."""

    def __init__(self, services: Services, text: Text, parts: Parts, data: str) -> None:
        self.services, self.text, self.parts, self.data = services, text, parts, data

    def run(self, run: RunFolder | None, who: Visitor, others: Any, replayed: bool = False) -> Values:
        """A run, with `others` in its chart, that is looked at from now on (`parts.of_run`)."""
        shown = views.shown(self.services, run, others or [], who, self.text, replayed)
        manage = self.parts.manage
        theirs, _ = views.manageable(self.services, run, who)
        return {
            **self._state(run, who, shown),
            self.parts.curves: shown.curves,
            self.parts.save.fold: gr.update(visible=can_save(self.services, run, who.local), open=False),
            manage.name: run.name if run and theirs else "",
            manage.note: run.note if run and theirs else "",
            self.parts.current: run.id if run else "",
        }

    def state(self, run: RunFolder | None, who: Visitor) -> Values:
        """What changes with the state of the run that is looked at (`parts.of_state`): what is typed stays."""
        return self._state(run, who, views.shown(self.services, run, [], who, self.text, False))

    def runs(self, who: Visitor, others: Any) -> Values:
        """The runs there are (`parts.lists`). others: those that are chosen for the chart, and stay if they exist."""
        table, runs = listing.rows(self.services, who, self.text)
        options = [(run_title(self.services.runs, run, self.text), run.id) for run in runs if not run.damage]
        ids = [run.id for run in runs]
        left = [one for one in others or [] if one in ids]
        value: dict[str, Any] = {} if left == others else {"value": left}
        return {
            self.parts.runs: table,
            self.parts.listed: ids,
            self.parts.beside: gr.update(choices=options, **value),
        }

    def epoch(self, run: RunFolder | None, who: Visitor, step: int | None = None) -> Values:
        """The epoch that ended at `step`, by default the last one (`parts.of_epoch`)."""
        epoch = epoch_of(self.services, run, step, who, self.text)
        return {
            self.parts.matrix_train: epoch.train,
            self.parts.matrix_validation: epoch.validation,
            self.parts.mistakes: epoch.mistakes,
        }

    def everything(self, run_id: str, others: Any, kept: Any, request: gr.Request) -> Values:
        """All three (`parts.everything`) for a run, else for the one to begin with."""
        who = visitor(self.services, request, kept)
        run = find_run(self.services, run_id) or first_run(self.services, who, "", self.data)
        return {**self.run(run, who, others), **self.runs(who, others), **self.epoch(run, who)}

    def _state(self, run: RunFolder | None, who: Visitor, shown: views.Shown) -> Values:
        theirs, further = views.manageable(self.services, run, who)
        buttons = {self.parts.buttons[name]: gr.update(visible=visible) for name, visible in shown.buttons.items()}
        if shown.longer:
            label = self.text("train.longer", minutes=f"{shown.longer / 60:g}")
            buttons[self.parts.buttons["longer"]] = gr.update(visible=shown.buttons["longer"], value=label)
        like = views.is_like_the_first(self.services, run, self.data)
        return {
            self.parts.head: shown.head,
            **buttons,
            self.parts.again: gr.update(
                value=self.text("train.like" if like else "train.start"), elem_classes=["like" if like else "another"]
            ),
            self.parts.manage.fold: gr.update(visible=theirs),
            self.parts.manage.further: gr.update(visible=further),
            self.parts.save.fold: gr.update(visible=can_save(self.services, run, who.local)),
            self.parts.elsewhere.resume: gr.update(visible=shown.buttons["resume"]),
        }
