"""`--on jobs` of `train` and `sweep`: runs in Hugging Face jobs of the account that this machine is signed in with.

A run is followed in the terminal like one that trains here. Ctrl-C asks it to stop, which saves a checkpoint and brings
it here; a second one cancels the job. Must not depend on how a run is made.
"""

from __future__ import annotations

import argparse
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ..data.own import FOLDER
from ..engine.config import TrainConfig
from ..engine.events import End, Event
from ..hub.account import account_of, machine_token
from ..places import Places
from ..runs.folder import RunError, RunFolder
from ..runs.jobs.follow import JobExecutor, JobTask
from ..runs.jobs.parcel import check_parcel
from ..runs.jobs.service import Hardware, JobService, minutes_of
from ..runs.queue.run_queue import STOPPED, finish
from ..runs.queue.worker import Job
from .following import show, stop_on_interrupt

GLANCE = 0.3  # seconds between two looks at what has been copied


def add_arguments(group: argparse._ActionsContainer, *others: str) -> None:
    """Where it trains; others: further places."""
    group.add_argument(
        "--on",
        choices=("here", *others, "jobs"),
        default="here",
        help="here, or in a Hugging Face job of your own account, which costs what is printed first (here)",
    )
    group.add_argument("--flavor", default="t4-small", help="hardware of the job (t4-small)")
    group.add_argument("--timeout", default="30m", help="time limit of the job: 30m, 2h (30m)")


def agreed(args: argparse.Namespace) -> tuple[JobExecutor, Hardware]:
    """What carries the run out, and its price; Refusal where nobody is signed in, or there is no such hardware."""
    if args.device != "auto" or getattr(args, "no_test", False):
        raise ValueError("--device and --no-test are for training here, not for --on jobs")
    minutes = minutes_of(args.timeout)
    account = account_of(machine_token())
    hardware = JobService(account).find_hardware(args.flavor)
    return JobExecutor(account, hardware.name, minutes), hardware


def checked(config: TrainConfig) -> TrainConfig:
    """The configuration for checks that this machine can make; Refusal where a job cannot train it."""
    check_parcel(config)
    return replace(config, precision="auto") if config.precision == "fp16" else config


def follow(folder: RunFolder, job: tuple[JobExecutor, Hardware], args: argparse.Namespace, places: Places) -> int:
    """Train the run in a job, or follow the one that it has, until it has ended; the exit code of `train`."""
    executor, hardware = job
    check_parcel(folder.config)
    if not folder.meta.get("job", {}).get("open"):
        most = hardware.most(executor.minutes)
        print(
            f"a job on {hardware.title} in the account {executor.account.name}: ${hardware.per_hour:.2f} an "
            f"hour, at most ${most:.2f} in {executor.minutes} minutes",
            flush=True,
        )
    root = Path(args.runs) if args.runs else places.runs
    task = executor.task(Job(folder.path, places.cache, root / FOLDER, places.data, devices=()))
    before = folder.last_turn()
    known = sum(1 for _ in _events(folder))
    over = threading.Event()  # not the thread's end: of Python 3.11, Ctrl-C ends the wait for that for good

    errors: list[Exception] = []

    def work() -> None:
        try:
            ending = task.run()
            status: End = "stopped" if task.is_stopping else "failed"
            finish(folder, before, status, STOPPED if task.is_stopping else ending.why())
        except Exception as error:
            errors.append(error)
        finally:
            over.set()

    print(f"run {folder.path}", flush=True)
    with stop_on_interrupt(folder):
        threading.Thread(target=work, daemon=True).start()
        try:
            code = show(_arriving(folder, task, over, known), folder, quiet=args.quiet)
        except KeyboardInterrupt:
            task.kill()
            over.wait()
            raise
    if errors:  # another process trains the run, for instance
        raise errors[0]
    return code


def _arriving(folder: RunFolder, task: JobTask, over: threading.Event, known: int) -> Iterator[Event]:
    """The events that are copied here, as they come."""
    url = ""
    while True:
        working = not over.is_set()
        if task.url and not url:
            url = task.url
            print(f"job {url}", flush=True)
        for event in islice(_events(folder), known, None):
            known += 1
            yield event
        if not working:
            return
        over.wait(GLANCE)


def _events(folder: RunFolder) -> Iterator[Event]:
    """All events so far; of a damaged log those before the damage."""
    try:
        yield from folder.raw_events()
    except RunError:
        return
