"""What was read of files, kept while they are the same on disk: each is read once, however often it is needed.

Must not depend on what is in the files.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ..data.sizes import memory_size

T = TypeVar("T")
MOST_BYTES = 256 * 2**20
BYTES_OF_OBJECTS = 8  # in memory for each byte of text that was made objects of


@dataclass(frozen=True)
class Stamp:
    """A state of a file. Files that are replaced get another inode, those that grow another size."""

    inode: int
    size: int
    modified: int


@dataclass(frozen=True)
class Kept:
    """value: what was made of a file when it had the stamp. size: the bytes that it takes."""

    stamp: Stamp
    value: Any
    size: int


class Files:
    """The latest values, up to so many bytes together; one for a server, from any thread. Values are shared: nobody
    may change them."""

    def __init__(self, most_bytes: int = MOST_BYTES):
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Path, str], Kept] = OrderedDict()

    def read(self, path: Path, load: Callable[[], T], what: str = "") -> T:
        """Return `load()`, or what it returned for the file as it is. what: tells apart what is made of one file."""
        return self.follow(path, lambda before: load(), what)

    def follow(self, path: Path, load: Callable[[T | None], T], what: str = "") -> T:
        """The same for a file that only grows: `load` gets what it made of its beginning, None where it is another."""
        key = path, what
        try:
            now = os.stat(path)
        except OSError:
            return load(None)  # which says what is wrong
        stamp = Stamp(now.st_ino, now.st_size, now.st_mtime_ns)
        with self._lock:
            kept = self._kept.get(key)
            if kept and kept.stamp == stamp:
                self._kept.move_to_end(key)
                return kept.value
        grown = kept and kept.stamp.inode == stamp.inode and kept.stamp.size <= stamp.size
        value = load(kept.value if kept and grown else None)
        self._keep(key, Kept(stamp, value, max(memory_size(value), BYTES_OF_OBJECTS * stamp.size * (what != ARRAYS))))
        return value

    def _keep(self, key: tuple[Path, str], kept: Kept) -> None:
        with self._lock:
            self._kept.pop(key, None)
            if kept.size > self.most_bytes // 2:
                return
            self._kept[key] = kept
            left = sum(one.size for one in self._kept.values())
            while left > self.most_bytes:
                left -= self._kept.popitem(last=False)[1].size


ARRAYS = "arrays"  # whose size is known
