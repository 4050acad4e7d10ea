"""Accuracy without blocks: against the naive loop; others are let in; what was recorded is read again."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from made_runs import make_trained_run, shapes_dataset

from resnet_demo.engine.evaluate import predict_split
from resnet_demo.errors import Refusal
from resnet_demo.inference.classifier import from_run
from resnet_demo.inference.store import LoadedModel, ModelStore
from resnet_demo.inside.recorded import INSIDE, read_record, record
from resnet_demo.inside.removal import Score, accuracy_with_cuts, removal_curve
from resnet_demo.models import ModelSpec
from resnet_demo.models.cuts import block_names, cut
from resnet_demo.runs.exchange.publish import add_file, publish, verify
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.records import RunError

NAMES = ("resnet8", "plain8")


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> dict[str, RunFolder]:
    root = tmp_path_factory.mktemp("runs")
    return {name: make_trained_run(root, name, model=ModelSpec.from_name(name, num_classes=10)) for name in NAMES}


@pytest.fixture
def loaded(runs) -> LoadedModel:
    return ModelStore().get(from_run(runs["resnet8"]))


def statistics(run: RunFolder) -> tuple:
    return run.config.mean, run.config.std


def predicted(run: RunFolder, cuts: list[str]) -> np.ndarray:
    """Answers on the test images by the engine's own evaluation of a network with cuts."""
    model, split = run.load_model(), shapes_dataset().test
    with cut(model, cuts):
        return predict_split(model, split, np.arange(len(split)), *statistics(run), torch.device("cpu")).predicted


@pytest.mark.parametrize("name", NAMES)
def test_the_curve_is_that_of_the_naive_loop(runs, name):
    run, test = runs[name], shapes_dataset().test
    told: list = []
    shared = ModelStore().get(from_run(run))
    curve = removal_curve(
        shared, test.images, test.labels, *statistics(run), batch=30, progress=lambda *at: told.append(at)
    )
    assert curve.rows == len(test) == 100 and curve.blocks == block_names(run.config.model)
    assert curve.accuracy == (predicted(run, []) == test.labels).mean()
    naive = [(predicted(run, [f"{block}.branch"]) == test.labels).mean() for block in curve.blocks]
    np.testing.assert_allclose(curve.accuracies, naive, atol=1e-12)
    assert len(set(naive)) > 1 and told == [(done, 12) for done in range(1, 13)]


def test_blocks_are_computed_half_as_often_as_by_the_naive_loop(loaded, runs):
    test, passes = shapes_dataset().test, []
    blocks = [loaded.model.get_submodule(name) for name in block_names(loaded.model.spec)]
    handles = [block.register_forward_hook(lambda *_: passes.append(1)) for block in blocks]
    removal_curve(loaded, test.images, test.labels, *statistics(runs["resnet8"]), batch=100)
    for handle in handles:
        handle.remove()
    assert len(passes) == 3 + (3 + 2 + 1) < 3 * (3 + 1)  # once through, and from each block on; four times through


def test_accuracy_with_cuts(loaded, runs):
    run, test, told = runs["resnet8"], shapes_dataset().test, []
    arguments = loaded, test.images, test.labels, *statistics(run)
    cuts = ["layer3.0.shortcut", "layer1.0.branch"]
    score = accuracy_with_cuts(*arguments, cuts, batch=40, progress=lambda *at: told.append(at))
    assert score == Score(int((predicted(run, cuts) == test.labels).sum()), 100) and told[-1] == (100, 100)
    assert score.accuracy == score.correct / 100
    assert accuracy_with_cuts(*arguments).correct == (predicted(run, []) == test.labels).sum() != score.correct
    with pytest.raises(Refusal, match="no 'layer9.0.branch'"):
        accuracy_with_cuts(*arguments, ["layer9.0.branch"])


def test_what_is_cancelled_counts_whole_batches(loaded, runs):
    test, passes = shapes_dataset().test, iter(range(100))
    arguments = loaded, test.images, test.labels, *statistics(runs["resnet8"])
    curve = removal_curve(*arguments, batch=20, cancelled=lambda: next(passes) >= 5)  # in the middle of the second
    first = (loaded, test.images[:20], test.labels[:20], *arguments[3:])
    assert curve == removal_curve(*first, batch=20) and curve.rows == 20
    nothing = removal_curve(*arguments, cancelled=lambda: True)
    assert nothing.rows == 0 and np.isnan([nothing.accuracy, *nothing.accuracies]).all()
    asked = iter([False, True])
    assert accuracy_with_cuts(*arguments, batch=20, cancelled=lambda: next(asked)) == accuracy_with_cuts(*first)
    assert np.isnan(accuracy_with_cuts(*arguments, cancelled=lambda: True).accuracy)


