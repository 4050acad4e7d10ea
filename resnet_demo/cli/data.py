"""The data that a command needs. Must not depend on a command."""

from __future__ import annotations

import sys

from ..data.dataset import Dataset
from ..data.datasets import load_dataset
from ..data.own import FOLDER
from ..places import Places


def load_data(name: str, size: int, places: Places) -> Dataset:
    """The data set `name`, as a configuration calls it, with images of size × size pixels where they are a user's own.

    It is found or fetched; what is done meanwhile is said on standard error.
    """
    return load_dataset(
        name,
        data=places.data,
        cache=places.cache,
        own=places.runs / FOLDER,
        size=size,
        say=lambda text: print(text, file=sys.stderr, flush=True),
    )
