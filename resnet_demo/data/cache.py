"""Decoded data sets on disk as memory-mapped arrays, so that the second start of anything is instant.

An entry is a folder of .npy files and a `meta.json`, put in place by one rename: it is whole or absent. Must not depend
on what the arrays mean or how they are made.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]
META = "meta.json"


def is_cached(entry: Path) -> bool:
    """Whether `cached` would build nothing."""
    return (entry / META).is_file()


def cached(
    entry: Path,
    build: Callable[[], tuple[Arrays, dict[str, Any]]],
    hold: Callable[[int], AbstractContextManager] = lambda size: nullcontext(),
) -> tuple[Arrays, dict[str, Any]]:
    """The arrays (read-only, memory-mapped) and the JSON dictionary of `entry`, built first if it is absent or damaged.

    Two processes may build at once: the first rename wins and the other one's work is dropped. Where the
    cache cannot be written the arrays are returned from memory, since a read-only disk is no reason to fail.
    hold: asked for room on disk, in bytes, for as long as they are written; what it raises is raised.
    """
    if is_cached(entry):
        try:
            return _read(entry)
        except (ValueError, EOFError):  # cut short when the machine lost its power
            shutil.rmtree(entry, ignore_errors=True)
    arrays, meta = build()
    with hold(sum(array.nbytes for array in arrays.values())):
        try:
            _write(entry, arrays, meta)
            return _read(entry)
        except OSError:
            return arrays, meta


def _read(entry: Path) -> tuple[Arrays, dict[str, Any]]:
    meta = json.loads((entry / META).read_text(encoding="utf-8"))
    return {path.stem: np.load(path, mmap_mode="r") for path in entry.glob("*.npy")}, meta


def _write(entry: Path, arrays: Arrays, meta: dict[str, Any]) -> None:
    entry.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{entry.name}-", dir=entry.parent))
    try:
        for name, array in arrays.items():
            np.save(scratch / f"{name}.npy", array)
        (scratch / META).write_text(json.dumps(meta), encoding="utf-8")
        try:
            os.rename(scratch, entry)
        except OSError:
            if not is_cached(entry):  # neither ours nor another process's is in place
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
