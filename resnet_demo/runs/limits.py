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
    "disk_full": (
        "The disk space for visitors is full: {used:.1f} of {most:.1f} MB are in use, and this needs {size:.1f} MB; "
        "accepted are smaller files, or try again later."
    ),
    "disk_address": (
        "Runs and images from your address take {used:.1f} MB, and this needs {size:.1f} MB more; accepted are "
        "{most:.1f} MB: delete some of them first."
    ),
    "memory_full": (
        "The memory for visitors is full: {used:.1f} of {most:.1f} MB are in use, and this needs {size:.1f} MB; "
        "accepted are smaller files, or try again later."
    ),
    "memory_address": (
        "Results on pages from your address take {used:.1f} MB of memory, and this needs {size:.1f} MB more; accepted "
        "are {most:.1f} MB: clear the file that is shown, or use a smaller one."
    ),
    "uploads_full": (
        "The space for uploads is full: {used:.1f} of {most:.1f} MB are in use, and this needs {size:.1f} MB; accepted "
        "are smaller files, or try again within an hour."
    ),
    "uploads_address": (
        "Uploads of the last hour from your address have {used:.1f} MB, and this has {size:.1f} MB more; accepted are "
        "{most:.1f} MB: use smaller files, or try again within an hour."
    ),
    "no_space": (
        "The disk that runs are kept on is full; delete runs, or let RESNET_DEMO_RUNS name a folder on another disk."
    ),
    "not_writable": (
        "Nothing can be written to the folder of runs ({detail}); let RESNET_DEMO_RUNS name a folder where that is "
        "possible."
    ),
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
    stored_per_address: runs that are kept for one address. stored_bytes: on disk, of all users' runs and images
    together; bytes_per_address: of one address. memory, memory_per_address: bytes of what pages hold. uploads,
    uploads_per_address: bytes of uploaded files that are not deleted yet. days: after which a run is removed that
    nobody has trained on.
    """

    waiting: float
    waiting_per_address: float
    seconds: float
    stored_per_address: float
    stored_bytes: float
    days: float
    bytes_per_address: float = math.inf
    memory: float = math.inf
    memory_per_address: float = math.inf
    uploads: float = math.inf
    uploads_per_address: float = math.inf

    @staticmethod
    def none() -> Limits:
        """For a server whose visitors own the machine: nothing is bounded, only what they deleted is removed."""
        return Limits(*[math.inf] * 6)
