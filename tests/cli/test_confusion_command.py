"""The command `confusion`: the files of a run and of a table, and its sentences for wrong input."""

from __future__ import annotations

import argparse
import csv
import json
from types import SimpleNamespace

import numpy as np
import pytest
from made_runs import make_config, make_untrained_run, shapes_dataset

from resnet_demo.cli import confusion
from resnet_demo.engine.evaluate import Predictions
from resnet_demo.figures import files, style
from resnet_demo.figures.confusion import MOST_CLASSES, RED
from resnet_demo.metrics import ConfusionMatrix
from resnet_demo.places import Places
from resnet_demo.runs.files import PREDICTIONS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import create_run, write_predictions

FILES = {"matrix.png", "matrix.svg", "matrix.csv", "classes.csv", "report.md", "report.json"}
CALIBRATION = {"reliability.png", "reliability.svg", "curves.png", "curves.svg", "curves.csv"}


@pytest.fixture(scope="module")
def dataset():
    return shapes_dataset(60, 50)


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory, dataset) -> RunFolder:
    """A run that was never trained, with answers to 50 test pictures: the true class or the next one."""
    folder = create_run(tmp_path_factory.mktemp("runs"), make_config(dataset), "one")
    found = {}
    for name, split, rows in (("test", dataset.test, 50), ("validation", dataset.train, 6)):
        labels = np.asarray(split.labels[:rows])
        answers = (labels + (np.arange(rows) % 3 == 0)) % 10
        logits = np.random.default_rng(0).normal(0, 1, (rows, 10))
        logits[np.arange(rows), answers] += 6
        found[name] = Predictions(logits.astype(np.float16), labels, np.arange(rows))
    write_predictions(folder.path / PREDICTIONS, found, dataset)
    return folder


@pytest.fixture
def figures(monkeypatch) -> list:
    """The figures that are made, as they would be saved: for tests of what else is written."""
    made: list = []
    monkeypatch.setattr(style, "save", lambda figure, kind, **options: made.append(figure) or kind.encode())
    return made


