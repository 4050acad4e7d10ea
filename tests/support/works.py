"""Work for other processes, which import this module for it and nothing else: a test's own would import all it needs.

Must not depend on anything that takes long to import.
"""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path
from typing import Any


def no_memory() -> None:
    raise MemoryError


def full_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/a/folder/of/this/machine")


def die_once(mark: Path) -> str:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def killed(*args: Any, **options: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
