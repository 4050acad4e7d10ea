"""What the page's tabs share: built once in `app.py` and passed down as an argument.

It knows no page and no command line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch

from .engine.device import hardware_name
from .inference.catalogue import Catalogue
from .inference.store import ModelStore
from .places import Places
from .runs.index import RunIndex


@dataclass(frozen=True)
class Services:
    """One server's folders, runs and loaded networks.

    places: folders. runs: what was trained. catalogue: what can answer, runs and ImageNet networks.
    device: what answers are computed on, for people. store: networks in memory.
    """

    places: Places
    runs: RunIndex
    catalogue: Catalogue
    device: str
    store: ModelStore = field(default_factory=ModelStore)

    @staticmethod
    def create(places: Places) -> Services:
        """The services of an installation with these folders; nothing is read yet."""
        runs = RunIndex([places.weights, places.runs])
        return Services(
            places=places,
            runs=runs,
            catalogue=Catalogue(runs, places),
            device=hardware_name(torch.device("cpu")),
        )
