"""Reliability, confidence and coverage, against a second way of counting and on made answers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from resnet_demo.metrics import confidence_histogram, coverage_curve, reliability, softmax


def made(n: int = 5000, classes: int = 10, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and labels of a network that is surer than it is right."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 3, (n, classes))
    labels = softmax(logits / 3).cumsum(1).__gt__(random.random((n, 1))).argmax(1)
    return softmax(logits), labels


@pytest.mark.parametrize("bins", [1, 7, 15])
def test_reliability_is_the_definition_counted_by_hand(bins):
    probabilities, labels = made()
    found = reliability(probabilities, labels, bins)
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    ece = 0.0
    for i in range(bins):
        inside = (confidence > i / bins) & (confidence <= (i + 1) / bins)
        assert found.count[i] == inside.sum()
        if inside.any():
            assert found.confidence[i] == pytest.approx(confidence[inside].mean(), abs=1e-12)
            assert found.accuracy[i] == pytest.approx(right[inside].mean(), abs=1e-12)
            ece += inside.sum() / len(labels) * abs(right[inside].mean() - confidence[inside].mean())
        else:
            assert np.isnan(found.confidence[i]) and np.isnan(found.accuracy[i])
    assert found.ece == pytest.approx(ece, abs=1e-12) and found.ece > 0.05
    assert len(found.edges) == bins + 1 and found.edges[0] == 0 and found.edges[-1] == 1


def test_bins_agree_with_sklearns_curve():
    probabilities, labels = made()
    found = reliability(probabilities, labels, 10)
    right = probabilities.argmax(1) == labels
    accuracy, confidence = calibration_curve(right, probabilities.max(1), n_bins=10)
    known = found.count > 0
    np.testing.assert_allclose(found.accuracy[known], accuracy, atol=1e-12)
    np.testing.assert_allclose(found.confidence[known], confidence, atol=1e-12)


def test_who_is_as_right_as_sure_has_no_error():
    probabilities = np.array([[0.75, 0.25]] * 4 + [[0.0, 1.0]] * 3)
    labels = np.array([0, 0, 0, 1, 1, 1, 1])
    found = reliability(probabilities, labels)
    assert found.ece == 0 and found.count.sum() == 7 and found.count[-1] == 3
    assert reliability(probabilities, 1 - labels).ece == pytest.approx((4 * 0.5 + 3) / 7)


def test_edges_belong_to_the_bin_below_them():
    probabilities = np.array([[0.8, 0.2], [0.6, 0.4], [0.5, 0.5]])
    assert reliability(probabilities, np.zeros(3, int), 5).count.tolist() == [0, 0, 2, 1, 0]
    assert reliability(np.zeros((2, 3)), np.zeros(2, int), 5).count.tolist() == [2, 0, 0, 0, 0]


def test_answers_may_be_others_than_the_greatest_probability():
    probabilities, labels = np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([1, 1])
    found = reliability(probabilities, labels, 10, predicted=np.array([1, 1]))
    assert found.count.tolist() == [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] and np.nanmin(found.accuracy) == 1
    histogram = confidence_histogram(probabilities, labels, 2, predicted=np.array([1, 0]))
    assert histogram.right.tolist() == [1, 0] and histogram.wrong.tolist() == [0, 1]
    assert coverage_curve(probabilities, labels, 0.3, np.array([1, 1])).answered.tolist() == [1]


def test_the_histogram_parts_right_from_wrong():
    probabilities, labels = made()
    found = confidence_histogram(probabilities, labels)
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    assert found.right.sum() == right.sum() and (found.right + found.wrong).sum() == len(labels)
    assert found.wrong[-1] == ((confidence > 0.95) & ~right).sum() and len(found.edges) == 21


def test_coverage_counts_answers_from_a_threshold_on():
    probabilities, labels = made(700)
    found = coverage_curve(probabilities, labels)
    confidence, right = probabilities.max(1).astype(np.float64), probabilities.argmax(1) == labels
    assert len(found.threshold) == 101 and found.share_answered[0] == 1 and found.accuracy[0] == right.mean()
    for threshold, share, accuracy in zip(found.threshold, found.share_answered, found.accuracy, strict=True):
        given = confidence >= threshold
        assert share == given.mean()
        assert accuracy == pytest.approx(right[given].mean()) if given.any() else np.isnan(accuracy)
    assert coverage_curve(probabilities, labels, 2).answered.tolist() == [0]


def test_a_threshold_that_is_met_exactly_is_met():
    found = coverage_curve(np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 0]), [0.5, 0.75, 0.76])
    assert found.answered.tolist() == [2, 1, 0] and found.right.tolist() == [1, 0, 0]


def test_no_rows_have_no_numbers():
    nothing = np.zeros((0, 3)), np.zeros(0, int)
    assert np.isnan(reliability(*nothing).ece) and reliability(*nothing).count.sum() == 0
    curve = coverage_curve(*nothing)
    assert np.isnan(curve.accuracy).all() and np.isnan(curve.share_answered).all()
    assert confidence_histogram(*nothing).right.sum() == 0


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_half_precision_that_goes_a_hair_beyond_1_is_accepted(kind):
    probabilities = np.array([[1.0, 0.0], [0.0, 1.0005]], kind)
    assert reliability(probabilities, np.array([0, 1])).count[-1] == 2


@pytest.mark.parametrize(
    ("probabilities", "labels", "predicted", "said"),
    [
        (np.zeros((2, 3)), [0, 3], None, r"labels\[1\] is 3"), (np.zeros((2, 3)), [0, 0], [0, -1], r"predicted\[1\]"),
        (np.zeros((2, 3)), [0.0, 1.0], None, "labels has type float64"), (np.zeros((2, 3)), [0], None, r"\(1,\)"),
        (np.zeros(3), [0], None, r"probabilities is \(3,\)"), (np.zeros((2, 0)), [0, 0], None, r"\(2, 0\)"),
        (np.array([[0.5, 0.5], [3.5, -1]]), [0, 0], None, r"probabilities\[1\] goes from -1 to 3.5"),
        (np.array([[np.nan, 0.5]]), [0], None, r"probabilities\[0\] goes from nan"),
    ],
)  # fmt: skip
def test_what_is_no_probability_or_label_is_named(probabilities, labels, predicted, said):
    with pytest.raises(ValueError, match=said):
        reliability(probabilities, np.array(labels), predicted=None if predicted is None else np.array(predicted))


@pytest.mark.parametrize("bins", [0, -1, 1001])
def test_a_number_of_bins_out_of_range_is_refused(bins):
    with pytest.raises(ValueError, match=f"bins is {bins}; allowed is 1 to 1000"):
        reliability(np.ones((1, 1)), np.array([0]), bins)
