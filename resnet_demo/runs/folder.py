"""A run as others see it: read its configuration, log, state, network and predictions.

Nothing here writes. A run may be read while another process writes it: the log's last line counts only with its
newline, every other file is replaced whole. Must not depend on queues or owners.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from safetensors.torch import load_file

from ..data.preprocess import Preprocess
from ..engine.config import TrainConfig
from ..engine.evaluate import Predictions
from ..engine.events import (
    CheckpointSaved,
    EpochDone,
    Event,
    Resumed,
    RunFinished,
    RunStarted,
    StepMetrics,
    Turn,
)
from ..kept_property import kept_property
from ..models import ResNet, blank_model
from . import records
from .checks import checked_arrays, checked_epoch, checked_labels, checked_predictions
from .files import (
    CONFIG,
    EPOCHS,
    LABELS,
    LOCK,
    LOG,
    MANIFEST,
    META,
    PREDICTIONS,
    WEIGHTS,
)
from .kept import ARRAYS, Files
from .lock import is_locked
from .log import TURNS, Log, read_log, tail_of
from .records import Manifest, Meta, RunError, open_file, read, read_file

TAIL = 65_536  # bytes; what is asked for most often, the end of a run or its latest report, lies in so many
LARGE_LOG = 4 * 2**20  # bytes of a log that is not read as a whole for its end
STATES = ("running", "finished", "stopped", "failed", "interrupted", "damaged")
MOST_ARRAYS = 2**31  # bytes of the arrays of one file
T = TypeVar("T")


@dataclass(frozen=True)
class EpochRecord:
    """What one epoch predicted: class by row (order of `Dataset.split_rows`); where `train_seen` is false: unseen."""

    train: np.ndarray
    train_seen: np.ndarray
    validation: np.ndarray


@dataclass(frozen=True)
class TrainingLabels:
    """What the predictions of epochs are compared with: the class of each row of the training split, int64, and which
    rows were trained on and which validated on, in the order of `EpochRecord`."""

    labels: np.ndarray
    train_rows: np.ndarray
    validation_rows: np.ndarray


class RunFolder:
    """The run in the folder `path`; cheap to make, everything is read when it is asked for, once through `files`."""

    def __init__(self, path: Path, files: Files | None = None):
        self.path, self._files = Path(path), files or Files()

    @property
    def id(self) -> str:
        """The run's name and, for users' runs, the capability to read it."""
        return self.path.name

    @kept_property
    def config(self) -> TrainConfig:
        """The configuration; RunError if the folder is no run, or a damaged one."""
        try:
            return self.read(CONFIG, _config)
        except FileNotFoundError as error:
            raise RunError("not_a_run", name=self.id) from error

    @property
    def meta(self) -> Meta:
        """What is noted beside the run; empty where there is nothing that can be read."""
        try:
            return self._meta()
        except RunError:
            return {}

    @property
    def name(self) -> str:
        """What somebody called the run, or "" where it has no name but its id."""
        name = self.meta.get("name", "")
        return name if name != self.id else ""

    @property
    def note(self) -> str:
        """What somebody wrote about the run, or ""."""
        return self.meta.get("note", "")

    @property
    def manifest(self) -> Manifest | None:
        """What a published run says about itself (`export`), or None."""
        try:
            return self.read(MANIFEST, records.MANIFEST.validate_json)
        except FileNotFoundError:
            return None

    def published_manifest(self) -> Manifest:
        """The manifest of a run that must have one; RunError without it."""
        if manifest := self.manifest:
            return manifest
        raise RunError("not_published", file=f"{self.id}/{MANIFEST}")

    @kept_property
    def damage(self) -> RunError | None:
        """Why nothing can be done with the run but to delete it: configuration, meta or manifest cannot be read.

        Damage of the other files concerns who reads them: `events` and `predictions` raise it.
        """
        try:
            _ = self.config, self._meta(), self.manifest
        except RunError as error:
            return error
        return None

    def _meta(self) -> Meta:
        try:
            return self.read(META, records.META.validate_json)
        except FileNotFoundError:
            return {}

    def preprocess(self) -> Preprocess:
        """How a picture is brought into the form this run's network was trained on."""
        config = self.config
        channels: Any = config.model.in_channels  # `Preprocess` checks it
        return Preprocess(config.preprocessing, config.model.input_size, channels, config.mean, config.std)

    def events(self) -> list[Event]:
        """The log as it counts today: what `Resumed` took back is left out, an unfinished last line too."""
        return effective(self.raw_events())

    def raw_events(self) -> Iterator[Event]:
        """The log as it was written, line by line; RunError names a line that is no event."""
        return self._log().events()

    def state(self) -> str:
        """One of STATES, derived from the log's last turn and the lock."""
        try:
            last = self.last_turn()
        except RunError:
            return "running" if is_locked(self.path / LOCK) else "damaged"
        if isinstance(last, RunFinished):
            return last.status
        return "running" if is_locked(self.path / LOCK) else "interrupted"

    def last_turn(self) -> Turn | None:
        """The latest event that decides the state; None before the first. RunError if it, or the whole log, is none."""
        if turn := self._tail().latest(TURNS) or self._log().latest(TURNS):
            return turn
        return next((None for _ in self.raw_events()), None)

    def last_report(self) -> StepMetrics | None:
        """The latest report, None if there is none near the end of the log."""
        return self._tail().latest((StepMetrics,))

    def _log(self) -> Log:
        path = self.path / LOG
        return self._files.follow(path, lambda before: read_log(path, before))

    def _tail(self) -> Log:
        """The end of a log that is large, else all of it, which others want, too."""
        path = self.path / LOG
        try:
            large = path.stat().st_size > LARGE_LOG
        except OSError:
            large = False
        return self._files.read(path, lambda: tail_of(path, TAIL), "tail") if large else self._log()

    def read(self, name: str, parse: Callable[[bytes], T]) -> T:
        """What `parse` makes of a small file; FileNotFoundError without it, RunError where it cannot be used.

        A file has one `parse`, since what it made is kept."""
        return self._files.read(self.path / name, lambda: read(self.path / name, parse))

    def load_model(self) -> ResNet:
        """The network with its latest weights, fp32, on the CPU, in evaluation mode; RunError if they do not fit."""
        model = blank_model(self.config.model)
        try:
            with open_file(self.path / WEIGHTS):
                model.load_state_dict(load_file(self.path / WEIGHTS))
        except FileNotFoundError as error:
            raise RunError("no_weights", name=self.id) from error
        except Exception as error:  # safetensors and load_state_dict raise various classes for a damaged file
            file = f"{self.id}/{WEIGHTS}"
            detail = textwrap.shorten(getattr(error, "strerror", None) or str(error), 300, placeholder=" …")
            raise RunError("damaged_weights", file=file, detail=detail) from error
        return model.eval()

    def has_weights(self) -> bool:
        """Whether `load_model` has something to load."""
        return (self.path / WEIGHTS).is_file()

    def has_epoch(self, event: EpochDone) -> bool:
        """Whether something lies where the predictions recorded for an epoch are kept."""
        return (self.path / EPOCHS / epoch_file(event)).exists()

    def epoch_record(self, event: EpochDone) -> EpochRecord:
        """The predictions recorded for an epoch of the log; RunError where they were thinned out or are damaged."""
        classes = len(self.config.classes)
        arrays = self._arrays(f"{EPOCHS}/{epoch_file(event)}", lambda arrays: checked_epoch(arrays, classes))
        if not arrays:
            raise RunError("no_epoch", run=self.id, epoch=f"{event.epoch:g}")
        return EpochRecord(**arrays)

    def training_labels(self) -> TrainingLabels | None:
        """The labels that are kept with the run, None where there are none; RunError where they are damaged."""
        classes = len(self.config.classes)
        arrays = self._arrays(LABELS, lambda arrays: checked_labels(arrays, classes))
        if not arrays:
            return None
        labels, held_out = (arrays[name].astype(np.int64) for name in ("labels", "validation_rows"))
        return TrainingLabels(labels, np.setdiff1d(np.arange(len(labels)), held_out), held_out)

    def predictions_fingerprint(self) -> str:
        """The fingerprint of the data that `predictions` were made on, "" before the run is evaluated."""
        return str(self._predictions().get("fingerprint", ""))

    def predictions(self) -> dict[str, Predictions]:
        """Predictions by evaluation set ("test", "validation", "train", …); empty before the run is evaluated."""
        stored = self._predictions()
        by_set = {}
        for key in stored:
            name, _, part = key.rpartition("_")
            if part in ("logits", "best"):
                labels, rows = (stored[f"{name}_{other}"].astype(np.int64) for other in ("labels", "rows"))
                if part == "logits":
                    by_set[name] = Predictions(stored[key], labels, rows)
                else:
                    probabilities, classes = stored[f"{name}_probabilities"], len(self.config.classes)
                    by_set[name] = Predictions.from_best(stored[key], probabilities, labels, rows, classes)
        return with_lossless(by_set, stored.get("test_lossless"))

    def _predictions(self) -> dict[str, np.ndarray]:
        classes = len(self.config.classes)
        return self._arrays(PREDICTIONS, lambda arrays: checked_predictions(arrays, classes))

    def _arrays(self, name: str, check: Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]) -> dict:
        """The arrays of a file, {} if there is no such file; RunError where it, or what `check` looks at, is wrong."""
        path = self.path / name

        def load() -> dict[str, np.ndarray]:
            arrays = read_file(path, lambda file: check(checked_arrays(file, MOST_ARRAYS)))
            for array in arrays.values():
                array.setflags(write=False)  # others are given the same
            return arrays

        try:
            return self._files.read(path, load, ARRAYS)
        except FileNotFoundError:
            return {}

    def predictions_on(self, name: str) -> Predictions:
        """The predictions on one evaluation set; RunError where the run keeps none."""
        answers = self.predictions().get(name)
        if answers is None:
            raise RunError("no_predictions", run=self.id, on=name)
        return answers


