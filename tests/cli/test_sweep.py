"""The command `sweep`: files that name trainings, the trainings themselves, and what interrupts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from managed import make_manager, make_pictures, make_places, picture_config, wait_until
from tiny import ENDLESS

from resnet_demo.cli import main, train
from resnet_demo.cli.sweep_file import MOST, read_sweep
from resnet_demo.engine.events import Resumed
from resnet_demo.runs.comparison.published import comparisons
from resnet_demo.runs.exchange.publish import verify
from resnet_demo.runs.files import CONFIG
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.index import RunIndex

PROJECT = Path(__file__).parent.parent.parent
WEIGHTS = PROJECT / "weights"
OF_THE_DATA = {"classes", "mean", "std", "preprocessing", "fingerprint"}
OF_THE_ENDS = {"num_classes", "in_channels", "input_size"}
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return make_pictures(tmp_path_factory.mktemp("sweep") / "pictures")


@pytest.fixture
def places(tmp_path):
    return make_places(tmp_path)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def small(pictures: Path, **values: object) -> str:
    """A group of a few steps on own pictures."""
    known = {
        "name": "'{model}-{seed}'", "model": "resnet8", "data": str(pictures), "input-size": 16, "steps": 3,
        "batch-size": 16, "precision": "fp32", "threads": 1, "seed": 0, **values,
    }  # fmt: skip
    return "- {" + ", ".join(f'"{key}": {value}' for key, value in known.items()) + "}\n"


# --- files


def test_the_published_runs_are_those_of_their_file():
    published = {run.id: run for run in RunIndex([WEIGHTS]).all()}
    members = {member.name: member for member in read_sweep(WEIGHTS / "published.yaml")}
    assert members.keys() == published.keys()
    for name, run in published.items():
        made, known = train.make_config(members[name].options()).to_dict(), run.config.to_dict()
        differing = {key for key in made if made[key] != known[key] and key not in OF_THE_DATA | {"model"}}
        model = {key for key in made["model"] if made["model"][key] != known["model"][key]} - OF_THE_ENDS
        assert not differing and not model, (name, differing, model)
        assert members[name].weights is run.has_weights()


def test_the_file_of_the_paper_has_five_seeds_of_each_variant():
    members = read_sweep(WEIGHTS / "paper.yaml")
    assert len(members) == 4 * 5 + 2 * 3 and len({member.siblings for member in members}) == 6
    configs = [train.make_config(member.options()) for member in members]
    assert {(config.unit, config.length) for config in configs} == {("steps", 64_000)}
    assert {config.model.shortcut for config in configs} == {"A", "B", "C", "none"}


def test_lists_are_multiplied_and_names_say_what_differs(tmp_path):
    text = (
        "model: [resnet20:B, plain20]\nseed: [0, 1]\nlr: [0.1, 1e-2]\nfreeze: false\nflip: true\ndata: ~/My Pictures\n"
    )
    members = read_sweep(write(tmp_path / "a.yaml", text))
    assert len(members) == 8 and members[1].name == "my-pictures-resnet20-b-seed-0-lr-1e-2"
    options = members[1].options()
    assert (options.model, options.shortcut, options.seed, options.lr) == ("resnet20", "B", 0, 0.01)
    assert options.freeze is False and options.flip is True
    assert members[0].siblings == members[2].siblings != members[1].siblings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "accepted is a mapping"),
        ("- 3", "group 1: accepted is a mapping"),
        ("model: [", "cannot be read as YAML"),
        ("\x00", "cannot be read as YAML"),
        ("[" * 3000, "cannot be read as YAML"),
        ("- model: resnet8\n- modell: resnet8", "group 2: unknown option 'modell'; accepted are model"),
        ("device: cpu", "unknown option 'device'"),
        ("resume: runs/x", "unknown option 'resume'"),
        ("model: {a: 1}", "model must be a text"),
        ("model: [resnet8, null]", "model must be a text"),
        ("model: []", "model must be at least one value"),
        ("model: resnet8\nname: [a, b]", "name must be one value"),
        ("model: resnet8\nweights: 3", "weights must be true or false"),
        ("model: resnet8\nname: '{lr}'", "name has {lr}; accepted are {model}, {data}"),
        ("model: resnet8\nname: ../up", "is no name of a folder"),
        ("model: resnet8\nseed: [1, 1]", "two trainings are called shapes-resnet8-seed-1"),
        ("model: resnet8\nlr: much", "invalid float value: 'much'"),
        ("model: resnet8\nprecision: fp8", "invalid choice: 'fp8'"),
        ("model: resnet8\nsteps: 3\nepochs: 3", "not allowed with"),
        (f"seed: [{', '.join(map(str, range(40)))}]\nlr: [{', '.join(map(str, range(40)))}]", f"up to {MOST:,}"),
        ("a: &a [1, 2]\nmodel: *a", "unknown option 'a'"),
        ("- &a [*a]", "accepted is a mapping"),
        ("# " + "x" * 1_000_000, "larger than"),
        ("!!python/object/apply:os.system [echo]", "cannot be read as YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_by_a_sentence(places, tmp_path, capsys, text, said):
    assert main(["sweep", str(write(tmp_path / "a.yaml", text))], places) == 2
    found = capsys.readouterr().err
    assert said in found and len(found) < 1200 and not places.runs.exists()


def test_a_file_that_is_not_there(places, tmp_path, capsys):
    assert main(["sweep", str(tmp_path / "none.yaml")], places) == 2
    assert "none.yaml" in capsys.readouterr().err


# --- trainings


def test_all_are_trained_published_and_compared_and_nothing_twice(places, pictures, tmp_path, capsys):
    file = write(tmp_path / "small.yaml", small(pictures, model="[resnet8:A, plain8]", seed="[0, 1]"))
    command = ["sweep", str(file), "--device", "cpu", "--at-once", "2", "--publish", str(tmp_path / "to")]
    assert main(command, places) == 0
    said = capsys.readouterr().out
    assert "| model=resnet8:A | 2 |" in said and "±" in said and "resnet8-a-1" in said and "finished" in said
    published = RunIndex([tmp_path / "to"]).list()
    assert {run.id for run in published} == {"resnet8-a-0", "resnet8-a-1", "plain8-0", "plain8-1"}
    for run in published:
        verify(run)
        assert "--batch-size 16" in run.manifest["command"] and run.has_weights()
    assert {path.name for path in places.runs.iterdir()} >= {f"small-{run.id}" for run in published}
    (compared,) = comparisons(published)
    assert [(variant.key, variant.seeds) for variant in compared.variants] == [("A", (0, 1)), ("plain", (0, 1))]

    before = {path: path.stat().st_mtime_ns for path in (*places.runs.rglob("*.jsonl"), *(tmp_path / "to").rglob("*"))}
    assert main(command, places) == 0
    assert capsys.readouterr().out.count("is there already") == 4
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())


def test_what_is_made_again_says_how_it_compares(places, pictures, tmp_path, capsys):
    file = write(tmp_path / "small.yaml", small(pictures))
    command = ["sweep", str(file), "--device", "cpu", "--quiet", "--publish"]
    assert main([*command, str(places.weights)], places) == 0
    assert main([*command, str(tmp_path / "again"), "--runs", str(tmp_path / "others")], places) == 0
    assert capsys.readouterr().out.count(", the same") == len(RunFolder(places.weights / "resnet8-0").predictions())


def test_other_settings_under_the_same_name_are_refused(places, pictures, tmp_path, capsys):
    file = write(tmp_path / "small.yaml", small(pictures))
    assert main(["sweep", str(file), "--device", "cpu", "--quiet"], places) == 0
    log = (places.runs / "small-resnet8-0" / "events.jsonl").read_bytes()
    write(file, small(pictures, lr=0.01))
    assert main(["sweep", str(file), "--device", "cpu", "--quiet"], places) == 2
    assert "begun with other settings (lr)" in capsys.readouterr().err
    assert (places.runs / "small-resnet8-0" / "events.jsonl").read_bytes() == log


def test_one_that_fails_stops_no_other(places, pictures, tmp_path, capsys):
    text = small(pictures, name="wild", lr=100, norm="none", steps=30) + small(pictures)
    assert main(["sweep", str(write(tmp_path / "small.yaml", text)), "--device", "cpu", "--quiet"], places) == 1
    said = capsys.readouterr()
    assert "1 of 2 have finished" in said.out and "wild: failed." in said.err
    assert RunFolder(places.runs / "small-resnet8-0").state() == "finished"


def test_only_some_and_what_they_are(places, pictures, tmp_path, capsys):
    file = write(tmp_path / "small.yaml", small(pictures, seed="[0, 1, 2]"))
    assert main(["sweep", str(file), "--dry-run", "--only", "resnet8-1"], places) == 0
    said = capsys.readouterr().out
    assert said.count("python -m resnet_demo train") == 1 and "--seed=1" in said and not places.runs.exists()
    assert main(["sweep", str(file), "--only", "resnet8-9"], places) == 2
    assert "accepted are resnet8-0, resnet8-1" in capsys.readouterr().err
    assert main(["sweep", str(file), "--at-once", "0"], places) == 2
    assert main(["sweep", str(file), "--slurm", "partition=gpu"], places) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_stops_all_and_the_same_command_goes_on(places, pictures, tmp_path, warm_python):
    file = write(tmp_path / "small.yaml", small(pictures, steps=200, seed="[0, 1]", **{"batch-size": 4}))
    environment = os.environ | {"RESNET_DEMO_RUNS": str(places.runs), "RESNET_DEMO_CACHE": str(places.cache)}
    command = ["sweep", str(file), "--device", "cpu"]
    heeding = "from signal import *; signal(SIGINT, default_int_handler); "  # whoever runs the suite may ignore it
    run = f"{heeding}import runpy; runpy.run_module('resnet_demo', run_name='__main__', alter_sys=True)"
    first, second = (RunFolder(places.runs / f"small-resnet8-{seed}") for seed in (0, 1))
    with subprocess.Popen(
        [warm_python, "-c", run, *command], env=environment, cwd=PROJECT, text=True, stdout=subprocess.PIPE
    ) as child:
        wait_until(lambda: child.poll() is not None or (first.path / CONFIG).exists() and first.last_report())
        child.send_signal(signal.SIGINT)
        said = child.communicate(timeout=300)[0]
    assert child.returncode == 0 and "0 of 2 have finished; the same command goes on from here" in said, said
    assert (first.state(), second.state()) == ("stopped", "stopped") and not second.last_report()
    assert main(command, places) == 0
    assert (first.state(), second.state()) == ("finished", "finished")
    assert any(isinstance(event, Resumed) for event in first.raw_events())


# --- clusters


@pytest.fixture
def executor(tmp_path, monkeypatch):
    """Submitit's own processes in place of a cluster's. They are canceled by SIGINT, which whoever runs the suite may
    ignore."""
    pytest.importorskip("submitit")
    from resnet_demo.runs.queue import cluster

    monkeypatch.setattr(cluster, "POLL_SECONDS", 0.1)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield cluster.ClusterExecutor(tmp_path / "cluster", ["cpu"], cluster="local", timeout_min=30)
    signal.signal(signal.SIGINT, before)


def test_a_cluster_trains_what_a_process_trains(places, pictures, executor):
    config = picture_config(pictures, places.cache)
    runs = []
    for given in (executor, None):
        manager = make_manager(places, executor=given)
        run = manager.submit(config).run
        wait_until(lambda manager=manager, run=run: manager.status(run.id).state == "finished", "it did not end")
        manager.close()
        runs.append(run.load_model().state_dict())
    assert all(torch.equal(value, runs[1][name]) for name, value in runs[0].items())


def test_a_job_of_a_cluster_is_stopped_and_killed_and_its_failure_said(places, pictures, executor):
    endless = picture_config(pictures, places.cache, **ENDLESS)
    manager = make_manager(places, executor=executor)
    stopped, killed = manager.submit(endless), manager.submit(endless)
    wait_until(stopped.run.last_report, "it did not train")
    manager.stop(stopped.run.id, stopped.token)
    wait_until(lambda: manager.status(stopped.run.id).state == "stopped", "it did not stop")
    wait_until(killed.run.last_report, "it did not train")
    manager.queue.training()[0].kill()
    wait_until(lambda: manager.status(killed.run.id).state == "failed", "it was not ended")
    lost = manager.submit(replace(endless, data="own:" + "0" * 64))
    wait_until(lambda: manager.status(lost.run.id).state == "failed", "it did not fail")
    assert "no longer" in manager.status(lost.run.id).reason
    manager.close()


def test_without_a_cluster_or_its_package_a_sentence_says_so(places, pictures, tmp_path, capsys, monkeypatch):
    pytest.importorskip("submitit")
    command = ["sweep", str(write(tmp_path / "a.yaml", small(pictures))), "--on", "slurm"]
    assert main(command, places) == 2
    assert "submitit cannot use this cluster" in capsys.readouterr().err
    assert main([*command, "--slurm", "partition"], places) == 2
    assert "KEY=VALUE" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "submitit", None)
    assert main(command, places) == 2
    assert "pip install submitit" in capsys.readouterr().err
