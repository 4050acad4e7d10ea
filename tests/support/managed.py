"""A run manager of a test's own, a data set that any process can load, and an executor that waits to be told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from PIL import Image

from resnet_demo.data.datasets import load_dataset
from resnet_demo.engine.config import TrainConfig
from resnet_demo.engine.events import Event, RunFinished
from resnet_demo.models import ModelSpec
from resnet_demo.places import Places
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.index import RunIndex
from resnet_demo.runs.queue.endings import Ending
from resnet_demo.runs.queue.manager import RunManager
from resnet_demo.runs.queue.worker import Job
from resnet_demo.runs.writer import open_writer


def make_places(root: Path) -> Places:
    return Places(data=None, cache=root / "cache", runs=root / "runs", weights=root / "weights")


def make_manager(places: Places, **options) -> RunManager:
    """With one CPU; `options` as RunManager takes them."""
    return RunManager(places, RunIndex([places.weights, places.runs]), **{"slots": ["cpu"], **options})


def make_pictures(root: Path, each: int = 30) -> Path:
    """A folder of own pictures: two classes, one dark and one light."""
    random = np.random.RandomState(0)
    for name, least in (("dark", 0), ("light", 128)):
        (root / name).mkdir(parents=True)
        for number in range(each):
            pixels = random.randint(least, least + 128, (16, 16, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    return root


def picture_config(pictures: Path, cache: Path, **changes) -> TrainConfig:
    """Six small steps on own pictures."""
    spec = replace(ModelSpec.from_name("resnet8"), input_size=16)
    config = TrainConfig(
        spec, data=str(pictures), length=6, unit="steps", batch_size=16, precision="fp32", threads=1,
        checkpoint_seconds=0.2,
    )  # fmt: skip
    return replace(config.for_dataset(load_dataset(str(pictures), cache=cache, size=16)), **changes)


def wait_until(condition: Callable[[], object], what: str = "", seconds: float = 240) -> object:
    """What `condition` returns once it is true; the time is for machines that are very busy."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, what or "it did not happen"
        time.sleep(0.02)
    return found


ENDED = Ending(0)


class Puppets:
    """An executor whose jobs run until they are told what to log and how to end."""

    slots: Sequence[str] | None = None

    def __init__(self) -> None:
        self.begun: list[Job] = []  # all jobs, in the order in which they began
        self.killed: list[Job] = []
        self._told: dict[Path, tuple[threading.Event, list]] = {}

    def task(self, job: Job) -> SimpleNamespace:
        kill = partial(self.kill, job)
        return SimpleNamespace(run=partial(self.run, job), kill=kill, abandon=kill)

    def run(self, job: Job) -> Ending:
        event, answer = self._told[job.path] = threading.Event(), []
        self.begun.append(job)
        assert event.wait(240), "nobody told it to end"
        if isinstance(answer[0], Exception):
            raise answer[0]
        return answer[0]

    def kill(self, job: Job) -> None:
        self.killed.append(job)
        self.end(job.path, ending=Ending(None, "SIGKILL"))

    def warm_up(self) -> None:
        pass

    def log(self, path: Path, *events: Event) -> None:
        """Have the job write to its log."""
        with open_writer(RunFolder(path)) as writer:
            for event in events:
                writer.append(event)

    def end(self, path: Path, *events: Event, ending: Ending | Exception = ENDED) -> None:
        """Have the job log something and return; one that nobody carries out is left alone."""
        wait_until(lambda: path in self._told or ending.signal, "the job never began")
        if path not in self._told:
            return
        self.log(path, *events)
        event, answer = self._told.pop(path)
        answer.append(ending)
        event.set()

    def finish(self, path: Path) -> None:
        """Have the job end as a run does that is simply finished."""
        self.end(path, RunFinished("finished", 6, 1.0))
