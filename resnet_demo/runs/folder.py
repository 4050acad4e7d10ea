"""A run as others see it: read its configuration, log, state, network and predictions.

Nothing here writes. A run may be read while another process writes it: the log's last line counts only with
its newline, every other file is replaced whole. It knows neither queues nor owners.
"""

from __future__ import annotations

import json
import os
import textwrap
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from safetensors.torch import load_file
from torch import nn

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
    from_line,
)
from ..models import build_model
from .lock import is_locked

CONFIG, LOG, WEIGHTS, RESUME = "config.json", "events.jsonl", "model.safetensors", "resume.pt"
PREDICTIONS, EPOCHS, LOCK, STOP, META, MANIFEST = (
    "predictions.npz",
    "epochs",
    "lock",
    "stop",
    "meta.json",
    "manifest.json",
)
INITIAL = "initial.safetensors"  # values that the run begins from, where they are not those of its seed
OUTPUT = "output.txt"  # what the training process printed
TURNS = tuple(f'{{"event": "{kind.__name__}"' for kind in (RunStarted, Resumed, RunFinished))  # how such lines begin
REPORT = (f'{{"event": "{StepMetrics.__name__}"',)
TAIL = 65_536  # bytes; what is asked for most often, the end of a run or its latest report, lies in so many
STATES = ("running", "finished", "stopped", "failed", "interrupted")


class RunError(ValueError):
    """A folder that is no run, or a run that cannot be read; the message names the file.

    Where a page may show it, `reason` says which sentence it is and `values` holds the names in it, so that the page
    can say it in another language.
    """

    def __init__(self, message: str, reason: str = "", **values: object) -> None:
        super().__init__(message)
        self.reason = reason
        self.values = values


@dataclass(frozen=True)
class EpochRecord:
    """What one epoch predicted: class by row (order of `Dataset.split_rows`); where `train_seen` is false: unseen."""

    train: np.ndarray
    train_seen: np.ndarray
    validation: np.ndarray


