"""What the manager of runs answers: a new run or race with its token, how a run stands, and whether it may train
elsewhere. Must not depend on anything but that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import Refusal
from ..folder import RunFolder


@dataclass(frozen=True)
class Submitted:
    """A new run, and the token that lets its owner change it: it is kept nowhere else."""

    run: RunFolder
    token: str


@dataclass(frozen=True)
class SubmittedRace:
    """A new race: its id, its runs in the order of their configurations, and the one token for all of them."""

    race: str
    runs: tuple[RunFolder, ...]
    token: str


@dataclass(frozen=True)
class Status:
    """How a run stands.

    state: "queued" or one of `folder.STATES`. position: in the queue, 1 for the next one, 0 where it does not wait.
    wait: seconds until it will probably start, None where nobody can say. reason: why it ended, if it did not simply
    finish: a sentence, below it the last lines of its process where that crashed; code, values: the sentence's own, for
    other languages. stopping: it has been asked to stop.
    """

    state: str
    position: int = 0
    wait: float | None = None
    reason: str = ""
    stopping: bool = False
    code: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def check_not_elsewhere(runs: Sequence[RunFolder]) -> None:
    """Refusal for a run whose job in somebody's account may still train it, and cost them something."""
    for run in runs:
        job = run.meta.get("job", {})
        if job.get("open"):
            raise Refusal("job.open", job=job.get("id", ""), account=job.get("account", ""))
