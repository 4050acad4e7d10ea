"""Every command that reads a run says a sentence about a damaged one, and none ends with a traceback."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable

import pytest
from garble import COMMANDS, GARBLES, linked, make_whole_run
from made_runs import shapes_dataset

from resnet_demo.cli import COMMANDS as KNOWN
from resnet_demo.cli import data, inside, main
from resnet_demo.engine import evaluate
from resnet_demo.figures import files
from resnet_demo.places import Places
from resnet_demo.runs.comparison.races import new_race
from resnet_demo.runs.files import CONFIG, INITIAL, LOCK, LOG, MANIFEST, META, PREDICTIONS, RESUME, STOP, WEIGHTS
from resnet_demo.runs.folder import RunFolder

DAMAGES = [("", ""), (CONFIG, "types"), (LOG, "huge"), (META, "deep"), (MANIFEST, "list"), (WEIGHTS, "truncated")]
DAMAGES += [(PREDICTIONS, "types"), (RESUME, "random"), *((file, "directory") for file in (INITIAL, LOCK, STOP))]
FINISHED_ONLY = ("export --run {run} --to {out} --device",)  # how commands begin that refuse other runs


@pytest.fixture(scope="module")
def dataset():
    return shapes_dataset()


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> RunFolder:
    """A run of a race that has not come to its end, with every file that a run can have."""
    run = make_whole_run(tmp_path_factory.mktemp("whole"), "whole", race=new_race())
    lines = (run.path / LOG).read_bytes().splitlines(keepends=True)
    (run.path / LOG).write_bytes(b"".join(lines[:-1]))
    return run


def once(function: Callable[..., bytes]) -> Callable[..., bytes]:
    """The function, which is not called again for what it has been given before."""
    known: dict[bytes, bytes] = {}

    def call(*given, **options) -> bytes:
        key = pickle.dumps((given, options))
        if key not in known:
            known[key] = function(*given, **options)
        return known[key]

    return call


@pytest.fixture(scope="module", autouse=True)
def pictures_drawn_once():
    """Most damages leave a run's predictions and weights as they were, and so the pictures of them."""
    drawing = {
        files: ("matrix_file", "reliability_file", "curves_file"),
        inside: ("tiles_png", "heat_map_png", "curves_png"),
    }
    with pytest.MonkeyPatch.context() as patch:
        for module, names in drawing.items():
            for name in names:
                patch.setattr(module, name, once(getattr(module, name)))
        yield


@pytest.fixture
def places(tmp_path, dataset, monkeypatch) -> Places:
    monkeypatch.setattr(data, "load_dataset", lambda *given, **options: dataset)
    monkeypatch.setattr(evaluate, "TRAINING_SAMPLE", 40)
    return Places(data=None, cache=tmp_path / "cache", runs=tmp_path / "runs", weights=tmp_path / "weights")


def test_every_command_that_takes_a_run_is_tried():
    others = {"describe", "benchmark", "sweep", "pull"}  # they take none; a push has tests of its own
    assert {command.split()[0] for command in COMMANDS} == set(KNOWN) - others - {"push"}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("file, how", DAMAGES)
def test_a_command_that_reads_a_damaged_run_ends_with_a_sentence(whole, places, tmp_path, capsys, command, file, how):
    run = linked(whole.path, places.weights / "broken")
    (run / LOG).unlink()
    shutil.copyfile(whole.path / LOG, run / LOG)  # who goes on with a run writes into it
    if file:
        GARBLES[how](run / file)
    arguments = [word.format(run=run, out=tmp_path / "out", name=run.name) for word in command.split()]
    code = main(arguments, places)
    said = capsys.readouterr()
    assert code in (0, 1, 2) and "Traceback" not in said.err + said.out
    if code == 2:
        last = said.err.strip().splitlines()[-1]
        assert last.startswith(f"resnet_demo {arguments[0]}: ") and len(last) < 700
    if file == CONFIG and arguments[0] not in ("results", "compare"):
        assert code == 2 and any(words in said.err for words in (CONFIG, "no published run", "no model called"))
    assert file or code == 0 or command.startswith(FINISHED_ONLY)
