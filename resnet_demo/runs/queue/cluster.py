"""Runs carried out on a cluster by Slurm, through the package submitit. Tried with submitit's local executor alone.

Folders of runs, data and cache must be on a disk that all machines see. Must not depend on queues or owners.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any

from ...errors import Refusal
from ..files import OUTPUT
from .endings import Ending
from .worker import Job, carry_out, exit_code, search_path

POLL_SECONDS = 1.0
PATIENCE = 60.0  # seconds for a canceled job to be gone
ALIVE = ("RUNNING", "PENDING", "COMPLETING")  # as Slurm calls the states of a job


class ClusterExecutor:
    """Each job as one of the cluster's. A job that the cluster ended can be resumed like any interrupted run."""

    def __init__(self, folder: Path, slots: Sequence[str], cluster: str = "slurm", **parameters: Any):
        """folder: for submitit's scripts and logs. slots: the device of each job that may be there at a time. cluster:
        as submitit calls it ("slurm", or "local" for processes here). parameters: as submitit takes them, such as
        slurm_partition, gpus_per_node, timeout_min. Raises Refusal without submitit, and where it takes no such
        parameter or finds no cluster."""
        try:
            import submitit
        except ImportError as error:
            raise Refusal("cluster.no_package", command="pip install submitit") from error
        self.slots: Sequence[str] | None = slots
        try:
            self.executor = submitit.AutoExecutor(folder, cluster=cluster)
            self.executor.update_parameters(**parameters)
        except (RuntimeError, ValueError, TypeError, NameError, KeyError) as error:
            raise Refusal("cluster.parameters", detail=" ".join(str(error).split())[:300]) from error

    def task(self, job: Job) -> ClusterTask:
        return ClusterTask(job, self.executor)

    def warm_up(self) -> None:
        """Nothing: the cluster starts its processes."""


class ClusterTask:
    """A job in the hands of the cluster."""

    def __init__(self, job: Job, executor: Any):
        self.job, self.executor, self._killed = job, executor, Event()

    def run(self) -> Ending:
        # the processes of the cluster import this project from where it lies here
        before = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = search_path()
        try:
            submitted = self.executor.submit(there, self.job.to_json())
        finally:
            os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)
        while not submitted.done():
            if self._killed.wait(POLL_SECONDS):
                submitted.cancel()
                until = time.monotonic() + PATIENCE
                while not submitted.done() and submitted.state in ALIVE and time.monotonic() < until:
                    time.sleep(POLL_SECONDS)
                return Ending(None, "SIGKILL")
        code = None if submitted.exception() else submitted.result()
        return Ending.of(1 if code is None else code, self.job.path / OUTPUT)

    def kill(self) -> None:
        self._killed.set()

    abandon = kill


def there(job: str) -> int:
    """What a process of the cluster does; its exit code. job: as `Job.to_json` writes it."""
    found = Job.from_json(job)
    submitits = {descriptor: os.dup(descriptor) for descriptor in (1, 2)}  # it prints more when this has ended
    with open(found.path / OUTPUT, "wb", buffering=0) as output:
        for descriptor in submitits:
            os.dup2(output.fileno(), descriptor)
    try:
        return exit_code(lambda: carry_out(found))
    finally:
        sys.stdout.flush()
        for descriptor, its_own in submitits.items():
            os.dup2(its_own, descriptor)
