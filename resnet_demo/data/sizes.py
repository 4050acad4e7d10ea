"""How many bytes values occupy in memory and files on disk. Must not depend on what they mean."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path

import numpy as np
from PIL import Image


def disk_size(path: Path) -> int:
    """Return the bytes of all files below `path`; what disappears meanwhile does not count."""
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                total += os.lstat(os.path.join(folder, name)).st_size
            except OSError:
                pass
    return total


def memory_size(*values: object) -> int:
    """Return the bytes of arrays, images and texts, each object counted once, also inside containers and dataclasses.

    Of a dataclass cached properties count too, once they have been computed. Memory-mapped arrays count nothing: their
    bytes are on disk.
    """
    seen: set[int] = set()

    def size(value: object) -> int:
        if id(value) in seen:
            return 0
        seen.add(id(value))
        if isinstance(value, np.ndarray):
            if isinstance(value, np.memmap):
                return 0
            # a view keeps all of the array that it is a part of
            return size(value.base) if isinstance(value.base, np.ndarray) else value.nbytes
        if isinstance(value, Image.Image):
            return value.width * value.height * len(value.getbands())
        if is_dataclass(value) and not isinstance(value, type):
            return sum(map(size, vars(value).values()))
        if isinstance(value, Mapping):
            return sys.getsizeof(value) + sum(size(key) + size(one) for key, one in value.items())
        if isinstance(value, tuple | list | set | frozenset):
            return sys.getsizeof(value) + sum(map(size, value))
        return sys.getsizeof(value)

    return sum(map(size, values))