@pytest.mark.parametrize("measure", (removal_curve, accuracy_with_cuts))
def test_others_use_the_model_meanwhile_and_see_no_cut(loaded, runs, measure):
    test, x = shapes_dataset().test, torch.randn(1, 3, 32, 32)
    expected, answers, waited = loaded.model(x), [], []

    def visit(done: int, of: int) -> None:  # between two passes, when nothing may be held or cut
        def ask() -> None:
            with loaded.lock:
                answers.append(torch.equal(loaded.model(x), expected))

        visitor = threading.Thread(target=ask)
        visitor.start()
        visitor.join(20)
        waited.append(visitor.is_alive())

    cuts = {"cuts": ["layer1.0.branch"]} if measure is accuracy_with_cuts else {}
    measure(loaded, test.images, test.labels, *statistics(runs["resnet8"]), batch=50, progress=visit, **cuts)
    assert len(answers) >= 2 and all(answers) and not any(waited)


def test_the_model_is_as_it_was_when_a_pass_fails(loaded, runs, monkeypatch):
    test, x = shapes_dataset().test, torch.randn(1, 3, 32, 32)
    expected = loaded.model(x)
    arguments = loaded, test.images, test.labels, *statistics(runs["resnet8"])

    def fail(*_):
        raise RuntimeError("out of memory")

    for measure in (lambda: removal_curve(*arguments), lambda: accuracy_with_cuts(*arguments, ["layer1.0.branch"])):
        with monkeypatch.context() as patch:
            patch.setattr(loaded.model, "head", fail)
            with pytest.raises(RuntimeError, match="memory"):
                measure()
        assert torch.equal(loaded.model(x), expected) and not loaded.lock.locked()
        assert not any("forward" in vars(module) for module in loaded.model.modules())


# ---- what is recorded ----


@pytest.fixture
def published(runs, tmp_path) -> RunFolder:
    publish(runs["resnet8"], tmp_path / "published", shapes_dataset(), torch.device("cpu"), "a command", "a title")
    return RunFolder(tmp_path / "published")


def test_a_record_is_read_again_and_in_the_manifest(published):
    assert read_record(published) is None
    before = json.loads((published.path / "manifest.json").read_text("utf-8"))
    written = record(published, ModelStore(), shapes_dataset())
    content = (published.path / INSIDE).read_bytes()
    again = RunFolder(published.path)
    verify(again)
    manifest = json.loads((published.path / "manifest.json").read_text("utf-8"))
    assert manifest["sha256"].pop(INSIDE) == hashlib.sha256(content).hexdigest()
    assert manifest == before and list(manifest) == list(before) and json.loads(content) == written

    found, test = read_record(again), shapes_dataset().test
    shared, given = ModelStore().get(from_run(again)), statistics(again)
    assert found.removal == removal_curve(shared, test.images, test.labels, *given) and found.removal.rows == 100
    assert found.responses.images == 100 and found.fingerprint == shapes_dataset().fingerprint
    assert found.responses.layers[:2] == ("conv1", "layer1.0.conv1") and len(found.responses.stds) == 7
    record(published, ModelStore(), shapes_dataset())  # over what was there
    verify(RunFolder(published.path))
    (published.path / INSIDE).write_bytes(content[:-20])
    with pytest.raises(RunError, match="inside.json is damaged"):
        read_record(RunFolder(published.path))
    with pytest.raises(RunError, match="inside.json is missing or not"):
        verify(RunFolder(published.path))


def test_other_data_are_refused(published):
    with pytest.raises(RunError, match="other files"):
        record(published, ModelStore(), replace(shapes_dataset(), fingerprint="another"))
    assert not (published.path / INSIDE).exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda values: values["removal"]["blocks"].pop(), "blocks are not those of ResNet-8"),
        (lambda values: values["removal"]["accuracies"].pop(), "a number for each"),
        (lambda values: values["responses"]["stds"].pop(), "a number for each"),
        (lambda values: values["removal"].update(accuracy=2), "between 0 and 1"),
        (lambda values: values["responses"]["stds"].__setitem__(0, float("nan")), "finite"),
        (lambda values: values.pop("fingerprint"), "fingerprint"),
        (lambda values: values["removal"].update(rows="many"), "rows"),
    ],
)
def test_a_record_with_other_values_is_damaged(runs, tmp_path, change, reason):
    run = RunFolder(tmp_path)
    add_file(run, "config.json", (runs["resnet8"].path / "config.json").read_bytes())
    names = block_names(run.config.model)
    values = {
        "fingerprint": "data",
        "removal": {"accuracy": 0.5, "blocks": names, "accuracies": [0.1] * 3, "rows": 10},
        "responses": {
            "images": 10,
            "blocks": [{"name": name, "shortcut": 1.0, "branch": 1.0, "total": 1.0} for name in names],
            "layers": ["conv1"],
            "stds": [0.5],
        },
    }
    add_file(run, INSIDE, json.dumps(values).encode())
    assert read_record(run).removal.accuracies == (0.1,) * 3
    change(values := json.loads(json.dumps(values)))
    add_file(run, INSIDE, json.dumps(values).encode())
    with pytest.raises(RunError, match=f"inside.json is damaged: .*{reason}"):
        read_record(run)
