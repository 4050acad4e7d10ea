"""Train all that a file names: networks × shortcuts × seeds, several at a time, and publish them for Compare.

The file is YAML: a list of groups, each a mapping of options of `train` to values; lists are multiplied. For example,
three options of shortcuts and a plain network from five seeds each:

  - model: [resnet20:A, resnet20:B, resnet20:C, plain20]
    seed: [0, 1, 2, 3, 4]
    data: cifar10
    preset: paper

Each training is a run in the folder of runs, called FILE-NAME, which the page shows. Whatever interrupts it, the same
command goes on from there; what has finished stays. Ctrl-C stops all cleanly. Examples:

  python -m resnet_demo sweep weights/published.yaml --dry-run
  python -m resnet_demo sweep weights/published.yaml --publish remade
  python -m resnet_demo sweep weights/paper.yaml --at-once 4 --publish paper
  python -m resnet_demo sweep weights/paper.yaml --on slurm --at-once 26 --slurm partition=gpu gpus_per_node=1
  python -m resnet_demo sweep weights/paper.yaml --on jobs --flavor t4-small --timeout 4h --most 50
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..engine.device import pick_device
from ..engine.reproduce import command_for
from ..errors import Refusal
from ..places import Places
from ..runs.comparison.results import network_title
from ..runs.exchange.publish import public_config, publish
from ..runs.folder import RunFolder
from ..runs.index import RunIndex
from ..runs.jobs.follow import JobExecutor
from ..runs.jobs.service import Hardware
from ..runs.queue.cluster import ClusterExecutor
from ..runs.queue.executor import Executor
from ..runs.queue.manager import RunManager
from ..runs.queue.run_queue import find_slots
from ..runs.queue.standing import Status
from . import in_job
from .data import load_data
from .sweep_file import Member, read_sweep
from .sweep_table import Planned, line, summary, table
from .train import create, prepare

SECONDS = 0.5  # between two looks at the runs
PATIENCE = 30.0  # seconds for what is ended to be gone
BUSY = ("queued", "running")
AGAIN = "the same command goes on from here"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which trainings, where, how many at a time."""
    parser.add_argument("file", metavar="FILE", help="a sweep file (YAML)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these trainings of it alone")
    parser.add_argument("--dry-run", action="store_true", help="print its commands and train nothing")
    parser.add_argument("--runs", metavar="DIR", help="where folders are made (RESNET_DEMO_RUNS, else runs/)")
    parser.add_argument("--publish", metavar="DIR", help="publish each run there once it has finished, as export does")
    parser.add_argument("--at-once", type=int, default=1, metavar="N", help="trainings at a time on each device (1)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (auto: every GPU)")
    in_job.add_arguments(parser, "slurm")
    parser.add_argument(
        "--most", type=float, metavar="DOLLARS", help="for --on jobs: what all of them together may cost at most"
    )
    parser.add_argument(
        "--slurm",
        nargs="+",
        default=[],
        metavar="KEY=VALUE",
        help="for --on slurm, as submitit takes them: partition=gpu timeout_min=120 …; N of --at-once is then that of "
        "jobs (pip install submitit)",
    )
    parser.add_argument("--quiet", action="store_true", help="no table while it trains")


