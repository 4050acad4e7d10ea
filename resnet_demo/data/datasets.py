"""One door to every data set: `load_dataset(name)` for CIFAR-10, Fashion-MNIST, shapes, and folders of own
pictures.

It knows which names exist; where a data set's pictures come from is known by `sources`, `shapes` and
`folder`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np

from . import shapes
from .cache import cached
from .dataset import Dataset, Split, channel_statistics
from .folder import MAX_FILES, load_folder
from .sources import HUB_SOURCES, DataError, load_hub_source


def list_datasets() -> tuple[str, ...]:
    """The names that `load_dataset` knows; a path to a folder or zip of own pictures is accepted beside them."""
    return (*HUB_SOURCES, "shapes")


def load_dataset(
    name: str,
    *,
    data: Path | None = None,
    cache: Path,
    size: int = 32,
    say: Callable[[str], None] = lambda text: None,
) -> Dataset:
    """The data set called `name`, or the own pictures in the folder or zip file at the path `name`.

    data: folder of data sets in the Hub's layout, or None. cache: where decoded data sets are kept.
    size: side in pixels that own pictures are brought to. say: told in a sentence what takes time.
    Raises DataError (a ValueError) for an unknown name and for data that cannot be had or read.
    """
    if name in HUB_SOURCES:
        return load_hub_source(HUB_SOURCES[name], data, cache, say)
    if name == "shapes":
        return _load_shapes(cache, say)
    if name and Path(name).expanduser().exists():
        return _load_own_pictures(Path(name).expanduser(), cache, size, say)
    raise DataError(
        f"no data set '{name}': known are {', '.join(list_datasets())}, or the path of a folder or .zip file "
        "with one sub-folder of pictures for each class"
    )


def _load_shapes(cache: Path, say: Callable[[str], None]) -> Dataset:
    def build():
        say("shapes: drawing the pictures, once")
        arrays = {}
        for split in ("train", "test"):
            arrays[f"{split}_images"], arrays[f"{split}_labels"] = shapes.make(split)
        mean, std = channel_statistics(arrays["train_images"])
        return arrays, {"mean": mean, "std": std}

    arrays, meta = cached(cache / f"shapes-{shapes.FINGERPRINT[:16]}", build)
    return Dataset(
        name="shapes",
        classes=shapes.CLASSES,
        train=Split(arrays["train_images"], np.asarray(arrays["train_labels"])),
        test=Split(arrays["test_images"], np.asarray(arrays["test_labels"])),
        mean=tuple(meta["mean"]),
        std=tuple(meta["std"]),
        fingerprint=shapes.FINGERPRINT,
    )


def _load_own_pictures(path: Path, cache: Path, size: int, say: Callable[[str], None]) -> Dataset:
    """Own pictures, decoded once for each state of the folder; "test" below it becomes the test split."""

    def build():
        say(f"{path.name}: decoding the pictures, once")
        found = load_folder(path, size)
        test = found.splits.get("test", np.empty(0, np.int64))
        train = np.setdiff1d(np.arange(len(found.labels)), test)
        arrays = {"validation": np.flatnonzero(np.isin(train, found.splits.get("validation", [])))}
        for split, rows in (("train", train), ("test", test)):
            arrays[f"{split}_images"], arrays[f"{split}_labels"] = found.images[rows], found.labels[rows]
        mean, std = channel_statistics(found.images[found.splits["train"]])
        meta = {
            "mean": mean,
            "std": std,
            "classes": found.classes,
            "fingerprint": f"{found.fingerprint}-{size}",
            "files": [found.files[row] for row in (*train, *test)],
            "skipped": found.skipped,
        }
        return arrays, meta

    arrays, meta = cached(cache / f"own-{_state_of(path, size)}", build)
    for sentence in meta["skipped"]:
        say(f"left out: {sentence}")
    splits = [Split(arrays[f"{s}_images"], np.asarray(arrays[f"{s}_labels"])) for s in ("train", "test")]
    return Dataset(
        name=str(path),
        classes=tuple(meta["classes"]),
        train=splits[0],
        test=splits[1] if len(splits[1]) else None,
        mean=tuple(meta["mean"]),
        std=tuple(meta["std"]),
        fingerprint=meta["fingerprint"],
        stratified=True,
        given_validation=np.array(arrays["validation"]) if len(arrays["validation"]) else None,
        files=tuple(meta["files"]),
        skipped=tuple(meta["skipped"]),
    )


def _state_of(path: Path, size: int) -> str:
    """A digest of what lies below `path` now, by names, sizes and times: another state is another cache entry."""
    found = [path] if path.is_file() else list(islice(path.rglob("*"), 2 * MAX_FILES + 1))
    if len(found) > 2 * MAX_FILES:
        raise DataError(f"there are more than {MAX_FILES:,} files below {path.name}; accepted are fewer")
    files = sorted(file for file in found if file.is_file())
    stats = [(str(file), (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files]
    return hashlib.sha256(repr((size, stats)).encode()).hexdigest()[:16]
