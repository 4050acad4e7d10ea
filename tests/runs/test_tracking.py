"""What is written for TensorBoard and for trackio, read back with their own readers."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_runs import make_config, make_trained_run, shapes_dataset

from resnet_demo.cli import main
from resnet_demo.engine.events import EpochDone, RunStarted, StepMetrics
from resnet_demo.places import Places
from resnet_demo.runs.exchange.tracking import EPOCHS, PROJECT, REPORTS, write_tensorboard, write_trackio
from resnet_demo.runs.folder import RunError, RunFolder
from resnet_demo.runs.writer import create_run, open_writer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunFolder:
    return make_trained_run(tmp_path_factory.mktemp("runs"), "trained")


def read(folder: Path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    return EventAccumulator(str(folder), size_guidance={"scalars": 0}).Reload()


def test_tensorboard_reads_every_number_of_a_run(run, tmp_path):
    written = write_tensorboard(run, tmp_path / "logs" / "trained")
    found = read(tmp_path / "logs" / "trained")
    assert set(found.Tags()["scalars"]) == {*REPORTS.values(), *EPOCHS.values()}
    began = next(event.time for event in run.events() if isinstance(event, RunStarted))
    count = 0
    for kind, tags in ((StepMetrics, REPORTS), (EpochDone, EPOCHS)):
        events = [event for event in run.events() if isinstance(event, kind)]
        for field, tag in tags.items():
            scalars = found.Scalars(tag)
            assert [scalar.step for scalar in scalars] == [event.step for event in events]
            assert [s.value for s in scalars] == pytest.approx([getattr(e, field) for e in events], nan_ok=True)
            assert [s.wall_time - began for s in scalars] == pytest.approx([e.seconds for e in events], abs=1e-3)
            count += len(scalars)
    assert written == count > 0
    text = found.Tensors("configuration/text_summary")[0].tensor_proto.string_val[0].decode()
    assert '"shortcut": "A"' in text and '"learning rate"' not in text


def test_the_command_writes_it_for_any_run_and_only_into_a_new_folder(run, tmp_path, capsys):
    places = Places(data=None, cache=tmp_path, runs=tmp_path, weights=tmp_path)
    command = ["export", "--format", "tensorboard", "--run", str(run.path), "--to", str(tmp_path / "out")]
    assert main(command, places) == 0
    said = capsys.readouterr().out
    assert f"tensorboard --logdir {tmp_path}" in said and read(tmp_path / "out").Tags()["scalars"]
    assert main(command, places) == 2
    assert "exists already" in capsys.readouterr().err
    assert not list(tmp_path.glob(".*"))


def test_numbers_that_are_not_finite_are_kept_as_such(tmp_path):
    folder = create_run(tmp_path, make_config(shapes_dataset(20, 10)), "diverged")
    with pytest.raises(RunError, match="has not begun"):
        write_tensorboard(folder, tmp_path / "out")
    with open_writer(folder) as writer:
        writer.append(RunStarted(1, 1, {}, "", "fp32"))
        writer.append(StepMetrics(1, 1.0, 1.0, 1.0, math.nan, 0.5, 0.1, 1.0, 1.0))
    write_tensorboard(folder, tmp_path / "out")
    (scalar,) = read(tmp_path / "out").Scalars(REPORTS["loss"])
    assert math.isnan(scalar.value)


def test_without_the_package_a_sentence_says_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(RunError, match="pip install tensorboard") as caught:
        write_tensorboard(run, tmp_path / "out")
    assert caught.value.code == "no_tensorboard" and not (tmp_path / "out").exists()


def trackios(python: str, folder: Path) -> dict[str, dict]:
    """What trackio finds in its folder, in a process of its own: it reads once which one that is."""
    code = f"""if True:
        import json, trackio
        api = trackio.Api()
        metrics = lambda run: trackio.SQLiteStorage.get_logs({PROJECT!r}, run.name)
        found = {{run.name: {{"config": run.config, "metrics": metrics(run)}} for run in api.runs({PROJECT!r})}}
        print(json.dumps(found, default=str))"""
    environment = os.environ | {"TRACKIO_DIR": str(folder)}
    done = subprocess.run([python, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def export(python: str, to: Path, *runs: RunFolder) -> subprocess.CompletedProcess:
    """Carry out the command for each of the runs, until one fails, in a process of its own."""
    options = ["--to", str(to), "--format", "trackio"]
    commands = [["export", "--run", str(run.path), *options] for run in runs]
    code = f"from resnet_demo.cli import main; raise SystemExit(next(filter(None, map(main, {commands!r})), 0))"
    return subprocess.run([python, "-c", code], cwd=ROOT, capture_output=True, text=True)


def test_trackio_reads_every_number_of_each_run_of_its_folder(run, tmp_path, warm_python):
    pytest.importorskip("trackio")
    other = make_trained_run(tmp_path / "others", "another", seed=1)
    done = export(warm_python, tmp_path / "tracked", run, other, run)
    assert done.stdout.count(f"TRACKIO_DIR={tmp_path / 'tracked'} trackio show --project resnet_demo") == 2
    assert done.returncode == 2 and "exists already" in done.stderr
    found = trackios(warm_python, tmp_path / "tracked")
    assert found.keys() == {"trained", "another"} and found["another"]["config"]["seed"] == 1
    for kind, tags in ((StepMetrics, REPORTS), (EpochDone, EPOCHS)):
        events = [event for event in run.events() if isinstance(event, kind)]
        for field, tag in tags.items():
            known = [(one["step"], one[tag]) for one in found["trained"]["metrics"] if tag in one]
            assert known == [(event.step, pytest.approx(getattr(event, field), nan_ok=True)) for event in events]


def test_without_trackio_a_sentence_says_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "trackio", None)
    monkeypatch.setenv("TRACKIO_DIR", "")
    with pytest.raises(RunError, match="pip install trackio"):
        write_trackio(run, tmp_path / "out")
    assert not (tmp_path / "out").exists()
