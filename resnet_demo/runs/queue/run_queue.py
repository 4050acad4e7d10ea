"""Runs that wait for a device, first in, first out, and those that train: one a device, each in a thread that waits.
The runs of a race wait and train as one.

What carries a run out is an `Executor`; where that ended without writing an end into the run's log, one is added here.
Must not depend on owners or limits. Nothing is started before the first run.
"""

from __future__ import annotations

import atexit
import contextvars
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from ...engine.events import End, EpochDone, RunFinished, StepMetrics
from ...engine.reasons import because
from ...logs import log_failure, short_id
from ..disk import DiskError
from ..execute import forget_stop
from ..files import STOP
from ..folder import RunError, RunFolder
from ..lock import Locked
from ..writer import open_writer
from .endings import Ending
from .executor import Executor, Task
from .waiting import expected_wait, remaining
from .worker import Job

log = logging.getLogger(__name__)

STOP_SECONDS = 30.0  # so long a process may take to stop by itself, which saves a checkpoint, before it is ended
LOCK_PATIENCE = 10  # seconds for the processes of a run to go once the one that started them has gone
STOPPED = because("ended.asked")


@dataclass(eq=False)
class Entry:
    """A run that waits or trains, or the members of a race. address: digest of whoever asked for it. executor: what
    carries it out elsewhere, so that it waits for no device; None: the queue's own. task: of the executor, once their
    turn has come; before: the last turn of each one's log at that time, by its id."""

    runs: tuple[RunFolder, ...]
    job: Job
    address: str = ""
    executor: Executor | None = None
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    task: Task | None = None
    thread: threading.Thread | None = None
    before: dict[str, object] = field(default_factory=dict)
    stopping: bool = False

    def has(self, run_id: str) -> bool:
        """Whether the run is one of these."""
        return any(run.id == run_id for run in self.runs)

    def is_over(self, run_id: str) -> bool:
        """Whether this member of a race that trains has come to its end before the others."""
        turns = [_last_turn(run) for run in self.runs if run.id == run_id and len(self.runs) > 1]
        return any(isinstance(turn, RunFinished) and turn != self.before.get(run_id) for turn in turns)

    def kill(self) -> None:
        """End what trains at once."""
        if self.task:
            self.task.kill()

    def remaining(self) -> float:
        """Seconds that it will still train: as those say who are furthest."""
        return min(map(remaining, self.runs))


