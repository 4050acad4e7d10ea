"""What the recorded epochs do when they are used: each handler returns the new values by component.

No handler makes a component: `parts` may be any object with the names of `timeline_layout.TimelineParts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from ...library.answers import recorded_epochs
from ...library.runs import usable_run
from ...runs.folder import RunFolder
from ...services import Services
from ..latest import background
from ..shared.epoch_views import epoch_of
from ..text import Text
from ..visitor import visitor

if TYPE_CHECKING:
    from .timeline_layout import TimelineParts

Values = dict[Any, Any]  # by component; what is left out stays as it is
STOPPED, HIDDEN = gr.update(active=False), gr.update(visible=False)


class TimelineHandlers:
    """The handlers of the section; `values` also serves those of the tab."""

    def __init__(self, services: Services, text: Text, parts: TimelineParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def values(self, run_id: Any) -> Values:
        """Show a run at its last epoch; nothing of one that recorded none, or without a run."""
        run = usable_run(self.services, run_id)
        if run is None:
            empty = {self.parts.train: None, self.parts.validation: None, self.parts.section: HIDDEN}
            return empty | {self.parts.slider: {}, self.parts.clock: STOPPED}
        value = slider_value(self.services, run, self.text)
        ended = value["epochs"]
        return {
            self.parts.section: gr.update(visible=bool(ended) or value["running"]),
            self.parts.slider: value,
            self.parts.clock: gr.update(active=value["running"]),
            **self._matrices(run, ended[-1][0] if ended else None),
        }

    @background
    def follow(self, run_id: Any) -> Values:
        """Add new epochs of a run that trains; the slider reports where that moves it."""
        run = usable_run(self.services, run_id)
        if run is None:
            return {self.parts.clock: STOPPED}
        value = slider_value(self.services, run, self.text)
        return {
            self.parts.slider: value,
            self.parts.clock: gr.update(active=value["running"]),
            self.parts.stage: stage_of(value),
        }

    @background
    def scrub(self, event: gr.EventData) -> Values:
        """Show the epoch that the slider is at."""
        return self._matrices(usable_run(self.services, event.run), int(event.step))

    def _matrices(self, run: RunFolder | None, step: int | None) -> Values:
        epoch = epoch_of(self.services, run, step, visitor(self.services, None), self.text)
        return {self.parts.train: epoch.train, self.parts.validation: epoch.validation}


def slider_value(services: Services, run: RunFolder, text: Text) -> dict[str, Any]:
    """The recorded epochs for the component `scrubber`."""
    running = services.manager.status(run.id).state in ("queued", "running")
    ended = [[event.step, event.epoch] for event in recorded_epochs(run)]
    return {"run": run.id, "epochs": ended, "running": running, "step": None, "note": text("confusion.time.none")}


def stage_of(slider: dict[str, Any]) -> str:
    """How far a run is: another string whenever there is something new to count, an epoch or its end."""
    return f"{slider['run']} {slider['epochs'][-1:]} {slider['running']}"
