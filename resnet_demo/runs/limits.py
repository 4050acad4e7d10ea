"""What a server allows its visitors, and how it says no.

It knows numbers and sentences; who asks and what is there is looked up by `manager`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .folder import RunError

SENTENCES = {
    "not_yours": "“{name}” belongs to somebody else: it can be looked at, not changed.",
    "published": "“{name}” ships with the project and cannot be changed.",
    "running": "“{name}” is being trained; stop it first.",
    "waiting": "“{name}” is waiting for its turn already.",
    "not_running": "“{name}” is not being trained and does not wait; there is nothing to stop.",
    "finished": "“{name}” is finished: there is nothing to resume. It can be continued as a new run.",
    "no_checkpoint": "“{name}” cannot be resumed: it keeps no checkpoint.",
    "processes": "{processes} processes need as many GPUs; this machine has {devices}.",
    "queue_full": "{waiting} runs are waiting already, as many as may; try again in a few minutes.",
    "too_many_waiting": "{waiting} runs from your address train or wait, as many as may; wait for one of them.",
    "too_long": "A run may train for {seconds:g} seconds here; choose a shorter length.",
    "too_many_stored": "{stored} runs from your address are kept here, as many as may be; delete one of them.",
    "no_room_for_race": (
        "{stored} runs from your address are kept here, and {more} more would be too many; delete some of them."
    ),
    "storage": "There is no room for another run here; try again later.",
    "closing": "The server is being closed; try again once it is back.",
}


class Refused(RunError):
    """Something that cannot be done with a run, or may not. `reason` is a key of SENTENCES, `values` its names."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(SENTENCES[reason].format(**values), reason, **values)


@dataclass(frozen=True)
class Limits:
    """What visitors of a public server may use.

    waiting: runs in the queue, of everybody together. waiting_per_address: runs that train or wait, of one address.
    seconds: of training for one run; a run in epochs or steps is stopped when it has taken so long.
    stored_per_address: runs that are kept for one address. stored_bytes: of all users' runs together.
    days: after which a run is removed that nobody has trained on.
    """

    waiting: float
    waiting_per_address: float
    seconds: float
    stored_per_address: float
    stored_bytes: float
    days: float

    @staticmethod
    def none() -> Limits:
        """For a server whose visitors own the machine: nothing is bounded, only what they deleted is removed."""
        return Limits(*[math.inf] * 6)
