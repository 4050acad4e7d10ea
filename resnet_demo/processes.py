"""Work that would hold up a server's threads, carried out in a few processes of its own.

One interpreter computes in one thread at a time, so what takes seconds there delays every visitor, and libraries whose
settings belong to the process (matplotlib) need a lock. Neither is so in another process. Must not depend on the work.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import ParamSpec, TypeVar

from .errors import Refusal

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


class ProcessError(Refusal):
    """What the operating system did to a process or did not let it do."""


class Processes:
    """At most `count` processes, started by the first calls; they end with the process that made them.

    tries: how often a call is carried out whose process is killed; the processes of other calls are killed with it.
    """

    def __init__(self, count: int, tries: int = 2):
        self.count, self.tries = count, tries
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    def run(self, function: Callable[P, R], /, *args: P.args, **options: P.kwargs) -> R:
        """What `function`, which is named by its module, as pickle does, returns for copies of the arguments.

        Raises what it raises, and ProcessError where its process was killed, could not be started, or lacked memory or
        something else of the machine's.
        """
        try:
            for _ in range(self.tries - 1):
                with suppress(BrokenProcessPool):
                    return self._submit(function, *args, **options).result()
            return self._submit(function, *args, **options).result()
        except (BrokenProcessPool, CancelledError, MemoryError) as error:
            raise ProcessError("process.ended") from error
        except OSError as error:
            raise ProcessError("process.failed", detail=error.strerror or type(error).__name__) from error

    def _submit(self, function: Callable[P, R], /, *args: P.args, **options: P.kwargs) -> Future[R]:
        with self._lock:
            if self._closed:
                raise ProcessError("process.ended")
            if self._pool is not None:
                try:
                    return self._pool.submit(function, *args, **options)
                except BrokenProcessPool:
                    log.warning("a process was killed, for want of memory perhaps; another one is started")
                    self._pool.shutdown(wait=False)
            # spawned, because a process with threads cannot be forked safely
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.count, spawn, initializer=_attend)
            return self._pool.submit(function, *args, **options)

    def close(self) -> None:
        """End the processes, busy or not; what waits is not begun any more, and nothing can be run."""
        with self._lock:
            self._closed = True
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
        if parent := multiprocessing.parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
