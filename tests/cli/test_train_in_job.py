"""`train --on jobs`, against a stand-in for the Hub that executes jobs on this machine."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable

import pytest
from job_world import World, config_of
from managed import make_pictures, wait_until
from tiny import ENDLESS

from resnet_demo.cli import main
from resnet_demo.runs.folder import RunFolder

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.name == "nt", reason="the stand-in's image has a shell"),
    pytest.mark.usefixtures("signed_in"),
]

TRAIN = ["train", "--model", "resnet8", "--data", "shapes", "--precision", "fp32", "--threads", "1", "--quiet"]
JOB = ["--on", "jobs", "--flavor", "cpu-basic", "--timeout", "10m"]


def only_run(world: World) -> RunFolder:
    (path,) = [path for path in world.places.runs.iterdir() if not path.name.startswith(".")]
    return RunFolder(path)


def test_it_says_what_it_costs_and_follows_the_job(world, capsys):
    assert main([*TRAIN, "--steps", "6", "--batch-size", "16", *JOB], world.places) == 0
    told = capsys.readouterr().out
    cost, run, job, *_ = told.splitlines()
    assert cost == "a job on CPU Basic in the account ada: $0.01 an hour, at most $0.01 in 10 minutes"
    assert run.startswith("run ") and job.startswith(f"job {world.hub.address}/jobs/ada/")
    assert "validation loss" in told and "finished after 6 steps" in told and "test" in told
    assert only_run(world).state() == "finished" and world.repositories == []


@pytest.fixture
def interrupting(world):
    """`interrupting(act)` carries `act` out in a thread once the run that the command begins has reported. Interrupts
    are heeded meanwhile, which whoever runs the suite may not do."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def start(act: Callable[[], None]) -> None:
        def work() -> None:
            wait_until(lambda: world.jobs.jobs and only_run(world).last_report())
            act()

        threading.Thread(target=work, daemon=True).start()

    yield start
    signal.signal(signal.SIGINT, before)


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)  # which the main thread gets


def test_ctrl_c_stops_the_run(world, interrupting, capsys):
    interrupting(interrupt)
    assert main([*TRAIN, "--seconds", "3000", *JOB], world.places) == 0
    assert re.search(r"stopped after \d+ steps", capsys.readouterr().out)
    assert only_run(world).state() == "stopped" and not only_run(world).meta["job"]["open"]
    assert world.repositories == []


def test_a_second_ctrl_c_cancels_a_job_that_does_not_answer(world, interrupting):
    world.jobs.python = sys.executable  # whose processes are those that are stopped

    def act() -> None:
        (job,), (repository,) = world.jobs.jobs, world.repositories
        os.killpg(job.process.pid, signal.SIGSTOP)
        interrupt()
        wait_until(lambda: "stop" in world.hub.repo(repository).files)
        interrupt()

    interrupting(act)
    assert main([*TRAIN, "--seconds", "3000", *JOB], world.places) == 130
    assert world.jobs.jobs[0].stage == "CANCELED" and world.repositories == []


def test_a_job_that_was_left_is_followed_again(world, capsys):
    run = world.begin(config_of(world.places.cache, **ENDLESS))
    world.reported(run)
    world.manager.close()
    assert main(["train", "--resume", str(run.path)], world.places) == 2
    assert "sign in as ada" in capsys.readouterr().err
    world.hub.repo(world.repositories[0]).commit(
        "main", "Stop", {**world.hub.repo(world.repositories[0]).files, "stop": b""}
    )
    assert main(["train", "--resume", str(run.path), "--quiet", *JOB], world.places) == 0
    told = capsys.readouterr().out
    assert "an hour" not in told and "stopped after" in told and len(world.jobs.jobs) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--flavor", "warp-drive"], "there are cpu-basic, t4-small"),
        (["--timeout", "1m"], "5 to 480 minutes"),
        (["--device", "cpu"], "for training here"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(world, capsys, options, words):
    assert main([*TRAIN, *JOB, *options], world.places) == 2
    assert words in capsys.readouterr().err
    assert not world.places.runs.exists() and not world.repositories and not world.jobs.jobs


def test_images_in_a_folder_stay_here(world, capsys, tmp_path):
    pictures = make_pictures(tmp_path / "pictures")
    assert main([*TRAIN, "--data", str(pictures), *JOB], world.places) == 2
    assert "a folder of this machine" in capsys.readouterr().err and not world.repositories


def test_nobody_is_signed_in(world, capsys, monkeypatch):
    monkeypatch.delenv("HF_TOKEN")
    assert main([*TRAIN, *JOB], world.places) == 2
    assert "hf auth login" in capsys.readouterr().err


def test_a_job_that_is_refused(world, capsys):
    world.jobs.refusal = 402
    assert main([*TRAIN, *JOB], world.places) == 1
    assert "no credit" in capsys.readouterr().out and world.repositories == []


def test_a_run_that_another_process_trains(world, capsys):
    world.jobs.waiting = True
    run = world.begin(config_of(world.places.cache, **ENDLESS))
    wait_until(lambda: world.jobs.jobs)
    assert main(["train", "--resume", str(run.path), "--quiet", *JOB], world.places) == 2
    assert "being written by another process" in capsys.readouterr().err
