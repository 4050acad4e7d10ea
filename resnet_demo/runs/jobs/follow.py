"""A run in a job of somebody's account: started, followed through its repository, asked to stop, ended.

The third executor beside worker processes and ZeroGPU. What the job sends is copied into the run's folder under the
run's lock, so that nobody who reads it knows where it trains. Must not depend on queues or owners.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import Refusal
from ...hub.account import Account
from ...logs import log_failure, short_id
from ..checks import weights_bytes
from ..disk import disk_errors
from ..files import EPOCHS, LABELS, LOCK, LOG, OUTPUT, PREDICTIONS, RESUME, STOP, WEIGHTS
from ..folder import RunFolder
from ..lock import lock
from ..ownership import write_meta
from ..queue.endings import LINE, SAID, Ending, mark, without_directories
from ..queue.standing import check_not_elsewhere
from ..queue.worker import Job
from ..records import JobNote
from ..writer import replace_file
from . import parcel, repository
from .service import JobService, Lost, Missing, Progress, Snapshot, Stored

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0  # between two looks at the repository
RETRY_SECONDS = 60.0  # at most, where the Hub cannot be reached
STOP_SECONDS = 60.0  # for a job to stop by itself, send its checkpoint, and be seen to have ended
STARTS_WITHIN = 3600.0  # seconds that a job may wait for its hardware before it is given up
PART = ".received.part"  # a file that arrives; what is left of it is removed by the run's next writer
EPOCH = re.compile(rf"{EPOCHS}/[0-9]{{8,16}}\.npz")
MOST_EPOCHS = 10_000  # files
MOST_BYTES = 2**29  # of any other file


@dataclass(frozen=True)
class JobExecutor:
    """Each run in a job of `account`. flavor: what it runs on. minutes: its time limit, for what it costs at most.

    A run whose job may still be running is followed again, and no other one started.
    """

    account: Account
    flavor: str = ""
    minutes: int = 0

    @property
    def slots(self) -> Sequence[str]:
        """None of this machine's devices."""
        return ()

    def task(self, job: Job) -> JobTask:
        task = JobTask(job, self)
        task.announce()
        return task

    def warm_up(self) -> None:
        """There is nothing to make ready."""


