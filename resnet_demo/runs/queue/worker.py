"""The process that trains: the messages it takes, and what it does with a run.

An error of the GPU, a lack of memory or a signal ends nothing but its run. It ends when its control pipe closes: the
process that started it has then ended, however it did. Must not depend on queues and owners; `executor` starts it.
"""

from __future__ import annotations

import faulthandler
import json
import math
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from io import TextIOWrapper
from multiprocessing import connection
from pathlib import Path
from typing import Any

import torch

from ...data.dataset import Dataset
from ...data.datasets import load_dataset
from ...engine.compilation import decide, remember
from ...engine.device import pick_device
from ...engine.distributed import World, join, leave
from ...engine.events import Resumed, RunStarted, StepMetrics
from ...engine.reasons import because
from ...logs import write_anything
from ..disk import disk_errors
from ..execute import execute_race, has_started
from ..files import CONFIG, OUTPUT, STOP
from ..folder import RunFolder
from ..lock import Locked
from ..writer import json_bytes, replace_file
from .endings import SAID, mark

PROJECT = Path(__file__).resolve().parents[3]
GO = b"go"  # told to a process that may begin


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
    write_anything()
    if isinstance(sys.stdout, TextIOWrapper):
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
                with disk_errors():
                    (run.path / STOP).write_text(json.dumps(because("ended.longest", seconds=job.seconds)))
    if rate and not config.race:  # what a network does in a race says nothing of what it does alone
        remember(job.cache, config, device, images_per_second=rate)


def decided(run: RunFolder, dataset: Dataset, device: torch.device, cache: Path) -> RunFolder:
    """The run, its configuration changed once and for all if compiling its network pays on this device."""
    settled = decide(run.config, device, cache, len(dataset.split_rows(run.config.split_seed)[0]))
    if settled != run.config:
        replace_file(run.path / CONFIG, lambda file: file.write(json_bytes(settled.to_dict())))
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
