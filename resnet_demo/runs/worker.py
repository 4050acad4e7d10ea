"""The process that trains: what it does with a run, and how it is started, watched and ended from outside.

A worker is forked from a server that has torch imported and CUDA uninitialised, so that it starts in a blink, and an
error of the GPU, a lack of memory or a signal ends nothing but its run. It ends when its control pipe closes: whoever
started it has then gone, however they went. It knows neither queues nor owners.
"""

from __future__ import annotations

import faulthandler
import json
import math
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

import torch

from ..data.dataset import Dataset
from ..data.datasets import load_dataset
from ..engine.compilation import decide, remember
from ..engine.device import pick_device
from ..engine.distributed import World, join, leave
from ..engine.events import Resumed, RunStarted, StepMetrics
from ..engine.reasons import because
from .endings import SAID, Ending, mark
from .execute import execute_race, has_started
from .folder import CONFIG, OUTPUT, STOP, RunFolder
from .lock import Locked
from .writer import json_bytes, replace_file

PROJECT = Path(__file__).resolve().parents[2]
START = "spawn" if sys.platform in ("win32", "darwin") else "forkserver"  # how processes are started
GO = b"go"  # told to a process that may begin
PRELOAD = ("torch", "torch._dynamo", "torch.distributed", __name__)  # the first optimizer would import torch._dynamo


@dataclass(frozen=True)
class Job:
    """One run to carry out, or a race, in a form that travels between processes.

    path: the run's folder. others: those of the others of its race.
    devices: "cpu", "mps", "cuda", or "cuda:0" …, of which several processes take one each.
    processes: how many train together. resume: go on from the checkpoint, if there is one yet.
    cache, data, own: see `load_dataset`. seconds: of training, after which the run is asked to stop.
    """

    path: Path
    cache: Path
    own: Path
    data: Path | None = None
    devices: tuple[str, ...] = ("cpu",)
    processes: int = 1
    resume: bool = False
    seconds: float = math.inf
    others: tuple[Path, ...] = ()

    @property
    def device(self) -> str:
        """The device of the main process."""
        return self.devices[0]

    @property
    def paths(self) -> tuple[Path, ...]:
        """The folders of all runs."""
        return (self.path, *self.others)

    def to_json(self) -> str:
        """One line for a command line; `from_json` is its inverse."""
        return json.dumps(asdict(self), default=str)

    @staticmethod
    def from_json(text: str) -> Job:
        """The job of such a line."""
        values: dict[str, Any] = json.loads(text)
        for name in ("path", "cache", "own", "data"):
            values[name] = None if values[name] is None else Path(values[name])
        others = tuple(map(Path, values["others"]))
        return Job(**values | {"devices": tuple(values["devices"]), "others": others})


class Task(Protocol):
    """One job in the hands of an executor."""

    def run(self) -> Ending:
        """Carry the job out and return when it has ended, whatever ended it. Called once, in a thread of its own."""

    def kill(self) -> None:
        """End the job at once; one that has yet to start never does. `run` returns."""


class Executor(Protocol):
    """What carries jobs out, several at a time.

    slots: the devices that it uses, one job each; None for those of this machine.
    """

    slots: Sequence[str] | None

    def task(self, job: Job) -> Task:
        """The job, ready to be run or killed; nothing is started yet."""

    def warm_up(self) -> None:
        """Make ready what the first job would wait for, without waiting; may do nothing."""


class ProcessExecutor:
    """Each job in a process of its own; nothing is started before the first one or `warm_up`."""

    slots = None

    def __init__(self, method: str = START):
        """method: as `multiprocessing.get_context` takes it."""
        self.context = multiprocessing.get_context(method)
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
            self.context.set_forkserver_preload(list(PRELOAD))
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
            arguments, name = (theirs, ours), f"start {self.job.path.name}"
            # in a thread of its own: nothing interrupts the wait for a server that still imports
            threading.Thread(target=self._start, args=arguments, name=name, daemon=True).start()
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

    @property
    def pid(self) -> int | None:
        """Of the process, None before it has started."""
        return self._started.result().pid if self._started.done() and not self._started.cancelled() else None

    def _start(self, theirs: connection.Connection, ours: connection.Connection) -> None:
        arguments, name = (self.job, theirs), f"run {self.job.path.name}"
        with theirs:
            process = self.executor.context.Process(target=work, args=arguments, daemon=True, name=name)
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


