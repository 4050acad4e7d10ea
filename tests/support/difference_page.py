"""A page with nothing but differences, and runs whose logs grow as a test says, each ahead by a known amount."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import gradio as gr
from curves_page import FakeRun, Scene
from pages import in_both_languages
from renewed import renewable

from resnet_demo.engine.events import EpochDone, StepMetrics
from resnet_demo.ui.components.difference import difference
from resnet_demo.ui.text import Text


class Racer(FakeRun):
    """A run whose loss and accuracy are those of another at each step, and `ahead(step)` better."""

    def __init__(self, *arguments, ahead: Callable[[int], float] = lambda step: 0.0, **options):
        super().__init__(*arguments, **options)
        self.ahead = ahead

    def report(self, step: int) -> StepMetrics:
        plain, ahead = super().report(step), self.ahead(step)
        return replace(plain, loss=plain.loss - ahead, accuracy=plain.accuracy + ahead)

    def epoch(self, step: int) -> EpochDone:
        plain, ahead = super().epoch(step), self.ahead(step)
        return replace(
            plain,
            validation_loss=plain.validation_loss - ahead,
            validation_accuracy=plain.validation_accuracy + ahead,
        )


class RaceScene(Scene):
    """Members of a race instead of single runs."""

    def add(self, run_id: str, **options) -> Racer:
        self.runs[run_id] = Racer(self.root, run_id, **options)
        return self.runs[run_id]


@contextmanager
def difference_page(scene: RaceScene) -> Iterator[str]:
    """The address of a page in both languages, whose box `#value` (JSON) sets the differences' value."""

    def fill(text: Text) -> None:
        with gr.Tabs(elem_id="tabs"), gr.Tab("one", id="one"):
            with renewable():
                shown = difference(text, scene.poll)
                value = gr.Textbox(elem_id="value", lines=1)
        value.submit(json.loads, value, shown, queue=False, show_progress="hidden")

    with in_both_languages(fill) as scene.address:
        yield scene.address
