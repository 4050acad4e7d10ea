"""The recorded epochs of a run, one after the other: the training and the validation matrix of each."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ...services import Services
from ..components.matrix import matrix
from ..components.scrubber import scrubber
from ..events import EVERY, QUIET
from ..latest import background
from ..text import Text
from ..train import viewing
from ..visitor import visitor
from . import source

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
        run = viewing.found_run(self.services, run_id)
        if run is None:
            return [{}, None, None, gr.update(active=False)]
        value = source.scrubbed(self.services, run, self.text)
        ended = value["epochs"]
        return [value, *self.at(run_id, ended[-1][0] if ended else None), gr.update(active=value["running"])]

    def at(self, run_id: Any, step: int | None) -> list[Any]:
        """The two matrices of an epoch."""
        run = viewing.found_run(self.services, run_id)
        epoch = viewing.epoch(self.services, run, step, visitor(self.services, None), self.text)
        return [epoch.train, epoch.validation]

    def wire(self, which: gr.Dropdown) -> None:
        """Connect the slider; which: the list with the run that is looked at."""

        @background
        def follow(run_id: Any) -> tuple[Any, Any, Any]:
            """New epochs of a run that trains; the slider tells where they carry it."""
            run = viewing.found_run(self.services, run_id)
            if run is None:
                return gr.skip(), gr.update(active=False), gr.skip()
            value = source.scrubbed(self.services, run, self.text)
            return value, gr.update(active=value["running"]), source.stage(value)

        @background
        def scrub(event: gr.EventData) -> list[Any]:
            return self.at(event.run, int(event.step))

        self.place.epoch(scrub, None, self.matrices, **EVERY, **QUIET)
        self.clock.tick(follow, which, [self.place, self.clock, self.stage], **FOLLOW)
