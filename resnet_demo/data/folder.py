"""Own pictures as arrays: a folder, or a zip of it, with one sub-folder of pictures for each class.

Handles what such folders look like in the wild (one folder around everything, `train` and `test` above the classes),
and refuses what is too much to decode. Must not depend on how files are read (`archive`), on data sets as runs see them
(`dataset`) or on whose images these are.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .archive import MAX_FILES, MAX_TOTAL, File, open_files
from .decode import decode, printable
from .errors import DataError, ImageError
from .preprocess import square

SPLITS = {
    "train": "train", "training": "train", "test": "test", "testing": "test",
    "val": "validation", "valid": "validation", "validation": "validation",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Pictures:
    """What a folder held.

    classes: names of the sub-folders in natural order ("2" before "10").
    images: uint8 (N, size, size, 3), the centred square of each picture.
    labels: int64 (N,), positions in `classes`.
    files: the N names relative to the folder, parted by "/" on every platform, in natural order.
    splits: int64 rows of "train", and of "validation" and "test" where the folder has such parts; where it
        has none, "train" is all rows.
    skipped: the sentence for each file that is no usable picture or lies in no class, as an error that was not raised.
    fingerprint: SHA-256 (hex) over names and bytes of `files` in their order; a folder and its zip share it.
    """

    classes: tuple[str, ...]
    images: np.ndarray
    labels: np.ndarray
    files: tuple[str, ...]
    splits: dict[str, np.ndarray]
    skipped: tuple[ImageError, ...]
    fingerprint: str


def load_folder(
    path: str | os.PathLike,
    size: int = 32,
    *,
    name: str = "",
    max_files: int = MAX_FILES,
    max_total: int = MAX_TOTAL,
    max_pixels: float = math.inf,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Pictures:
    """The pictures below a folder or in a .zip file, brought to `size` × `size` pixels.

    One folder around everything is looked through. A broken picture is skipped and reported.
    name: what sentences call the folder, its own name by default.
    max_files, max_total: see `open_files`; max_total also bounds the bytes of what is returned. max_pixels: of all
    pictures together as they are decoded, where somebody else's zip decides how long that takes.
    progress: called with (files done, files in all).
    Raises DataError (a ValueError): no such file, an encrypted zip, too many files, bytes or pixels, fewer than two
    classes, a class with fewer than two pictures to train on.
    """
    path = Path(path)
    shown = printable(name or path.name)
    with open_files(path, shown, max_files, max_total) as files:
        rows, skipped = _arrange(files)
        classes = sorted({row.label for row in rows}, key=_natural)
        if len(classes) < 2:
            raise DataError("data.one_class" if classes else "data.no_class", name=shown)
        if len(rows) * size * size * 3 > max_total:
            raise DataError("data.memory", count=len(rows), size=size, gigabytes=max_total / 2**30)
        images = np.empty((len(rows), size, size, 3), np.uint8)
        kept: list[_Row] = []
        pixels, digest = 0, hashlib.sha256()
        for done, row in enumerate(rows, 1):
            try:
                content = row.file.content()
                image = decode(content, row.file.name)
            except ImageError as error:
                skipped.append(error)
            else:
                images[len(kept)] = np.asarray(square(image, size))
                pixels += image.width * image.height
                if pixels > max_pixels:
                    raise DataError("data.pixels", name=shown, gigapixels=max_pixels / 1e9)
                encoded = row.file.name.encode(errors="surrogatepass")
                digest.update(f"{len(encoded)} {len(content)} ".encode() + encoded + content)
                kept.append(row)
            progress(done, len(rows))

    number = {name: index for index, name in enumerate(classes)}
    labels = np.array([number[row.label] for row in kept], np.int64)
    split = np.array([row.split for row in kept], dtype=str)
    splits = {name: np.flatnonzero(split == name) for name in sorted({"train", *split.tolist()})}
    counts = np.bincount(labels[splits["train"]], minlength=len(classes))
    if counts.min() < 2:
        few = int(counts.argmin())
        values = {"name": printable(classes[few]), "count": int(counts[few])}
        if skipped:
            raise DataError("data.tiny_class_skipped", **values, skipped=len(skipped), first=skipped[0])
        raise DataError("data.tiny_class", **values)
    names = tuple(row.file.name for row in kept)
    return Pictures(tuple(classes), images[: len(kept)], labels, names, splits, tuple(skipped), digest.hexdigest())


@dataclass(frozen=True)
class _Row:
    split: str
    label: str
    file: File


def _arrange(files: list[File]) -> tuple[list[_Row], list[ImageError]]:
    """Files with split and class in natural order, and a sentence for each that lies in no class."""
    loose: list[File] = []
    while True:
        loose += [file for file in files if len(file.parts) == 1]
        files = [file for file in files if len(file.parts) > 1]
        tops = {file.parts[0] for file in files}
        if len(tops) != 1 or all(len(file.parts) == 2 for file in files):
            break
        files = [replace(file, parts=file.parts[1:]) for file in files]  # one folder around everything
    split_of = {top: SPLITS.get(top.casefold(), "") for top in tops}
    if "train" in split_of.values() and "" not in split_of.values() and len(set(split_of.values())) > 1:
        loose += [file for file in files if len(file.parts) == 2]
        rows = [_Row(split_of[f.parts[0]], composed(f.parts[1]), f) for f in files if len(f.parts) > 2]
    else:
        rows = [_Row("train", composed(f.parts[0]), f) for f in files]
    rows.sort(key=lambda row: [_natural(part) for part in row.file.parts])
    return rows, [ImageError("data.loose", name=printable(file.name)) for file in loose]


def composed(name: str) -> str:
    """One spelling of accents and Hangul, so that a name from a Mac equals the same name from elsewhere."""
    return unicodedata.normalize("NFC", name)


def _natural(name: str) -> tuple:
    """A sorting key that puts "img2" before "img10": of two numbers the one with more digits is larger."""
    pieces = enumerate(re.split("([0-9]+)", name))
    key = [(len(p.lstrip("0")), p.lstrip("0")) if i % 2 else p.casefold() for i, p in pieces]
    return key, name  # the name itself settles "a" and "A", "1" and "01"
