"""A page in a process of its own, for benchmarks and drills. Depends on nothing of the project."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
HELLO = (sys.executable, str(HERE / "hello.py"))
APP = (sys.executable, str(PROJECT / "app.py"), "--port")


@contextmanager
def served(command: tuple[str, ...], settings: Mapping[str, str]) -> Iterator[str]:
    """The address of `command PORT`, as soon as somebody listens there; RuntimeError if it ends instead.

    The process has the `settings` beside our environment and ends with the block.
    """
    port = free_port()
    process = subprocess.Popen([*command, str(port)], cwd=PROJECT, env=os.environ | settings, stdout=subprocess.DEVNULL)
    try:
        while not listens(port):
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def family(pid: int) -> set[int]:
    """A process and all its descendants."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:  # has ended meanwhile
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def resident(pid: int) -> float:
    """MB of a process and of its descendants (shared pages counted once by `Pss`)."""
    total = 0
    for one in family(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024
