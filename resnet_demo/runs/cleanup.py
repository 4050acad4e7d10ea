"""What is removed from the folder of users' runs: what they deleted a day ago, what is old, and what is too much.

It is told which runs are busy and what may stay; it knows neither queues nor owners. Runs and what was deleted lie in
folders; what else is kept beside them (a name with a leading dot) counts as used space.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..data.sizes import disk_size
from .disk import disk_errors
from .folder import RunFolder
from .index import changed, last_trained

TRASH = ".trash"
TRASH_SECONDS = 86_400.0  # how long deleting can be undone
RECENT_SECONDS = 3600.0  # what was used so recently may be looked at now: it is not removed to make room


def to_remove(runs: Iterable[RunFolder], now: float, days: float, surplus: float) -> Iterator[RunFolder]:
    """Of `runs` those that nobody trained for `days`, then the oldest until `surplus` bytes are won, none of the last
    hour."""
    for run in sorted(runs, key=last_trained):
        age = now - last_trained(run)
        if age > 86_400 * days or (surplus > 0 and age > RECENT_SECONDS):
            surplus -= disk_size(run.path)
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
            surplus -= disk_size(path)
            shutil.rmtree(path, ignore_errors=True)
    return surplus


def to_trash(run: RunFolder) -> Path:
    """Move a run's folder to the trash beside it, where it lies from now on; its new path, or DiskError."""
    trash = run.path.parent / TRASH
    with disk_errors():
        trash.mkdir(exist_ok=True)
        os.utime(run.path)  # its time is when it was deleted
        return run.path.rename(trash / run.id)
