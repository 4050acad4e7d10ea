"""What is removed from the folder of users' runs: what they deleted a day ago, what is old, and what is too much.

It is told which runs are busy and what may stay; it knows neither queues nor owners. Runs and what was deleted lie in
folders; what else is kept beside them (a name with a leading dot) counts as used space.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from .folder import RunFolder
from .index import changed, last_trained

TRASH = ".trash"
TRASH_SECONDS = 86_400.0  # how long deleting can be undone


def size_of(path: Path) -> int:
    """Bytes of all files below `path`; what disappears meanwhile does not count."""
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                total += os.lstat(os.path.join(folder, name)).st_size
            except OSError:
                pass
    return total


def to_remove(runs: Iterable[RunFolder], now: float, days: float, surplus: float) -> Iterator[RunFolder]:
    """Of `runs` those that nobody trained for `days`, then the oldest until `surplus` bytes are won."""
    for run in sorted(runs, key=last_trained):
        if now - last_trained(run) > 86_400 * days or surplus > 0:
            surplus -= size_of(run.path)
            yield run


def deleted(root: Path) -> list[Path]:
    """The runs in the trash of `root`, the one deleted first at the beginning."""
    try:
        with os.scandir(root / TRASH) as entries:
            return sorted((Path(entry.path) for entry in entries if entry.is_dir()), key=changed)
    except OSError:  # nobody has deleted anything yet
        return []


def empty_trash(root: Path, now: float, surplus: float = 0.0) -> float:
    """Remove what was deleted over a day ago, and more until `surplus` bytes are won; what is left of the surplus."""
    for path in deleted(root):
        if now - changed(path) > TRASH_SECONDS or surplus > 0:
            surplus -= size_of(path)
            shutil.rmtree(path, ignore_errors=True)
    return surplus


def to_trash(run: RunFolder) -> Path:
    """Move a run's folder to the trash beside it, where it lies from now on; its new path."""
    trash = run.path.parent / TRASH
    trash.mkdir(exist_ok=True)
    os.utime(run.path)  # its time is when it was deleted
    return run.path.rename(trash / run.id)
