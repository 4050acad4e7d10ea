"""What may be done with runs: submit, stop, resume, rename, note, delete with undo; by whom, and how many.

A run waits and trains in a `RunQueue`; how it stands is derived from that and from its log. Must not depend on pages or
on how a network is trained.

A token lets a run's owner change it; None stands for the owner of the machine. What cannot be done is a `Refusal`, an
id that does not exist `UnknownRun`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from ...data.own import FOLDER
from ...engine.config import TrainConfig
from ...engine.events import RunFinished
from ...engine.reasons import reason_from_error
from ...errors import Refusal
from ..cleanup import deleted, to_trash
from ..comparison.races import check_race, label, members, new_race, to_resume
from ..disk import disk_errors
from ..execute import can_resume, save_initial
from ..files import STOP
from ..folder import RunError, RunFolder
from ..index import RunIndex, UnknownRun
from ..ownership import address_digest, clean_name, clean_note, digest, is_owner, new_token, write_meta
from ..writer import all_or_none, create_run
from .admission import check_admission
from .executor import Executor, ProcessExecutor
from .limits import Limits
from .room import Folders, Room
from .run_queue import STOPPED, Entry, RunQueue, finish
from .standing import Status, Submitted, SubmittedRace, check_not_elsewhere
from .worker import Job


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
        self.room = Room(places.runs, index, self.limits, self.queue)

    def submit(
        self,
        config: TrainConfig,
        *,
        name: str = "",
        note: str = "",
        address: str = "",
        initial: Mapping[str, Tensor] | None = None,
        processes: int = 1,
        executor: Executor | None = None,
    ) -> Submitted:
        """Make a run of a configuration that has been fitted to its data, and queue it.

        address: where the visitor asks from, for limits. initial: values that its network begins from. processes: how
        many train it together, on as many GPUs where there are some. executor: what trains it elsewhere, which takes no
        device of this server and has limits of its own. ValueError if initial values do not fit.
        """
        self._check_config(config, self._seconds(executor))
        self.room.check(address)
        with self.queue.lock:
            self._check_queue(address, processes, executor)
            (run,), token = self._make([config], [name], note, address, initial)
            self._add((run,), address, processes, resume=False, executor=executor)
        return Submitted(run, token)

    def submit_race(
        self,
        configs: Sequence[TrainConfig],
        *,
        name: str = "",
        address: str = "",
        initial: Mapping[str, Tensor] | None = None,
    ) -> SubmittedRace:
        """Make a run of each of several configurations that differ in their networks alone, and queue them as one race.

        They train in one process, step k of each before step k + 1 of any, and count as one in the queue. Whatever is
        stopped, resumed or asked of one is so of all; renaming and deleting is of one. `name` is followed by A, B, C or
        plain. The rest is as in `submit`. ValueError if the configurations are no race (`races.check_race`).
        """
        check_race(configs)
        for config in configs:
            self._check_config(config, self.limits.seconds)
        race = new_race()
        configs = [replace(config, race=race) for config in configs]
        names = [f"{name} {label(config.model)}" if name else "" for config in configs]
        self.room.check(address, len(configs))
        with self.queue.lock:
            self._check_queue(address, 1)
            runs, token = self._make(configs, names, "", address, initial)
            self._add(runs, address, 1, resume=False)
        return SubmittedRace(race, runs, token)

    def resume(self, run_id: str, token: str | None, address: str = "", executor: Executor | None = None) -> None:
        """Queue a run again that was stopped, failed, was interrupted or never began; it goes on where it was,
        and begins anew where nothing had been trained yet.

        With it go all members of its race that can go on (`races.to_resume`). executor: as in `submit`; a run whose job
        elsewhere may still train it needs the one that follows that job.
        """
        race = members(self.index, self._changeable(run_id, token))
        if executor is None:
            check_not_elsewhere(race)
        with self.queue.lock:
            if self.queue.waits(run_id):
                raise Refusal("waiting", name=run_id)
            if any(map(self.queue.is_busy, race)):
                raise Refusal("running", name=run_id)
            runs = to_resume(race)
            if not runs:
                raise Refusal("finished", name=run_id)
            for run in runs:
                if not can_resume(run):
                    raise Refusal("no_checkpoint", name=run.id)
                report = run.last_report()
                if report and report.seconds >= self._seconds(executor):
                    raise Refusal("too_long", seconds=self.limits.seconds)
            processes = runs[0].meta.get("processes", 1)
            self._check_queue(address, processes, executor)
            for run in runs:
                write_meta(run)  # a folder that cannot be written to says so before a process meets it
            self._add(runs, address, processes, resume=True, executor=executor)

    @disk_errors()
    def stop(self, run_id: str, token: str | None) -> None:
        """Take a run and its race out of the queue, or ask what trains it to stop; its checkpoint is kept.

        A run that never began is then stopped as well: its log has an end and no beginning, until it is resumed.
        """
        run = self._changeable(run_id, token)
        with self.queue.lock:
            training = self.queue.trains(run_id)
            waited = self.queue.withdraw(run_id)
            for one in waited:
                if not isinstance(one.last_turn(), RunFinished):  # else it is again what it was before it waited
                    finish(one, None, "stopped", STOPPED)
        if waited:
            return
        if training:
            return self.queue.stop(training)
        in_terminal = [one for one in members(self.index, run) if one.state() == "running"]
        if not in_terminal:
            raise Refusal("not_running", name=run_id)
        for one in in_terminal:
            (one.path / STOP).touch()

    def status(self, run_id: str) -> Status:
        """How the run stands now."""
        with self.queue.lock:
            entry = self.queue.trains(run_id)
            if entry and not entry.is_over(run_id):
                return Status("running", stopping=entry.stopping)
            if place := self.queue.place(run_id):
                return Status("queued", *place)
        try:
            run = self.index.get(run_id)
            turn = run.last_turn()
            if isinstance(turn, RunFinished):
                return Status(run.state(), reason=turn.reason, code=turn.code, values=turn.values)
            return Status(run.state())
        except RunError as error:
            return Status("damaged", **reason_from_error(error))

    def owns(self, run_id: str, token: str | None) -> bool:
        """Whether whoever has `token` may change the run; nobody may change a published one."""
        try:
            run = self.index.find(run_id)
        except UnknownRun:
            return False
        return not self.index.is_published(run) and is_owner(run, token)

    def warm_up(self) -> None:
        """Make ready what the first run would wait for; worth calling when somebody is about to start one."""
        self.queue.executor.warm_up()

    def close(self) -> None:
        """End what trains and forget who waits: these runs are interrupted, and can be resumed by another server."""
        self.queue.close()

    @disk_errors()
    def adopt(self, make: Callable[[Path], RunFolder], address: str = "", size: int = 0) -> Submitted:
        """Take in a run that `make` puts into the folder it is given, for who asks; size: bytes of the upload."""
        self.room.check(address)
        token = new_token()
        with all_or_none() as runs:
            with self.room.disk.hold(address, size):
                runs.append(make(self.places.runs))
            self._give(runs[0], token, address)
            self.room.disk.check(address, 0)  # unpacked it may be larger
        return Submitted(runs[0], token)

    def rename(self, run_id: str, token: str | None, name: str) -> None:
        """Give the run a title for people; "" takes it away."""
        with self.queue.lock:
            write_meta(self._changeable(run_id, token), name=clean_name(name))

    def annotate(self, run_id: str, token: str | None, note: str) -> None:
        """Write a note about the run; "" takes it away."""
        with self.queue.lock:
            write_meta(self._changeable(run_id, token), note=clean_note(note))

    def delete(self, run_id: str, token: str | None) -> None:
        """Put the run away, for `restore` within a day, be it damaged; one that waits leaves the queue, one that trains
        is refused.

        The other members of its race stay, and stay in the queue.
        """
        run = self._owned(run_id, token)
        with self.queue.lock:
            if self.queue.trains(run_id) or run.state() == "running":
                raise Refusal("running", name=run_id)
            self.queue.leave(run_id)
            to_trash(run)

    @disk_errors()
    def restore(self, run_id: str, token: str | None) -> None:
        """Undo `delete`."""
        paths = (path for root in self.index.roots[1:] for path in deleted(root) if path.name == run_id)
        if (path := next(paths, None)) is None:
            raise UnknownRun("unknown_run", name=str(run_id)[:80])
        if not is_owner(RunFolder(path), token):
            raise Refusal("not_yours", name=run_id)
        path.rename(path.parent.parent / run_id)

    def clean_up(self) -> list[str]:
        """Remove what is too old or too much, as `Room.clean_up` does; ids of the runs."""
        return self.room.clean_up()

    def _seconds(self, executor: Executor | None) -> float:
        """How long a run may train: what trains elsewhere has its own limit."""
        return math.inf if executor else self.limits.seconds

    def _check_config(self, config: TrainConfig, seconds: float) -> None:
        if not config.classes or not config.mean:
            raise ValueError("the configuration has not been fitted to its data: it names no classes, mean and std")
        if config.unit == "seconds" and config.length > seconds:
            raise Refusal("too_long", seconds=seconds)

    def _make(
        self,
        configs: Sequence[TrainConfig],
        names: Sequence[str],
        note: str,
        address: str,
        initial: Mapping[str, Tensor] | None,
    ) -> tuple[tuple[RunFolder, ...], str]:
        """A folder for each configuration, and the token of all; nothing is left of them where one cannot be made."""
        token = new_token()
        with all_or_none() as runs:
            for config, name in zip(configs, names, strict=True):
                runs.append(create_run(self.places.runs, config))
                if initial is not None:
                    save_initial(runs[-1], initial)
                self._give(runs[-1], token, address, name=clean_name(name), note=clean_note(note))
        return tuple(runs), token

    def _give(self, run: RunFolder, token: str, address: str, **noted: str) -> None:
        """Make whoever asks from `address`, and has `token`, the owner of a run."""
        write_meta(run, **noted, owner=digest(token), address=address_digest(self.places.runs, address))

    def _add(
        self,
        runs: tuple[RunFolder, ...],
        address: str,
        processes: int,
        resume: bool,
        executor: Executor | None = None,
    ) -> None:
        """Queue a run, or the members of a race. The caller holds the lock."""
        for run in runs:
            if run.meta.get("processes", 1) != processes:
                write_meta(run, processes=processes)  # for a resume
        job = Job(
            runs[0].path,
            self.places.cache,
            self.places.runs / FOLDER,
            self.places.data,
            others=tuple(run.path for run in runs[1:]),
            processes=processes,
            resume=resume,
            seconds=self._seconds(executor),
        )
        self.queue.add(Entry(runs, job, address_digest(self.places.runs, address), executor))

    def _check_queue(self, address: str, processes: int, executor: Executor | None = None) -> None:
        theirs = address_digest(self.places.runs, address)
        check_admission(self.queue, self.limits, theirs, processes, executor is not None)

    def _changeable(self, run_id: str, token: str | None) -> RunFolder:
        """The run, if it can be used and whoever has `token` may change it."""
        self._owned(run_id, token)
        return self.index.get(run_id)

    def _owned(self, run_id: str, token: str | None) -> RunFolder:
        """The run, be it damaged, if whoever has `token` may delete it."""
        run = self.index.find(run_id)
        if self.index.is_published(run):
            raise Refusal("published", name=run_id)
        if not is_owner(run, token):
            raise Refusal("not_yours", name=run_id)
        return run
