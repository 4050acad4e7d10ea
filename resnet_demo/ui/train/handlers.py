"""What the tab Train does with runs: look at one, follow it, stop and resume it, open it in other tabs.

Each handler returns the new values by component. What is shown of a run is made by `RunView`; the form's handlers are
in `form_handlers`, those of a run's owner in `managing_handlers`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr

from ...library.datasets import await_prepared
from ...library.runs import find_run, usable_run
from ..components.notice import said
from ..errors import REFUSALS, sentence
from ..latest import background
from ..runs import choices
from ..shared.own_images import all_data
from ..visitor import visitor
from .elsewhere import following
from .run_view import RunView, Values

if TYPE_CHECKING:
    from .layout import Parts


class Handlers:
    """The handlers of one page."""

    def __init__(self, view: RunView, parts: Parts) -> None:
        self.services, self.text, self.view, self.parts = view.services, view.text, view, parts

    def look(self, run_id: str, others: Any, kept: Any, request: gr.Request) -> Values:
        """Show a run."""
        return self._look(run_id, others, kept, request)

    def follow_link(self, link: Any, others: Any, kept: Any, request: gr.Request) -> Values:
        """Show the run that another tab has started, and list the images that it trains on."""
        run_id = str((link or {}).get("run") or "")
        data = gr.update(choices=all_data(self.services, kept, self.text))
        return {**self.view.everything(run_id, others, kept, request), self.parts.controls["data"]: data}

    def replay(self, run_id: str, others: Any, kept: Any, request: gr.Request) -> Values:
        """Show a run and play its recording."""
        return self._look(run_id, others, kept, request, replayed=True)

    def open_row(self, event: gr.SelectData, ids: list[str], others: Any, kept: Any, request: gr.Request) -> Values:
        """Show the run of a row of the table."""
        return self._look(ids[event.index], others, kept, request) if 0 <= event.index < len(ids) else {}

    @background
    def refresh(self, run_id: str, others: Any, kept: Any, request: gr.Request) -> Values:
        """Follow another state: buttons and table; the curves go on by themselves.

        Which run is looked at stays, too: it may be another one by the time that this is answered.
        """
        who = visitor(self.services, request, kept)
        return {**self.view.state(find_run(self.services, run_id), who), **self.view.runs(who, others)}

    @background
    def recorded(self, event: gr.EventData, run_id: str, kept: Any, request: gr.Request) -> Values:
        """Show an epoch as soon as it is recorded."""
        if event.run != run_id:
            return {}
        return self.view.epoch(find_run(self.services, run_id), visitor(self.services, request, kept), int(event.step))

    @background
    def evaluated(self, event: gr.EventData, run_id: str, kept: Any, request: gr.Request) -> Values:
        """Show the last epoch of a run that has finished with what its evaluation says of it."""
        if event.run != run_id or event.state != "finished":
            return {}
        return self.view.epoch(find_run(self.services, run_id), visitor(self.services, request, kept))

    async def prepare(self, run_id: str, request: gr.Request) -> bool:
        """Wait, in no thread, until the images of a run are in the cache, or cannot be; whether there was a need."""
        run = usable_run(self.services, run_id)
        return bool(run and await await_prepared(self.services, run.config, visitor(self.services, request)))

    def show_prepared(self, waited: bool, run_id: str, kept: Any, request: gr.Request) -> Values:
        """Show the last epoch again once its images were waited for, or why there are none."""
        if not waited:
            return {}
        return self.view.epoch(usable_run(self.services, run_id), visitor(self.services, request, kept))

    def stop(self, run_id: str, kept: Any, request: gr.Request) -> Values:
        """Stop a run."""
        key = visitor(self.services, request, kept).key(run_id)
        return self._try(lambda: self.services.manager.stop(run_id, key))

    def resume(self, run_id: str, kept: Any, request: gr.Request) -> Values:
        """Resume a run on this server, or follow the job that may still train it."""
        who, manager = visitor(self.services, request, kept), self.services.manager
        return self._try(
            lambda: manager.resume(run_id, who.key(run_id), who.address, following(self.services, run_id, request))
        )

    def open_in_classify(self, run_id: str, kept: Any, request: gr.Request) -> Values:
        """Open the tab Classify with the run's model alone."""
        options = choices(self.services, self.text, visitor(self.services, request, {**(kept or {}), run_id: ""}))
        return {
            self.parts.tabs: gr.Tabs(selected="classify"),
            self.parts.models: gr.update(choices=options, value=[run_id]),
        }

    def open_in_confusion(self, run_id: str) -> Values:
        """Open the tab Confusion with the run."""
        return {
            self.parts.tabs: gr.Tabs(selected="confusion"),
            self.parts.question: {"run": run_id, "turn": time.monotonic()},
        }

    def _look(self, run_id: str, others: Any, kept: Any, request: gr.Request, replayed: bool = False) -> Values:
        run, who = find_run(self.services, run_id), visitor(self.services, request, kept)
        return {**self.view.run(run, who, others, replayed), **self.view.epoch(run, who)}

    def _try(self, act: Callable[[], object]) -> Values:
        """Do something, or say why not."""
        try:
            act()
        except REFUSALS as error:
            return {self.parts.run_status: said(sentence(error, self.text), error=True)}
        return {self.parts.run_status: said()}
