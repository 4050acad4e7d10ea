"""What is removed from the folder of users' runs: what they deleted a day ago, what is old, and what is too much.

What there is and what may go are arguments; must not depend on queues or owners. Runs and what was deleted lie in
folders; what else is kept beside them (a name with a leading dot) counts as used space.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..data.sizes import disk_size
from .disk import disk_errors
from .folder import RunFolder
from .index import changed

TRASH = ".trash"
TRASH_SECONDS = 86_400.0  # how long deleting can be undone
RECENT_SECONDS = 3600.0  # what was used so recently may be looked at now: it is not removed to make room


@dataclass(frozen=True)
class Removable:
    """A folder that may be removed.

    used: when last, in seconds since 1970. seconds: after which it goes in any case. recent: seconds for which it is
    not removed to make room; what has the smallest of these goes first. remove: removes it, False where it stays.
    """

    path: Path
    used: float
    seconds: float
    remove: Callable[[], bool]
    recent: float = RECENT_SECONDS


def clean_up(there: Iterable[Removable], now: float, surplus: float) -> list[Path]:
    """Remove what is too old, then the oldest until `surplus` bytes are won; the paths of what is gone."""

    def expired(one: Removable) -> bool:
        return now - one.used > one.seconds

    removed = []
    for one in sorted(there, key=lambda one: (not expired(one), one.recent, one.used)):
        if expired(one) or (surplus > 0 and now - one.used > one.recent):
            size = disk_size(one.path)
            if one.remove():
                surplus -= size
                removed.append(one.path)
    return removed


def deleted(root: Path) -> list[Path]:
    """The runs in the trash of `root`, the one deleted first at the beginning."""
    try:
        with os.scandir(root / TRASH) as entries:
            return sorted((Path(entry.path) for entry in entries if entry.is_dir()), key=changed)
    except OSError:  # nobody has deleted anything yet
        return []


def in_trash(root: Path) -> list[Removable]:
    """What was deleted: it goes after a day, and before all else where room is needed."""
    return [Removable(path, changed(path), TRASH_SECONDS, partial(erase, path), 0.0) for path in deleted(root)]


def erase(path: Path) -> bool:
    """Remove a folder; False if something of it is left."""
    shutil.rmtree(path, ignore_errors=True)
    return not path.exists()


def to_trash(run: RunFolder) -> Path:
    """Move a run's folder to the trash beside it, where it lies from now on; its new path, or DiskError."""
    trash = run.path.parent / TRASH
    with disk_errors():
        trash.mkdir(exist_ok=True)
        os.utime(run.path)  # its time is when it was deleted
        return run.path.rename(trash / run.id)
