"""Own pictures as a data set: a folder, or a zip of it, with one sub-folder of pictures for each class.

Knows: how such folders look in the wild (one folder around everything, `train` and `test` above the classes,
what macOS and Windows leave behind), and limits that hold before anything is unpacked. A zip is never written
to disk: its members are read one by one in memory. Does not know: data sets as runs see them (`dataset`),
whose pictures these are.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np

from .decode import MAX_BYTES, ImageError, decode, printable
from .preprocess import square
from .sources import DataError

MAX_FILES = 50_000
MAX_TOTAL = 2 * 2**30  # bytes of all files unpacked, and of all pictures decoded
MAX_PACKING = 200  # unpacked over packed size beyond 100 MB: photographs have 1, flat drawings 50
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
    skipped: a sentence for each file that is no usable picture or lies in no class.
    fingerprint: SHA-256 (hex) over names and bytes of `files` in their order; a folder and its zip share it.
    """

    classes: tuple[str, ...]
    images: np.ndarray
    labels: np.ndarray
    files: tuple[str, ...]
    splits: dict[str, np.ndarray]
    skipped: tuple[str, ...]
    fingerprint: str


def load_folder(
    path: str | os.PathLike,
    size: int = 32,
    *,
    max_files: int = MAX_FILES,
    max_total: int = MAX_TOTAL,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Pictures:
    """The pictures below a folder or in a .zip file, brought to `size` × `size` pixels.

    One folder around everything is looked through; hidden files, `__MACOSX` and Thumbs.db are passed over in
    silence; links to folders are not followed. A broken picture is skipped and reported.
    progress: called with (files done, files in all).
    Raises DataError (a ValueError): no such file, an encrypted zip, too many files or bytes, fewer than two
    classes, a class with fewer than two pictures to train on.
    """
    path = Path(path)
    shown = f"“{printable(path.name)}”"
    with _files(path, shown, max_files, max_total) as files:
        rows, skipped = _arrange(files)
        classes = sorted({row.label for row in rows}, key=_natural)
        if len(classes) < 2:
            raise DataError(
                f"{shown} has {'only one' if classes else 'no'} class folder; accepted is a folder or zip "
                "with at least 2 sub-folders, named like their classes, with at least 2 pictures in each."
            )
        if len(rows) * size * size * 3 > max_total:
            raise DataError(
                f"{len(rows)} pictures of {size} × {size} pixels take more than {max_total / 2**30:g} GB; "
                "accepted are fewer or smaller ones."
            )
        images = np.empty((len(rows), size, size, 3), np.uint8)
        kept, digest = [], hashlib.sha256()
        for done, row in enumerate(rows, 1):
            try:
                content = row.file.content()
                images[len(kept)] = square(decode(content, row.file.name), size)
            except ImageError as error:
                skipped.append(str(error))
            else:
                name = row.file.name.encode(errors="surrogatepass")
                digest.update(f"{len(name)} {len(content)} ".encode() + name + content)
                kept.append(row)
            progress(done, len(rows))

    number = {name: index for index, name in enumerate(classes)}
    labels = np.array([number[row.label] for row in kept], np.int64)
    split = np.array([row.split for row in kept], dtype=str)
    splits = {name: np.flatnonzero(split == name) for name in sorted({"train", *split.tolist()})}
    counts = np.bincount(labels[splits["train"]], minlength=len(classes))
    if counts.min() < 2:
        few = int(counts.argmin())
        reason = f"; {len(skipped)} files were skipped, first: {skipped[0]}" if skipped else "."
        raise DataError(
            f"Class “{printable(classes[few])}” has too few usable pictures to train on ({counts[few]}); "
            f"accepted are 2 or more for each class{reason}"
        )
    names = tuple(row.file.name for row in kept)
    return Pictures(tuple(classes), images[: len(kept)], labels, names, splits, tuple(skipped), digest.hexdigest())


@dataclass(frozen=True)
class _File:
    """A file in the folder or zip: its path in parts, its size in bytes, and how to open it."""

    parts: tuple[str, ...]
    size: int
    open: Callable[[], IO[bytes]]

    @property
    def name(self) -> str:
        return "/".join(self.parts)

    def content(self) -> bytes:
        """All bytes; ImageError where they are too many or cannot be had."""
        shown = f"“{printable(self.name)}”"
        if self.name.casefold().endswith(".zip"):
            raise ImageError(f"{shown} is a zip inside; accepted are pictures.", "format")
        if self.size > MAX_BYTES:
            megabytes = f"{self.size / 2**20:.1f} MB; accepted are pictures up to {MAX_BYTES / 2**20:g} MB."
            raise ImageError(f"{shown} has {megabytes}", "bytes")
        try:
            with self.open() as stream:
                return stream.read(MAX_BYTES + 1)
        except Exception as error:  # of the file system, of `zipfile`, and of each of its decompressors
            raise ImageError(f"{shown} cannot be read; accepted are whole pictures.", "unopened") from error


@dataclass(frozen=True)
class _Row:
    split: str
    label: str
    file: _File


def _arrange(files: list[_File]) -> tuple[list[_Row], list[str]]:
    """Files with split and class in natural order, and a sentence for each that lies in no class."""
    loose: list[_File] = []
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
        rows = [_Row(split_of[f.parts[0]], _composed(f.parts[1]), f) for f in files if len(f.parts) > 2]
    else:
        rows = [_Row("train", _composed(f.parts[0]), f) for f in files]
    rows.sort(key=lambda row: [_natural(part) for part in row.file.parts])
    return rows, [f"“{printable(file.name)}” lies in no class folder." for file in loose]


def _composed(name: str) -> str:
    """One spelling of accents and Hangul, so that a name from a Mac equals the same name from elsewhere."""
    return unicodedata.normalize("NFC", name)


def _natural(name: str) -> tuple:
    """A sorting key that puts "img2" before "img10": of two numbers the one with more digits is larger."""
    pieces = enumerate(re.split("([0-9]+)", name))
    key = [(len(p.lstrip("0")), p.lstrip("0")) if i % 2 else p.casefold() for i, p in pieces]
    return key, name  # the name itself settles "a" and "A", "1" and "01"


@contextmanager
def _files(path: Path, shown: str, max_files: int, max_total: int) -> Iterator[list[_File]]:
    """The files below a folder or in a zip, all checked, to be opened inside the `with`."""
    if path.is_dir():
        yield _bounded(_walk(path), shown, max_files, max_total)
        return
    if not path.is_file():
        raise DataError(f"{shown} does not exist; accepted are a folder and a .zip file.")
    try:
        # `zipfile` reads the table of contents whole: 100 bytes of it become a kilobyte of objects
        listing = _listing_size(path)
        archive = zipfile.ZipFile(path) if listing <= 1000 * max_files else None
    except Exception as error:  # of zipfile, struct, the file system: whatever a damaged table leads to
        raise DataError(f"{shown} is not a readable zip; accepted are a folder and a .zip file.") from error
    if archive is None:
        raise DataError(f"{shown} lists far more files than the {max_files:,} that are accepted.")
    with archive:
        packed = sum(info.compress_size for info in archive.infolist())
        unpacked = sum(info.file_size for info in archive.infolist())
        files = _bounded(_members(archive, shown), shown, max_files, max_total)
        if unpacked > max(100 * 2**20, MAX_PACKING * packed):
            raise DataError(
                f"{shown} unpacks to {unpacked // max(packed, 1)} times its size; accepted is {MAX_PACKING}."
            )
        yield files


def _bounded(files: Iterator[_File], shown: str, max_files: int, max_total: int) -> list[_File]:
    """All files, or DataError as soon as they are too many: the root of a disk is not walked to its end."""
    kept, total = [], 0
    for file in files:
        kept.append(file)
        total += file.size
        if len(kept) > max_files:
            raise DataError(f"{shown} has more files than the {max_files:,} that are accepted.")
        if total > max_total:
            raise DataError(f"{shown} holds more than the {max_total / 2**30:g} GB (unpacked) that are accepted.")
    return kept


def _junk(name: str) -> bool:
    return name.startswith(".") or name.casefold() in ("__macosx", "thumbs.db", "desktop.ini")


def _walk(root: Path) -> Iterator[_File]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not _junk(name)]
        for name in names:
            file = Path(folder, name)
            if not _junk(name) and file.is_file():
                yield _File(file.relative_to(root).parts, file.stat().st_size, partial(open, file, "rb"))


