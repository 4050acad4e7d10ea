"""Drill: a disk for runs that fills up before, while and after a run begins."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from outcome import Outcome
from server import Server, wait_until
from visitor import Refusal, Unexpected, Visitor

SIZE = 24 * 2**20  # bytes of the whole disk
FREE = (0, 4_096, 16_384, 65_536, 262_144, 524_288, 1_048_576, 2_097_152, 4_194_304)  # bytes that are left for a run
BLOCK = 4_096


def drill(root: Path) -> Outcome:
    """One run for each amount of free space, one with the disk filled while it trains, and one when there is room."""
    outcome, small = Outcome("full disk"), root / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(small)], capture_output=True)
    if mounted.returncode:
        outcome.name += ": not tried, a small disk cannot be mounted here"
        return outcome
    try:
        with Server(root, settings={"RESNET_DEMO_RUNS": str(small / "runs")}) as server:
            with Visitor(server.address) as visitor:
                outcome.check("room before", *finishes(visitor))
                outcome.look(server)
                for free in FREE:
                    outcome.check(f"{free:,} bytes free", *with_free(server, visitor, small, free))
                outcome.check("filled while training", *filled_while_training(server, visitor, small))
                outcome.check("room again", *finishes(visitor))
                outcome.look(server)
    finally:
        subprocess.run(["umount", str(small)], check=True)
    return outcome


def with_free(server: Server, visitor: Visitor, small: Path, free: int) -> list[str]:
    """What is not in order after a run on a disk with so little room."""
    before = {path.name for path in server.runs.iterdir()}
    fill(small, free)
    try:
        return ended_in_order(server, visitor, before, start(visitor, 200))
    finally:
        empty(server, small, before)


def filled_while_training(server: Server, visitor: Visitor, small: Path) -> list[str]:
    before = {path.name for path in server.runs.iterdir()}
    made = start(visitor, 2_000)
    if isinstance(made, Exception):
        return [str(made)]
    time.sleep(3)
    fill(small, 0)
    try:
        return ended_in_order(server, visitor, before, made)
    finally:
        empty(server, small, before)


def start(visitor: Visitor, steps: int) -> dict | Exception:
    """A new run, or what is answered instead of one."""
    try:
        return visitor.train(steps, "steps")
    except (Refusal, Unexpected) as error:
        return error


def ended_in_order(server: Server, visitor: Visitor, before: set[str], made: dict | Exception) -> list[str]:
    """A refusal leaves nothing; a run ends, says why in a sentence if it failed, and can be read."""
    wrong = server.tracebacks()
    try:
        visitor.call("models")
    except (Refusal, Unexpected) as error:
        wrong.append(f"/models: {error}")
    if isinstance(made, Exception):
        wrong += [str(made)] * isinstance(made, Unexpected)
        left = {path.name for path in server.runs.iterdir() if path.is_dir() and path.name[0] != "."} - before
        return wrong + [f"left behind: {name}" for name in left]
    now: dict = {}

    def has_ended() -> bool:
        now.update(visitor.call("run", made["run"]))
        return now["state"] not in ("queued", "running")

    try:
        if not wait_until(has_ended):
            wrong.append(f"it is {now.get('state')}")
    except (Refusal, Unexpected) as error:
        return [*wrong, str(error)]
    if now["state"] == "failed" and "\n" in (reason := now["reason"]).strip():
        wrong.append(f"its reason is no sentence: {reason[:300]!r}")
    return wrong


def finishes(visitor: Visitor) -> list[str]:
    """What keeps a small run from being finished."""
    try:
        made = visitor.train(20, "steps")
        wait_until(lambda: visitor.call("run", made["run"])["state"] not in ("queued", "running"))
        now = visitor.call("run", made["run"])
    except (Refusal, Unexpected) as error:
        return [str(error)]
    return [] if now["state"] == "finished" else [f"it is {now['state']}: {now['reason']}"]


def fill(small: Path, free: int) -> None:
    """Leave so many bytes of the disk."""
    left = shutil.disk_usage(small).free - free
    with open(small / "filler", "ab", buffering=0) as file:
        try:
            while left > 0:
                left -= file.write(bytes(min(left, BLOCK)))
        except OSError:  # full, sooner than it said
            pass


def empty(server: Server, small: Path, before: set[str]) -> None:
    """As it was before the run."""
    (small / "filler").unlink()
    for path in server.runs.iterdir():
        if path.name not in before and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
