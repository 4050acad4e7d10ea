"""Predictions of which only the first classes were kept, against the whole ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_demo.engine.evaluate import Predictions
from resnet_demo.metrics import softmax, top_k_accuracy
from resnet_demo.metrics.calibration import reliability


def whole(n: int, classes: int, scale: float, seed: int = 0) -> Predictions:
    random = np.random.default_rng(seed)
    logits = random.normal(0, scale, (n, classes)).astype(np.float16)
    return Predictions(logits, random.integers(0, classes, n), np.arange(n))


def kept(found: Predictions, k: int = 3) -> Predictions:
    classes, probabilities = found.top(k)
    half = probabilities.astype(np.float16)
    return Predictions.from_best(classes.astype(np.uint8), half, found.labels, found.rows, found.logits.shape[1])


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(3, 200), st.sampled_from([0.01, 1.0, 30.0]))
def test_what_was_kept_is_as_it_was(seed, classes, scale):
    """Answers, right ones and the first three ranks exactly; probabilities as half precision has them."""
    found = whole(50, classes, scale, seed)
    few = kept(found)
    assert few.logits.dtype == np.float32 and few.best == (3 if classes > 3 else None)
    np.testing.assert_array_equal(few.predicted, found.logits.argmax(1))
    assert (few.correct, few.accuracy) == (found.correct, found.accuracy)
    for k in (1, 2, 3)[: classes - 1]:
        assert top_k_accuracy(few.logits, few.labels, k) == top_k_accuracy(found.logits, found.labels, k)
        assert top_k_accuracy(softmax(few.logits), few.labels, k) == top_k_accuracy(found.logits, found.labels, k)
    top = found.top(3)[0]
    ours, theirs = (np.take_along_axis(softmax(one.logits), top, axis=1) for one in (few, found))
    np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=1e-6)
    np.testing.assert_allclose(softmax(few.logits).sum(1), 1, rtol=1e-5)


def test_calibration_is_that_of_the_whole():
    found = whole(5000, 10, 2.0)
    few = kept(found)
    errors = [reliability(softmax(one.logits), one.labels, predicted=one.predicted).ece for one in (found, few)]
    assert errors[1] == pytest.approx(errors[0], abs=2e-3)


def test_rows_are_chosen_alike():
    found = kept(whole(20, 5, 1.0))
    few = found.restricted_to(np.array([3, 7]))
    assert few.rows.tolist() == [3, 7] and few.best == 3 and len(few.logits) == 2


def test_of_equal_logits_the_lower_class_comes_first():
    logits = np.array([[1, 1, 1, 1], [0, 2, 2, 1]], np.float16)
    classes, probabilities = Predictions(logits, np.zeros(2, np.int64), np.arange(2)).top(3)
    assert classes.tolist() == [[0, 1, 2], [1, 2, 3]]
    np.testing.assert_allclose(probabilities[0], 0.25)
    few = kept(Predictions(logits, np.zeros(2, np.int64), np.arange(2)))
    assert few.top(3)[0].tolist() == classes.tolist()
