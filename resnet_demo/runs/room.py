"""Room for runs and images: what one address may keep, what all may, and what is removed to keep it so.

It is told by the queue which runs are busy; it must not depend on pages.
"""

from __future__ import annotations

import math
import shutil
import time
from pathlib import Path

from ..data.own import FOLDER, OwnPictures
from ..data.sizes import disk_size
from .accounts import Account
from .cleanup import RECENT_SECONDS, empty_trash, to_remove, to_trash
from .disk import DiskError
from .folder import RunFolder
from .index import RunIndex
from .limits import Limits, Refused
from .ownership import address_digest
from .queue import RunQueue


class Room:
    """The room below `runs`, the folder of new runs, and the other folders of users' runs that `index` knows.

    disk: the account of its bytes. pictures: what visitors uploaded to train on and to evaluate, which counts there.
    """

    def __init__(self, runs: Path, index: RunIndex, limits: Limits, queue: RunQueue):
        self.runs, self.index, self.limits, self.queue = runs, index, limits, queue
        self.disk = Account("disk", limits.stored_bytes, limits.bytes_per_address, self._stored, self.clean_up)
        self.pictures = OwnPictures(runs / FOLDER, hold=self.disk.hold)

    def check(self, address: str, more: int = 1) -> None:
        """Refused if no `more` runs can be kept for who asks from `address`; old runs are removed before that."""
        if math.isfinite(self.limits.stored_per_address):
            kept = len(self._runs_of(address))
            if kept + more > self.limits.stored_per_address:
                if more > 1:
                    raise Refused("no_room_for_race", stored=kept, more=more)
                raise Refused("too_many_stored", stored=kept)
        self.disk.check(address, 1)  # how much a run will take is not known yet

    def clean_up(self, missing: float = 0.0) -> list[str]:
        """See `RunManager.clean_up`; missing: bytes that are needed beyond what may be stored."""
        needed = {entry.runs[0].config.data for entry in self.queue.waiting() + self.queue.training()}
        self.pictures.clean_up(self.limits.days, self.limits.stored_bytes / 2, needed, RECENT_SECONDS)
        now, surplus = time.time(), max(missing, self._stored() - self.limits.stored_bytes)
        for root in self.index.roots[1:]:
            surplus = empty_trash(root, now, surplus)
        removed = []
        idle = [run for run in self._users_runs() if not self.queue.is_busy(run)]
        for run in to_remove(idle, now, self.limits.days, surplus):
            with self.queue.lock:
                if self.queue.is_busy(run):  # by now
                    continue
                try:
                    gone = to_trash(run)
                except DiskError:  # another thread has removed it, or the disk lets nobody
                    continue
            shutil.rmtree(gone, ignore_errors=True)
            removed.append(run.id)
        return removed

    def _users_runs(self) -> list[RunFolder]:
        return [run for run in self.index.all() if not self.index.is_published(run)]

    def _runs_of(self, address: str) -> list[RunFolder]:
        mine = address_digest(self.runs, address)
        return [run for run in self._users_runs() if run.meta.get("address") == mine]

    def _stored(self, address: str | None = None) -> int:
        """Bytes below the folders of users' runs; of an address those of its runs and images."""
        if address is None:
            return sum(map(disk_size, self.index.roots[1:]))
        return sum(disk_size(run.path) for run in self._runs_of(address)) + self.pictures.stored(address)
