"""A folder or zip of own pictures as a data set, decoded once for each of its states.

Makes splits and a cache entry of the images. Must not depend on whose they are (`own`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from .archive import MAX_FILES
from .cache import Arrays, cached
from .dataset import Dataset, Split, channel_statistics
from .decode import printable
from .errors import DataError, ImageError
from .folder import load_folder

ENTRIES = 2  # of the cache, as this module writes them: others are made again


def load_pictures(
    path: Path,
    cache: Path,
    size: int,
    say: Callable[[str], None],
    name: str = "",
    shown: str = "",
    hold: Callable[[int], AbstractContextManager] = lambda size: nullcontext(),
    **options: Any,
) -> tuple[Dataset, tuple[ImageError, ...]]:
    """The pictures at `path` as a data set called `name`, and what was left out; decoded once for each of their states.

    "test" below the folder becomes the test split. hold: see `cached`. shown, options: see `load_folder`, which refuses
    with DataError.
    """

    def build() -> tuple[Arrays, dict[str, Any]]:
        say(f"{shown or path.name}: decoding the pictures, once")
        folder = load_folder(path, size, name=shown, **options)
        test = folder.splits.get("test", np.empty(0, np.int64))
        train = np.setdiff1d(np.arange(len(folder.labels)), test)
        arrays = {"validation": np.flatnonzero(np.isin(train, folder.splits.get("validation", [])))}
        for split, rows in (("train", train), ("test", test)):
            arrays[f"{split}_images"], arrays[f"{split}_labels"] = folder.images[rows], folder.labels[rows]
        mean, std = channel_statistics(folder.images[folder.splits["train"]])
        meta = {
            "mean": mean,
            "std": std,
            "classes": folder.classes,
            "fingerprint": f"{folder.fingerprint}-{size}",
            "files": [folder.files[row] for row in (*train, *test)],
            "skipped": [(error.code, error.values) for error in folder.skipped],
        }
        return arrays, meta

    arrays, meta = cached(entry_of(path, cache, size), build, hold)
    skipped = tuple(ImageError(code, **values) for code, values in meta["skipped"])
    for error in skipped:
        say(f"left out: {error}")
    splits = [Split(arrays[f"{s}_images"], np.asarray(arrays[f"{s}_labels"])) for s in ("train", "test")]
    dataset = Dataset(
        name=name or str(path),
        classes=tuple(meta["classes"]),
        train=splits[0],
        test=splits[1] if len(splits[1]) else None,
        mean=tuple(meta["mean"]),
        std=tuple(meta["std"]),
        fingerprint=meta["fingerprint"],
        stratified=True,
        given_validation=np.array(arrays["validation"]) if len(arrays["validation"]) else None,
        files=tuple(meta["files"]),
        skipped=tuple(map(str, skipped)),
    )
    return dataset, skipped


def entry_of(path: Path, cache: Path, size: int) -> Path:
    """Where the cache keeps the pictures that are at `path` now, decoded."""
    return cache / f"own-{_state_of(path, size)}"


def _state_of(path: Path, size: int) -> str:
    """A digest of what lies below `path` now, by names, sizes and times: another state is another cache entry."""
    paths = [path] if path.is_file() else list(islice(path.rglob("*"), 2 * MAX_FILES + 1))
    if len(paths) > 2 * MAX_FILES:
        raise DataError("data.files", name=printable(path.name), most=MAX_FILES)
    files = sorted(file for file in paths if file.is_file())
    stats = [(str(file), (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files]
    return hashlib.sha256(repr((ENTRIES, size, stats)).encode()).hexdigest()[:16]
