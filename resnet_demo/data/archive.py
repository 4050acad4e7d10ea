"""The files below a folder or in a zip, all checked before any of them is opened.

Limits hold before anything is unpacked; what macOS and Windows leave behind is skipped, names that lead out of a zip
are refused. A zip is read member by member in memory, never unpacked to disk. Must not depend on classes or images.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from .decode import MAX_BYTES, printable
from .errors import DataError, ImageError

MAX_FILES = 50_000
MAX_TOTAL = 2 * 2**30  # bytes of all files unpacked, and of all pictures decoded
MAX_PACKING = 200  # unpacked over packed size beyond 100 MB: photographs have 1, flat drawings 50


@dataclass(frozen=True)
class File:
    """A file in the folder or zip: its path in parts, its size in bytes, how to open it, whether it is a link."""

    parts: tuple[str, ...]
    size: int
    open: Callable[[], IO[bytes]]
    link: bool = False

    @property
    def name(self) -> str:
        """The path, parted by "/" on every platform."""
        return "/".join(self.parts)

    def content(self) -> bytes:
        """All bytes; ImageError where they are too many, cannot be had, or are not a file's own."""
        shown = printable(self.name)
        if self.link:
            raise ImageError("data.link", name=shown)
        if self.name.casefold().endswith(".zip"):
            raise ImageError("data.nested", name=shown)
        if self.size > MAX_BYTES:
            raise ImageError("data.large", name=shown, megabytes=self.size / 2**20, most=MAX_BYTES / 2**20)
        try:
            with self.open() as stream:
                return stream.read(MAX_BYTES + 1)
        except Exception as error:  # of the file system, of `zipfile`, and of each of its decompressors
            raise ImageError("data.unread", name=shown) from error


@contextmanager
def open_files(path: Path, shown: str, max_files: int = MAX_FILES, max_total: int = MAX_TOTAL) -> Iterator[list[File]]:
    """The files below a folder or in a zip, to be opened inside the `with`.

    shown: what sentences call it. max_files: how many there may be; max_total: their bytes, unpacked. Hidden files,
    `__MACOSX` and Thumbs.db are passed over in silence; links to folders are not followed. Raises DataError.
    """
    if path.is_dir():
        yield _bounded(_walk(path), shown, max_files, max_total)
        return
    if not path.is_file():
        raise DataError("data.no_file", name=shown)
    try:
        # `zipfile` reads the table of contents whole: 100 bytes of it become a kilobyte of objects
        listing = listing_size(path)
        archive = zipfile.ZipFile(path) if listing <= 1000 * max_files else None
    except Exception as error:  # of zipfile, struct, the file system: whatever a damaged table leads to
        raise DataError("data.bad_zip", name=shown) from error
    if archive is None:
        raise DataError("data.listing", name=shown, most=max_files)
    with archive:
        packed = sum(info.compress_size for info in archive.infolist())
        unpacked = sum(info.file_size for info in archive.infolist())
        files = _bounded(_members(archive, shown), shown, max_files, max_total)
        if unpacked > max(100 * 2**20, MAX_PACKING * packed):
            raise DataError("data.bomb", name=shown, times=unpacked // max(packed, 1), most=MAX_PACKING)
        yield files


def files_by_name(files: Sequence[File], names: Sequence[str]) -> dict[str, File]:
    """Files by the names that a data set has for them, which are without folders around everything.

    DataError unless all of the names are there.
    """
    for outer in range(max((len(file.parts) for file in files), default=0)):
        by_name = {"/".join(file.parts[outer:]): file for file in files if len(file.parts) > outer}
        if names and by_name.keys() >= set(names):
            return by_name
    raise DataError("data.gone")


def _bounded(files: Iterator[File], shown: str, max_files: int, max_total: int) -> list[File]:
    """All files, or DataError as soon as they are too many: the root of a disk is not walked to its end."""
    kept, total = [], 0
    for file in files:
        kept.append(file)
        total += file.size
        if len(kept) > max_files:
            raise DataError("data.files", name=shown, most=max_files)
        if total > max_total:
            raise DataError("data.unpacked", name=shown, gigabytes=max_total / 2**30)
    return kept


def _junk(name: str) -> bool:
    return name.startswith(".") or name.casefold() in ("__macosx", "thumbs.db", "desktop.ini")


def _walk(root: Path) -> Iterator[File]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not _junk(name)]
        for name in names:
            file = Path(folder, name)
            if not _junk(name) and file.is_file():
                yield File(file.relative_to(root).parts, file.stat().st_size, partial(_open, file))


def _open(file: Path) -> IO[bytes]:
    return file.open("rb")


def _members(archive: zipfile.ZipFile, shown: str) -> Iterator[File]:
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
            raise DataError("data.encrypted", name=shown)
        if ".." in parts or re.match("/|[A-Za-z]:/", name):
            raise DataError("data.leaves", name=shown, path=printable(name))
        if not name.endswith("/") and parts and not any(_junk(part) for part in parts):
            link = stat.S_ISLNK(info.external_attr >> 16)  # Unix zips keep the file's mode there
            yield File(parts, info.file_size, partial(archive.open, info), link)


def listing_size(path: Path) -> int:
    """Bytes of a zip's table of contents, from the record at its end (APPNOTE.TXT, 4.3.14 to 4.3.16)."""
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - 2**16 - 100))
        tail = file.read(2**16 + 100)
    end = tail.rindex(b"PK\5\6")
    size = struct.unpack_from("<I", tail, end + 12)[0]
    if tail[max(end - 20, 0) :].startswith(b"PK\6\7"):  # zip64, which `zipfile` believes wherever it is there
        size = max(size % 0xFFFFFFFF, struct.unpack_from("<Q", tail, end - 76 + 40)[0])
    return size


def pack_files(files: Mapping[str, Path], target: Path, shown: str) -> None:
    """One zip of many files, under the names given; DataError for a name that leads out of it."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, path in files.items():
            parts = PurePosixPath(name.replace("\\", "/"))
            if parts.is_absolute() or ".." in parts.parts:
                raise DataError("data.leaves", name=shown, path=printable(name))
            archive.write(path, str(parts))