def _members(archive: zipfile.ZipFile, shown: str) -> Iterator[_File]:
    for info in archive.infolist():
        name = info.filename
        if not info.flag_bits & 0x800:  # not marked as UTF-8; macOS writes UTF-8 all the same
            try:
                name = name.encode("cp437").decode("utf-8")
            except UnicodeError:
                pass
        name = name.replace("\\", "/")
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if info.flag_bits & 1:
            raise DataError(f"{shown} is encrypted; accepted are zips without a password.")
        if ".." in parts or re.match("/|[A-Za-z]:/", name):
            raise DataError(f"{shown} has a path that leaves it, “{printable(name)}”; accepted are paths inside.")
        if not name.endswith("/") and parts and not any(_junk(part) for part in parts):
            yield _File(parts, info.file_size, partial(archive.open, info))


def _listing_size(path: Path) -> int:
    """Bytes of a zip's table of contents, from the record at its end (APPNOTE.TXT, 4.3.14 to 4.3.16)."""
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - 2**16 - 100))
        tail = file.read(2**16 + 100)
    end = tail.rindex(b"PK\5\6")
    size = struct.unpack_from("<I", tail, end + 12)[0]
    if tail[max(end - 20, 0) :].startswith(b"PK\6\7"):  # zip64, which `zipfile` believes wherever it is there
        size = max(size % 0xFFFFFFFF, struct.unpack_from("<Q", tail, end - 76 + 40)[0])
    return size
