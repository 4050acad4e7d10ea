"""What carries runs out: each in a worker process that is started, watched and ended from outside.

A worker is forked from a server that has torch imported and CUDA uninitialised, so that it starts in a blink. Must not
depend on queues, owners, or what a worker does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from ..files import OUTPUT
from .endings import Ending
from .worker import GO, Job, search_path, work

START = "spawn" if sys.platform in ("win32", "darwin") else "forkserver"  # how processes are started
PRELOAD = f"{__package__}.preloaded"  # what that server imports


class Task(Protocol):
    """One job in the hands of an executor."""

    def run(self) -> Ending:
        """Carry the job out and return when it has ended, whatever ended it. Called once, in a thread of its own."""

    def kill(self) -> None:
        """End the job at once; one that has yet to start never does. `run` returns. Called from any thread."""

    def abandon(self) -> None:
        """Have `run` return because this server ends: what trains here ends, what trains elsewhere may go on."""


class Executor(Protocol):
    """What carries jobs out, several at a time."""

    @property
    def slots(self) -> Sequence[str] | None:
        """The devices that it uses, one job each; None for those of this machine."""

    def task(self, job: Job) -> Task:
        """The job, ready to be run or killed; nothing is started yet."""

    def warm_up(self) -> None:
        """Make ready what the first job would wait for, without waiting; may do nothing."""


class ProcessExecutor:
    """Each job in a process of its own; nothing is started before the first one or `warm_up`."""

    slots: Sequence[str] | None = None

    def __init__(self, method: str = START):
        """method: as `multiprocessing.get_context` takes it."""
        self.context: Any = multiprocessing.get_context(method)  # declared as a base class that starts no process
        # multiprocessing looks after all its children whenever one is started or joined: never two at once
        self.children, self._warming = threading.Lock(), threading.Lock()

    def task(self, job: Job) -> ProcessTask:
        return ProcessTask(job, self)

    def warm_up(self) -> None:
        """Start the server that processes are forked from, with the imports done; anew if it has died."""
        if self.context.get_start_method() != "forkserver":
            return
        from multiprocessing import forkserver, resource_tracker  # do not exist on Windows

        with self._warming:
            resource_tracker.ensure_running()  # before signals are masked: it unmasks them
            self.context.set_forkserver_preload([PRELOAD])
            path = os.environ.get("PYTHONPATH")
            os.environ["PYTHONPATH"] = search_path()  # the server is told no other way where this project lies
            mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # which it inherits: Ctrl-C is not for it
            try:
                forkserver.ensure_running()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)
                os.environ.pop("PYTHONPATH") if path is None else os.environ.update(PYTHONPATH=path)


class ProcessTask:
    """A job and its process, which exists once the fork server answers: in a blink, but only after its imports."""

    def __init__(self, job: Job, executor: ProcessExecutor):
        self.job, self.executor = job, executor
        self._started: Future[BaseProcess] = Future()  # cancelled: killed before there was a process

    def run(self) -> Ending:
        theirs, ours = multiprocessing.Pipe(duplex=False)  # closed once this returns: the process then ends
        with ours:
            # in a thread of its own: nothing interrupts the wait for a server that still imports
            name = f"start {self.job.path.name}"
            threading.Thread(target=self._start, args=(theirs, ours), name=name, daemon=True).start()
            try:
                process = self._started.result()
            except CancelledError:
                return Ending(None, "SIGKILL")
            connection.wait([process.sentinel])
            with self.executor.children:
                process.join()
        return Ending.of(process.exitcode, self.job.path / OUTPUT)

    def kill(self) -> None:
        if not self._started.cancel() and self._started.exception() is None:
            self._started.result().kill()

    abandon = kill

    @property
    def pid(self) -> int | None:
        """Of the process, None before it has started."""
        return self._started.result().pid if self._started.done() and not self._started.cancelled() else None

    def _start(self, theirs: connection.Connection, ours: connection.Connection) -> None:
        name = f"run {self.job.path.name}"
        with theirs:
            process = self.executor.context.Process(target=work, args=(self.job, theirs), daemon=True, name=name)
            try:
                with self.executor.children:
                    if self._started.cancelled():
                        return
                    self.executor.warm_up()
                    process.start()
            except Exception as error:
                if self._started.set_running_or_notify_cancel():
                    self._started.set_exception(error)
                return
        if self._started.set_running_or_notify_cancel():
            with suppress(OSError):  # it has died already, which `run` sees
                ours.send_bytes(GO)
            self._started.set_result(process)
            return
        with self.executor.children:
            process.join()  # it has ended by itself: its pipe is closed, and nobody told it to go
