"""The page in a process of its own for the drills: started, killed, and looked at from outside.

Depends on the benchmarks' `serving` for processes and ports, and on nothing of the project.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from serving import PROJECT, family, free_port, listens, resident

PATIENCE = 300  # seconds for a server to listen, or for its processes to go


@dataclass
class Server:
    """`app.py` on folders below `root`, which outlive it. options: of its command line. settings: environment."""

    root: Path
    options: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen | None = None
    read_to: int = 0  # of the log

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def runs(self) -> Path:
        return Path(self.settings.get("RESNET_DEMO_RUNS", self.root / "runs"))

    @property
    def log(self) -> Path:
        """What all its processes printed, since the first start."""
        return self.root / "server.log"

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it and wait until it answers; RuntimeError if it ends instead."""
        self.port = free_port()
        folders = {f"RESNET_DEMO_{name.upper()}": str(self.root / name) for name in ("runs", "cache")}
        folders |= {"GRADIO_TEMP_DIR": str(self.root / "uploads"), "TMPDIR": str(self.root / "tmp")}
        for name in ("tmp", "uploads"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(PROJECT / "app.py"), "--port", str(self.port), *self.options]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env=os.environ | folders | self.settings, stdout=log, stderr=log
            )
        until = time.monotonic() + PATIENCE
        while not listens(self.port):
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start: {self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it without a word, as a lack of memory does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def processes(self, kind: str) -> list[int]:
        """Its descendants: "fork server", or "worker" (a child of the fork server that trains)."""
        return [pid for pid in family(self.process.pid) - {self.process.pid} if kind_of(pid) == kind]

    def memory(self) -> float:
        """MB of all its processes."""
        return resident(self.process.pid)

    def files(self) -> int:
        """How many files lie in its folders, the log apart."""
        folders = {self.root, self.runs}
        return sum(path.is_file() for folder in folders for path in folder.rglob("*")) - 1

    def open_files(self) -> int:
        """File descriptors that the server's own process holds."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def tracebacks(self) -> list[str]:
        """Exceptions that nobody had expected, printed since this was asked last: their last lines."""
        with open(self.log, errors="replace") as log:
            log.seek(self.read_to)
            parts = log.read().split("Traceback (most recent call last):\n")[1:]
            self.read_to = log.tell()
        return [f"traceback: {last_line(part)}" for part in parts]


def last_line(traceback: str) -> str:
    """The line that names the exception: the first that is not indented."""
    return next((line for line in traceback.splitlines() if line[:1].strip()), "")[:200]


def kind_of(pid: int) -> str:
    """What a process of the server does: multiprocessing names neither, but a worker's parent is the fork server."""
    words = command(pid)
    if "multiprocessing.forkserver" not in words:
        return "other"
    parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    return "worker" if "multiprocessing.forkserver" in command(int(parent)) else "fork server"


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:  # has ended
        return ""


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def alive(pid: int) -> bool:
    """Whether a process still runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds: float = PATIENCE) -> bool:
    """Whether the condition came true in time."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