def parse(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    confusion.add_arguments(parser)
    assert "--normalise" in parser.format_help()
    return parser.parse_args([str(one) for one in arguments])


def call(*arguments: object) -> int:
    return confusion.run(parse(*arguments), Places.from_environment())


def counts_of(out) -> tuple[list[str], np.ndarray]:
    with open(out / "matrix.csv", encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert [row[0] for row in rows] == head[1:]
    return head[1:], np.array([row[1:] for row in rows], int)


def test_a_run_gives_its_files(evaluated, tmp_path, capsys):
    out = tmp_path / "new" / "folder"
    assert call("--run", evaluated.path, "--out", out) == 0
    assert {path.name for path in out.iterdir()} == FILES | CALIBRATION
    test = evaluated.predictions()["test"]
    names, counts = counts_of(out)
    expected = ConfusionMatrix.from_predictions(test.labels, test.logits.argmax(1), evaluated.config.classes)
    assert tuple(names) == evaluated.config.classes and np.array_equal(counts, expected.counts)
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["about"] == {"run": "one", "network": "ResNet-8, shortcut A", "data": "shapes", "set": "test"}
    assert report["accuracy"]["value"] == test.accuracy == 0.66 and report["calibration"]["ece"] > 0
    said = capsys.readouterr().out
    assert "66.00%" in said and "n=50" in said and "matrix.png" in said


def test_another_set_order_and_look(evaluated, tmp_path, figures):
    options = ("--set", "validation", "--look", "tutorial", "--normalise", "none", "--order", "similarity")
    assert call("--run", evaluated.path, "--out", tmp_path, *options, "--title", "mine") == 0
    assert counts_of(tmp_path)[1].sum() == 6  # tables keep the order of the classes
    axes = figures[0].axes[0]
    assert axes.get_title("left").startswith("mine\n") and {text.get_color() for text in axes.texts} == {RED}


def test_groups_are_merged_and_the_total_is_kept(evaluated, tmp_path, figures):
    round_ones, *_ = names = evaluated.config.classes
    (tmp_path / "groups.txt").write_text(f"\ufeffround: {round_ones}, {names[1]}\n", encoding="utf-8")
    assert call("--run", evaluated.path, "--out", tmp_path, "--groups", tmp_path / "groups.txt") == 0
    merged, counts = counts_of(tmp_path)
    assert merged == ["round", *names[2:]] and counts.sum() == 50
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["about"]["groups"] == "round" and sum(report["calibration"]["count"]) == 50
    assert report["accuracy"]["value"] > 0.66  # mistakes inside the group are right answers now


def test_a_table_gives_the_same_files(tmp_path, figures):
    table = tmp_path / "mine.csv"
    table.write_text("y_true,y_pred\n=1+1,cat\ncat,cat\ncat,=1+1\n=1+1,=1+1\n", encoding="utf-8")
    assert call("--csv", table, "--out", tmp_path / "out") == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    names, counts = counts_of(tmp_path / "out")
    assert sorted(names) == ["'=1+1", "cat"] and counts.tolist() == [[1, 1], [1, 1]]


def test_counts_come_back_either_way(tmp_path, capsys, figures):
    table, out, groups = tmp_path / "mine.csv", tmp_path / "out", tmp_path / "groups.txt"
    table.write_text("true / predicted,cat,dog,owl\ncat,5,1,0\ndog,2,7,1\nowl,0,0,3\n", encoding="utf-8")
    assert call("--csv", table, "--out", out) == 0
    assert {path.name for path in out.iterdir()} == FILES
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["accuracy"]["value"] == 15 / 19 and "calibration" not in report
    assert call("--csv", out / "matrix.csv", "--out", tmp_path / "again", "--transposed") == 0
    assert counts_of(tmp_path / "again")[1].tolist() == [[5, 2, 0], [1, 7, 0], [0, 1, 3]]
    said = capsys.readouterr().out
    assert "mine.csv: a matrix of counts, rows read as true classes" in said
    assert "matrix.csv: a matrix of counts, rows read as predicted classes" in said
    groups.write_text("pets: cat, dog", encoding="utf-8")
    assert call("--csv", table, "--out", tmp_path / "merged", "--groups", groups) == 0
    names, counts = counts_of(tmp_path / "merged")
    assert names == ["pets", "owl"] and counts.tolist() == [[15, 1], [0, 3]]
    (tmp_path / "rows.csv").write_text("y_true,y_pred\na,b\n", encoding="utf-8")
    for arguments in (("--csv", tmp_path / "rows.csv"), ("--run", tmp_path)):
        with pytest.raises(ValueError, match="--transposed is accepted with a matrix of counts"):
            call(*arguments, "--transposed", "--out", out)


def test_slices_of_a_column_are_written(tmp_path, figures):
    table, out = tmp_path / "mine.csv", tmp_path / "out"
    rows = ["cat,cat,front", "cat,dog,=1+1", "dog,dog,front", "dog,dog,=1+1", "cat,dog,front", "dog,dog,"]
    table.write_text("\n".join(["y_true,y_pred,camera", *rows]), encoding="utf-8")
    assert call("--csv", table, "--out", out, "--slices", "camera") == 0
    slices = {"slices.csv", "slices.json", "slice-1.csv", "slice-2.csv", "slice-3.csv"}
    assert {path.name for path in out.iterdir()} == FILES | slices
    made = json.loads((out / "slices.json").read_text(encoding="utf-8"))
    assert made["column"] == "camera" and made["classes"] == ["cat", "dog"]
    assert [(one["value"], one["rows"], one["right"]) for one in made["slices"]] == [
        ("=1+1", 2, 1),
        ("front", 3, 2),
        ("", 1, 1),
    ]
    assert made["slices"][1]["counts"] == [[1, 1], [0, 1]] and made["slices"][1]["p"] == 1
    total = sum(np.array(one["counts"]) for one in made["slices"])
    assert np.array_equal(total, counts_of(out)[1])
    with open(out / "slices.csv", encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["camera"] for line in lines] == ["'=1+1", "front", ""] and float(lines[1]["accuracy"]) == 2 / 3
    assert (out / "slice-2.csv").read_text(encoding="utf-8-sig").split()[-2:] == ["cat,1,1", "dog,0,1"]
    with pytest.raises(ValueError, match="--slices weather: the columns of mine.csv .* are: camera"):
        call("--csv", table, "--out", out, "--slices", "weather")


def test_columns_are_chosen_where_their_names_do_not_say_it(tmp_path, figures):
    table = tmp_path / "mine.csv"
    table.write_text("species,answer\ncat,cat\ncat,dog\n", encoding="utf-8")
    with pytest.raises(ValueError, match="not clear .* --true-column and --predicted-column from: species, answer"):
        call("--csv", table, "--out", tmp_path / "out")
    chosen = ("--true-column", "species", "--predicted-column", "answer")
    assert call("--csv", table, "--out", tmp_path / "out", *chosen) == 0
    assert counts_of(tmp_path / "out")[1].tolist() == [[1, 1], [0, 0]]
    with pytest.raises(ValueError, match="has no column “weather”.*from: species, answer"):
        call("--csv", table, "--out", tmp_path / "out", "--true-column", "weather")
    for arguments in (("--csv", table, *chosen[2:]), ("--run", tmp_path, *chosen)):
        with pytest.raises(ValueError, match="with --csv only"):
            call(*arguments, "--out", tmp_path / "out")


def test_a_table_with_probabilities_gives_calibration(tmp_path, figures):
    table = tmp_path / "mine.csv"
    table.write_text("y_true,cat,dog\ncat,0.9,0.1\ndog,0.6,0.4\n", encoding="utf-8")
    assert call("--csv", table, "--out", tmp_path / "out") == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES | CALIBRATION
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["counts"] == [[1, 0], [1, 0]] and report["about"] == {"file": "mine.csv"}
    assert report["auc"] == {"macro": {"value": 1, "left_out": 0}, "micro": 0.75}
    assert report["per_class"][0]["average_precision"] == 1
    assert "Area under the ROC curve: macro 100.0 %" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    lines = (tmp_path / "out" / "curves.csv").read_text(encoding="utf-8-sig").split()
    assert "cat,0.9,1,1,0" in lines and "micro,0.4,1,0.666667,0.5" in lines


def test_more_than_a_hundred_classes_are_drawn_in_part(tmp_path, monkeypatch):
    numbers = np.arange(130)
    known = {"true": numbers, "predicted": numbers[::-1], "probabilities": None, "slices": ()}
    table = SimpleNamespace(classes=tuple(map(str, numbers)), **known)
    monkeypatch.setattr(confusion, "read_uploaded", lambda path, **options: table)
    drawn = []
    monkeypatch.setattr(files, "matrix_file", lambda *given, order, **options: drawn.append(order) or b"a picture")
    assert call("--csv", "x.csv", "--out", tmp_path, "--order", "similarity") == 0
    assert counts_of(tmp_path)[1].shape == (130, 130)
    assert [len(set(order)) for order in drawn] == [len(order) for order in drawn] == [MOST_CLASSES] * 2


def test_a_run_that_diverged_has_counts_without_calibration(tmp_path, dataset, figures):
    folder = create_run(tmp_path, make_config(dataset), "diverged")
    nothing = Predictions(np.full((50, 10), np.nan, np.float16), np.asarray(dataset.test.labels[:50]), np.arange(50))
    write_predictions(folder.path / PREDICTIONS, {"test": nothing}, dataset)
    assert call("--run", folder.path, "--out", tmp_path / "out") == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES


def test_wrong_input_is_a_sentence(evaluated, tmp_path):
    fresh = make_untrained_run(tmp_path, "fresh")
    (tmp_path / "groups.txt").write_text("pets: unicorn", encoding="utf-8")
    (tmp_path / "latin.txt").write_bytes("flûte: x".encode("latin-1"))
    (tmp_path / "a.csv").write_text("y_true,y_pred\n0,0\n", encoding="utf-8")
    one = ("--run", evaluated.path)
    for arguments, said in (
        (("--run", fresh.path), "fresh has not been evaluated yet"),
        (("--run", tmp_path / "gone"), "gone is not a run"),
        ((*one, "--set", "test-lossless"), "has no set test-lossless; accepted are test, validation"),
        ((*one, "--groups", tmp_path / "groups.txt"), "Line 1: there is no class “unicorn”"),
        ((*one, "--groups", tmp_path / "latin.txt"), "latin.txt is no text"),
        (("--csv", tmp_path / "a.csv", "--set", "test"), "--set test is of a run"),
        (("--csv", tmp_path / "gone.csv"), "gone.csv"),
    ):
        with pytest.raises(ValueError, match=said):
            call(*arguments, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_or_a_table_is_needed(capsys):
    for arguments in (("--out", "x"), ("--run", "a", "--csv", "b", "--out", "x"), ("--run", "a")):
        with pytest.raises(SystemExit):
            parse(*arguments)
    assert "--out" in capsys.readouterr().err
