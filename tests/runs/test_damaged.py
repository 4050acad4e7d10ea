"""A damaged run is named with its file, and hurts nobody else: every file, garbled in every way."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import torch
from garble import FILES, GARBLES, linked, make_whole_run
from made_runs import make_untrained_run, shapes_dataset
from managed import Puppets

from resnet_demo.cli import main
from resnet_demo.engine.events import LONGEST_LINE, EpochDone, RunFinished, to_line
from resnet_demo.errors import Refusal
from resnet_demo.inference.catalogue import Catalogue
from resnet_demo.places import Places
from resnet_demo.runs.exchange.transfer import pack
from resnet_demo.runs.execute import _asked, execute, load_initial
from resnet_demo.runs.folder import STATES, RunError, RunFolder
from resnet_demo.runs.index import RunIndex, UnknownRun
from resnet_demo.runs.queue.endings import last_lines
from resnet_demo.runs.queue.manager import RunManager
from resnet_demo.runs.tail import Tails
from resnet_demo.runs.writer import load_checkpoint_state

DESCRIBED = ("config.json", "meta.json", "manifest.json")  # without which nothing can be done with a run
TORN = ("zeros", "empty", "truncated", "missing")  # of a log: what is left of it counts


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> RunFolder:
    return make_whole_run(tmp_path_factory.mktemp("whole"), "whole")


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> RunFolder:
    return make_untrained_run(tmp_path_factory.mktemp("sound"), "sound")


@pytest.fixture
def places(tmp_path, sound) -> Places:
    """With a sound run beside which a damaged one may be put."""
    places = Places(data=None, cache=tmp_path / "cache", runs=tmp_path / "runs", weights=tmp_path / "weights")
    linked(sound.path, places.runs / "sound")
    return places


def garbled(whole: RunFolder, root: Path, file: str, how: str) -> RunFolder:
    """A copy of the run `whole` with one file garbled."""
    run = RunFolder(linked(whole.path, root / "broken"))
    GARBLES[how](run.path / file)
    return run


def refused(read, *args) -> str:
    """The sentence of a RunError: one line, nothing of this machine, none of pydantic's addresses."""
    with pytest.raises(RunError) as caught:
        read(*args)
    said = str(caught.value)
    assert "\n" not in said and len(said) < 500 and "errors.pydantic.dev" not in said and "/tmp" not in said
    said.encode()
    assert caught.value.code
    return said


@pytest.mark.parametrize("how", GARBLES)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_named_and_the_others_are_read(whole, places, file, how):
    run = garbled(whole, places.runs, file, how)
    index = RunIndex([places.weights, places.runs])
    assert {one.id for one in index.all()} == {"broken", "sound"}
    assert run.state() in STATES and isinstance(run.name, str) and isinstance(run.meta, dict)
    ended = [event for event in whole.events() if isinstance(event, EpochDone)][-1]
    described = file in DESCRIBED and (how != "missing" or file == "config.json")
    if described:
        assert run.damage and file in str(run.damage) and refused(index.get, "broken") == str(run.damage)
        assert [one.id for one in index.list()] == ["sound"] and index.find("broken").path == run.path
        assert [one.id for one in Catalogue(index, places).ready()] == ["sound"]
        return
    assert run.damage is None and {one.id for one in index.list()} == {"broken", "sound"}
    reads = {
        "events.jsonl": (run.events,) if how not in TORN else (),
        "predictions.npz": (run.predictions,) if how != "missing" else (),
        "labels.npz": (run.training_labels,) if how != "missing" else (),
        "resume.pt": (load_checkpoint_state, run) if how != "missing" else (),
        "initial.safetensors": (load_initial, run) if how != "missing" else (),
        "model.safetensors": (run.load_model,),
    }.get(file, (run.epoch_record, ended) if file.startswith("epochs/") else ())
    if reads and how == "missing":
        refused(*reads)
    elif reads:
        assert Path(file).name in refused(*reads)
    if file != "events.jsonl":
        assert run.events() == whole.events()
    last_lines(run.path / "output.txt")
    answer = _asked([run.path / "stop"])
    to_line(RunFinished("stopped", 1, 1.0, **answer))


@pytest.mark.parametrize("how", GARBLES)
@pytest.mark.parametrize("file", DESCRIBED + ("events.jsonl",))
def test_what_may_be_done_with_a_damaged_run_is_to_delete_it(whole, places, file, how):
    run = garbled(whole, places.runs, file, how)
    index = RunIndex([places.weights, places.runs])
    manager = RunManager(places, index, Puppets())
    status = manager.status("broken")
    if run.damage or (file == "events.jsonl" and how not in TORN):
        assert status.state == "damaged" and file in status.reason and status.code
    answer = Tails(index, manager.status).poll({"runs": {"broken": 0, "sound": 0}})
    assert answer["broken"]["state"] == status.state and answer["sound"]["state"] == "interrupted"
    assert manager.clean_up() == []
    if run.damage:
        for act in (manager.stop, manager.resume, lambda *who: manager.rename(*who, "x")):
            assert file in refused(act, "broken", None)
    with pytest.raises(Refusal):
        manager.delete("broken", "somebody")
    manager.delete("broken", None)
    assert not run.path.exists() and [one.id for one in index.all()] == ["sound"]
    manager.restore("broken", None)
    assert run.path.exists()


