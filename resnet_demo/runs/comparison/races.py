"""Runs that trained together as one race: which ones they are, and what proves that they could be compared.

A race is the runs of one `config.race`. Must not depend on queues or pages.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields

from torch import Size

from ...engine.config import TrainConfig
from ...engine.events import EpochDone, Event, RunStarted
from ...models import ModelSpec
from ...models.registry import allocate
from ..folder import RunError, RunFolder
from ..index import RunIndex, created

MOST = 8  # members: as many runs as a page may follow with one question
ENDS = ("num_classes", "in_channels", "input_size")  # of a network: what the data decide
DIVERGED = ("ended.loss", "ended.weights")  # codes of `reasons`


@dataclass(frozen=True)
class Equality:
    """Evidence of a race's logs. All numbers are counts.

    shared: parameters that two members or more have under one name and in one shape. equal: those of them whose values
    before step 1 were the same, bit for bit, in all members that have them.
    batches_compared: ends of epochs at which two members or more had recorded the checksum of all pictures and labels
    that they were fed since the epoch began, in their order. batches_equal: those where all checksums are the same.
    """

    shared: int
    equal: int
    batches_compared: int
    batches_equal: int


def new_race() -> str:
    """The id of a new race; like a run's it cannot be guessed, for it lets one find its members."""
    return f"race-{secrets.token_hex(8)}"


def of_race(index: RunIndex, race: str) -> tuple[RunFolder, ...]:
    """The members of the race `race` that there are: A, B, C, plain; () where there is no such race.

    They have the owner of the oldest one: what somebody else brought along with the race's id is none of them.
    """
    runs = sorted((run for run in index.list() if race and run.config.race == race), key=created)
    mine = [run for run in runs if run.meta.get("owner") == runs[0].meta.get("owner")]
    return tuple(sorted(mine, key=_order))


def members(index: RunIndex, run: RunFolder) -> tuple[RunFolder, ...]:
    """All runs of the race that `run` is in, itself among them; (run,) where it is in none."""
    runs = of_race(index, run.config.race)
    return runs if any(one.id == run.id for one in runs) else (run,)


def to_resume(runs: Sequence[RunFolder]) -> tuple[RunFolder, ...]:
    """Those of a race's members that go on when it is resumed: what has not finished, and has not diverged.

    Training is determined, so what diverged would do so again; it goes on only where nothing else can.
    """
    unfinished = tuple(run for run in runs if run.state() != "finished")
    healthy = tuple(run for run in unfinished if getattr(run.last_turn(), "code", "") not in DIVERGED)
    return healthy or unfinished


def equality(runs: Sequence[RunFolder]) -> Equality:
    """What the logs of a race's members say about equal beginnings and equal batches; a log that is none says
    nothing."""
    logs = [_events(run) for run in runs]
    shared = equal = 0
    beginnings: dict[tuple[str, Size], list[str]] = {}
    for run, log in zip(runs, logs, strict=True):
        started = next((event for event in log if isinstance(event, RunStarted)), None)
        digests = (started.initial if started else None) or {}
        for name, shape in _shapes(run.config.model).items():
            if name in digests:
                beginnings.setdefault((name, shape), []).append(digests[name])
    for compared_values in beginnings.values():
        if len(compared_values) > 1:
            shared += 1
            equal += len(set(compared_values)) == 1
    epochs: dict[int, list[str]] = {}
    for log in logs:
        for event in log:
            if isinstance(event, EpochDone) and event.batches:
                epochs.setdefault(event.step, []).append(event.batches)
    compared = [compared_values for compared_values in epochs.values() if len(compared_values) > 1]
    return Equality(shared, equal, len(compared), sum(len(set(compared_values)) == 1 for compared_values in compared))


def check_race(configs: Sequence[TrainConfig]) -> None:
    """ValueError unless the configurations differ in their networks alone, and each from every other."""
    if not 1 <= len(configs) <= MOST:
        raise ValueError(f"a race has 1 to {MOST} members, not {len(configs)}")
    if len({config.model for config in configs}) < len(configs):
        raise ValueError("the members of a race are different networks; one of them was named twice")
    first = configs[0]
    for config in configs:
        names = [field.name for field in fields(config) if field.name not in ("model", "race")]
        different = [name for name in names if getattr(config, name) != getattr(first, name)]
        ends = [name for name in ENDS if getattr(config.model, name) != getattr(first.model, name)]
        if differences := ", ".join(different + ends):
            raise ValueError(f"the members of a race differ in their networks alone, not in {differences}")


def label(spec: ModelSpec) -> str:
    """What tells a member from the others for people: A, B, C or plain."""
    return "plain" if spec.shortcut == "none" else spec.shortcut


def _order(run: RunFolder) -> tuple:
    spec = run.config.model
    return spec.shortcut == "none", spec.shortcut, spec.depth, run.id


def _events(run: RunFolder) -> list[Event]:
    try:
        return run.events()
    except RunError:
        return []


def _shapes(spec: ModelSpec) -> dict[str, Size]:
    return {name: value.shape for name, value in allocate(spec, lambda tensor: tensor).named_parameters()}