def search_path() -> str:
    """PYTHONPATH for a Python process that is to import this project."""
    return os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])


def work(job: Job, control: connection.Connection) -> None:
    """What a worker does, from its first line to its exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the server, which ends its workers
    try:
        control.recv_bytes()
    except EOFError:  # the job was killed before there was this process, or the server has gone
        return
    end_with(control.recv_bytes)
    with open(job.path / OUTPUT, "wb", buffering=0) as output:
        for descriptor in (1, 2):
            os.dup2(output.fileno(), descriptor)
    sys.stdout.reconfigure(line_buffering=True)
    faulthandler.enable()
    sys.exit(train_together(job) if job.processes > 1 else exit_code(lambda: carry_out(job)))


def carry_out(job: Job, world: World | None = None) -> None:
    """Load the data and train the runs in this process; ValueError or another error says what stood in the way."""
    runs, world = [RunFolder(path) for path in job.paths], world or World()
    device = pick_device(job.device)
    if device.type == "cuda" and device.index is not None:
        torch.cuda.set_device(device)
    config = runs[0].config
    dataset = load_dataset(
        config.data, data=job.data, cache=job.cache, own=job.own, size=config.model.input_size, say=print
    )
    if any((run.path / STOP).exists() for run in runs):  # asked for while the data were loaded: nothing is to be kept
        return
    if not config.race and not has_started(runs[0]) and world.size == 1:
        runs = [decided(runs[0], dataset, device, job.cache)]
    config, rate = runs[0].config, None
    for run, event in execute_race(runs, dataset, device, resume=job.resume, world=world):
        if isinstance(event, RunStarted | Resumed) and event.compile_seconds:
            remember(job.cache, run.config, device, compile_seconds=event.compile_seconds)
            print(event.notice)
        if isinstance(event, StepMetrics):
            rate = event.images_per_second
            if world.is_main and event.seconds > job.seconds:
                (run.path / STOP).write_text(json.dumps(because("ended.longest", seconds=job.seconds)))
    if rate and not config.race:  # what a network does in a race says nothing of what it does alone
        remember(job.cache, config, device, images_per_second=rate)


def decided(run: RunFolder, dataset: Dataset, device: torch.device, cache: Path) -> RunFolder:
    """The run, its configuration changed once and for all if compiling its network pays on this device."""
    found = decide(run.config, device, cache, len(dataset.split_rows(run.config.split_seed)[0]))
    if found != run.config:
        replace_file(run.path / CONFIG, lambda file: file.write(json_bytes(found.to_dict())))
    return RunFolder(run.path)


def train_together(job: Job) -> int:
    """Carry the job out in several processes under torchrun; they end when this one does: their input closes."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={job.processes}"]
    environment = os.environ | {"PYTHONPATH": search_path()}
    if job.device.startswith("cuda"):
        visible = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")
        indices = [int(device.partition(":")[2]) for device in job.devices]
        environment["CUDA_VISIBLE_DEVICES"] = ",".join(visible[i] if visible[0] else str(i) for i in indices)
    job = replace(job, devices=(job.device.partition(":")[0],))
    with subprocess.Popen(
        [*command, "-m", __name__, job.to_json()], stdin=subprocess.PIPE, env=environment, start_new_session=True
    ) as child:
        return child.wait()


def one_of_several(job: Job) -> int:
    """What each process under torchrun does; its exit code."""
    end_with(lambda: os.read(0, 1))
    try:
        world = join(job.device)
        return exit_code(lambda: carry_out(job, world))
    finally:
        leave()


def exit_code(act: Callable[[], None]) -> int:
    """0 if `act` returns; else what it raised is printed, a sentence for people last."""
    try:
        act()
    except (ValueError, Locked) as error:
        traceback.print_exc()
        print(mark(error), file=sys.stderr)
        return SAID
    except Exception:
        traceback.print_exc()
        return 1
    return 0


def end_with(wait: Callable[[], object]) -> None:
    """End this process, at once and however busy it is, when `wait` returns or finds its other end closed."""

    def watch() -> None:
        try:
            wait()
        except (EOFError, OSError):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(one_of_several(Job.from_json(sys.argv[1])))
