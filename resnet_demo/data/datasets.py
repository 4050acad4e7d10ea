"""Load any data set by its name: CIFAR-10, Fashion-MNIST, shapes, and uploaded images.

Lists the names and which of them need a download first. `sources`, `shapes`, `pictures` and `own` get the images.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import pictures, shapes, sources
from .cache import Arrays, cached, is_cached
from .dataset import Dataset, DatasetInfo, Split, channel_statistics
from .download import Report
from .errors import DataError
from .own import OWN, OwnPictures
from .pictures import load_pictures
from .sources import HUB_SOURCES, is_here, load_hub_source


@dataclass(frozen=True)
class Availability:
    """ready: no download is needed. megabytes: of the download, else 0."""

    ready: bool
    megabytes: int


def list_datasets() -> tuple[str, ...]:
    """The names that `load_dataset` knows; a path to a folder or zip of own pictures is accepted beside them."""
    return (*HUB_SOURCES, "shapes")


def availability(name: str, data: Path | None, cache: Path) -> Availability:
    """Whether `load_dataset` with the same arguments would have to download; cheap: no picture is read.

    What is no data set of the Hub's needs none. It may still have to be decoded or drawn, once.
    """
    source = HUB_SOURCES.get(name)
    if source is None or is_here(source, data, cache):
        return Availability(True, 0)
    return Availability(False, source.megabytes)


def load_dataset(
    name: str,
    *,
    data: Path | None = None,
    cache: Path,
    own: Path | None = None,
    size: int = 32,
    say: Callable[[str], None] = lambda text: None,
    progress: Report | None = None,
) -> Dataset:
    """The data set called `name`, or the own pictures in the folder or zip file at the path `name`.

    data: folder of data sets in the Hub's layout, or None. cache: where decoded data sets are kept.
    own: where `OwnPictures` keeps what visitors brought, for names that begin with "own:".
    size: side in pixels that own pictures are brought to. say: told in a sentence what takes time.
    progress: told (bytes downloaded, bytes in all) of a download; by default a bar is drawn.
    Raises DataError (a ValueError) for an unknown name and for data that cannot be had or read.
    """
    if name in HUB_SOURCES:
        return load_hub_source(HUB_SOURCES[name], data, cache, say, progress)
    if name == "shapes":
        return _load_shapes(cache, say)
    if name.startswith(OWN):
        if own is None:
            raise DataError("data.gone")
        return OwnPictures(own).load(name, size, say)
    if path := find_folder(name):
        return load_pictures(path, cache, size, say)[0]
    raise DataError("data.unknown", name=name, known=", ".join(list_datasets()))


def is_prepared(name: str, *, data: Path | None = None, cache: Path, own: Path | None = None, size: int = 32) -> bool:
    """Whether `load_dataset` with the same arguments only opens what is in the cache; reads no image.

    Raises DataError for an unknown name and for own pictures that are gone.
    """
    entry = entry_of(name, data=data, cache=cache, own=own, size=size)
    return entry is None or is_cached(entry)  # what is missing is refused at once


def entry_of(
    name: str, *, data: Path | None = None, cache: Path, own: Path | None = None, size: int = 32
) -> Path | None:
    """The folder that a data set is decoded into, whether it is there or not; None for a path at which nothing is.

    Arguments and errors are those of `is_prepared`.
    """
    if name in HUB_SOURCES:
        return sources.entry_of(HUB_SOURCES[name], data, cache)
    if name == "shapes":
        return _shapes_entry(cache)
    if name.startswith(OWN):
        if own is None:
            raise DataError("data.gone")
        return OwnPictures(own).entry(name, size)
    path = find_folder(name)
    return path and pictures.entry_of(path, cache, size)


def find_folder(name: str) -> Path | None:
    """The folder or zip of images at this path; None where nothing is there, or the name can be no path."""
    path = os.path.expanduser(name)
    return Path(path) if name and os.path.exists(path) else None


def download_dataset(name: str, *, data: Path | None = None, cache: Path, progress: Report) -> None:
    """Download what `load_dataset` would have to, and decode nothing. Raises DataError as it does."""
    if name in HUB_SOURCES:
        sources.download_source(HUB_SOURCES[name], data, cache, progress)


def prepare(name: str, **where: Any) -> DatasetInfo:
    """Decode or draw a data set into the cache, as `load_dataset` does, for processes that are to keep nothing else.

    Where the cache cannot be written to, what was decoded is lost but for what is returned.
    """
    return load_dataset(name, progress=lambda done, total: None, **where).info


def dataset_info(name: str, **where: Any) -> DatasetInfo:
    """What a configuration is fitted to; arguments and errors are those of `load_dataset`.

    Of shapes it is known without a picture; of other data sets it is in the cache (`is_prepared`).
    """
    return SHAPES if name == "shapes" else load_dataset(name, **where).info


SHAPES = DatasetInfo(
    name="shapes",
    classes=shapes.CLASSES,
    image_shape=(shapes.SIZE, shapes.SIZE, 3),
    mean=shapes.MEAN,
    std=shapes.STD,
    fingerprint=shapes.FINGERPRINT,
    train_rows=shapes.TRAIN_ROWS,
    learning_rows=shapes.TRAIN_ROWS - shapes.TRAIN_ROWS // 10,
)


def _shapes_entry(cache: Path) -> Path:
    return cache / f"shapes-{shapes.FINGERPRINT[:16]}"


def _load_shapes(cache: Path, say: Callable[[str], None]) -> Dataset:
    def build() -> tuple[Arrays, dict[str, Any]]:
        say("shapes: drawing the pictures, once")
        arrays = {}
        for split in ("train", "test"):
            arrays[f"{split}_images"], arrays[f"{split}_labels"] = shapes.make(split)
        mean, std = channel_statistics(arrays["train_images"])
        return arrays, {"mean": mean, "std": std}

    arrays, meta = cached(_shapes_entry(cache), build)
    return Dataset(
        name="shapes",
        classes=shapes.CLASSES,
        train=Split(arrays["train_images"], np.asarray(arrays["train_labels"])),
        test=Split(arrays["test_images"], np.asarray(arrays["test_labels"])),
        mean=tuple(meta["mean"]),
        std=tuple(meta["std"]),
        fingerprint=shapes.FINGERPRINT,
    )
