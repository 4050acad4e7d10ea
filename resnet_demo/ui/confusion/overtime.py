"""The recorded epochs of a run, one after the other: the training and the validation matrix of each."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ...library.answers import epochs
from ...library.runs import usable_run
from ...runs.folder import RunFolder
from ...services import Services
from ..components.matrix import matrix
from ..components.scrubber import scrubber
from ..events import EVERY, QUIET
from ..latest import background
from ..shared.epoch_views import epoch_of
from ..text import Text
from ..visitor import visitor

FOLLOW_SECONDS = 3
FOLLOW = QUIET | {"queue": True, "concurrency_limit": None}  # of a state only queued events say that it has changed


class OverTime:
    """A slider over the epochs and two matrices; `outputs` are filled by `filled`.

    `stage` changes when the run that is looked at has something new to count.
    """

    def __init__(self, services: Services, text: Text):
        self.services, self.text = services, text
        self.place = scrubber(text, elem_id="confusion-time")
        with gr.Row(elem_id="confusion-epoch"):
            self.matrices = [
                matrix(text, elem_id=f"confusion-{one}", selectable=False, controls=False)
                for one in ("train", "validation")
            ]
        self.clock = gr.Timer(FOLLOW_SECONDS, active=False)  # while the run that is looked at trains
        self.stage = gr.State("")
        self.outputs = [self.place, *self.matrices, self.clock]

    def filled(self, run_id: Any) -> list[Any]:
        """Values of `outputs` for a run, at its last epoch."""
        run = usable_run(self.services, run_id)
        if run is None:
            return [{}, None, None, gr.update(active=False)]
        value = scrubbed(self.services, run, self.text)
        ended = value["epochs"]
        return [value, *self.at(run_id, ended[-1][0] if ended else None), gr.update(active=value["running"])]

    def at(self, run_id: Any, step: int | None) -> list[Any]:
        """The two matrices of an epoch."""
        run = usable_run(self.services, run_id)
        epoch = epoch_of(self.services, run, step, visitor(self.services, None), self.text)
        return [epoch.train, epoch.validation]

    def wire(self, which: gr.Dropdown) -> None:
        """Connect the slider; which: the list with the run that is looked at."""

        @background
        def follow(run_id: Any) -> tuple[Any, Any, Any]:
            """New epochs of a run that trains; the slider tells where they carry it."""
            run = usable_run(self.services, run_id)
            if run is None:
                return gr.skip(), gr.update(active=False), gr.skip()
            value = scrubbed(self.services, run, self.text)
            return value, gr.update(active=value["running"]), stage_of(value)

        @background
        def scrub(event: gr.EventData) -> list[Any]:
            return self.at(event.run, int(event.step))

        self.place.epoch(scrub, None, self.matrices, **EVERY, **QUIET)
        self.clock.tick(follow, which, [self.place, self.clock, self.stage], **FOLLOW)


def scrubbed(services: Services, run: RunFolder, text: Text) -> dict[str, Any]:
    """The recorded epochs for the component `scrubber`."""
    running = services.manager.status(run.id).state in ("queued", "running")
    ended = [[event.step, event.epoch] for event in epochs(run)]
    return {"run": run.id, "epochs": ended, "running": running, "step": None, "note": text("confusion.time.none")}


def stage_of(scrubbed: dict[str, Any]) -> str:
    """How far a run is, other words whenever there is something new to count: an epoch, or its end."""
    return f"{scrubbed['run']} {scrubbed['epochs'][-1:]} {scrubbed['running']}"
