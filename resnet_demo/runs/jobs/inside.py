"""What runs in a job: `python -m resnet_demo train`, and beside it this, which sends the run to the job's repository.

Whatever changed in the run's folder is one commit, every few seconds at first and at most once a minute later: the Hub
takes about a hundred commits an hour. A file `stop` in the repository asks the run to stop, as does the job's time
limit, so that a checkpoint is saved and sent in time. Imports nothing heavy: PyTorch is in the process that trains.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from ...engine.reasons import because
from ...errors import Refusal
from ...hub.account import Account
from ..files import EPOCHS, LABELS, LOG, OUTPUT, PREDICTIONS, RESUME, STOP, WEIGHTS
from .repository import ENDED, RUN, RUNS, STARTED
from .repository import STOP as REQUEST
from .service import JobService, Lost, Missing

SECONDS = float(os.environ.get("RESNET_DEMO_JOB_SECONDS", "5"))  # between two looks; tests have less time
RAREST = 60.0  # seconds between two commits at most
SHARE = 20  # a commit waits for this part of the time that has passed since the start
BYTES_A_SECOND = 2**20  # of weights, on average: each version is kept until the repository is deleted
FINAL = 300.0  # seconds to send the end in
MARGIN = 60.0  # seconds before the job's time limit at which the run is asked to stop, or a tenth of the limit


class Sender:
    """The run's folder and what has been sent of it."""

    def __init__(self, service: JobService, repository: str, run: Path):
        self.service, self.repository, self.run = service, repository, run
        self.sent = {name: self._version(name) for name in self._names()}  # it came from there
        self._weights_at = 0.0

    def send(self, ended: int | None = None) -> bool:
        """Send what has changed, in one commit; whether there was anything. ended: exit code of the training."""
        versions = {name: self._version(name) for name in self._names()}
        changed = [name for name, version in versions.items() if self.sent.get(name) != version]
        heavy = [name for name in changed if name in (RESUME, WEIGHTS)]
        if ended is None and time.monotonic() < self._weights_at:
            changed = [name for name in changed if name not in heavy]
        # a log may say more than the checkpoint beside it, never less: it is read after the checkpoint
        files: dict[str, bytes | Path] = {}
        for name in changed:
            files[f"{RUN}/{name}"] = (self.run / name).read_bytes()
        if ended is not None:
            files[ENDED] = json.dumps({"exit": ended}).encode()
        if not files:
            return False
        began = time.monotonic()
        self.service.send(self.repository, files, "Training")
        self.sent |= {name: versions[name] for name in changed}
        if set(heavy) & set(changed):
            size = sum(len(content) for content in files.values() if isinstance(content, bytes))
            self._weights_at = began + size / BYTES_A_SECOND
        return True

    def _names(self) -> list[str]:
        """In the order in which they are read: an epoch's file and the predictions are there before the log says so."""
        epochs = sorted(f"{EPOCHS}/{path.name}" for path in (self.run / EPOCHS).glob("*.npz"))
        names = (RESUME, WEIGHTS, LOG, *epochs, PREDICTIONS, LABELS, OUTPUT)
        return [name for name in names if (self.run / name).is_file()]

    def _version(self, name: str) -> tuple[int, int]:
        facts = (self.run / name).stat()
        return facts.st_mtime_ns, facts.st_size


def train(home: Path, repository: str, minutes: float) -> int:
    """Train the run and send it until it has ended; the exit code of the training."""
    run = home / RUN
    service = JobService(Account(repository.partition("/")[0], os.environ["HF_TOKEN"]))
    sender = Sender(service, repository, run)
    began = float(os.environ.get(STARTED) or time.time())
    until = began + 60 * minutes - min(MARGIN, 6 * minutes)
    environment = {"RESNET_DEMO_CACHE": str(home / "cache"), **os.environ, "RESNET_DEMO_RUNS": str(home / RUNS)}
    command = [sys.executable, "-m", "resnet_demo", "train", "--resume", str(run), "--quiet"]
    signal.signal(signal.SIGTERM, lambda *_: (run / STOP).touch())  # a job that is ended may be given a moment
    shown = 0
    with (
        open(run / OUTPUT, "wb", buffering=0) as output,
        subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment) as child,
    ):
        commit_at = 0.0
        while child.poll() is None:
            try:
                child.wait(SECONDS)
                break
            except subprocess.TimeoutExpired:
                pass
            shown = _show(run / OUTPUT, shown)
            try:
                if time.time() > until:
                    (run / STOP).write_text(json.dumps(because("ended.job_time", minutes=minutes)))
                elif service.has(repository, REQUEST):
                    (run / STOP).touch()
                if time.monotonic() >= commit_at and sender.send():
                    pause = min(RAREST, max(SECONDS, (time.time() - began) / SHARE))
                    commit_at = time.monotonic() + pause
            except Missing:  # nobody wants it any more
                child.terminate()
                print("the repository is gone", flush=True)
                return 1
            except (Lost, Refusal) as error:  # training goes on, and the next time sends it all
                print(f"(nothing can be sent to the Hub now: {error})", flush=True)
    _show(run / OUTPUT, shown)
    _send_end(sender, child.returncode, time.monotonic() + FINAL)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _send_end(sender: Sender, code: int, until: float) -> None:
    pause = 1.0
    while True:
        try:
            sender.send(ended=code)
            return
        except Lost:
            if time.monotonic() > until:
                raise
            time.sleep(pause)
            pause = min(30.0, 2 * pause)


def _show(output: Path, shown: int) -> int:
    """Print what the training has printed since; it is the job's log."""
    content = output.read_bytes()[shown:]
    sys.stdout.write(content.decode(errors="replace"))
    sys.stdout.flush()
    return shown + len(content)


if __name__ == "__main__":
    where, name, _, limit = sys.argv[1:]
    sys.exit(train(Path(where), name, float(limit)))
