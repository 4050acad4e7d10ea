"""Runs where the platform lends a GPU only inside one call of a decorated function (ZeroGPU of Hugging Face Spaces).

`server` hands `spaces.GPU` to `ZeroGpuExecutor`, which makes one call a run. A call works in a process forked from the
server: what it is given and returns is pickled, requests to stop reach it through a file, and what it does is read from
the run's folder. It cannot be ended from outside before its time. Must not depend on queues or owners, nor import
`spaces`.
"""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from ...logs import log_failure, short_id
from ..files import OUTPUT, STOP
from ..folder import RunFolder
from .endings import Ending
from .waiting import remaining
from .worker import Job, carry_out, exit_code

log = logging.getLogger(__name__)

MARGIN = 30.0  # seconds of a call beside training: data, the GPU's first steps, the evaluation
LONGEST = 120.0  # seconds of a call at most: what visitors have a day is counted in minutes


def call_seconds(job: Job) -> int:
    """How long the call for a job may take, in whole seconds: what is left to train, and a margin."""
    left = min(remaining(RunFolder(path)) for path in job.paths)  # of a race as those say who are furthest
    return math.ceil(min(left, job.seconds, LONGEST - MARGIN) + MARGIN)


def train_in_call(job: Job) -> Ending:
    """Carry the job out in this process and say how that ended."""
    with (
        open(job.path / OUTPUT, "w", encoding="utf-8") as output,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
    ):
        code = exit_code(lambda: carry_out(job))
    return Ending.of(code, job.path / OUTPUT)


class ZeroGpuExecutor:
    """Each job in one call of `train_in_call`; the only device is called "cuda"."""

    slots: Sequence[str] | None = ("cuda",)

    def __init__(self, gpu: Callable[..., Callable]):
        """gpu: the platform's decorator, `spaces.GPU`."""
        self._call = gpu(duration=call_seconds)(train_in_call)

    def task(self, job: Job) -> ZeroGpuTask:
        return ZeroGpuTask(job, self._call)

    def warm_up(self) -> None:
        """There is nothing to make ready outside a call."""


class ZeroGpuTask:
    """A job and its call."""

    def __init__(self, job: Job, call: Callable[[Job], Ending]):
        self.job, self._call = job, call
        self._killed = False

    def run(self) -> Ending:
        """Carry the job out; a call that the platform refuses or ends is an ending with its words.

        For a thread that has computed nothing: a fork of another one waits for OpenMP threads that it does not have.
        """
        job = self.job
        reports = [RunFolder(path).last_report() for path in job.paths if job.resume]
        most = max([report.seconds for report in reports if report], default=0.0) + LONGEST - MARGIN
        if self._killed:  # no call, then: each costs the visitor some of a quota
            return Ending(None, "SIGKILL")
        try:
            return self._call(replace(job, seconds=min(job.seconds, most)))
        except Exception as error:  # the platform's own classes, whose words are for visitors
            log_failure(log, "the call for %s ended early", short_id(job.path.name))
            return Ending(1, "", (str(error) or type(error).__name__,))

    def kill(self) -> None:
        """Ask the run to stop; once its call has begun nobody can do more."""
        self._killed = True
        with contextlib.suppress(OSError):  # a full disk takes no request: the call lasts until its time is over
            (self.job.path / STOP).touch()

    abandon = kill
