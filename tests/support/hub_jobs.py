"""Jobs for the stand-in of the Hub (`hub_api`), as the installed `huggingface_hub` asks for them over HTTP.

A job's command is executed in a process of its own on this machine. Its image is a folder with a `uv` that starts the
Python it is given: the libraries are there already. A test may let jobs wait for hardware, refuse them, or kill their
processes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub_api import Answer, HubApi, Request
from hub_store import Refused

UV = """#!/bin/sh
# everything up to `python` is for the real uv
while [ "$1" != python ]; do shift; done
shift
exec "$JOB_PYTHON" "$@"
"""
HARDWARE = [
    {"name": "t4-small", "prettyName": "Nvidia T4 - small", "gpu": ("T4", "1"), "micro": 6667},
    {"name": "cpu-basic", "prettyName": "CPU Basic", "gpu": None, "micro": 167},
    {"name": "a10g-largex2", "prettyName": "2x Nvidia A10G - large", "gpu": ("A10G", "2"), "micro": 50000},
]


@dataclass
class Job:
    """One job. spec: as it was sent. process: once it has hardware. stage: as the Hub names it."""

    id: str
    owner: str
    spec: dict[str, Any]
    output: Path
    process: subprocess.Popen | None = None
    canceled: bool = False

    @property
    def stage(self) -> str:
        if self.canceled:
            return "CANCELED"
        if self.process is None:
            return "SCHEDULING"
        code = self.process.poll()
        return "RUNNING" if code is None else "COMPLETED" if code == 0 else "ERROR"

    @property
    def lines(self) -> list[str]:
        return self.output.read_text(errors="replace").splitlines() if self.output.exists() else []

    def kill(self) -> None:
        """End the whole container, as a machine that has lost its power would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def described(self) -> dict[str, Any]:
        told = {name: self.spec.get(name) for name in ("dockerImage", "command", "arguments", "environment", "flavor")}
        owner = {"id": self.owner, "name": self.owner, "type": "user"}
        status = {"stage": self.stage, "message": None}
        return told | {"id": self.id, "createdAt": "2026-11-29T20:00:00.000Z", "owner": owner, "status": status}


@dataclass
class Jobs:
    """The jobs of the stand-in. python: which new ones have. variables: of each job's environment. waiting: whether new
    ones stay without hardware. refusal: the status that new ones are refused with."""

    hub: HubApi
    folder: Path
    python: str
    variables: dict[str, str] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    waiting: bool = False
    refusal: int = 0

    def begin(self, job: Job) -> None:
        """Give a job its hardware."""
        home = self.folder / job.id
        home.mkdir(parents=True)
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        environment |= self.hub.environment(home / "hub") | self.variables
        environment |= {"TMPDIR": str(home), "JOB_PYTHON": self.python}
        environment |= job.spec.get("environment", {}) | job.spec.get("secrets", {})
        environment["PATH"] = f"{self.folder}{os.pathsep}{environment['PATH']}"
        with open(job.output, "wb") as output:
            job.process = subprocess.Popen(
                job.spec["command"], cwd=home, env=environment, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        threading.Timer(job.spec["timeoutSeconds"], self._end, (job,)).start()

    def _end(self, job: Job) -> None:
        if job.stage == "RUNNING":
            job.kill()

    def close(self) -> None:
        for job in self.jobs:
            self._end(job)


def add_jobs(hub: HubApi, folder: Path, python: str, **variables: str) -> Jobs:
    """Let the stand-in have jobs with this Python; what they write lies in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "uv").write_text(UV)
    (folder / "uv").chmod(0o755)
    jobs = Jobs(hub, folder, python, {"OMP_NUM_THREADS": "1", **variables})

    def owner(request: Request) -> str:
        who = hub.store.account(request.token)
        if who is None or who.name != request.parts["namespace"]:
            raise Refused(401 if who is None else 403, "", "not your jobs")
        return who.name

    def named(request: Request) -> Job:
        name = owner(request)
        for job in jobs.jobs:
            if job.id == request.parts["job"] and job.owner == name:
                return job
        raise Refused(404, "", "Job not found")

    one = r"/api/jobs/(?P<namespace>[^/]+)/(?P<job>[^/]+)"

    @hub.route("GET", "/api/jobs/hardware")
    def hardware(hub: HubApi, request: Request) -> Answer:
        told = []
        for machine in HARDWARE:
            gpu = machine["gpu"]
            accelerator = gpu and {
                "type": "gpu", "model": gpu[0], "quantity": gpu[1], "vram": "16 GB", "manufacturer": "Nvidia",
            }  # fmt: skip
            told.append(
                {
                    "name": machine["name"], "prettyName": machine["prettyName"], "cpu": "2 vCPU", "ram": "16 GB",
                    "ephemeralStorage": "50 GB", "accelerator": accelerator, "unitCostMicroUSD": machine["micro"],
                    "unitCostUSD": machine["micro"] / 1e6, "unitLabel": "minute",
                }
            )  # fmt: skip
        return Answer(told)

    @hub.route("POST", r"/api/jobs/(?P<namespace>[^/]+)")
    def start(hub: HubApi, request: Request) -> Answer:
        name = owner(request)
        if jobs.refusal:
            raise Refused(jobs.refusal, "", "as the test wants it")
        spec = request.json()
        number = f"{len(jobs.jobs):024x}"
        job = Job(number, name, spec, folder / f"{number}.txt")
        jobs.jobs.append(job)
        if not jobs.waiting:
            jobs.begin(job)
        return Answer(job.described())

    @hub.route("GET", one)
    def inspect(hub: HubApi, request: Request) -> Answer:
        return Answer(named(request).described())

    @hub.route("POST", one + "/cancel")
    def cancel(hub: HubApi, request: Request) -> Answer:
        job = named(request)
        if job.stage == "RUNNING":
            job.kill()
        if job.stage in ("SCHEDULING", "ERROR"):
            job.canceled = True
        return Answer(job.described())

    @hub.route("GET", one + "/logs")
    def logs(hub: HubApi, request: Request) -> Answer:
        job = named(request)

        def events() -> Any:
            for line in job.lines:
                yield f"data: {json.dumps({'data': line, 'timestamp': '2026-11-29T20:00:01.000Z'})}\n\n".encode()

        return Answer(events(), headers={"Content-Type": "text/event-stream"})

    return jobs
