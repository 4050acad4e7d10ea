"""Room for runs and images: what one address may keep, what all may, and what is removed to keep it so.

The queue passes which runs are busy. Must not depend on pages.
"""

from __future__ import annotations

import math
import time
from functools import partial
from pathlib import Path
from typing import Protocol

from ...data.own import FOLDER, OwnPictures
from ...data.sizes import disk_size
from ...errors import Refusal
from ..accounts import Account
from ..cleanup import Removable, clean_up, erase, in_trash, to_trash
from ..disk import DiskError
from ..folder import RunFolder
from ..index import RunIndex, last_trained
from ..ownership import address_digest
from .limits import Limits
from .run_queue import RunQueue


class Folders(Protocol):
    """The folders of an installation that runs are concerned with; see `Places`."""

    @property
    def data(self) -> Path | None: ...
    @property
    def cache(self) -> Path: ...
    @property
    def runs(self) -> Path: ...


class Room:
    """The room below `runs`, the folder of new runs. index: the runs that there are, there and elsewhere.

    disk: the account of its bytes. pictures: what visitors uploaded to train on and to evaluate, which counts there.
    """

    def __init__(self, runs: Path, index: RunIndex, limits: Limits, queue: RunQueue):
        self.runs, self.index, self.limits, self.queue = runs, index, limits, queue
        self.disk = Account("disk", limits.stored_bytes, limits.bytes_per_address, self._stored, self.clean_up)
        self.pictures = OwnPictures(runs / FOLDER, hold=self.disk.hold)

    def check(self, address: str, more: int = 1) -> None:
        """Refusal if no `more` runs can be kept for who asks from `address`; old runs are removed before that."""
        if math.isfinite(self.limits.stored_per_address):
            kept = len(self._runs_of(address))
            if kept + more > self.limits.stored_per_address:
                if more > 1:
                    raise Refusal("no_room_for_race", stored=kept, more=more)
                raise Refusal("too_many_stored", stored=kept)
        self.disk.check(address, 1)  # how much a run will take is not known yet

    def clean_up(self, missing: float = 0.0) -> list[str]:
        """Remove what was deleted a day ago, what is too old and, the oldest first, what is too much; ids of the runs.

        Of what is too much deleted runs go first, then runs and images that nobody used in the last hour. What trains,
        waits or lies in another folder stays. missing: bytes that are needed beyond what may be stored.
        """
        kept = [*in_trash(self.runs), *self._idle_runs(), *self._idle_pictures()]
        removed = clean_up(kept, time.time(), max(missing, self._stored() - self.limits.stored_bytes))
        return [path.name for path in removed if path.parent == self.runs]

    def _idle_runs(self) -> list[Removable]:
        def seconds(run: RunFolder) -> float:
            return min(86_400 * self.limits.days, run.meta.get("seconds", math.inf))

        idle = [run for run in self._users_runs() if not self.queue.is_busy(run)]
        return [Removable(run.path, last_trained(run), seconds(run), partial(self.remove, run)) for run in idle]

    def remove(self, run: RunFolder) -> bool:
        """Remove a run for good; False where it waits or trains, or the disk lets nobody."""
        with self.queue.lock:
            if self.queue.is_busy(run):  # by now
                return False
            try:
                gone = to_trash(run)
            except DiskError:  # another thread has removed it, or the disk lets nobody
                return False
        return erase(gone)

    def _idle_pictures(self) -> list[Removable]:
        needed = {entry.runs[0].config.data for entry in self.queue.waiting() + self.queue.training()}
        return [
            Removable(idle.folder, idle.used, idle.seconds, partial(self.pictures.discard, idle))
            for idle in self.pictures.idle(self.limits.days, needed)
        ]

    def _users_runs(self) -> list[RunFolder]:
        """Those in the folder of new runs: others are not written to and take none of its room."""
        return [run for run in self.index.all() if run.path.parent == self.runs]

    def _runs_of(self, address: str) -> list[RunFolder]:
        mine = address_digest(self.runs, address)
        return [run for run in self._users_runs() if run.meta.get("address") == mine]

    def _stored(self, address: str | None = None) -> int:
        """Bytes below the folder of new runs; of an address those of its runs and images."""
        if address is None:
            return disk_size(self.runs)
        return sum(disk_size(run.path) for run in self._runs_of(address)) + self.pictures.stored(address)
