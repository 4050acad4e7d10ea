"""Room for runs: how many one address may keep, how much all of them may take, and what is removed to keep it so.

It is told by the queue which runs are busy; it knows neither owners nor pages.
"""

from __future__ import annotations

import math
import shutil
import time
from pathlib import Path

from ..data.own import FOLDER, OwnPictures
from .cleanup import empty_trash, size_of, to_remove, to_trash
from .folder import RunFolder
from .index import RunIndex
from .limits import Limits, Refused
from .ownership import address_digest
from .queue import RunQueue


class Room:
    """The room below `runs`, the folder of new runs, and the other folders of users' runs that `index` knows."""

    def __init__(self, runs: Path, index: RunIndex, limits: Limits, queue: RunQueue):
        self.runs, self.index, self.limits, self.queue = runs, index, limits, queue

    def check(self, address: str, more: int = 1) -> None:
        """Refused if no `more` runs can be kept for who asks from `address`; old runs are removed before that."""
        if math.isfinite(self.limits.stored_per_address):
            mine = address_digest(self.runs, address)
            kept = sum(run.meta.get("address") == mine for run in self._users_runs())
            if kept + more > self.limits.stored_per_address:
                if more > 1:
                    raise Refused("no_room_for_race", stored=kept, more=more)
                raise Refused("too_many_stored", stored=kept)
        if math.isfinite(self.limits.stored_bytes):
            self.clean_up()
            if self._stored() >= self.limits.stored_bytes:
                raise Refused("storage")

    def clean_up(self) -> list[str]:
        """See `RunManager.clean_up`."""
        needed = {entry.runs[0].config.data for entry in self.queue.waiting() + self.queue.training()}
        pictures = OwnPictures(self.runs / FOLDER)
        pictures.clean_up(self.limits.days, self.limits.stored_bytes / 2, needed)
        now, surplus = time.time(), self._stored() - self.limits.stored_bytes
        for root in self.index.roots[1:]:
            surplus = empty_trash(root, now, surplus)
        removed = []
        idle = [run for run in self._users_runs() if not self.queue.is_busy(run)]
        for run in to_remove(idle, now, self.limits.days, surplus):
            with self.queue.lock:
                if self.queue.is_busy(run):  # by now
                    continue
                gone = to_trash(run)
            shutil.rmtree(gone, ignore_errors=True)
            removed.append(run.id)
        return removed

    def _users_runs(self) -> list[RunFolder]:
        return [run for run in self.index.all() if not self.index.is_published(run)]

    def _stored(self) -> int:
        """Bytes below the folders of users' runs."""
        return sum(map(size_of, self.index.roots[1:]))