def run(args: argparse.Namespace, places: Places) -> int:
    """Train what has not finished yet; 0 when all have finished or were stopped, 1 when one failed."""
    file = Path(args.file)
    members = _chosen(read_sweep(file), args.only)
    if args.dry_run:
        for member in members:
            print(f"{member.command}  # {member.name}")
        return 0
    if not 1 <= args.at_once <= 1_000:
        raise ValueError(f"--at-once must be 1 to 1,000, not {args.at_once}")
    places = replace(places, runs=Path(args.runs) if args.runs else places.runs)
    target = Path(args.publish) if args.publish else None
    left = []
    for member in members:
        if target and (target / member.name).exists():
            print(f"{target / member.name} is there already")
        else:
            left.append(member)
    job = in_job.agreed(args) if args.on == "jobs" else None
    executor, slots = executor_of(args, places)
    planned = [_planned(one, file.stem, args, places) for one in left]
    if job:
        _check_costs(planned, *job, args.most)
    manager = RunManager(places, RunIndex(places.roots), executor, slots=slots)
    try:
        states = _carry_out(planned, manager, args, places, job[0] if job else None)
    finally:
        manager.close()
    for one in planned:
        if states[one.run.id].reason:
            print(f"{one.member.name}: {states[one.run.id].state}. {states[one.run.id].reason}", file=sys.stderr)
    finished = [one for one in planned if states[one.run.id].state == "finished"]
    print(summary(finished), end="")
    if len(finished) < len(planned):
        print(f"{len(finished)} of {len(planned)} have finished; {AGAIN}")
    return int(any(state.state == "failed" for state in states.values()))


def executor_of(args: argparse.Namespace, places: Places) -> tuple[Executor | None, list[str] | None]:
    """What carries the runs out, None for processes of this machine, and its slots: a device for each at a time."""
    if args.on == "slurm":
        slots = [args.device] * args.at_once
        return ClusterExecutor(places.runs / ".cluster", slots, **_slurm(args.slurm)), slots
    if args.slurm:
        raise ValueError("--slurm goes with --on slurm")
    if args.on == "jobs":
        return None, None  # they take no device of this machine, and train all at once
    devices = find_slots() if args.device == "auto" else [args.device]
    pick_device(devices[0])  # a device that is not here is said at once
    return None, [device for device in devices for _ in range(args.at_once)]


def _check_costs(planned: Sequence[Planned], executor: JobExecutor, hardware: Hardware, most: float | None) -> None:
    """ValueError unless what the jobs that are to be started cost at most is `most` or less."""
    started = [one for one in planned if one.run.state() != "finished" and not one.run.meta.get("job", {}).get("open")]
    together = len(started) * hardware.most(executor.minutes)
    words = (
        f"{len(started)} jobs on {hardware.title} of {executor.minutes} minutes cost at most ${together:.2f} together"
    )
    if started and (most is None or most < together):
        raise ValueError(f"{words}; --most {together:.2f} accepts that")
    print(words, flush=True)


def _slurm(given: Sequence[str]) -> dict[str, Any]:
    """Parameters of submitit; a key that only Slurm has is known there by its prefix."""
    found: dict[str, Any] = {}
    for one in given:
        key, separator, value = one.partition("=")
        if not (separator and key.isidentifier() and value):
            raise ValueError(f"--slurm takes KEY=VALUE, such as partition=gpu, not {one!r}")
        shared = ("timeout_min", "mem_gb", "nodes", "cpus_per_task", "gpus_per_node", "tasks_per_node", "name")
        found[key if key in shared or key.startswith("slurm_") else f"slurm_{key}"] = (
            int(value) if value.isdecimal() else value
        )
    return found


def _chosen(members: Sequence[Member], only: Sequence[str] | None) -> list[Member]:
    names = [member.name for member in members]
    unknown = next((name for name in only or () if name not in names), None)
    if unknown:
        raise ValueError(f"the file has no training {unknown!r}; accepted are {', '.join(names)}")
    return [member for member in members if not only or member.name in only]


def _planned(member: Member, sweep: str, args: argparse.Namespace, places: Places) -> Planned:
    """The folder of a training, made where there is none; ValueError where it holds other settings than these."""
    folder = RunFolder(places.runs / f"{sweep}-{member.name}")
    if folder.path.exists():
        config, wanted = folder.config, prepare(member.options(), places, pick_device("cpu")).config
        # whether it is compiled may have been decided when it began
        differing = [
            name for name, value in wanted.to_dict().items() if name != "compile" and value != config.to_dict()[name]
        ]
        if differing:
            raise ValueError(
                f"{folder.path} was begun with other settings ({', '.join(differing)}); delete it or give the file "
                "another name"
            )
        return Planned(member, folder)
    device = pick_device(args.device if args.on == "here" else "cpu")
    made = prepare(member.options(), places, device, elsewhere=args.on == "jobs")
    return Planned(member, create(made, places.runs, folder.id, f"{sweep} {member.name}"))