@pytest.mark.parametrize(
    "file", ("config.json", "events.jsonl", "model.safetensors", "predictions.npz", "labels.npz", FILES[6])
)
def test_a_damaged_run_is_not_packed(whole, places, file):
    run = garbled(whole, places.runs, file, "types")
    assert Path(file).name in refused(pack, run, places.runs / "run.zip")


@pytest.mark.parametrize(
    "command", ["evaluate --run {run}", "confusion --out {out} --run {run}", "train --resume {run}"]
)
@pytest.mark.parametrize("how", GARBLES)
def test_a_command_that_names_a_damaged_run_says_one_sentence(whole, places, capsys, command, how):
    run = garbled(whole, places.runs, "config.json", how)
    assert main(command.format(run=run.path, out=places.runs / "out").split(), places) == 2
    said = capsys.readouterr().err.strip()
    assert "config.json" in said and "\n" not in said and "Traceback" not in said


def test_a_command_that_lists_runs_names_the_damaged_one_and_goes_on(whole, places, capsys):
    places.weights.mkdir()
    shutil.copytree(whole.path, places.weights / "published")
    garbled(whole, places.weights, "manifest.json", "list")
    for command in ("results", "compare"):
        assert main([command], places) == 0
        said = capsys.readouterr()
        assert "broken/manifest.json is damaged" in said.err and said.out
    assert main(["results", "--verify"], places) == 2
    assert "broken/manifest.json is damaged" in capsys.readouterr().err


def test_a_line_that_is_damaged_is_named_by_its_number_and_the_curves_go_on(whole, places):
    run = RunFolder(Path(shutil.copytree(whole.path, places.runs / "broken")))
    lines = (run.path / "events.jsonl").read_bytes().splitlines(keepends=True)
    lines[3] = b'{"event": "StepMetrics", "step": ["x"]}\n'
    (run.path / "events.jsonl").write_bytes(b"".join(lines))
    assert "broken/events.jsonl, line 4 is damaged: step should be a valid integer" in refused(run.events)
    manager = RunManager(places, RunIndex([places.weights, places.runs]), Puppets())
    points = Tails(manager.index, manager.status).poll({"runs": {"broken": 0}})["broken"]["points"]
    assert points and len(points) < 20


def test_the_last_turn_that_is_damaged_is_named_by_the_number_of_its_line(whole, places):
    run = RunFolder(Path(shutil.copytree(whole.path, places.runs / "broken")))
    lines = len((run.path / "events.jsonl").read_bytes().splitlines())
    with open(run.path / "events.jsonl", "ab") as log:
        log.write(b'{"event": "RunFinished", "status": 3}\n')
    assert f"broken/events.jsonl, line {lines + 1} is damaged" in refused(run.last_turn)
    index = RunIndex([places.weights, places.runs])
    assert f"line {lines + 1} " in RunManager(places, index, Puppets()).status("broken").reason
    with open(run.path / "events.jsonl", "ab") as log:
        log.write(b'{"event": "StepMetrics", "step": ["x"]}\n')
    assert f"line {lines + 2} is damaged" in refused(run.last_report)


def test_a_line_without_end_is_passed_over_and_not_kept(whole, places):
    run = RunFolder(Path(shutil.copytree(whole.path, places.runs / "broken")))
    with open(run.path / "events.jsonl", "ab") as log:
        log.write(b"x" * (3 * LONGEST_LINE) + b"\n" + to_line(whole.events()[2]).encode() + b"\n")
    index = RunIndex([places.weights, places.runs])
    tails = Tails(index, RunManager(places, index, Puppets()).status)
    before = len([event for event in whole.events() if type(event).__name__ == "StepMetrics"])
    assert len(tails.poll({"runs": {"broken": 0}})["broken"]["points"]) >= before
    assert "longer than any event" in refused(run.events)


def test_a_folder_whose_name_is_no_text_is_none_of_the_runs(places):
    name = os.fsdecode(b"run-\xff")
    try:
        shutil.copytree(places.runs / "sound", places.runs / name)
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    index = RunIndex([places.weights, places.runs])
    assert [run.id for run in index.all()] == ["sound"]
    with pytest.raises(UnknownRun):
        index.get(name)


def test_a_run_that_keeps_a_folder_in_place_of_its_stop_says_so(whole, places):
    run = garbled(whole, places.runs, "stop", "directory")
    assert "broken/stop" in refused(list, execute(run, shapes_dataset(), torch.device("cpu")))
