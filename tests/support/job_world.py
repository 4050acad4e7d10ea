"""A server with a manager of runs, the stand-in for the Hub with jobs, and somebody's account there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from hub_api import HubApi, as_the_hub
from hub_jobs import Job, Jobs, add_jobs
from managed import make_manager, make_places, wait_until

from resnet_demo.data.datasets import load_dataset
from resnet_demo.engine.config import TrainConfig
from resnet_demo.hub.account import Account, account_of
from resnet_demo.models import ModelSpec
from resnet_demo.places import Places
from resnet_demo.runs.files import RESUME
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.jobs import follow, parcel
from resnet_demo.runs.jobs.follow import JobExecutor
from resnet_demo.runs.queue.manager import RunManager

TOKEN = "hf_visitors_secret"


@dataclass
class World:
    """A server with a manager, the Hub and its jobs, and somebody's account."""

    hub: HubApi
    jobs: Jobs
    places: Places
    manager: RunManager
    account: Account

    def executor(self, minutes: int = 30) -> JobExecutor:
        return JobExecutor(self.account, "cpu-basic", minutes)

    def begin(self, config: TrainConfig) -> RunFolder:
        return self.manager.submit(config, executor=self.executor()).run

    def ended(self, run: RunFolder) -> tuple[str, str]:
        wait_until(lambda: self.manager.status(run.id).state not in ("queued", "running"))
        wait_until(lambda: not self.manager.queue.trains(run.id))
        status = self.manager.status(run.id)
        return status.state, status.reason

    def reported(self, run: RunFolder) -> Job:
        """Wait until the run has a report, and a checkpoint, that came from its job."""
        wait_until(lambda: run.last_report() and (run.path / RESUME).exists())
        return self.jobs.jobs[-1]

    def restart(self) -> None:
        """Close the server and start it again."""
        self.manager.close()
        self.manager = make_manager(self.places)

    @property
    def repositories(self) -> list[str]:
        return [repo.id for repo in self.hub.store.repos.values()]


@contextmanager
def job_world(monkeypatch, root: Path, drawn: Path, python: str) -> Iterator[World]:
    """drawn: a cache with the drawn data set. python: which jobs have."""
    monkeypatch.setattr(follow, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(parcel, "PACKAGES", ("torch",))
    places = replace(make_places(root), cache=drawn)
    with as_the_hub(monkeypatch, root / "home") as hub:
        hub.add_account(TOKEN, "ada")
        jobs = add_jobs(hub, root / "jobs", python, RESNET_DEMO_JOB_SECONDS="0.1", RESNET_DEMO_CACHE=str(drawn))
        world = World(hub, jobs, places, make_manager(places), account_of(TOKEN))
        yield world
        world.manager.close()
        jobs.close()


def config_of(drawn: Path, **changes) -> TrainConfig:
    config = TrainConfig(
        ModelSpec.from_name("resnet8"), data="shapes", length=8, unit="steps", batch_size=16, precision="fp32",
        threads=1, checkpoint_seconds=0.2,
    )  # fmt: skip
    return replace(config.for_dataset(load_dataset("shapes", cache=drawn)), **changes)
