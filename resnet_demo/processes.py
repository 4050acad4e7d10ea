"""Work that would hold up a server's threads, carried out in a few processes of its own.

One interpreter computes in one thread at a time, so what takes seconds there delays every visitor, and libraries whose
settings belong to the process (matplotlib) need a lock. Neither is so in another process. It knows nothing of the work.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, ParamSpec, TypeVar

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


class Processes:
    """At most `count` processes, started by the first calls; they end with the process that made them.

    tasks: after so many a process is replaced, which gives its memory back; None keeps it, and so does Python 3.10.
    """

    def __init__(self, count: int, tasks: int | None = None):
        self.count = count
        known = tasks and sys.version_info >= (3, 11)
        self._options: dict[str, Any] = {"max_tasks_per_child": tasks} if known else {}
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, function: Callable[P, R], /, *args: P.args, **options: P.kwargs) -> Future[R]:
        """The result to come of `function`, which is named by its module, as pickle does; arguments are copied.

        BrokenProcessPool from the future where the process was killed meanwhile; the next call starts another.
        """
        with self._lock:
            if self._pool is not None:
                try:
                    return self._pool.submit(function, *args, **options)
                except BrokenProcessPool:
                    log.warning("a process was killed, for want of memory perhaps; another one is started")
                    self._pool.shutdown(wait=False)
            # spawned, because a process with threads cannot be forked safely
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.count, spawn, initializer=_attend, **self._options)
            return self._pool.submit(function, *args, **options)

    def run(self, function: Callable[P, R], /, *args: P.args, **options: P.kwargs) -> R:
        """What `function` returns, or what it raises; tried once more where its process was killed."""
        try:
            return self.submit(function, *args, **options).result()
        except BrokenProcessPool:
            return self.submit(function, *args, **options).result()

    def close(self) -> None:
        """End the processes, busy or not; what waits is not begun any more."""
        with self._lock:
            if self._pool is not None:
                processes = tuple(self._pool._processes.values())  # Python 3.14 has `kill_workers`
                self._pool.shutdown(wait=False, cancel_futures=True)
                for process in processes:  # else the interpreter would wait for their work at its exit
                    process.kill()
                self._pool = None


def _attend() -> None:
    """End this process as soon as its parent has ended, however it did."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the parent

    def watch() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
