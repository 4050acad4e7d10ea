"""A lock of the operating system on a file: it falls when its holder dies, however it dies.

It knows nothing of runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Locked(RuntimeError):
    """Another process holds the lock."""


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock on `path` (created if absent) until the block ends; Locked at once if another holder has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _take(descriptor)
        except OSError as error:
            raise Locked(f"{path.parent.name} is being written by another process") from error
        yield
    finally:
        os.close(descriptor)  # closing gives the lock up on every platform


def is_locked(path: Path) -> bool:
    """Whether some process (this one too) holds the lock on `path`; an absent file is not locked."""
    if not path.exists():
        return False
    try:
        with lock(path):
            return False
    except Locked:
        return True
    except OSError:  # a read-only disk: nobody can be writing a run there
        return False
