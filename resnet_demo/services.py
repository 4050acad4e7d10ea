"""What the page's tabs share: built once in `app.py` and passed down as an argument.

It knows no page and no command line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import torch

from .data.own import FOLDER, OwnPictures
from .engine.device import hardware_name
from .inference.answers import AnswerCache
from .inference.catalogue import Catalogue
from .inference.store import ModelStore
from .places import Places
from .runs.index import RunIndex
from .runs.limits import Limits
from .runs.manager import RunManager
from .runs.tail import Tails
from .runs.worker import Executor

PUBLIC = Limits(
    waiting=20, waiting_per_address=3, seconds=180, stored_per_address=20, stored_bytes=4 * 2**30, days=3
)  # of a server that strangers use


@dataclass(frozen=True)
class Services:
    """One server's folders, runs and loaded networks.

    places: folders. runs: what was trained. catalogue: what can answer, runs and ImageNet networks.
    manager: trains runs, one after the other. tails: what is new in their logs. own: pictures that users brought.
    device: what answers are computed on, for people. local: whether visitors on this machine own everything here.
    store: networks in memory. answers: to the sample images. brought: by keys that nobody can guess what visitors' pages
    hold, gone with the page.
    """

    places: Places
    runs: RunIndex
    catalogue: Catalogue
    manager: RunManager
    tails: Tails
    own: OwnPictures
    device: str
    local: bool = False
    store: ModelStore = field(default_factory=ModelStore)
    answers: AnswerCache = field(default_factory=AnswerCache)
    brought: WeakValueDictionary[str, Any] = field(default_factory=WeakValueDictionary)

    @staticmethod
    def create(places: Places, *, local: bool = False, executor: Executor | None = None) -> Services:
        """The services of an installation with these folders; nothing is read or started yet.

        local: the server is for whoever sits at this machine; else limits hold and visitors see their own runs only.
        executor: what carries runs out, by default processes on this machine.
        """
        runs = RunIndex([places.weights, places.runs])
        manager = RunManager(places, runs, executor, Limits.none() if local else PUBLIC)
        return Services(
            places=places,
            runs=runs,
            catalogue=Catalogue(runs, places),
            manager=manager,
            tails=Tails(runs, manager.status),
            own=OwnPictures(places.runs / FOLDER),
            device=hardware_name(torch.device("cpu")),
            local=local,
        )
