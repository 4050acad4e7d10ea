"""What the page's tabs share: built once in `server` and passed down as an argument.

Must not depend on a page or the command line.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any
from weakref import WeakValueDictionary

import torch

from .data.own import OwnPictures
from .engine.device import hardware_name
from .hub.access import Access, OAuth
from .inference.answers import AnswerCache
from .inference.catalogue import Catalogue
from .inference.store import ModelStore
from .logs import log_failure
from .places import Places
from .preparing import Preparing
from .processes import Processes
from .rooms.rooms import Rooms
from .runs.accounts import Account
from .runs.index import RunIndex
from .runs.queue.executor import Executor
from .runs.queue.limits import Limits
from .runs.queue.manager import RunManager
from .runs.tail import Tails

log = logging.getLogger(__name__)

CLEANING_SECONDS = 600.0
PUBLIC = Limits(  # of a server that strangers use
    waiting=20,
    waiting_per_address=3,
    seconds=180,
    stored_per_address=20,
    stored_bytes=4 * 2**30,
    days=3,
    bytes_per_address=2**30,
    memory=2**30,
    memory_per_address=2**28,
    uploads=4 * 2**30,
    uploads_per_address=2**30,
)


@dataclass(frozen=True)
class Services:
    """One server's folders, runs and loaded networks.

    places: folders. runs: what was trained. catalogue: what can answer, runs and ImageNet networks.
    manager: trains runs, one after the other. tails: what is new in their logs. own: pictures that users brought.
    device: what answers are computed on, for people. local: whether visitors on this machine own everything here.
    store: networks in memory. answers: to the sample images. memory, uploads: accounts of what pages hold in memory and
    of uploaded files; that of the disk is `manager.room.disk`. uploaded_predictions: by unguessable keys what visitors'
    pages hold, gone with the page. preparing: data sets decoded into the cache. drawing: where matplotlib draws.
    rooms: of classes of phones. hub: visitors' accounts there.
    """

    places: Places
    runs: RunIndex
    catalogue: Catalogue
    manager: RunManager
    tails: Tails
    own: OwnPictures
    device: str
    preparing: Preparing
    local: bool = False
    store: ModelStore = field(default_factory=ModelStore)
    memory: Account = field(default_factory=partial(Account, "memory"))
    uploads: Account = field(default_factory=partial(Account, "uploads"))
    answers: AnswerCache = field(default_factory=AnswerCache)
    uploaded_predictions: WeakValueDictionary[str, Any] = field(default_factory=WeakValueDictionary)
    drawing: Processes = field(default_factory=lambda: Processes(2))
    rooms: Rooms = field(default_factory=Rooms)
    hub: Access = field(default_factory=lambda: Access(OAuth.from_environment(os.environ)))

    @staticmethod
    def create(places: Places, *, local: bool = False, executor: Executor | None = None) -> Services:
        """The services of an installation with these folders; nothing is read or started yet.

        local: the server is for whoever sits at this machine; else limits hold and visitors see their own runs only.
        executor: what carries runs out, by default processes on this machine.
        """
        runs = RunIndex(places.roots)
        limits = Limits.none() if local else PUBLIC
        manager = RunManager(places, runs, executor, limits)
        return Services(
            places=places,
            runs=runs,
            catalogue=Catalogue(runs, places),
            manager=manager,
            tails=Tails(runs, manager.status),
            own=manager.room.pictures,
            device=hardware_name(torch.device("cpu")),
            preparing=Preparing(manager.room.pictures),
            local=local,
            memory=Account("memory", limits.memory, limits.memory_per_address),
            uploads=Account("uploads", limits.uploads, limits.uploads_per_address),
        )

    def clean_up_regularly(self, stop: Event, seconds: float = CLEANING_SECONDS) -> None:
        """Remove what was deleted a day ago, is too old or too much, at once and then every so often until `stop`."""
        while True:
            try:
                self.manager.clean_up()
            except Exception:  # whatever is wrong with one run, the next time comes
                log_failure(log, "cleaning up failed")
            if stop.wait(seconds):
                return

    def close(self) -> None:
        """End the processes of these services."""
        self.manager.close()
        self.rooms.close_all()  # once nothing trains: runs that belong to them are deleted
        self.drawing.close()
        self.preparing.close()
