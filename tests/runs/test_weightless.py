"""Runs that are published as evidence, without weights: what is left, and who can read it."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch
from made_runs import make_trained_run, shapes_dataset

from resnet_demo.cli import data, main
from resnet_demo.engine.events import EpochDone
from resnet_demo.figures import style
from resnet_demo.inference.catalogue import Catalogue
from resnet_demo.library import answers as source
from resnet_demo.library.visitors import NOBODY
from resnet_demo.metrics import softmax, top_k_accuracy
from resnet_demo.places import Places
from resnet_demo.runs.exchange.publish import publish, verify
from resnet_demo.runs.folder import RunError, RunFolder
from resnet_demo.runs.index import RunIndex
from resnet_demo.services import Services
from resnet_demo.ui.confusion import views
from resnet_demo.ui.shared.epoch_views import epoch_of
from resnet_demo.ui.text import LANGUAGES


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """One run, published with its weights and without."""
    root = tmp_path_factory.mktemp("published")
    source = make_trained_run(root / "runs", "source", evaluate=True)
    for name, weights in (("whole", True), ("evidence", False)):
        target = root / "weights" / name
        publish(source, target, shapes_dataset(), torch.device("cpu"), "command", name, with_weights=weights)
    return RunFolder(root / "weights" / "whole"), RunFolder(root / "weights" / "evidence")


def test_all_but_the_weights_is_there(both):
    whole, evidence = both
    verify(evidence)
    assert whole.has_weights() and not evidence.has_weights()
    assert whole.manifest["weights"] is True and evidence.manifest["weights"] is False
    for part in ("accuracy", "config", "steps", "seeds", "fingerprint"):
        assert evidence.manifest[part] == whole.manifest[part]
    files = [{path.relative_to(run.path).as_posix() for path in run.path.rglob("*")} for run in both]
    assert files[0] - files[1] == {"model.safetensors"} and not files[1] - files[0]
    assert evidence.state() == "finished" and evidence.predictions_fingerprint() == whole.predictions_fingerprint()
    ended = [event for event in evidence.events() if isinstance(event, EpochDone)]
    assert len(evidence.epoch_record(ended[-1]).validation)
    with pytest.raises(RunError, match="no weights"):
        evidence.load_model()


def test_the_command_leaves_them_out(both, tmp_path, monkeypatch):
    monkeypatch.setattr(data, "load_dataset", lambda *args, **options: shapes_dataset())
    source, target = both[0].path.parent.parent / "runs" / "source", tmp_path / "another"
    assert main(["export", "--run", str(source), "--to", str(target), "--no-weights", "--device", "cpu"]) == 0
    assert (
        not RunFolder(target).has_weights() and RunFolder(target).manifest["accuracy"] == both[1].manifest["accuracy"]
    )
    assert "--id another" in RunFolder(target).manifest["command"]


def test_predictions_count_as_the_whole_ones(both):
    whole, evidence = (run.predictions() for run in both)
    assert whole.keys() == evidence.keys() >= {"test", "validation", "train"}
    for name, found in whole.items():
        few = evidence[name]
        assert few.best == 3 and found.best is None
        for part in ("labels", "rows", "predicted"):
            np.testing.assert_array_equal(getattr(few, part), getattr(found, part))
        assert top_k_accuracy(softmax(few.logits), few.labels, 3) == top_k_accuracy(found.logits, found.labels, 3)
    with np.load(both[1].path / "predictions.npz") as arrays:
        assert arrays["test_best"].dtype == np.uint8 and arrays["test_best"].shape == (100, 3)
        assert arrays["test_probabilities"].dtype == np.float16 and "test_logits" not in arrays.files


def test_it_is_listed_and_does_not_classify(both, tmp_path):
    root = both[0].path.parent
    index = RunIndex([root])
    assert {run.id for run in index.list()} == {"whole", "evidence"}
    assert [run.id for run in index.with_weights()] == ["whole"]
    places = Places(data=None, cache=tmp_path, runs=tmp_path, weights=root)
    assert "evidence" not in {one.id for one in Catalogue(index, places).ready()}


def test_its_confusion_matrix_is_that_of_the_whole(both, tmp_path, monkeypatch):
    monkeypatch.setattr(style, "save", lambda *figure, **options: b"a picture")
    for run in both:
        assert main(["confusion", "--run", str(run.path), "--out", str(tmp_path / run.id)]) == 0
    whole, evidence = ((tmp_path / run.id / "report.md").read_text() for run in both)
    assert "Top-3 accuracy" in evidence and "Top-5 accuracy" in whole and "Top-5 accuracy" not in evidence
    for file in ("matrix.csv", "classes.csv"):
        assert (tmp_path / "whole" / file).read_bytes() == (tmp_path / "evidence" / file).read_bytes()


def test_the_page_counts_it_and_names_no_rank_that_is_not_known(both, tmp_path):
    places = Places(data=None, cache=tmp_path, runs=tmp_path, weights=both[0].path.parent)
    services, text = Services.create(places), LANGUAGES["en"]
    whole, evidence = (source.answers(services, run, "test") for run in both)
    assert (evidence.matrix.counts == whole.matrix.counts).all()
    np.testing.assert_allclose(evidence.confidence, whole.confidence, rtol=2e-3)
    first, second = (" ".join(views.headline(found, text)) for found in (whole, evidence))
    ranks = [text("confusion.top_k", k=k, accuracy="").strip() for k in (3, 5)]
    assert all(rank in first for rank in ranks) and [rank in second for rank in ranks] == [True, False]


def test_its_epochs_are_counted_without_the_images(both, tmp_path):
    for run in both:
        shutil.copytree(run.path, tmp_path / "weights" / run.id)
        config = tmp_path / "weights" / run.id / "config.json"
        config.write_text(config.read_text().replace('"data": "shapes"', '"data": "cifar10"'))
    services = Services.create(Places(data=None, **{n: tmp_path / n for n in ("cache", "runs", "weights")}))
    dataset, text = shapes_dataset(), LANGUAGES["en"]
    for run in services.runs.list():
        for name in source.BY_EPOCH:
            found = source.answers(services, run, name)
            np.testing.assert_array_equal(found.labels, dataset.train.labels[found.rows])
            assert source.pictures(services, found).why == "absent"
        epoch = epoch_of(services, run, None, NOBODY, text)
        assert epoch.train["counts"] and epoch.validation["counts"] and epoch.mistakes is None


def test_a_run_whose_predictions_are_cut_short_is_damaged(both, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(both[1].path, copy)
    (copy / "predictions.npz").write_bytes((copy / "predictions.npz").read_bytes()[:500])
    with pytest.raises(RunError, match="damaged"):
        RunFolder(copy).predictions()
