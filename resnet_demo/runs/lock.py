"""A lock of the operating system on a file: it falls when its holder dies, however it dies.

Must not depend on runs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _give_up(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give_up(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class Locked(RuntimeError):
    """Another process holds the lock."""


@contextmanager
def lock(path: Path, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock on `path` (created if absent) until the block ends.

    Locked if another holder has it for `patience` seconds from now: `is_locked` holds it for a moment, too.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    until = time.monotonic() + patience
    try:
        while True:
            try:
                _take(descriptor)
                break
            except OSError as error:
                if time.monotonic() >= until:
                    raise Locked(f"{path.parent.name} is being written by another process") from error
                time.sleep(0.01)
        try:
            yield
        finally:
            # said, and not left to closing: a process forked meanwhile has the descriptor too and would hold the lock
            _give_up(descriptor)
    finally:
        os.close(descriptor)


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
