"""The command `inside`: figures and numbers of one image, and what a published run records."""

from __future__ import annotations

import csv
import io
import json
import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from made_runs import make_config, make_trained_run, photograph, shapes_dataset
from PIL import Image

from resnet_demo.cli import data, inside, main, recording
from resnet_demo.data.decode import decode
from resnet_demo.figures import style
from resnet_demo.inference.classifier import from_run
from resnet_demo.inference.classify import classify
from resnet_demo.inference.explain import heat_map
from resnet_demo.inference.store import ModelStore
from resnet_demo.inside.faithfulness import faithfulness
from resnet_demo.inside.recorded import INSIDE, read_record
from resnet_demo.inside.surface import slice_2d, training_images
from resnet_demo.inside.surface_file import SURFACE, read_surface
from resnet_demo.places import Places
from resnet_demo.runs.exchange.publish import publish, verify
from resnet_demo.runs.execute import execute
from resnet_demo.runs.files import MANIFEST
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import create_run

ROWS = (300, 60)
CUT = "layer2.0.shortcut"


@pytest.fixture(scope="module")
def looked(tmp_path_factory):
    """The command's folder, the classifier and the image, with a cut."""
    root = tmp_path_factory.mktemp("looked")
    places = Places(data=None, cache=root / "cache", runs=root / "runs", weights=root / "weights")
    run = make_trained_run(places.weights, "trained")
    image = root / "photo.jpg"
    image.write_bytes(photograph())
    out = root / "out"
    assert main(["inside", str(image), "--model", "trained", "--cut", CUT, "--out", str(out)], places) == 0
    return out, from_run(run), decode(image), places


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_predictions_are_those_of_the_model_with_and_without_cuts(looked):
    out, classifier, image, _ = looked
    store, every = ModelStore(1), len(classifier.classes)
    expected = [classify(image, classifier, store, every, cuts=cuts) for cuts in ((), (CUT,))]
    values = json.loads((out / "predictions.json").read_text())
    for key, prediction in zip(("predictions", "predictions with cuts"), expected, strict=True):
        assert [one["class"] for one in values[key]] == list(prediction.labels)
        np.testing.assert_allclose([one["probability"] for one in values[key]], prediction.probabilities)
    assert (values["cuts"], values["model"], values["image"]) == ([CUT], "trained", "photo.jpg")
    assert values["explained"]["class"] == expected[0].labels[0]
    head, *rows = table(out / "predictions.csv")
    assert head == ["class", "probability", "probability with cuts"]
    for index, (name, *probabilities) in enumerate(rows):
        assert name == classifier.classes[index]
        known = [one.probabilities[one.indices.index(index)] for one in expected]
        np.testing.assert_allclose(list(map(float, probabilities)), known)


def test_every_figure_is_there_and_tables_have_a_row_for_each(looked):
    out, classifier, image, _ = looked
    pictures = {"stem", "layer1", "layer2", "layer3", "heat-map", "heat-map-with-cuts", "curves"}
    assert {path.stem for path in out.glob("*.png")} == pictures
    for picture in out.glob("*.png"):
        assert min(Image.open(picture).size) > 50
    blocks, layers = table(out / "blocks.csv"), table(out / "layers.csv")
    assert [row[0] for row in blocks[1:]] == ["layer1.0", "layer2.0", "layer3.0"]
    assert len(layers) == 1 + 7 and all(float(row[1]) > 0 for row in layers[1:])
    store = ModelStore(1)
    index = classify(image, classifier, store).indices[0]
    measured = faithfulness(heat_map(image, classifier, store, index), classifier, store, index)
    columns = np.array(table(out / "curves.csv")[1:], float).T
    np.testing.assert_allclose(columns[1], measured.deletion)
    np.testing.assert_allclose(columns[4], measured.insertion_random)
    areas = json.loads((out / "predictions.json").read_text())["explained"]["areas"]
    assert areas["deletion"] == pytest.approx([measured.area("deletion"), measured.area("deletion_random")])


def test_without_cuts_there_is_nothing_to_compare(looked, tmp_path, monkeypatch):
    monkeypatch.setattr(style, "save", lambda *figure, **options: b"a picture")
    _, classifier, _, places = looked
    (tmp_path / "photo.jpg").write_bytes(photograph(seed=1))
    options = ["--class", classifier.classes[1], "--against", "0", "--out", str(tmp_path / "out")]
    assert main(["inside", str(tmp_path / "photo.jpg"), "--model", "trained", *options], places) == 0
    assert not (tmp_path / "out" / "heat-map-with-cuts.png").exists()
    assert table(tmp_path / "out" / "predictions.csv")[0] == ["class", "probability"]
    explained = json.loads((tmp_path / "out" / "predictions.json").read_text())["explained"]
    assert (explained["class"], explained["against"]) == (classifier.classes[1], classifier.classes[0])


