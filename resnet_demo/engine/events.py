"""What happens during a run, as frozen events, and their one-line JSON form.

The training loop yields them, the run folder's log keeps them, every curve is drawn from them. Times are seconds;
`time` is seconds since 1970 (UTC), `seconds` the time trained so far. What a line of a log may hold stands beside each
field, and `from_line` checks it. Must not depend on how events are made or shown.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, Field, GetPydanticSchema, TypeAdapter, ValidationError

from ..fields import why

LONGEST_LINE = 2**20  # bytes; a member of a race names its parameters in one, of the deepest network 0.4 MB
LONGEST_TEXT = 10_000  # characters
Flat = Annotated[str, Field(strict=True, max_length=200, pattern=r"^\P{Cc}*[^\s\p{Cc}]\P{Cc}*$")]  # one line of text
Text = Annotated[str, Field(strict=True, max_length=LONGEST_TEXT)]
Count = Annotated[int, Field(strict=True, ge=0, le=2**53)]  # beyond that a browser's numbers have gaps
Positive = Annotated[int, Field(strict=True, ge=1, le=2**53)]
Seconds = Annotated[float, Field(strict=True, ge=0, le=1e9, allow_inf_nan=False)]
Epochs = Seconds
Time = Annotated[float, Field(strict=True, ge=0, le=2**33, allow_inf_nan=False)]
Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
_FiniteOrNull = Finite | Annotated[None, AfterValidator(lambda _: math.nan)]
Measured = Annotated[float, GetPydanticSchema(lambda _, schema: schema(_FiniteOrNull))]  # null: it was not finite
Unlogged = Annotated[np.ndarray | None, GetPydanticSchema(lambda _, schema: schema(None))]
Names = Annotated[Mapping[Flat, Flat], Field(max_length=50)]
Digests = Annotated[Mapping[Flat, Flat], Field(max_length=10_000)]
Whole = Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]
Number = Annotated[float, Field(strict=True, ge=-(2**53), le=2**53, allow_inf_nan=False)]
Values = Annotated[Mapping[Flat, Text | Whole | Number], Field(max_length=50)]  # of a sentence
End = Literal["finished", "stopped", "failed"]


@dataclass(frozen=True)
class RunStarted:
    """The first line of a log. versions, hardware: of the process that trains; processes: how many train together
    (batch statistics are each one's own). total_steps: None where the length is in seconds. compile_seconds: what
    compiling the network took before training began, 0 where it is not compiled; notice: a sentence where that failed.
    initial: of a member of a race the digest of each parameter's values before the first step, by its name.
    """

    steps_per_epoch: Positive
    total_steps: Positive | None
    versions: Names
    hardware: Text
    precision: Text
    processes: Count = 1
    compile_seconds: Seconds = 0.0
    notice: Text = ""
    time: Time = field(default_factory=time.time)
    initial: Digests | None = None


@dataclass(frozen=True)
class StepMetrics:
    """Means over the steps since the previous report, up to and including `step` (the number of steps done).

    loss: the objective (with label smoothing, if any). accuracy: 0 … 1, of the augmented training pictures.
    grad_norm: L2 norm of the whole gradient at `step`. lr: learning rate of `step`. progress: 0 … 1.
    seconds: of a member of a race the race's. images_per_second: its own pictures in the race's time.
    """

    step: Count
    epoch: Epochs
    progress: Share
    seconds: Seconds
    loss: Measured
    accuracy: Measured
    lr: Measured
    grad_norm: Measured
    images_per_second: Measured


@dataclass(frozen=True)
class EpochDone:
    """The end of an epoch, or of the run within one (`epoch` is then not a whole number).

    train_*: over the pass as it went, augmented, with the weights of the moment. validation_*: evaluation
    mode. The arrays are kept in `epochs/`, not in the log: predicted class of every training row (order of
    `Dataset.split_rows`; where `train_seen` is false the row was not seen) and of every validation row.
    batches: of a member of a race the checksum of all that it was fed in this epoch so far, in its order.
    """

    step: Count
    epoch: Epochs
    seconds: Seconds
    train_loss: Measured
    train_accuracy: Measured
    validation_loss: Measured
    validation_accuracy: Measured
    train_predictions: Unlogged = field(default=None, repr=False, compare=False)
    train_seen: Unlogged = field(default=None, repr=False, compare=False)
    validation_predictions: Unlogged = field(default=None, repr=False, compare=False)
    batches: Flat | None = None


@dataclass(frozen=True)
class CheckpointSaved:
    """From here the run can be resumed."""

    step: Count


@dataclass(frozen=True)
class Resumed:
    """Training went on from the checkpoint at `step`: what was logged after that checkpoint is taken back."""

    step: Count
    versions: Names
    hardware: Text
    precision: Text = ""
    processes: Count = 1
    compile_seconds: Seconds = 0.0
    notice: Text = ""
    time: Time = field(default_factory=time.time)


@dataclass(frozen=True)
class RunFinished:
    """The end. status: "finished", "stopped" or "failed"; reason: a sentence where it did not simply finish, below it
    the last lines of its process where that crashed. code, values: the sentence's own, for other languages (`reasons`).
    """

    status: End
    step: Count
    seconds: Seconds
    reason: Text = ""
    time: Time = field(default_factory=time.time)
    code: Text = ""
    values: Values = field(default_factory=dict)


Turn = RunStarted | Resumed | RunFinished  # what decides a run's state
Event = Turn | StepMetrics | EpochDone | CheckpointSaved
_OBJECT = TypeAdapter(dict[str, Any])
_KINDS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (RunStarted, StepMetrics, EpochDone, CheckpointSaved, Resumed, RunFinished)
}


def to_line(event: Event) -> str:
    """One line of strict JSON without its newline, as `from_line` accepts it: arrays are left out, a number that is not
    finite becomes null, of a text that is too long the beginning is kept, of half a character a question mark."""
    values: dict[str, Any] = {"event": type(event).__name__}
    for part in fields(event):
        value = getattr(event, part.name)
        if isinstance(value, np.ndarray) or (value is None and part.default is None):
            continue
        if isinstance(value, float):
            value = float(f"{value:.7g}") if abs(value) < 1e6 else round(value, 3)
            value = value if math.isfinite(value) else None
        if isinstance(value, str):
            value = value[:LONGEST_TEXT]
        values[part.name] = value
    return json.dumps(values, ensure_ascii=False, allow_nan=False).encode(errors="replace").decode()


def from_line(line: str | bytes) -> Event:
    """The event of one line; ValueError, in one sentence, for anything that is no event or has other values than its
    kind (a later version's extra keys are ignored)."""
    try:
        values = _OBJECT.validate_json(line)
        adapter = _KINDS.get(str(values.pop("event", None)))
        if adapter is None:
            raise ValueError("it is no event of a run")
        return adapter.validate_python(values)
    except ValidationError as error:
        raise ValueError(why(error)) from None