def _carry_out(
    planned: Sequence[Planned],
    manager: RunManager,
    args: argparse.Namespace,
    places: Places,
    elsewhere: Executor | None,
) -> dict[str, Status]:
    """Train all that have not finished and publish those that have; how they stand in the end, by their ids."""
    ids = [one.run.id for one in planned]
    for one in planned:
        if manager.status(one.run.id).state not in ("finished", *BUSY):
            manager.resume(one.run.id, None, executor=elsewhere)
    with _interruptible():
        try:
            return _follow(planned, manager, args, places)
        except KeyboardInterrupt:
            print("stopping after this report; press Ctrl-C again to end at once", file=sys.stderr)
            for run_id in reversed(ids):  # those that wait first: none of them is to begin
                try:
                    manager.stop(run_id, None)
                except Refusal:  # it has ended
                    continue
            try:
                return _follow(planned, manager, args, places)
            except KeyboardInterrupt:
                _end(manager)
                raise


def _end(manager: RunManager) -> None:
    """End all that trains, elsewhere too, and wait for it a little."""
    until = time.monotonic() + PATIENCE
    for entry in manager.queue.training():
        entry.kill()
    while manager.queue.training() and time.monotonic() < until:
        time.sleep(SECONDS)


def _follow(
    planned: Sequence[Planned], manager: RunManager, args: argparse.Namespace, places: Places
) -> dict[str, Status]:
    """Wait until none of them waits or trains; print how they stand whenever that changes."""
    drawn, known = 0, dict[str, str]()
    while True:
        found = {one.run.id: manager.status(one.run.id) for one in planned}
        if sys.stdout.isatty() and not args.quiet:
            lines = table([(one, found[one.run.id]) for one in planned], shutil.get_terminal_size())
            print(f"\x1b[{drawn}F\x1b[J" * bool(drawn) + "\n".join(lines), flush=True)
            drawn = len(lines)
        elif not args.quiet:
            for one in planned:
                state = found[one.run.id].state
                if known.get(one.run.id) != state and (state != "queued" or not known):
                    print(line(one, found[one.run.id]), flush=True)
                known[one.run.id] = state
        for one in planned if args.publish else ():
            target = Path(args.publish) / one.member.name
            if found[one.run.id].state == "finished" and not target.exists():
                _publish(one, target, args, places)
                drawn = 0
        if not any(one.state in BUSY for one in found.values()):
            return found
        time.sleep(SECONDS)


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM does what Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _publish(one: Planned, target: Path, args: argparse.Namespace, places: Places) -> None:
    """Publish a run as `export` does, and say how its accuracies compare with those of a published run of its name."""
    published = RunFolder(places.weights / one.member.name)
    before = published.manifest if published.path.is_dir() and not published.damage else None
    config = one.run.config
    target.parent.mkdir(parents=True, exist_ok=True)
    manifest = publish(
        one.run,
        target,
        load_data(config.data, config.model.input_size, places),
        pick_device(args.device if args.on == "here" else "cpu"),
        command=f"{command_for(public_config(config))} --id {one.member.name}",
        title=f"{network_title(config.model)}, {config.data}",
        with_weights=one.member.weights,
    )
    for name, accuracy in manifest["accuracy"].items():
        beside = _beside(before["accuracy"].get(name), accuracy) if before else ""
        print(f"{one.member.name}: {name:14s} {accuracy['accuracy']:7.2%}   {beside}".rstrip())


def _beside(before: Mapping[str, Any] | None, accuracy: Mapping[str, Any]) -> str:
    if before is None:
        return "published without this set"
    same = all(before[key] == accuracy[key] for key in ("n", "correct"))
    return f"published {before['accuracy']:.2%}{', the same' if same else ''}"