@pytest.mark.parametrize(
    "options, sentence",
    [
        ("--model trained --out out --cut layer9.0.branch", "layer9.0.branch"),
        ("--model trained --out out --class unicorn", "unicorn"),
        ("--model trained --out out --class 99", "99"),
        ("--model nothing --out out", "no model called “nothing”"),
        ("--out out", "needs --model and --out"),
        ("--model trained", "needs --model and --out"),
    ],
)
def test_wrong_input_is_a_sentence(looked, tmp_path, monkeypatch, capsys, options, sentence):
    monkeypatch.chdir(tmp_path)
    Path("photo.jpg").write_bytes(photograph())
    assert main(["inside", "photo.jpg", *shlex.split(options)], looked[-1]) == 2
    assert sentence in capsys.readouterr().err and not Path("out").exists()


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with runs of five steps, published with weights and without, and the one that they were made of."""
    root, dataset = tmp_path_factory.mktemp("made"), shapes_dataset(*ROWS)
    source = create_run(root / "runs", make_config(dataset, length=5, threads=1), "evidence-again")
    for _ in execute(source, dataset, torch.device("cpu"), evaluate=False):
        pass
    for name, kept in (("whole", True), ("evidence", False)):
        publish(source, root / "weights" / name, dataset, torch.device("cpu"), "made", name, with_weights=kept)
    return root


@pytest.fixture
def published(made, tmp_path, monkeypatch):
    """A copy of them, to be written into, and the data set."""
    dataset = shapes_dataset(*ROWS)
    monkeypatch.setattr(data, "load_dataset", lambda *args, **options: dataset)
    monkeypatch.setattr(recording, "IMAGES", 20)
    monkeypatch.setattr(recording, "POINTS", 3)
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    places = Places(data=None, cache=tmp_path / "cache", runs=tmp_path / "runs", weights=tmp_path / "weights")
    return places, dataset


def test_a_published_run_records_what_is_inside(published, capsys):
    places, dataset = published
    run = RunFolder(places.weights / "whole")
    before = json.loads((run.path / MANIFEST).read_text())
    assert main(["inside", "--record", str(run.path), "--quiet"], places) == 0
    assert f"{INSIDE}, {SURFACE}" in capsys.readouterr().out
    run = RunFolder(run.path)
    verify(run)
    after = json.loads((run.path / MANIFEST).read_text())
    assert set(after["sha256"]) - set(before["sha256"]) == {INSIDE, SURFACE}
    assert list(after["sha256"]) == sorted(after["sha256"]) and list(after) == list(before)
    assert {**after, "sha256": {}} == {**before, "sha256": {}}
    assert read_record(run).removal.rows == ROWS[1]
    recorded = read_surface(run.path)
    images, labels, _ = training_images(dataset.train, run.predictions()["train"].rows, dataset.mean, dataset.std, 20)
    model = run.load_model().to(memory_format=torch.channels_last)
    assert recorded.plane == slice_2d(model, images, labels, points=3).rounded(4)
    assert (recorded.weights, recorded.agreement) == ("published", 1.0)
    assert recorded.command == "python -m resnet_demo inside --record weights/whole --only surface.json"


def test_weights_that_were_trained_again_are_said_to_be(published, capsys):
    places, _ = published
    run, again = places.weights / "evidence", places.runs / "evidence-again"
    assert main(["inside", "--record", str(run), "--quiet"], places) == 2
    assert "no weights" in capsys.readouterr().err and not (run / SURFACE).exists()
    assert main(["inside", "--record", str(run), "--weights", str(again), "--quiet"], places) == 0
    recorded = read_surface(run)
    assert recorded.weights == "trained again" and recorded.agreement > 0.9  # half precision was published
    assert recorded.command.endswith("--only surface.json --weights runs/evidence-again")
    verify(RunFolder(run))
    assert not (run / INSIDE).exists()


def test_other_weights_data_and_runs_are_refused(published, tmp_path, monkeypatch, capsys):
    places, dataset = published
    run = places.weights / "evidence"
    other = make_trained_run(tmp_path, "other")
    assert main(["inside", "--record", str(run), "--weights", str(other.path), "--quiet"], places) == 2
    assert "another configuration" in capsys.readouterr().err
    assert main(["inside", "--record", str(other.path), "--quiet"], places) == 2
    assert "not the file that was published" in capsys.readouterr().err
    monkeypatch.setattr(data, "load_dataset", lambda *args, **options: replace(dataset, fingerprint="other"))
    assert main(["inside", "--record", str(places.weights / "whole"), "--quiet"], places) == 2
    assert "other files" in capsys.readouterr().err
    assert not (run / SURFACE).exists() and inside.RECORDED == (INSIDE, SURFACE)