def with_lossless(predictions: dict[str, Predictions], rows: np.ndarray | None) -> dict[str, Predictions]:
    """Beside "test" the set "test-lossless": its rows whose pictures are stored losslessly, where only some are."""
    if rows is None or "test" not in predictions:
        return predictions
    return {"test": predictions["test"], "test-lossless": predictions["test"].restricted_to(rows), **predictions}


def _config(content: bytes) -> TrainConfig:
    config = TrainConfig.from_dict(records.OBJECT.validate_json(content))
    if not config.classes or not config.mean:
        raise ValueError("it names no classes, or no mean and std")
    return config


def epoch_file(event: EpochDone) -> str:
    """The file in `epochs/` that belongs to an event; steps tell whole and partial epochs apart."""
    return f"{event.step:08d}.npz"


def effective(events: Iterator[Event]) -> list[Event]:
    """The events without what was taken back: by `Resumed(step)` reports, epochs and checkpoints after that step; by
    `RunStarted` everything before it (the run was ended before it had begun)."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, Resumed):
            kept = [
                e
                for e in kept
                if not isinstance(e, RunFinished)
                and not (isinstance(e, StepMetrics | EpochDone | CheckpointSaved) and e.step > event.step)
            ]
        elif isinstance(event, RunStarted):
            kept = []
        kept.append(event)
    return kept
