"""What Train shows of an epoch: its mistakes while a run trains, the most confident ones once it is evaluated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_answered import two_epoch_run
from made_runs import shapes_dataset

from resnet_demo.engine.evaluate import Predictions
from resnet_demo.runs.writer import open_writer
from resnet_demo.ui.shared.epoch_views import MISTAKES, recorded_epoch
from resnet_demo.ui.text import LANGUAGES

ENGLISH = LANGUAGES["en"]


@pytest.fixture(scope="module")
def dataset():
    return shapes_dataset(600, 50)


@pytest.fixture
def run(tmp_path, dataset):
    return two_epoch_run(tmp_path, "run", dataset, 0)


def evaluate(run, dataset) -> Predictions:
    """Have a run's evaluation say something of its validation images, as it does when it finishes."""
    _, rows = dataset.split_rows(run.config.split_seed)
    logits = 4 * np.random.RandomState(1).rand(len(rows), 10)
    predictions = Predictions(logits.astype(np.float16), np.asarray(dataset.train.labels)[rows].astype(np.int64), rows)
    with open_writer(run) as writer:
        writer.write_predictions({"validation": predictions}, dataset)
    return predictions


def test_while_a_run_trains_a_mistake_stays_until_it_is_learnt(run, dataset):
    first, second = (recorded_epoch(run, step, dataset, ENGLISH).mistakes for step in (10, 20))
    kept = [one["index"] for one in second["items"] if one["index"] in {item["index"] for item in first["items"]}]
    assert kept == [one["index"] for one in first["items"] if one["index"] in kept] and kept
    assert {one["probability"] for one in second["items"]} == {None} and "epoch 2" in second["note"]


def test_the_last_epoch_of_an_evaluated_run_shows_the_most_confident_mistakes_of_all_classes(run, dataset):
    before = recorded_epoch(run, 10, dataset, ENGLISH)
    known = evaluate(run, dataset)
    chances = np.exp(known.logits.astype(float)) / np.exp(known.logits.astype(float)).sum(1, keepdims=True)
    mistakes = [(-chances[at].max(), at) for at, label in enumerate(known.labels) if known.logits[at].argmax() != label]
    for step in (None, 20):
        shown = recorded_epoch(run, step, dataset, ENGLISH).mistakes
        probabilities = [one["probability"] for one in shown["items"]]
        assert probabilities == pytest.approx([-chance for chance, _ in sorted(mistakes)[:MISTAKES]], abs=1e-3)
        assert {one["index"] for one in shown["items"]} <= {int(known.rows[at]) for _, at in mistakes}
        assert f"{len(mistakes)} of {len(known.rows)}" in shown["note"] and "most confident first" in shown["note"]
    assert recorded_epoch(run, 10, dataset, ENGLISH) == before  # probabilities of earlier weights are not known


def test_what_was_evaluated_on_other_files_is_not_shown_beside_these_images(run, dataset):
    before = recorded_epoch(run, None, dataset, ENGLISH)
    known = evaluate(run, dataset)
    with open_writer(run) as writer:
        writer.write_predictions({"validation": known}, replace(dataset, fingerprint="other files"))
    assert recorded_epoch(run, None, dataset, ENGLISH) == before
