"""`race` end to end on a few own pictures, and its sentences for wrong input."""

from __future__ import annotations

import pytest
from managed import make_pictures, make_places

from resnet_demo.cli import main, parse
from resnet_demo.cli.race import make_configs
from resnet_demo.runs.files import STOP
from resnet_demo.runs.folder import RunFolder

SMALL = "--steps 4 --batch-size 16 --threads 1 --device cpu --precision fp32 --quiet"


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return make_places(tmp_path_factory.mktemp("race"))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return make_pictures(tmp_path_factory.mktemp("pictures") / "pictures")


def race(places, line: str) -> int:
    return main(["race", *line.split()], places)


def test_a_race_makes_a_run_of_each_and_says_what_was_equal(places, pictures, capsys):
    line = f"--models resnet8:A resnet8:B plain8 --data {pictures} --name ours --no-test {SMALL}"
    assert race(places, line) == 0
    said = capsys.readouterr().out.splitlines()
    runs = [RunFolder(line.removeprefix("run ")) for line in said if line.startswith("run ")]
    assert [run.config.model.shortcut for run in runs] == ["A", "B", "none"] and len({r.config.race for r in runs}) == 1
    assert [run.name for run in runs] == ["ours A", "ours B", "ours plain"]
    assert [run.state() for run in runs] == ["finished"] * 3
    assert [line.split()[:5] for line in said[-4:-1]] == [
        [name, "finished", "after", "4", "steps,"] for name in ("resnet8:A", "resnet8:B", "plain8")
    ]
    assert "23 of 23 shared tensors" in said[-1] and "2 of 2 checksums" in said[-1]
    assert race(places, f"--resume {runs[0].path}") == 2
    assert "finished: there is nothing to resume" in capsys.readouterr().err


def test_a_stopped_race_is_resumed_by_any_of_its_runs(places, pictures, capsys, monkeypatch):
    from resnet_demo.runs import execute

    real = execute.race

    def stopped_at_once(*args, **options):
        return real(*args, **{**options, "should_stop": lambda: True})

    with monkeypatch.context() as patch:
        patch.setattr(execute, "race", stopped_at_once)
        assert race(places, f"--models resnet8:A resnet8:C --data {pictures} {SMALL}") == 0
    runs = [RunFolder(line[4:]) for line in capsys.readouterr().out.splitlines() if line.startswith("run ")]
    assert [run.state() for run in runs] == ["stopped"] * 2 and not (runs[0].path / STOP).exists()
    assert race(places, f"--resume {runs[1].path} --no-test --quiet --device cpu") == 0
    assert [run.state() for run in runs] == ["finished"] * 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "needs --models"),
        ("--models resnet8:D", "shortcut"),
        ("--models resnet8 resnet8", "named twice"),
        ("--models nothing8", "nothing8"),
        ("--models resnet8 --data nowhere", "nowhere"),
    ],
)
def test_what_is_no_race_is_a_sentence(places, pictures, line, said, capsys):
    full = line if "nowhere" in line or not line else f"{line} --data {pictures}"
    assert race(places, full) == 2
    assert said in capsys.readouterr().err


def test_members_of_other_depths_learn_by_one_recipe():
    args = parse("race --models resnet20:A resnet110 --preset paper --seconds 9 --lr 0.05".split())
    one, other = make_configs(args)
    assert one.warmup == other.warmup and one.race == other.race != ""
    assert (one.unit, one.length, one.lr) == ("seconds", 9.0, 0.05)
    assert [config.model.shortcut for config in (one, other)] == ["A", "A"]
