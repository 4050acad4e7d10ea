"""The command `remake`: a published run trained again, in the form it was published in, whatever interrupts it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from made_runs import make_config, shapes_dataset

from resnet_demo.cli import export, main, train
from resnet_demo.engine.events import Resumed
from resnet_demo.places import Places
from resnet_demo.runs.exchange.publish import publish, verify
from resnet_demo.runs.execute import execute
from resnet_demo.runs.folder import CONFIG, STOP, RunFolder
from resnet_demo.runs.writer import create_run

ROWS = (300, 60)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Two published runs of five steps, one of them without weights."""
    root, dataset = tmp_path_factory.mktemp("published"), shapes_dataset(*ROWS)
    config = make_config(dataset, length=5, threads=1)
    for name, kept, seed in (("whole", True, 0), ("evidence", False, 1)):
        folder = create_run(root / "runs", replace(config, seed=seed), name)
        for _ in execute(folder, dataset, torch.device("cpu"), evaluate=False):
            pass
        publish(folder, root / "weights" / name, dataset, torch.device("cpu"), f"made {name}", name, with_weights=kept)
    return root / "weights"


@pytest.fixture
def places(tmp_path, weights, monkeypatch):
    for module in (export, train):
        monkeypatch.setattr(module, "load_dataset", lambda *args, **options: shapes_dataset(*ROWS))
    return Places(data=None, cache=tmp_path / "cache", runs=tmp_path / "runs", weights=weights)


def test_all_are_made_again_and_are_the_same(places, weights, capsys):
    assert main(["remake", "--all", "--device", "cpu", "--quiet"], places) == 0
    said = capsys.readouterr().out
    assert said.count(", the same") == 6, said
    for name in ("whole", "evidence"):
        first, again = RunFolder(weights / name), RunFolder(places.runs / "remade" / name)
        verify(again)
        assert again.config == first.config and again.has_weights() is first.has_weights()
        assert again.manifest["title"] == name and again.manifest["command"] == f"made {name}"
        for one, found in first.predictions().items():
            np.testing.assert_array_equal(again.predictions()[one].logits, found.logits)
    before = {path: path.stat().st_mtime_ns for path in (places.runs / "remade").rglob("*")}
    assert main(["remake", "--all", "--device", "cpu", "--quiet"], places) == 0
    assert "there already" in capsys.readouterr().out
    assert before == {path: path.stat().st_mtime_ns for path in (places.runs / "remade").rglob("*")}


def test_what_was_interrupted_goes_on(places, weights, tmp_path, capsys):
    half = create_run(places.runs, RunFolder(weights / "whole").config, "whole-again")
    events = execute(half, shapes_dataset(*ROWS), torch.device("cpu"))
    next(events)
    (half.path / STOP).touch()
    assert [*events][-1].status == "stopped"
    command = ["remake", "whole", "--to", str(tmp_path / "to"), "--device", "cpu", "--quiet"]
    assert main(command, places) == 0
    assert any(isinstance(event, Resumed) for event in half.raw_events())
    again = RunFolder(tmp_path / "to" / "whole")
    first = RunFolder(weights / "whole")
    assert again.manifest["accuracy"] == first.manifest["accuracy"] and again.manifest["resumed"] == 1
    # trained, and killed before it was exported: nothing is trained twice
    (tmp_path / "to" / "whole").rename(tmp_path / "moved")
    log = (half.path / "events.jsonl").read_bytes()
    assert main(command, places) == 0
    assert (half.path / "events.jsonl").read_bytes() == log and again.manifest["steps"] == 5


def test_a_folder_in_which_nothing_has_begun(places, weights, tmp_path):
    create_run(places.runs, RunFolder(weights / "evidence").config, "evidence-again")
    assert main(["remake", "evidence", "--to", str(tmp_path / "to"), "--device", "cpu", "--quiet"], places) == 0
    assert not RunFolder(tmp_path / "to" / "evidence").has_weights()


def test_other_files_are_said(places, tmp_path, monkeypatch, capsys):
    other = replace(shapes_dataset(*ROWS), fingerprint="other")
    for module in (export, train):
        monkeypatch.setattr(module, "load_dataset", lambda *args, **options: other)
    assert main(["remake", "whole", "--to", str(tmp_path / "to"), "--device", "cpu", "--quiet"], places) == 0
    assert "other files" in capsys.readouterr().err
    assert RunFolder(tmp_path / "to" / "whole").manifest["fingerprint"] == "other"


def test_what_cannot_be_made_again(places, weights, tmp_path, capsys):
    assert main(["remake", "nothing"], places) == 2
    assert "accepted are" in capsys.readouterr().err
    copy = tmp_path / "weights" / "further"
    copy.mkdir(parents=True)
    values = json.loads((weights / "whole" / CONFIG).read_text())
    (copy / CONFIG).write_text(json.dumps(values | {"initial": "imagenet/resnet18"}))
    (copy / "manifest.json").write_bytes((weights / "whole" / "manifest.json").read_bytes())
    assert main(["remake", "further"], replace(places, weights=tmp_path / "weights")) == 2
    assert "imagenet/resnet18" in capsys.readouterr().err
