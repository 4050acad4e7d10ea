"""Drill: SIGKILL worker, fork server and page at random moments; every run can be gone on with, nothing trains on."""

from __future__ import annotations

import random
import time
from pathlib import Path

from managed import make_manager
from outcome import Outcome
from server import Server, alive, kill, wait_until
from serving import family
from visitor import Refusal, Unexpected, Visitor

from resnet_demo.places import Places
from resnet_demo.runs.files import LOCK
from resnet_demo.runs.folder import RunError, RunFolder
from resnet_demo.runs.lock import is_locked

TARGETS = ("worker", "fork server", "page")
STEPS = 400  # of 32 images: some seconds, so that a kill may come before, in and after training
LONGEST = 6.0  # seconds until a kill
GONE = 30.0  # seconds for what a dead page has left to end


def drill(root: Path, times: int, seed: int) -> Outcome:
    """`times` kills, the targets in turn."""
    outcome, moments, runs = Outcome("kill worker, fork server, page"), random.Random(seed), []
    server = Server(root)
    server.start()
    try:
        outcome.look(server)
        for number in range(times):
            target = TARGETS[number % len(TARGETS)]
            run, wrong = one_kill(server, target, moments.uniform(0, LONGEST))
            runs.append(run)
            outcome.check(f"{target}, {run.id if run else 'no run'}", *wrong)
        outcome.look(server)
    finally:
        server.kill()
    for run in filter(None, runs):
        if wrong := goes_on(server, run):
            outcome.problems.append(f"{run.id}: {wrong}")
    return outcome


def one_kill(server: Server, target: str, after: float) -> tuple[RunFolder | None, list[str]]:
    """Start a run, kill `target` after so many seconds, and say what is not in order then."""
    wrong: list[str] = []
    with Visitor(server.address) as visitor:
        try:
            made = visitor.train(STEPS, "steps")
        except (Refusal, Unexpected) as error:
            return None, [f"no run: {error}"]
        run = RunFolder(server.runs / made["run"])
        time.sleep(after)
        if target == "page":
            before = family(server.process.pid)
            server.kill()
            if not wait_until(lambda: not any(map(alive, before)), GONE):
                wrong.append("processes were left behind")
            server.start()
        else:
            for pid in server.processes(target):
                kill(pid)
    with Visitor(server.address) as visitor:
        settled = wait_until(lambda: state(visitor, run) not in ("queued", "running"))
        now = state(visitor, run)
        if not settled or now not in ("finished", "failed", "interrupted"):
            wrong.append(f"it is {now}")
        if is_locked(run.path / LOCK):
            wrong.append("its lock is held")
        try:
            run.events()
        except RunError as error:
            wrong.append(str(error))
        wrong += server.tracebacks()
    return run, wrong


def state(visitor: Visitor, run: RunFolder) -> str:
    try:
        return visitor.call("run", run.id)["state"]
    except (Refusal, Unexpected) as error:
        return f"unknown ({error})"


def goes_on(server: Server, run: RunFolder) -> str:
    """Go on with a run that did not finish, on another manager; what is wrong with that, or ""."""
    if run.state() == "finished":
        return ""
    places = Places(data=None, cache=server.root / "cache", runs=server.runs, weights=server.root / "none")
    manager = make_manager(places)
    try:
        manager.resume(run.id, None)
        wait_until(lambda: manager.status(run.id).state not in ("queued", "running"))
        status = manager.status(run.id)
        return "" if status.state == "finished" else f"resumed, it is {status.state}: {status.reason}"
    except RunError as error:
        return f"it cannot be resumed: {error}"
    finally:
        manager.close()
