"""What happens during a run, as frozen events, and their one-line JSON form.

The training loop yields them, the run folder's log keeps them, every curve is drawn from them. It knows
nothing of how they are made or shown. Times are seconds; `time` is seconds since 1970 (UTC), `seconds` the
time trained so far.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np


@dataclass(frozen=True)
class RunStarted:
    """The first line of a log. versions, hardware: of the process that trains; processes: how many train together
    (batch statistics are each one's own). total_steps: None where the length is in seconds. compile_seconds: what
    compiling the network took before training began, 0 where it is not compiled; notice: a sentence where that failed.
    initial: of a member of a race the digest of each parameter's values before the first step, by its name.
    """

    steps_per_epoch: int
    total_steps: int | None
    versions: Mapping[str, str]
    hardware: str
    precision: str
    processes: int = 1
    compile_seconds: float = 0.0
    notice: str = ""
    time: float = field(default_factory=time.time)
    initial: Mapping[str, str] | None = None


@dataclass(frozen=True)
class StepMetrics:
    """Means over the steps since the previous report, up to and including `step` (the number of steps done).

    loss: the objective (with label smoothing, if any). accuracy: 0 … 1, of the augmented training pictures.
    grad_norm: L2 norm of the whole gradient at `step`. lr: learning rate of `step`. progress: 0 … 1.
    seconds: of a member of a race the race's. images_per_second: its own pictures in the race's time.
    """

    step: int
    epoch: float
    progress: float
    seconds: float
    loss: float
    accuracy: float
    lr: float
    grad_norm: float
    images_per_second: float


@dataclass(frozen=True)
class EpochDone:
    """The end of an epoch, or of the run within one (`epoch` is then not a whole number).

    train_*: over the pass as it went, augmented, with the weights of the moment. validation_*: evaluation
    mode. The arrays are kept in `epochs/`, not in the log: predicted class of every training row (order of
    `Dataset.split_rows`; where `train_seen` is false the row was not seen) and of every validation row.
    batches: of a member of a race the checksum of all that it was fed in this epoch so far, in its order.
    """

    step: int
    epoch: float
    seconds: float
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    train_predictions: np.ndarray | None = field(default=None, repr=False, compare=False)
    train_seen: np.ndarray | None = field(default=None, repr=False, compare=False)
    validation_predictions: np.ndarray | None = field(default=None, repr=False, compare=False)
    batches: str | None = None


@dataclass(frozen=True)
class CheckpointSaved:
    """From here the run can be resumed."""

    step: int


@dataclass(frozen=True)
class Resumed:
    """Training went on from the checkpoint at `step`: what was logged after that checkpoint is taken back."""

    step: int
    versions: Mapping[str, str]
    hardware: str
    precision: str = ""
    processes: int = 1
    compile_seconds: float = 0.0
    notice: str = ""
    time: float = field(default_factory=time.time)


@dataclass(frozen=True)
class RunFinished:
    """The end. status: "finished", "stopped" or "failed"; reason: a sentence where it did not simply finish, below it
    the last lines of its process where that crashed. code, values: the sentence's own, for other languages (`reasons`).
    """

    status: str
    step: int
    seconds: float
    reason: str = ""
    time: float = field(default_factory=time.time)
    code: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


Event = RunStarted | StepMetrics | EpochDone | CheckpointSaved | Resumed | RunFinished
_KINDS = {kind.__name__: kind for kind in (RunStarted, StepMetrics, EpochDone, CheckpointSaved, Resumed, RunFinished)}


def to_line(event: Event) -> str:
    """One line of strict JSON without its newline; arrays are left out, a number that is not finite becomes null."""
    values: dict[str, Any] = {"event": type(event).__name__}
    for part in fields(event):
        value = getattr(event, part.name)
        if isinstance(value, np.ndarray) or (value is None and part.default is None):
            continue
        if isinstance(value, float):
            value = float(f"{value:.7g}") if abs(value) < 1e6 else round(value, 3)
            value = value if math.isfinite(value) else None
        values[part.name] = value
    return json.dumps(values, ensure_ascii=False, allow_nan=False)


def from_line(line: str) -> Event:
    """The event of one line; ValueError for anything that is no event (a later version's extra keys are ignored)."""
    values = json.loads(line)
    kind = _KINDS.get(values.pop("event", None)) if isinstance(values, dict) else None
    if kind is None:
        raise ValueError(f"not an event of a run: {line[:80]!r}")
    names = {part.name for part in fields(kind)}
    try:
        return kind(
            **{k: (math.nan if v is None and k != "total_steps" else v) for k, v in values.items() if k in names}
        )
    except TypeError as error:
        raise ValueError(f"not an event of a run: {line[:80]!r} ({error})") from error