class RunQueue:
    """The queue. `lock` may be held around several calls that belong together."""

    def __init__(self, executor: Executor, slots: Sequence[str] | None = None):
        """slots: devices, one run each; by default the executor's, else those found here when the first run comes."""
        self.lock = threading.RLock()
        self.executor = executor
        slots = slots or executor.slots
        self._slots = list(slots) if slots else None
        self._free = list(slots or ())
        self._waiting: list[Entry] = []
        self._training: list[Entry] = []
        self._closed = False

    @property
    def slots(self) -> list[str]:
        """The devices, each for one run."""
        with self.lock:
            if self._slots is None:
                self._slots = find_slots()
                self._free = list(self._slots)
            return self._slots

    def devices_for(self, processes: int) -> int:
        """How many devices so many processes take: on GPUs one each."""
        return processes if self.slots[0].startswith("cuda") else 1

    @property
    def closed(self) -> bool:
        """Whether no run is taken any more."""
        return self._closed

    def waiting(self) -> list[Entry]:
        """Those that wait, in their order."""
        with self.lock:
            return list(self._waiting)

    def training(self) -> list[Entry]:
        """Those that train."""
        with self.lock:
            return list(self._training)

    def waits(self, run_id: str) -> bool:
        """Whether the run waits."""
        return any(entry.has(run_id) for entry in self.waiting())

    def trains(self, run_id: str) -> Entry | None:
        """The entry of a run that trains, or whose race does."""
        return next((entry for entry in self.training() if entry.has(run_id)), None)

    def is_busy(self, run: RunFolder) -> bool:
        """Whether a run waits, or is trained here or elsewhere."""
        with self.lock:
            return self.waits(run.id) or self.trains(run.id) is not None or run.state() == "running"

    def add(self, entry: Entry) -> None:
        """Queue a run; it starts at once where a device is free and nobody waits, or where it takes none."""
        with self.lock:
            atexit.unregister(self.close)
            atexit.register(self.close)  # before multiprocessing ends the workers, which would look like a failure
            forget_stop(entry.runs)
            if entry.executor:
                return self._start(entry, entry.executor, ())
            self._waiting.append(entry)
            self._dispatch()

    def withdraw(self, run_id: str) -> tuple[RunFolder, ...]:
        """Take a run out of the queue, and its race; who has left: nobody if it does not wait."""
        with self.lock:
            left = [run for entry in self._waiting if entry.has(run_id) for run in entry.runs]
            self._waiting = [entry for entry in self._waiting if not entry.has(run_id)]
            self._dispatch()
            return tuple(left)

    def leave(self, run_id: str) -> None:
        """Take a run out of the queue if it waits there; the others of its race keep their place."""
        with self.lock:
            for entry in self._waiting:
                staying = tuple(run for run in entry.runs if run.id != run_id)
                if not staying:
                    self.withdraw(run_id)
                elif entry.has(run_id):
                    paths = [run.path for run in staying]
                    entry.runs, entry.job = staying, replace(entry.job, path=paths[0], others=tuple(paths[1:]))

    def stop(self, entry: Entry) -> None:
        """Ask a run that trains to stop: at once if it has not begun, else after its present report.

        What does not stop by itself is ended after STOP_SECONDS; where the disk takes no request, at once. Its latest
        checkpoint is there.
        """
        try:
            (entry.job.path / STOP).touch()
            requested = True
        except OSError:  # a full disk: nobody reads the request, so the process is ended at once
            requested = False
        with self.lock:
            if entry.stopping and requested:
                return
            entry.stopping = True
        if not requested or all(_last_turn(run) == entry.before[run.id] for run in entry.runs):
            entry.kill()
        else:
            timer = threading.Timer(STOP_SECONDS, self._end, (entry,))
            timer.daemon = True
            timer.start()

    def place(self, run_id: str) -> tuple[int, float | None] | None:
        """(position, expected seconds until it starts) of a run that waits, None for others."""
        with self.lock:
            before = next((i for i, entry in enumerate(self._waiting) if entry.has(run_id)), None)
            if before is None:
                return None
            free = len(self._free)
            training, waiting = self.training(), self._waiting[: before + 1]
        needs = [self.devices_for(entry.job.processes) for entry in waiting]
        wait = expected_wait(
            free,
            [(len(entry.job.devices), entry.remaining()) for entry in training],
            [(need, entry.remaining()) for need, entry in zip(needs, waiting[:-1], strict=False)],
            needs[-1],
        )
        return before + 1, wait

    def close(self) -> None:
        """End what trains and forget who waits; their logs get no end, so that they can be resumed."""
        with self.lock:
            self._closed = True
            self._waiting.clear()
            training = self.training()
        for entry in training:
            if entry.task:  # not asked to stop before: it might still log that it did
                entry.task.abandon()
        for entry in training:
            if entry.thread:
                entry.thread.join(LOCK_PATIENCE)
        atexit.unregister(self.close)

    def _dispatch(self) -> None:
        """Start the first ones that wait, as long as there are devices for them. The caller holds the lock."""
        while self._waiting and not self._closed:
            entry, count = self._waiting[0], self.devices_for(self._waiting[0].job.processes)
            if count > len(self._free):
                return  # nobody overtakes
            devices, self._free = tuple(self._free[:count]), self._free[count:]
            del self._waiting[0]
            self._start(entry, self.executor, devices)

    def _start(self, entry: Entry, executor: Executor, devices: tuple[str, ...]) -> None:
        entry.job = replace(entry.job, devices=devices)
        entry.before = {run.id: _last_turn(run) for run in entry.runs}
        entry.task = executor.task(entry.job)
        self._training.append(entry)
        arguments = (self._carry_out, entry, entry.task)
        entry.thread = threading.Thread(target=entry.context.run, args=arguments, daemon=True)
        entry.thread.start()

    def _carry_out(self, entry: Entry, task: Task) -> None:
        try:
            try:
                ending = task.run()
            except Exception as error:  # an executor of somebody else's: a quota that is used up, for instance
                log_failure(log, "%s could not be carried out", short_id(entry.job.path.name))
                ending = Ending(1, "", (f"{type(error).__name__}: {error}",))
            if not self._closed:
                status: End = "stopped" if entry.stopping else "failed"
                why = STOPPED if entry.stopping else ending.why()
                log.info("%s ended: exit code %s, %s", short_id(entry.job.path.name), ending.code, ending.signal or "-")
                log.debug("its last lines: %s", ending.last_lines)  # they may name files of a visitor
                for run in entry.runs:
                    finish(run, entry.before[run.id], status, why)
        finally:
            with self.lock:
                self._training.remove(entry)
                self._free = sorted([*self._free, *entry.job.devices], key=self.slots.index)
                self._dispatch()

    def _end(self, entry: Entry) -> None:
        if entry in self.training():
            entry.kill()


def finish(run: RunFolder, before: object, status: End, why: Mapping[str, Any]) -> None:
    """Add an end to the run's log, unless one was written since its last turn was `before`. why: see `because`.

    Nothing is written where another process holds the run, or the disk does not let us: it is then interrupted.
    """
    for _ in range(LOCK_PATIENCE):
        try:
            with open_writer(run) as writer:  # waits a second for the lock
                last = _last_turn(run)
                if not isinstance(last, RunFinished) or last == before:
                    writer.append(RunFinished(status, *_reached(run), **why))
            return
        except Locked:
            continue
        except (OSError, DiskError) as error:
            log.warning("the end of %s cannot be written: %s", short_id(run.id), type(error).__name__)
            log.debug("why it cannot be written", exc_info=error)
            return
    log.warning("the end of %s cannot be written: another process holds the run", short_id(run.id))


def find_slots() -> list[str]:
    """The GPUs of this machine, or its one other device; CUDA is not initialised by looking."""
    gpus = [f"cuda:{index}" for index in range(torch.cuda.device_count())]
    return gpus or ["mps" if torch.backends.mps.is_available() else "cpu"]


def _last_turn(run: RunFolder) -> object:
    try:
        return run.last_turn()
    except RunError:  # a damaged log: whatever comes to stand at its end
        return None


def _reached(run: RunFolder) -> tuple[int, float]:
    """(step, seconds) of the last thing that was logged and counts."""
    try:
        known = [event for event in run.events() if isinstance(event, StepMetrics | EpochDone | RunFinished)]
    except RunError:
        known = []
    return (known[-1].step, known[-1].seconds) if known else (0, 0.0)
