"""What a server allows its visitors. Must not depend on who asks and what is there, which `manager` looks up."""

from __future__ import annotations

import math
from dataclasses import dataclass


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
