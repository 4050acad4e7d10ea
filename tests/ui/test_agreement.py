"""One picture through all variants, and the pictures that exactly one has right: compared with plain reckoning."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from compared_runs import make_compared_runs
from made_runs import NASTY, shapes_dataset

from resnet_demo.data.datasets import load_dataset
from resnet_demo.engine.evaluate import Predictions
from resnet_demo.library.answers import Pictures
from resnet_demo.places import Places
from resnet_demo.runs.files import WEIGHTS
from resnet_demo.runs.folder import RunError, RunFolder
from resnet_demo.services import Services
from resnet_demo.ui.compare.agreement import answers, gallery
from resnet_demo.ui.compare.agreement.answers import ChosenImage
from resnet_demo.ui.compare.agreement.comparisons import PublishedComparisons
from resnet_demo.ui.compare.agreement.handlers import samples_for
from resnet_demo.ui.shared.samples import SAMPLES
from resnet_demo.ui.text import LANGUAGES

TEXT = LANGUAGES["en"]


@pytest.fixture(scope="module")
def made(tmp_path_factory, few_shapes):
    """Services with three published runs on shapes, and these runs."""
    root = tmp_path_factory.mktemp("agreement")
    places = Places(data=None, cache=few_shapes(root / "cache"), runs=root / "runs", weights=root / "weights")
    runs = make_compared_runs(root / "sources", places.weights)
    return Services.create(places, local=True), runs


@pytest.fixture
def comparison(made):
    (found,) = PublishedComparisons(made[0].runs).comparisons().values()
    return found


def test_the_gallery_has_the_rows_that_exactly_one_network_has_right(made, comparison):
    found = gallery.gallery(comparison)
    predictions = {key: run.predictions()["test"] for key, run in made[1].items()}
    assert found.keys == ("A", "B", "plain")
    total = 0
    for key in found.keys:
        rows = {
            int(row)
            for at, row in enumerate(predictions["A"].rows)
            if [k for k, one in predictions.items() if one.logits[at].argmax() == one.labels[at]] == [key]
        }
        assert set(found.rows[found.only(key)].tolist()) == rows
        assert (f"{key}: {len(rows)}", key) in gallery.choices(found, TEXT)
        total += len(rows)
    assert total and f"exactly one gets {total} right" in gallery.summary(found, TEXT)
    assert not len(found.only("C"))


def folder(rows, predicted, labels, name="run"):
    """A run with these answers among four classes."""
    logits = np.eye(4, dtype=np.float16)[predicted]
    known = {"test": Predictions(logits, np.array(labels), np.array(rows))}
    config = SimpleNamespace(classes=("cat", NASTY, "dog", "cow"), data="somewhere", fingerprint="f" * 64)
    run = SimpleNamespace(
        id=name, predictions=lambda: known, config=config, has_weights=lambda: False,
        predictions_fingerprint=lambda: "f" * 64,
    )  # fmt: skip
    run.predictions_on = partial(RunFolder.predictions_on, run)
    return run


def compared(**runs):
    variants = tuple(SimpleNamespace(key=key, runs=(run,)) for key, run in runs.items())
    return SimpleNamespace(primary="test", variants=variants)


def test_rows_in_another_order_are_the_same_pictures_and_missing_ones_are_left_out():
    a = folder([7, 3, 5, 9], [0, 1, 2, 3], [0, 1, 0, 3])
    b = folder([3, 5, 7, 8], [0, 0, 0, 2], [1, 0, 0, 2])
    found = gallery.gallery(compared(A=a, B=b))
    assert found.rows.tolist() == [3, 5, 7] and found.labels.tolist() == [1, 0, 0]
    assert found.rows[found.only("A")].tolist() == [3] and found.rows[found.only("B")].tolist() == [5]
    table = gallery.table(found, "A", 0, TEXT)
    assert table["rows"] == [{"row": 3, "label": NASTY, "network0": f"✓ {NASTY}", "network1": "✗ cat"}]


def test_a_run_without_predictions_is_said():
    empty = folder([], [], [])
    empty.predictions = lambda: {}
    with pytest.raises(RunError, match="keeps no predictions on test"):
        gallery.gallery(compared(A=empty, B=empty))


@pytest.mark.parametrize("why", ["absent", "fingerprint"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_pictures_the_data_that_is_needed_is_named(language, why):
    found = gallery.gallery(compared(A=folder([1, 2], [0, 0], [0, 1]), B=folder([1, 2], [1, 0], [0, 1])))
    shown = gallery.strip(found, "A", 0, Pictures(None, why), LANGUAGES[language])
    assert not shown["items"] and "ffffffffffff…" in shown["note"] and "somewhere" in shown["note"]
    assert len(gallery.table(found, "A", 0, LANGUAGES[language])["rows"]) == 1


def test_pages_hold_every_picture_once():
    rows = np.arange(60)
    found = gallery.gallery(compared(A=folder(rows, rows * 0, rows * 0), B=folder(rows, rows * 0 + 1, rows * 0)))
    assert gallery.pages(found, "A") == 3 and gallery.pages(found, "B") == 0
    seen = [row["row"] for page in range(3) for row in gallery.table(found, "A", page, TEXT)["rows"]]
    assert seen == rows.tolist()
    assert "There is no image" in gallery.strip(found, "B", 0, Pictures(None, "absent"), TEXT)["note"]


def test_pictures_are_those_of_the_rows(made, comparison):
    services, _ = made
    found = gallery.gallery(comparison)
    there = gallery.images(services, found)
    dataset = load_dataset("shapes", cache=services.places.cache)
    key = next(key for key in found.keys if len(found.only(key)))
    shown = gallery.strip(found, key, 0, there, TEXT)
    row = int(found.rows[shown["items"][0]["index"]])
    np.testing.assert_array_equal(np.asarray(there.split.picture(row)), dataset.test.images[row])
    assert shown["items"][0]["true"] == dataset.classes[dataset.test.labels[row]]
    for item in shown["items"]:
        assert [answer["who"] for answer in item["answers"] if answer["right"]] == [key]


def test_probabilities_are_those_of_each_network(made, comparison):
    services, runs = made
    split = shapes_dataset().test
    image = split.picture(4).convert("RGB")
    sides = answers.by_variant(services, comparison, image, None)
    assert [side.key for side in sides] == ["A", "B", "plain"]
    config = runs["A"].config
    x = torch.tensor(split.images[4] / 255.0, dtype=torch.float32)
    x = ((x - torch.tensor(config.mean)) / torch.tensor(config.std)).permute(2, 0, 1)[None]
    for side in sides:
        with torch.no_grad():
            plain = runs[side.key].load_model()(x)[0].softmax(0).numpy()
        np.testing.assert_allclose(side.probabilities, plain, atol=1e-5)
    label = int(split.labels[4])
    value = answers.value(sides, label, ChosenImage(position=0), TEXT)
    assert sorted(row["index"] for row in value["rows"]) == list(range(10))
    for row in value["rows"]:
        assert row["probabilities"] == [pytest.approx(side.probabilities[row["index"]]) for side in sides]
        assert row["true"] == (row["index"] == label)
    front = {row["index"] for row in value["rows"][: value["shown"]]}
    assert {label, *(side.best for side in sides)} <= front
    assert [network["right"] for network in value["networks"]] == [side.best == label for side in sides]


def test_the_sentence_says_who_agrees():
    def side(key, *probabilities):
        p = np.array(probabilities)
        return SimpleNamespace(key=key, best=int(p.argmax()), probabilities=p)

    names = ("cat", "dog", NASTY)
    one = [side("A", 0.6, 0.3, 0.1), side("plain", 0.9, 0.05, 0.05)]
    assert answers.agreement(one, names, TEXT) == "All 2 models answer cat."
    two = [*one, side("C", 0.1, 0.1, 0.8)]
    assert answers.agreement(two, names, TEXT) == f"The models disagree. A, plain: cat; C: {NASTY}."
    assert answers.gap(two, names, TEXT) == "Largest gap, for cat: 10.0 % (C) to 90.0 % (plain)."
    assert answers.most_probable(two) == 0


def test_heat_maps_are_of_one_class_for_all_networks(made, comparison):
    services, _ = made
    image = shapes_dataset().test.picture(0).convert("RGB")
    value = answers.overlays(services, comparison, image, None, 3, TEXT)
    assert [item["title"] for item in value["items"]] == ["A", "B", "plain"]
    assert len({item["map"] for item in value["items"]}) == 3
    assert shapes_dataset().classes[3] in value["title"]


def test_a_network_without_weights_is_left_out(made, comparison, tmp_path):
    services, runs = made
    weights = tmp_path / "weights"
    shutil.copytree(services.places.weights, weights)
    (weights / "shapes-B" / WEIGHTS).unlink()
    fewer = Services.create(replace(services.places, weights=weights), local=True)
    (found,) = PublishedComparisons(fewer.runs).comparisons().values()
    image = shapes_dataset().test.picture(0).convert("RGB")
    assert [side.key for side in answers.by_variant(fewer, found, image, None)] == ["A", "plain"]
    assert answers.has_weights(found) and gallery.gallery(found).keys == ("A", "B", "plain")
    (weights / "shapes-A" / WEIGHTS).unlink()
    assert not answers.has_weights(found)


def test_what_is_known_is_read_again_once_a_run_changes(made, tmp_path):
    services, _ = made
    weights = tmp_path / "weights"
    shutil.copytree(services.places.weights, weights)
    published = PublishedComparisons(Services.create(replace(services.places, weights=weights), local=True).runs)
    (key,) = published.comparisons()
    first = published.gallery(key)
    assert published.gallery(key) is first and published.comparisons() is published.comparisons()
    shutil.rmtree(weights / "shapes-plain")
    assert published.gallery(key).keys == ("A", "B")


def test_samples_are_those_that_the_compared_networks_know():
    photos = [sample for sample in SAMPLES if sample.data == ""]
    assert samples_for([("cifar10", "A"), ("cifar10", "B"), ("shapes", "A")]) == photos
    assert samples_for([("shapes", "A"), ("shapes", "none")]) == [
        sample for sample in SAMPLES if sample.data == "shapes"
    ]
    assert samples_for([]) == photos