class RunFolder:
    """The run in the folder `path`; cheap to make, everything is read when it is asked for."""

    def __init__(self, path: Path):
        self.path = Path(path)

    @property
    def id(self) -> str:
        """The run's name and, for users' runs, the capability to read it."""
        return self.path.name

    @cached_property
    def config(self) -> TrainConfig:
        """The configuration; RunError if the folder is no run."""
        try:
            config = TrainConfig.from_dict(json.loads((self.path / CONFIG).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise RunError(f"{self.path.name} is not a run: {CONFIG} cannot be read ({error})") from error
        if not config.classes or not config.mean:
            raise RunError(f"{self.path.name} is not a run: {CONFIG} names no classes, or no mean and std")
        return config

    @property
    def meta(self) -> dict:
        """What is noted beside the run (name, note, owner …); empty where there is nothing that can be read."""
        try:
            found = json.loads((self.path / META).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def name(self) -> str:
        """What somebody called the run, or "" where it has no name but its id."""
        name = self.meta.get("name")
        return name if isinstance(name, str) and name != self.id else ""

    @property
    def note(self) -> str:
        """What somebody wrote about the run, or ""."""
        note = self.meta.get("note")
        return note if isinstance(note, str) else ""

    @property
    def manifest(self) -> dict | None:
        """What a published run says about itself (`export`), or None."""
        try:
            return json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise RunError(f"{self.path.name}/{MANIFEST} cannot be read: {error}") from error

    def preprocess(self) -> Preprocess:
        """How a picture is brought into the form this run's network was trained on."""
        config = self.config
        return Preprocess(
            config.preprocessing, config.model.input_size, config.model.in_channels, config.mean, config.std
        )

    def events(self) -> list[Event]:
        """The log as it counts today: what `Resumed` took back is left out, an unfinished last line too."""
        return effective(self.raw_events())

    def raw_events(self) -> Iterator[Event]:
        """The log as it was written, line by line; RunError names a line that is no event."""
        for number, line in enumerate(self._lines(), 1):
            yield self._event(f"line {number}", line)

    def state(self) -> str:
        """One of STATES, derived from the log and the lock."""
        last = self.last_turn()
        if isinstance(last, RunFinished):
            return last.status
        return "running" if is_locked(self.path / LOCK) else "interrupted"

    def last_turn(self) -> RunStarted | Resumed | RunFinished | None:
        """The latest event that decides the state; None before the first."""
        return self._latest(TURNS, (TAIL, None))

    def last_report(self) -> StepMetrics | None:
        """The latest report, None if there is none near the end of the log."""
        return self._latest(REPORT, (TAIL,))

    def _latest(self, beginnings: tuple[str, ...], sizes: tuple[int | None, ...]) -> Event | None:
        """The last line with such a beginning, in the last bytes of the log: as many as the first size that has one."""
        for size in sizes:
            for line in reversed(self._lines(size)):
                if line.startswith(beginnings):
                    return self._event("one of the last lines", line)
        return None

    def _lines(self, last: int | None = None) -> list[str]:
        """The lines of the log, or those that begin in its `last` bytes; what follows its last newline is torn off or
        not yet whole."""
        try:
            with open(self.path / LOG, "rb") as log:
                skipped = max(0, log.seek(0, os.SEEK_END) - last) if last else 0
                log.seek(skipped)
                lines = log.read().decode(errors="replace").split("\n")
        except FileNotFoundError:
            return []
        return lines[1 if skipped else 0 : -1]

    def _event(self, where: str, line: str) -> Event:
        try:
            return from_line(line)
        except ValueError as error:
            raise damaged(f"{self.path.name}/{LOG}, {where}", error) from error

    def load_model(self) -> nn.Module:
        """The network with its latest weights, fp32, on the CPU, in evaluation mode; RunError if they do not fit."""
        model = build_model(self.config.model)
        try:
            model.load_state_dict(load_file(self.path / WEIGHTS))
        except FileNotFoundError as error:
            raise RunError(f"“{self.id}” has no weights.", "no_weights", name=self.id) from error
        except Exception as error:  # safetensors and load_state_dict raise various classes for a damaged file
            file = f"{self.id}/{WEIGHTS}"
            detail = textwrap.shorten(getattr(error, "strerror", None) or str(error), 300, placeholder=" …")
            message = f"{file} cannot be loaded: {detail}"
            raise RunError(message, "damaged_weights", file=file, detail=detail) from error
        return model.eval()

    def has_weights(self) -> bool:
        """Whether `load_model` has something to load."""
        return (self.path / WEIGHTS).is_file()

    def epoch_record(self, event: EpochDone) -> EpochRecord:
        """The predictions recorded for an epoch of the log; RunError where they were thinned out or are damaged."""
        path = self.path / EPOCHS / epoch_file(event)
        arrays = _load_npz(path)
        if not {"train", "train_seen", "validation"} <= arrays.keys():
            message = f"{self.path.name} keeps no predictions for epoch {event.epoch:g}"
            raise RunError(message, "no_epoch", run=self.path.name, epoch=f"{event.epoch:g}")
        return EpochRecord(arrays["train"], arrays["train_seen"], arrays["validation"])

    def predictions_fingerprint(self) -> str:
        """The fingerprint of the data that `predictions` were made on, "" before the run is evaluated."""
        return str(_load_npz(self.path / PREDICTIONS).get("fingerprint", ""))

    def predictions(self) -> dict[str, Predictions]:
        """Predictions by evaluation set ("test", "validation", "train", …); empty before the run is evaluated."""
        stored = _load_npz(self.path / PREDICTIONS)
        found = {}
        for key in stored:
            name, _, part = key.rpartition("_")
            if part in ("logits", "best"):
                labels, rows = (stored[f"{name}_{other}"].astype(np.int64) for other in ("labels", "rows"))
                if part == "logits":
                    found[name] = Predictions(stored[key], labels, rows)
                else:
                    probabilities, classes = stored[f"{name}_probabilities"], len(self.config.classes)
                    found[name] = Predictions.from_best(stored[key], probabilities, labels, rows, classes)
        return with_lossless(found, stored.get("test_lossless"))

    def predictions_on(self, name: str) -> Predictions:
        """The predictions on one evaluation set; RunError where the run keeps none."""
        found = self.predictions().get(name)
        if found is None:
            raise RunError(f"{self.id} keeps no predictions on {name}", "no_predictions", run=self.id, on=name)
        return found


def with_lossless(found: dict[str, Predictions], rows: np.ndarray | None) -> dict[str, Predictions]:
    """Beside "test" the set "test-lossless": its rows whose pictures are stored losslessly, where only some are."""
    if rows is None or "test" not in found:
        return found
    return {"test": found["test"], "test-lossless": found["test"].restricted_to(rows), **found}


def damaged(file: str, error: Exception) -> RunError:
    """What is raised for a file of a run that cannot be read, or for a place in it."""
    return RunError(f"{file} is damaged: {error}", "damaged_file", file=file, detail=str(error))


def _load_npz(path: Path) -> dict[str, np.ndarray]:
    """All arrays of a file, none if there is no such file; RunError if it is damaged."""
    try:
        with np.load(path) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise damaged(f"{path.parent.name}/{path.name}", error) from error


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
