"""Runs in somebody's account, against a stand-in for the Hub that executes jobs on this machine."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import replace

import pytest
import torch
from job_world import TOKEN, config_of
from managed import make_manager, wait_until
from tiny import ENDLESS

from resnet_demo.engine.config import TrainConfig
from resnet_demo.engine.events import EpochDone, Resumed, RunFinished, RunStarted, StepMetrics
from resnet_demo.errors import Refusal
from resnet_demo.hub.account import account_of
from resnet_demo.models import ModelSpec
from resnet_demo.runs.files import RESUME, WEIGHTS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.jobs import parcel, repository
from resnet_demo.runs.jobs.follow import JobExecutor
from resnet_demo.runs.jobs.service import JobService, minutes_of
from resnet_demo.runs.queue.limits import Limits

pytestmark = [pytest.mark.timeout(600), pytest.mark.skipif(os.name == "nt", reason="the stand-in's image has a shell")]


def weights(run: RunFolder) -> bytes:
    return (run.path / WEIGHTS).read_bytes()


def test_a_run_trains_in_a_job_and_is_followed(world, drawn, caplog):
    caplog.set_level(logging.DEBUG)
    run = world.begin(config_of(drawn))
    assert world.ended(run) == ("finished", "")
    kinds = [type(event) for event in run.raw_events()]
    assert kinds[0] is RunStarted and kinds[-1] is RunFinished and StepMetrics in kinds and EpochDone in kinds
    assert run.predictions() and all(run.has_epoch(event) for event in run.events() if isinstance(event, EpochDone))

    spec = world.jobs.jobs[0].spec
    assert spec["flavor"] == "cpu-basic" and spec["timeoutSeconds"] == 1800 and spec["secrets"] == {"HF_TOKEN": TOKEN}
    assert TOKEN not in json.dumps({**spec, "secrets": {}})
    here = [path.read_bytes() for path in run.path.rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in content for content in here) and TOKEN not in caplog.text + repr(world.executor())

    assert world.repositories == [], "the repository is deleted once everything is here"
    note = run.meta["job"]
    assert (note["account"], note["flavor"], note["open"], note["left"]) == ("ada", "cpu-basic", False, False)

    here = world.manager.submit(run.config).run
    assert world.ended(here)[0] == "finished"
    assert weights(run) == weights(here)


def test_a_run_is_followed_whatever_happens_here_and_stops_when_asked(world, drawn):
    run = world.begin(config_of(drawn, **ENDLESS))
    job = world.reported(run)
    assert world.manager.status(run.id).state == run.state() == "running"
    goes_on(run)

    # the network is lost and comes back
    world.hub.down = True
    asked = len(world.hub.asked)
    wait_until(lambda: len(world.hub.asked) > asked + 3)
    assert world.manager.status(run.id).state == "running"
    world.hub.down = False
    goes_on(run)

    # the server is closed and started again
    world.restart()
    assert job.stage == "RUNNING" and world.manager.status(run.id).state == "interrupted"
    with pytest.raises(Refusal, match="sign in as ada"):
        world.manager.resume(run.id, None)
    world.hub.add_account("hf_other", "bob")
    world.manager.resume(run.id, None, executor=JobExecutor(account_of("hf_other")))
    assert "sign in as ada" in world.ended(run)[1]
    assert run.meta["job"]["open"] and job.stage == "RUNNING"
    world.manager.resume(run.id, None, executor=JobExecutor(world.account))
    goes_on(run)

    # the sign-in expires
    ada = world.hub.store.accounts.pop(TOKEN)
    state, reason = world.ended(run)
    assert state == "failed" and "sign in again" in reason and run.meta["job"]["open"]
    world.hub.store.accounts[TOKEN] = ada
    world.manager.resume(run.id, None, executor=JobExecutor(world.account))
    goes_on(run)

    world.manager.stop(run.id, None)
    assert world.ended(run)[0] == "stopped"
    saved = torch.load(run.path / RESUME, weights_only=True)["step"]
    assert run.last_turn().step == saved, "it saved a checkpoint, and that was sent"
    assert world.repositories == [] and not run.meta["job"]["open"]
    wait_until(lambda: job.stage == "COMPLETED")
    assert len(world.jobs.jobs) == 1, "no other job was started"
    steps = [event.step for event in run.raw_events() if isinstance(event, StepMetrics)]
    assert steps == sorted(set(steps))


def goes_on(run: RunFolder) -> None:
    """Wait for another report."""
    step = run.last_report().step
    wait_until(lambda: run.last_report().step > step)


def test_what_a_job_began_continues_here_when_it_dies_and_the_other_way_round(world, drawn):
    config = config_of(drawn, length=120, batch_size=4, checkpoint_seconds=0.0)
    whole = world.manager.submit(config).run
    assert world.ended(whole)[0] == "finished"

    run = world.begin(config)
    world.reported(run).kill()
    state, reason = world.ended(run)
    assert state == "failed" and "Its last lines say more" in reason and "\nrun …/run" in reason
    assert world.repositories == [] and not run.meta["job"]["open"]
    step = torch.load(run.path / RESUME, weights_only=True)["step"]
    assert step < 120
    world.manager.resume(run.id, None)
    assert world.ended(run)[0] == "finished"
    (resumed,) = (event for event in run.raw_events() if isinstance(event, Resumed))
    assert resumed.step == step and weights(run) == weights(whole)

    run = world.manager.submit(config).run
    wait_until(run.last_report)
    world.manager.stop(run.id, None)
    assert world.ended(run)[0] == "stopped" and run.last_turn().step < 120
    world.manager.resume(run.id, None, executor=world.executor())
    assert world.ended(run) == ("finished", "")
    assert weights(run) == weights(whole)
    assert sum(isinstance(event, Resumed) for event in run.raw_events()) == 1


def test_an_error_of_the_training_is_told_as_here(world, drawn):
    run = world.begin(config_of(drawn, fingerprint="of other images"))
    state, reason = world.ended(run)
    assert state == "failed" and reason.startswith("resnet_demo train: ") and "\n" not in reason


def test_a_job_that_ended_while_the_server_was_closed_is_fetched(world, drawn):
    run = world.begin(config_of(drawn))
    wait_until(lambda: world.jobs.jobs)
    world.restart()
    wait_until(lambda: world.jobs.jobs[0].stage == "COMPLETED")
    assert run.state() == "interrupted"
    world.manager.resume(run.id, None, executor=JobExecutor(world.account))
    assert world.ended(run) == ("finished", "") and run.predictions()


def test_a_job_whose_repository_is_gone_is_given_up_and_the_run_continues_here(world, drawn):
    run = world.begin(config_of(drawn, **ENDLESS))
    job = world.reported(run)
    world.restart()
    world.hub.store.repos.clear()
    wait_until(lambda: job.stage == "ERROR", "it trains for nobody")
    world.manager.resume(run.id, None, executor=JobExecutor(world.account))
    assert "no longer in the account" in world.ended(run)[1]
    world.manager.resume(run.id, None)
    wait_until(lambda: isinstance(run.last_turn(), Resumed))


def test_a_run_that_is_stopped_before_its_job_has_hardware_costs_nothing(world, drawn):
    world.jobs.waiting = True
    run = world.begin(config_of(drawn))
    wait_until(lambda: world.jobs.jobs)
    world.manager.stop(run.id, None)
    assert world.ended(run)[0] == "stopped"
    assert world.jobs.jobs[0].stage == "CANCELED" and world.repositories == []


@pytest.mark.parametrize(
    ("status", "words"), [(401, "sign in again"), (402, "no credit"), (403, "allow jobs"), (400, "refused")]
)
def test_a_job_that_is_refused_ends_in_a_sentence(world, drawn, status, words):
    world.jobs.refusal = status
    run = world.begin(config_of(drawn))
    state, reason = world.ended(run)
    assert state == "failed" and words in reason and "\n" not in reason
    assert world.repositories == [] and not run.meta["job"]["open"]
    assert world.manager.status(run.id).code.startswith("job."), "other languages have the sentence, too"


def test_a_job_stops_in_time_for_its_limit(world, drawn, monkeypatch):
    command = parcel.command
    monkeypatch.setattr(parcel, "command", lambda *given: command(*given[:2], 0.06))
    run = world.begin(config_of(drawn, **ENDLESS))
    state, reason = world.ended(run)
    assert state == "stopped" and "time limit" in reason
    assert torch.load(run.path / RESUME, weights_only=True)["step"] == run.last_turn().step


def test_a_job_takes_no_device_and_counts_for_the_address(world, drawn):
    world.manager.close()
    world.jobs.waiting = True
    limits = replace(Limits.none(), waiting_per_address=2, waiting=2, seconds=5)
    manager = world.manager = make_manager(world.places, limits=limits)
    config = config_of(drawn, **ENDLESS)
    for _ in range(2):
        manager.submit(config, address="1.2.3.4", executor=world.executor())
    with pytest.raises(Refusal) as refused:
        manager.submit(config_of(drawn), address="1.2.3.4")
    assert refused.value.code == "too_many_waiting"
    with pytest.raises(Refusal) as refused:
        manager.submit(config, address="5.6.7.8", executor=world.executor())
    assert refused.value.code == "job.many"
    here = manager.submit(config_of(drawn), address="5.6.7.8").run
    assert world.ended(here)[0] == "finished"


def test_own_images_travel_with_the_run(world, tmp_path):
    from managed import make_pictures

    own = world.manager.room.pictures
    pictures = make_pictures(tmp_path / "pictures")
    key = own.add({str(path.relative_to(pictures)): path for path in pictures.rglob("*.png")}, size=16)
    spec = replace(ModelSpec.from_name("resnet8"), input_size=16)
    config = TrainConfig(spec, data=own.data(key), length=6, unit="steps", batch_size=16, threads=1, precision="fp32")
    run = world.begin(config.for_dataset(own.load(key, 16)))
    assert world.ended(run) == ("finished", "")


def test_what_a_job_cannot_train_is_refused(world, drawn):
    run = world.begin(config_of(drawn, data="/home/ada/pictures"))
    assert "pictures" in world.ended(run)[1] and not world.jobs.jobs and not world.repositories


def test_only_files_of_a_run_are_taken_from_a_repository(world, drawn):
    world.jobs.waiting = True
    run = world.begin(config_of(drawn))
    wait_until(lambda: world.jobs.jobs)
    repo = next(iter(world.hub.store.repos.values()))
    config = (run.path / "config.json").read_bytes()
    files = {
        f"{repository.RUN}/{name}": b"not yours" for name in ("config.json", "meta.json", "x", "../x", "epochs/../x")
    }
    log = b'{"event": "nonsense"}\n'
    repo.commit("main", "hostile", {**repo.files, **files, f"{repository.RUN}/events.jsonl": log})
    wait_until(lambda: (run.path / "events.jsonl").exists())
    assert (run.path / "config.json").read_bytes() == config and "account" in run.meta["job"]
    assert {path.name for path in run.path.iterdir()} <= {"config.json", "meta.json", "lock", "events.jsonl"}
    world.manager.stop(run.id, None)
    wait_until(lambda: not world.manager.queue.trains(run.id))


def test_hardware_has_prices_and_one_gpu_at_most(world):
    cheapest, t4 = JobService(world.account).hardware()
    assert (cheapest.name, t4.name, t4.title) == ("cpu-basic", "t4-small", "Nvidia T4 - small")
    assert t4.per_hour == pytest.approx(0.40, abs=0.001) and (t4.most(60), cheapest.most(10)) == (0.40, 0.01)
    with pytest.raises(Refusal, match="cpu-basic, t4-small"):
        JobService(world.account).find_hardware("warp-drive")


@pytest.mark.parametrize(("text", "minutes"), [("30m", 30), ("2h", 120), ("900", 15), ("900s", 15), ("1.5h", 90)])
def test_time_limits(text, minutes):
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["", "1m", "9h", "soon", "30 m", "-5m", "1e3m", "٣٠m"])
def test_what_is_no_time_limit(text):
    with pytest.raises(Refusal) as refused:
        minutes_of(text)
    assert refused.value.code == "job.minutes"


def test_the_code_that_travels_trains_by_itself(tmp_path, drawn):
    """Without the page, and with no other package than those that the job installs."""
    import io
    import subprocess
    import sys
    import zipfile

    zipfile.ZipFile(io.BytesIO(parcel.code())).extractall(tmp_path)
    assert not (tmp_path / "resnet_demo" / "ui").exists()
    listed = "import sys, resnet_demo.cli, resnet_demo.runs.jobs.inside; print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run([sys.executable, "-c", listed], cwd=tmp_path, capture_output=True, text=True, check=True)
    known = {"PIL": "pillow"}
    loaded = {known.get(name, name) for name in done.stdout.split()}
    wanted = {"torch", "torchvision", "numpy", "scipy", "pyarrow", "pandas", "matplotlib", "pillow", "pydantic"}
    wanted |= {"typing_extensions", "safetensors", "huggingface_hub", "tqdm", "captum", "segno", "starlette", "gradio"}
    assert loaded & wanted <= set(parcel.PACKAGES)
