"""Precision-recall and ROC of each class against the rest: scikit-learn's numbers, and what does not exist."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from resnet_demo.metrics.curves import GRID, MOST_POINTS, one_against_rest


def made(rows: int, classes: int, seed: int = 0, digits: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that know something of the labels; digits: rounded, so that many are equal."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, rows)
    logits = random.normal(0, 1, (rows, classes))
    logits[np.arange(rows), labels] += 1
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return (shares if digits is None else shares.round(digits)).astype(np.float32), labels


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 300), st.integers(2, 6), st.integers(0, 1000), st.sampled_from([None, 1, 2]))
def test_areas_are_those_of_scikit_learn(rows, classes, seed, digits):
    shares, labels = made(rows, classes, seed, digits)
    labels[: 2 * classes] = np.arange(2 * classes) % classes  # each class is there
    curves, hot = one_against_rest(shares, labels), np.eye(classes, dtype=int)[labels]
    for name, score in (("average_precision", average_precision_score), ("auc", roc_auc_score)):
        each = [getattr(curve, name) for curve in curves.classes]
        np.testing.assert_allclose(each, score(hot, shares, average=None), rtol=1e-12)
        assert getattr(curves.micro, name) == pytest.approx(score(hot, shares, average="micro"), rel=1e-12)
        assert curves.macro(name).value == pytest.approx(score(hot, shares, average="macro"), rel=1e-12)
        assert curves.macro(name).left_out == 0


@pytest.mark.parametrize("digits", [None, 2])
def test_points_lie_on_the_curves_of_scikit_learn(digits):
    shares, labels = made(3000, 3, 1, digits)
    for number, curve in enumerate(one_against_rest(shares, labels).classes):
        assert 20 < len(curve.threshold) <= MOST_POINTS
        truth, scores = labels == number, shares[:, number]
        precision, recall, threshold = precision_recall_curve(truth, scores)
        at = np.searchsorted(threshold, curve.threshold)
        np.testing.assert_array_equal(threshold[at], curve.threshold)
        np.testing.assert_allclose(curve.precision, precision[at])
        np.testing.assert_allclose(curve.recall, recall[at])
        x, y, cut = roc_curve(truth, scores, drop_intermediate=False)
        at = np.searchsorted(-cut, -curve.threshold)
        np.testing.assert_allclose(curve.false_positive_rate, x[at])
        np.testing.assert_allclose(curve.recall, y[at])
        assert set(zip(*curve.roc, strict=True)) <= set(zip(x, y, strict=True))


def test_the_mean_curves_have_the_mean_areas():
    shares, labels = made(2000, 5)
    curves = one_against_rest(shares, labels)
    assert np.trapezoid(curves.macro_recall, GRID) == pytest.approx(curves.macro("auc").value, abs=2e-3)
    steps = curves.macro_precision[1:].mean()
    assert steps == pytest.approx(curves.macro("average_precision").value, abs=1e-2)


def test_a_thinned_curve_stays_near_and_keeps_its_ends():
    shares, labels = made(20_000, 2)
    truth, scores = labels == 1, shares[:, 1]
    thin = one_against_rest(shares, labels).classes[1]
    assert len(thin.threshold) <= MOST_POINTS
    assert np.trapezoid(*thin.roc[::-1]) == pytest.approx(thin.auc, abs=2e-3)
    assert thin.auc == pytest.approx(roc_auc_score(truth, scores), rel=1e-12)
    assert thin.threshold[0] == scores[truth].max() and thin.threshold[-1] == scores[truth].min()


def test_what_does_not_exist_is_nan_and_in_no_mean():
    shares, labels = np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.6, 0.3, 0.1]], np.float32), np.array([0, 1, 0])
    curves = one_against_rest(shares, labels)
    absent = curves.classes[2]
    assert np.isnan([absent.average_precision, absent.auc]).all() and not len(absent.threshold)
    assert curves.macro("auc").left_out == 1 and curves.macro("auc").value == 1
    alone = one_against_rest(shares, np.zeros(3, int))
    assert np.isnan(alone.classes[0].auc) and alone.classes[0].average_precision == 1
    assert np.isnan(alone.macro_recall).all() and alone.macro("auc").left_out == 3
    nothing = one_against_rest(np.empty((0, 2), np.float32), np.empty(0, int))
    assert np.isnan(nothing.micro.auc) and np.isnan(nothing.macro("average_precision").value)


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match=r"accepted are 0 to 1"):
        one_against_rest(np.full((2, 2), 0.5), np.array([0, 2]))
    with pytest.raises(ValueError, match=r"\(n, C\)"):
        one_against_rest(np.full((2, 2), 0.5), np.array([0]))
