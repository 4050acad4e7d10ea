"""What may be done with runs: submit, stop, resume, rename, note, delete with undo; by whom, and how many.

A run waits and trains in a `RunQueue`; how it stands is derived from that and from its log. It knows neither pages nor
how a network is trained.

A token lets a run's owner change it; None stands for whoever has the whole machine. What cannot be done is `Refused`,
an id that does not exist `UnknownRun`.
"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from torch import Tensor

from ..data.own import FOLDER, OwnPictures
from ..engine.config import TrainConfig
from ..engine.events import RunFinished
from .cleanup import deleted, empty_trash, size_of, to_remove, to_trash
from .execute import has_started, save_initial
from .folder import RESUME, STOP, RunError, RunFolder
from .index import RunIndex, UnknownRun
from .limits import Limits, Refused
from .ownership import address_digest, clean_name, clean_note, digest, is_owner, new_token, write_meta
from .queue import STOPPED, Entry, RunQueue, finish
from .worker import Executor, Job, ProcessExecutor
from .writer import create_run


class Folders(Protocol):
    """The folders of an installation that runs are concerned with; see `Places`."""

    data: Path | None
    cache: Path
    runs: Path


@dataclass(frozen=True)
class Submitted:
    """A new run, and the token that lets its owner change it: it is kept nowhere else."""

    run: RunFolder
    token: str


@dataclass(frozen=True)
class Status:
    """How a run stands.

    state: "queued" or one of `folder.STATES`. position: in the queue, 1 for the next one, 0 where it does not wait.
    wait: seconds until it will probably start, None where nobody can say. reason: why it ended, if it did not simply
    finish: a sentence, below it the last lines of its process where that crashed. stopping: it has been asked to stop.
    """

    state: str
    position: int = 0
    wait: float | None = None
    reason: str = ""
    stopping: bool = False


class RunManager:
    """The runs of one server. `close` ends what it has started; nothing is started before the first run."""

    def __init__(
        self,
        places: Folders,
        index: RunIndex,
        executor: Executor | None = None,
        limits: Limits | None = None,
        slots: Sequence[str] | None = None,
    ):
        """places, index: where new runs go, which ones there are. executor: what carries runs out (default: processes
        on this machine). limits: what visitors may use (default: everything). slots: devices, one run each (default:
        the executor's)."""
        self.places, self.index = places, index
        self.limits = limits or Limits.none()
        self.queue = RunQueue(executor or ProcessExecutor(), slots)

    def submit(
        self,
        config: TrainConfig,
        *,
        name: str = "",
        note: str = "",
        address: str = "",
        initial: Mapping[str, Tensor] | None = None,
        processes: int = 1,
    ) -> Submitted:
        """Make a run of a configuration that has been fitted to its data, and queue it.

        address: where the visitor asks from, for limits. initial: values that its network begins from. processes: how
        many train it together, on as many GPUs where there are some. ValueError if initial values do not fit.
        """
        if not config.classes or not config.mean:
            raise ValueError("the configuration has not been fitted to its data: it names no classes, mean and std")
        if config.unit == "seconds" and config.length > self.limits.seconds:
            raise Refused("too_long", seconds=self.limits.seconds)
        self.check_room(address)
        with self.queue.lock:
            self._check_queue(address, processes)
            run = create_run(self.places.runs, config)
            try:
                if initial is not None:
                    save_initial(run, initial)
                token = self._give(run, address, name=clean_name(name), note=clean_note(note))
            except BaseException:
                shutil.rmtree(run.path, ignore_errors=True)
                raise
            self._add(run, address, processes, resume=False)
        return Submitted(run, token)

    def resume(self, run_id: str, token: str | None, address: str = "") -> None:
        """Queue a run again that was stopped, failed, was interrupted or never began; it goes on where it was."""
        run = self._changeable(run_id, token)
        with self.queue.lock:
            if self.queue.waits(run_id):
                raise Refused("waiting", name=run_id)
            if self.queue.is_busy(run):
                raise Refused("running", name=run_id)
            if run.state() == "finished":
                raise Refused("finished", name=run_id)
            if has_started(run) and not (run.path / RESUME).is_file():
                raise Refused("no_checkpoint", name=run_id)
            report = run.last_report()
            if report and report.seconds >= self.limits.seconds:
                raise Refused("too_long", seconds=self.limits.seconds)
            processes = run.meta.get("processes")
            processes = processes if isinstance(processes, int) and processes > 0 else 1
            self._check_queue(address, processes)
            self._add(run, address, processes, resume=True)

    def stop(self, run_id: str, token: str | None) -> None:
        """Take a run out of the queue, or ask what trains it to stop, wherever that is; its checkpoint is kept.

        A run that never began is then stopped as well: its log has an end and no beginning, until it is resumed.
        """
        run = self._changeable(run_id, token)
        with self.queue.lock:
            training = self.queue.trains(run_id)
            if self.queue.withdraw(run_id):
                if not isinstance(run.last_turn(), RunFinished):  # else it is again what it was before it waited
                    finish(run, None, "stopped", STOPPED)
                return
        if training:
            self.queue.stop(training)
        elif run.state() == "running":  # in a terminal
            (run.path / STOP).touch()
        else:
            raise Refused("not_running", name=run_id)

    def status(self, run_id: str) -> Status:
        """How the run stands now."""
        with self.queue.lock:
            if entry := self.queue.trains(run_id):
                return Status("running", stopping=entry.stopping)
            if place := self.queue.place(run_id):
                return Status("queued", *place)
        run = self.index.get(run_id)
        try:
            turn = run.last_turn()
            return Status(run.state(), reason=turn.reason if isinstance(turn, RunFinished) else "")
        except RunError as error:  # a log that is none
            return Status("failed", reason=str(error))

    def owns(self, run_id: str, token: str | None) -> bool:
        """Whether whoever has `token` may change the run; nobody may change a published one."""
        try:
            run = self.index.get(run_id)
        except UnknownRun:
            return False
        return not self.index.is_published(run) and is_owner(run, token)

    def warm_up(self) -> None:
        """Make ready what the first run would wait for; worth calling when somebody is about to start one."""
        self.queue.executor.warm_up()

    def close(self) -> None:
        """End what trains and forget who waits: these runs are interrupted, and can be resumed by another server."""
        self.queue.close()

    def adopt(self, make: Callable[[Path], RunFolder], address: str = "") -> Submitted:
        """Take in a run that `make` puts into the folder it is given, an upload for instance, for who asks."""
        self.check_room(address)
        run = make(self.places.runs)
        return Submitted(run, self._give(run, address))

    def rename(self, run_id: str, token: str | None, name: str) -> None:
        """Give the run a title for people; "" takes it away."""
        with self.queue.lock:
            write_meta(self._changeable(run_id, token), name=clean_name(name))

    def annotate(self, run_id: str, token: str | None, note: str) -> None:
        """Write a note about the run; "" takes it away."""
        with self.queue.lock:
            write_meta(self._changeable(run_id, token), note=clean_note(note))

    def delete(self, run_id: str, token: str | None) -> None:
        """Put the run away, for `restore` within a day; one that waits leaves the queue, one that trains is Refused."""
        run = self._changeable(run_id, token)
        with self.queue.lock:
            if self.queue.trains(run_id) or run.state() == "running":
                raise Refused("running", name=run_id)
            self.queue.withdraw(run_id)
            to_trash(run)

    def restore(self, run_id: str, token: str | None) -> None:
        """Undo `delete`."""
        for root in self.index.roots[1:]:
            for path in deleted(root):
                if path.name == run_id:
                    if not is_owner(RunFolder(path), token):
                        raise Refused("not_yours", name=run_id)
                    path.rename(root / run_id)
                    return
        raise UnknownRun(run_id)

    def check_room(self, address: str) -> None:
        """Refused if no other run can be kept for who asks from `address`; old runs are removed before that."""
        if math.isfinite(self.limits.stored_per_address):
            mine = address_digest(self.places.runs, address)
            kept = sum(run.meta.get("address") == mine for run in self._users_runs())
            if kept >= self.limits.stored_per_address:
                raise Refused("too_many_stored", stored=kept)
        if math.isfinite(self.limits.stored_bytes):
            self.clean_up()
            if self._stored() >= self.limits.stored_bytes:
                raise Refused("storage")

    def clean_up(self) -> list[str]:
        """Remove what was deleted a day ago, what is too old and, the oldest first, what is too much; ids of the runs.

        Pictures that visitors brought go first. Never a run that trains or waits, nor its pictures; never a published
        one.
        """
        needed = {entry.run.config.data for entry in self.queue.waiting() + self.queue.training()}
        pictures = OwnPictures(self.places.runs / FOLDER)
        pictures.clean_up(self.limits.days, self.limits.stored_bytes / 2, needed)
        now, surplus = time.time(), self._stored() - self.limits.stored_bytes
        for root in self.index.roots[1:]:
            surplus = empty_trash(root, now, surplus)
        removed = []
        idle = [run for run in self._users_runs() if not self.queue.is_busy(run)]
        for run in to_remove(idle, now, self.limits.days, surplus):
            with self.queue.lock:
                if self.queue.is_busy(run):  # by now
                    continue
                gone = to_trash(run)
            shutil.rmtree(gone, ignore_errors=True)
            removed.append(run.id)
        return removed

    def _give(self, run: RunFolder, address: str, **noted: str) -> str:
        """Make whoever asks from `address` the owner of a run; the token."""
        token = new_token()
        write_meta(run, **noted, owner=digest(token), address=address_digest(self.places.runs, address))
        return token

    def _add(self, run: RunFolder, address: str, processes: int, resume: bool) -> None:
        """Queue a run. The caller holds the lock."""
        if run.meta.get("processes", 1) != processes:
            write_meta(run, processes=processes)  # for a resume
        job = Job(
            run.path,
            self.places.cache,
            self.places.runs / FOLDER,
            self.places.data,
            processes=processes,
            resume=resume,
            seconds=self.limits.seconds,
        )
        self.queue.add(Entry(run, job, address_digest(self.places.runs, address)))

    def _check_queue(self, address: str, processes: int) -> None:
        """Refused where the queue takes no other run of so many processes from `address`."""
        if self.queue.closed:
            raise Refused("closing")
        there = len(self.queue.slots)
        if not 1 <= processes or self.queue.devices_for(processes) > there:
            raise Refused("processes", processes=processes, devices=there)
        waiting = len(self.queue.waiting())
        if waiting >= self.limits.waiting:
            raise Refused("queue_full", waiting=waiting)
        theirs = address_digest(self.places.runs, address)
        busy = sum(entry.address == theirs for entry in self.queue.waiting() + self.queue.training())
        if busy >= self.limits.waiting_per_address:
            raise Refused("too_many_waiting", waiting=busy)

    def _changeable(self, run_id: str, token: str | None) -> RunFolder:
        """The run, if whoever has `token` may change it."""
        run = self.index.get(run_id)
        if self.index.is_published(run):
            raise Refused("published", name=run_id)
        if not is_owner(run, token):
            raise Refused("not_yours", name=run_id)
        return run

    def _users_runs(self) -> list[RunFolder]:
        return [run for run in self.index.list() if not self.index.is_published(run)]

    def _stored(self) -> int:
        """Bytes below the folders of users' runs."""
        return sum(map(size_of, self.index.roots[1:]))