class JobTask:
    """A run and the job that trains it."""

    def __init__(self, job: Job, executor: JobExecutor):
        self.job, self.executor, self.service = job, executor, JobService(executor.account)
        self.run_folder = RunFolder(job.path)
        self._note: JobNote = self.run_folder.meta.get("job", {})
        self._trained_on = self._note.get("flavor", "")  # by an earlier job
        self._follows = bool(self._note.get("open"))
        self._copied: dict[str, str] = {}  # version by name
        self._commit = ""
        self._begun = False  # whether the job has sent anything
        self._exit: int | None = None  # of the training, once the job has sent it
        self._stop_at: float | None = None  # when it was asked to stop
        self._killed = self._left = self._cancelled = False
        self._wake = threading.Event()

    def announce(self) -> None:
        """Note where the run is going to train, for those who look at it before the job has been started."""
        if not self._follows:
            with contextlib.suppress(OSError):  # `run` tells of a full disk
                name, executor = self.service.name, self.executor
                self._remember(id="", account=name, flavor=executor.flavor, minutes=executor.minutes)

    def run(self) -> Ending:
        with lock(self.job.path / LOCK, patience=1.0):
            try:
                return self._carry_out()
            except Refusal as error:
                return _said(error)
            except Lost:
                return _said(Refusal("job.offline"))
            except Missing:
                self._remember(open=self._still_runs())
                return _said(Refusal("job.gone"))
            finally:
                with contextlib.suppress(OSError):
                    (self.job.path / STOP).unlink(missing_ok=True)
                    if not self._note.get("id"):
                        self._remember(flavor=self._trained_on)  # it was not started

    def kill(self) -> None:
        """Cancel the job."""
        self._killed = True
        self._wake.set()

    def abandon(self) -> None:
        """Follow the job no longer; it goes on, and can be followed again."""
        self._left = True
        self._wake.set()

    @property
    def url(self) -> str:
        """Where its owner may look at the job; "" before there is one."""
        return self.service.address_of(self._note["id"]) if self._note.get("open") else ""

    @property
    def is_stopping(self) -> bool:
        """Whether the job was asked to stop, or canceled from here."""
        return self._stop_at is not None or self._killed

    def _carry_out(self) -> Ending:
        if self._follows:
            if self._note.get("account") != self.service.name:
                check_not_elsewhere([self.run_folder])
        elif not self._start():
            return Ending(None, "SIGKILL")
        return self._follow()

    def _start(self) -> bool:
        """Send the run to a new repository and start its job; False if it is to be killed before."""
        service, executor = self.service, self.executor
        files = parcel.parcel(self.run_folder, self.job.own)
        title = re.sub(r"[^A-Za-z0-9]+", "-", self.run_folder.config.model.name)
        name = f"resnet-demo-{title}-{secrets.token_hex(6)}"
        repository = service.make_repository(name)
        self._remember(repository=repository, open=False, left=True)
        started = False
        try:
            self._commit = service.send(repository, files, "A run of ResNet, from the inside")
            self._copied = {file.name: file.version for file in service.look(repository, self._commit).files}
            self._killed = self._killed or (self.job.path / STOP).exists()
            if self._killed or self._left:
                return False
            command = parcel.command(repository, self._commit, executor.minutes)
            job = service.start(
                parcel.IMAGE, command, executor.flavor, executor.minutes, {"HF_TOKEN": service.account.token}, name
            )
            started = True
        finally:
            if not started:
                self._tidy()
        self._remember(id=job, open=True)
        log.info("%s trains in a job", short_id(self.job.path.name))
        return True

    def _follow(self) -> Ending:
        """Copy what the job sends until it has ended, or is left."""
        contact, pause = time.monotonic(), 0.0
        patience = 60 * self._note.get("minutes", 0) + STARTS_WITHIN
        while True:
            self._wake.wait(pause)
            self._wake.clear()
            if self._left:
                return Ending(None, "SIGKILL")
            try:
                if ending := self._look():
                    return ending
                contact, pause = time.monotonic(), LOOK_SECONDS
            except Lost:
                log.warning("the Hub cannot be reached for %s now", short_id(self.job.path.name))
                if time.monotonic() > contact + patience:
                    raise
                pause = min(RETRY_SECONDS, max(LOOK_SECONDS, 2 * pause))

    def _look(self) -> Ending | None:
        """Copy what is new, pass on what is wanted; how it ended, None while it goes on."""
        self._pass_on()
        if self._copy() and self._exit is None:
            return None
        progress = self.service.inspect(self._note["id"]) if self._exit is None else None
        if progress and not progress.is_over:
            return None
        self._copy()  # what was sent between the two
        ending = self._ending(progress)
        self._remember(open=False)
        self._tidy()
        return ending

    def _ending(self, progress: Progress | None) -> Ending:
        if self._exit is not None or progress is None:
            return Ending.of(self._exit, self.job.path / OUTPUT)
        if self._cancelled:
            return Ending(None, "SIGKILL")
        if progress.stage == "CANCELED":
            return _said(Refusal("ended.job_canceled"))
        lines = [*self.service.last_lines(self._note["id"]), *([progress.message] if progress.message else [])]
        return Ending(1, "", tuple(without_directories(line)[:LINE] for line in lines))

    def _still_runs(self) -> bool:
        """Whether the job may still run although its repository is gone."""
        try:
            return bool(self._note.get("id")) and not self.service.inspect(self._note["id"]).is_over
        except Missing:
            return False
        except (Lost, Refusal):
            return True

    def _pass_on(self) -> None:
        """Ask the job to stop where the run is asked to, cancel it where that is wanted or it does not stop."""
        if self._stop_at is None and (self.job.path / STOP).exists():
            if self._begun or self._follows:
                self.service.send(self._note["repository"], {repository.STOP: b"stop\n"}, "Stop")
            else:
                self._killed = True  # it has trained nothing yet
            self._stop_at = time.monotonic()
        late = self._stop_at is not None and time.monotonic() > self._stop_at + STOP_SECONDS
        if (self._killed or late) and not self._cancelled:
            with contextlib.suppress(Missing):
                self.service.cancel(self._note["id"])
            self._cancelled = True

    def _copy(self) -> bool:
        """Copy what has changed in the repository; whether there was anything."""
        now = self.service.look(self._note["repository"])
        if now.commit == self._commit:
            return False
        known = {
            file.name.removeprefix(f"{repository.RUN}/"): file
            for file in now.files
            if file.name.startswith(repository.RUN)
        }
        epochs = sorted(name for name in known if EPOCH.fullmatch(name))[:MOST_EPOCHS]
        # the log last but for the checkpoint, which never says more than the log beside it
        for name in (*epochs, PREDICTIONS, LABELS, OUTPUT, LOG, WEIGHTS, RESUME):
            file = known.get(name)
            if file and self._copied.get(file.name) != file.version and file.size <= self._most(name):
                self._receive(now, file, name)
        for file in now.files:
            if file.name == repository.ENDED and file.size < 100:
                self._exit = self._exit_code(now, file)
        self._commit = now.commit
        return True

    def _receive(self, now: Snapshot, file: Stored, name: str) -> None:
        part = self.job.path / PART
        with disk_errors():
            self.service.receive(self._note["repository"], now.commit, file, part)
            if name == LOG:
                self._take_log(part.read_bytes())
            else:
                (self.job.path / name).parent.mkdir(exist_ok=True)
                os.replace(part, self.job.path / name)
            part.unlink(missing_ok=True)
        self._copied[file.name] = file.version

    def _take_log(self, content: bytes) -> None:
        """Add what the job has logged to what is here; where that is no continuation, it takes its place."""
        target = self.job.path / LOG
        here = target.read_bytes() if target.exists() else b""
        content = content[: content.rfind(b"\n") + 1]
        self._begun = self._begun or content != here
        if content.startswith(here):
            with open(target, "ab") as file:
                file.write(content[len(here) :])
        else:
            replace_file(target, lambda file: file.write(content))

    def _exit_code(self, now: Snapshot, file: Stored) -> int:
        part = self.job.path / PART
        with disk_errors():
            self.service.receive(self._note["repository"], now.commit, file, part)
            content = part.read_bytes()
            part.unlink(missing_ok=True)
        try:
            return int(json.loads(content)["exit"])
        except (ValueError, TypeError, KeyError, OverflowError):
            return 1

    def _most(self, name: str) -> int:
        weights = weights_bytes(self.run_folder.config.model)
        return {WEIGHTS: weights, RESUME: 4 * weights + 2**26}.get(name, MOST_BYTES)

    def _tidy(self) -> None:
        """Delete the repository; where that cannot be done, it is noted that it is left behind."""
        try:
            self.service.delete_repository(self._note["repository"])
            self._remember(left=False)
        except (Lost, Missing, Refusal):
            log_failure(log, "the repository of %s is left behind", short_id(self.job.path.name))

    def _remember(self, **changes: object) -> None:
        """Note where the run trains, so that another server can follow it; never the token."""
        self._note = {**self._note, **changes}  # type: ignore[typeddict-item]
        write_meta(self.run_folder, job=self._note)


def _said(error: Refusal) -> Ending:
    return Ending(SAID, "", tuple(mark(error).splitlines()))
