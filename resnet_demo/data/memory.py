"""Estimate how many bytes values occupy in memory. It must not depend on what the values mean."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np
from PIL import Image


def memory_size(*values: object) -> int:
    """Return the bytes of arrays, images and texts, each object counted once, also inside containers and dataclasses.

    Memory-mapped arrays count nothing: their bytes are on disk.
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
            return sum(size(getattr(value, field.name)) for field in fields(value))
        if isinstance(value, Mapping):
            return sys.getsizeof(value) + sum(size(key) + size(one) for key, one in value.items())
        if isinstance(value, tuple | list | set | frozenset):
            return sys.getsizeof(value) + sum(map(size, value))
        return sys.getsizeof(value)

    return sum(map(size, values))
