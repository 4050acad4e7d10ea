"""A page with nothing but live curves, and runs whose logs grow as a test says: no training, no clock."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import gradio as gr
from made_runs import make_untrained_run
from pages import in_both_languages
from renewed import renewable

from resnet_demo.engine.events import EpochDone, Event, RunFinished, RunStarted, StepMetrics, to_line
from resnet_demo.runs.files import LOCK, LOG
from resnet_demo.runs.index import RunIndex
from resnet_demo.runs.lock import lock
from resnet_demo.runs.queue.manager import Status
from resnet_demo.runs.tail import Tails
from resnet_demo.ui.components.curves import curves
from resnet_demo.ui.text import Text

STEPS_PER_EPOCH = 50


class FakeRun:
    """A run that goes on when it is told to. total: steps of the whole run; pace: steps a second of its own clock."""

    def __init__(self, root: Path, run_id: str, total: int = 500, pace: float = 20.0, slowness: float = 120.0):
        self.folder = make_untrained_run(root, run_id)
        self.id, self.total, self.pace, self.slowness = run_id, total, pace, slowness
        self.step = 0
        self._holding = ExitStack()

    def log(self, *events: Event) -> None:
        with open(self.folder.path / LOG, "a", encoding="utf-8") as file:
            file.writelines(to_line(event) + "\n" for event in events)

    def start(self) -> None:
        """Its worker takes the lock and begins."""
        self._holding.enter_context(lock(self.folder.path / LOCK, patience=5.0))
        self.log(RunStarted(STEPS_PER_EPOCH, self.total, {}, "a machine", "fp32"))

    def go_to(self, step: int, every: int = 2) -> None:
        """Reports every few steps, and the ends of epochs between."""
        events: list[Event] = []
        for at in range(self.step + every, step + 1, every):
            events.append(self.report(at))
            if at % STEPS_PER_EPOCH == 0:
                events.append(self.epoch(at))
        self.step = step
        self.log(*events)

    def finish(self, status: str = "finished", reason: str = "") -> None:
        """Its last line; the lock falls."""
        self.log(RunFinished(status, self.step, self.step / self.pace, reason))
        self.die()

    def die(self) -> None:
        """The lock falls without a word."""
        self._holding.close()

    def loss(self, step: int) -> float:
        return 0.25 + 2.05 * math.exp(-step / self.slowness)

    def report(self, step: int) -> StepMetrics:
        noise = 0.5 * (math.sin(step * 12.9898) * 43758.5453 % 1 - 0.5)  # as good as random
        loss = max(0.02, self.loss(step) + noise)
        progress = step / self.total
        return StepMetrics(
            step=step,
            epoch=step / STEPS_PER_EPOCH,
            progress=progress,
            seconds=step / self.pace,
            loss=loss,
            accuracy=min(1.0, max(0.0, 1.02 - loss / 2.4 + noise / 6)),
            lr=0.1 * min(1.0, 8 * progress) * (1 - progress),
            grad_norm=1.5 + loss + noise,
            images_per_second=900 + 200 * noise,
        )

    def epoch(self, step: int) -> EpochDone:
        loss = self.loss(step)
        return EpochDone(
            step, step / STEPS_PER_EPOCH, step / self.pace, loss, 1 - loss / 2.5, loss + 0.1, 0.97 - loss / 2.5
        )


class Scene:
    """Runs, a queue that says what the test says, and the page's address."""

    def __init__(self, root: Path):
        self.root, self.address = root, ""
        self.runs: dict[str, FakeRun] = {}
        self.queue: dict[str, Status] = {}
        self.asked: list[dict] = []  # what browsers asked
        self.told: list[tuple[str, dict]] = []  # the events of the curves
        self.tails = Tails(RunIndex([root]), self.status)

    def status(self, run_id: str) -> Status:
        run = self.tails.index.get(run_id)
        return self.queue.get(run_id, Status(run.state()))

    def poll(self, asked: dict) -> dict:
        self.asked.append(asked)
        return self.tails.poll(asked)

    def add(self, run_id: str, **options: float) -> FakeRun:
        self.runs[run_id] = FakeRun(self.root, run_id, **options)
        return self.runs[run_id]

    def recorded(self, run_id: str, **options: float) -> FakeRun:
        """A run that has finished."""
        run = self.add(run_id, **options)
        run.start()
        run.go_to(run.total)
        run.finish()
        return run


@contextmanager
def curves_page(scene: Scene) -> Iterator[str]:
    """The address of a page in both languages, whose box `#value` (JSON) sets the curves' value."""

    def fill(text: Text) -> None:
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("one", id="one"):
                with renewable():
                    shown = curves(text, scene.poll)
                    value = gr.Textbox(elem_id="value", lines=1)
            with gr.Tab("two", id="two"):
                gr.Markdown("another tab")
        value.submit(json.loads, value, shown, queue=False, show_progress="hidden")

        def told(name: str):
            def add(event: gr.EventData) -> None:
                scene.told.append((name, event._data))

            return add

        for name in ("mount", "state", "epoch"):
            getattr(shown, name)(told(name), None, None, queue=False, trigger_mode="multiple")

    with in_both_languages(fill) as scene.address:
        yield scene.address
