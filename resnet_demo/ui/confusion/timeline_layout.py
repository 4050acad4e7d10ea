"""The components of the recorded epochs and how they are wired; what they show is decided in `timeline_handlers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.matrix import matrix
from ..components.scrubber import scrubber
from ..events import EVERY, QUIET
from ..text import Text
from .timeline_handlers import TimelineHandlers

FOLLOW_SECONDS = 3
FOLLOW = QUIET | {"queue": True, "concurrency_limit": None}  # of a state only queued events say that it has changed


@dataclass(frozen=True)
class TimelineParts:
    """The components of the section.

    section: the column with all of it. slider: over the epochs. train, validation: the matrices of one. clock: ticks
    while the run that is looked at trains. stage: changes when that run has something new to count.
    """

    section: Any
    slider: Any
    train: Any
    validation: Any
    clock: Any
    stage: Any

    @property
    def shown(self) -> list[Any]:
        """What is filled when another run is looked at."""
        return [self.section, self.slider, self.train, self.validation, self.clock]


def timeline_layout(text: Text) -> TimelineParts:
    """Lay out the section."""
    with gr.Column(visible=False) as section:
        gr.Markdown(f"### {text('confusion.time')}")
        slider = scrubber(text, elem_id="confusion-time")
        with gr.Row(elem_id="confusion-epoch"):
            train, validation = (
                matrix(text, elem_id=f"confusion-{one}", selectable=False, controls=False)
                for one in ("train", "validation")
            )
    return TimelineParts(section, slider, train, validation, gr.Timer(FOLLOW_SECONDS, active=False), gr.State(""))


def wire_timeline(parts: TimelineParts, handlers: TimelineHandlers, runs: Any) -> None:
    """Connect the components to their handlers; runs: the list with the run that is looked at."""
    parts.slider.epoch(handlers.scrub, None, [parts.train, parts.validation], **EVERY, **QUIET)
    parts.clock.tick(handlers.follow, runs, [parts.slider, parts.clock, parts.stage], **FOLLOW)
