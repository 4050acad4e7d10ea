"""Softmax and top-k accuracy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_demo.metrics import most_confident_mistakes, softmax, top_k_accuracy
from resnet_demo.metrics.ranking import told_apart


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_softmax_is_torchs(kind, temperature):
    logits = np.random.default_rng(0).normal(0, 20, (50, 10)).astype(kind)
    result = softmax(logits, temperature)
    wide = torch.from_numpy(logits.astype(np.float64)) / temperature
    assert result.dtype == (np.float64 if kind is np.float64 else np.float32)
    np.testing.assert_allclose(result, wide.softmax(-1).numpy(), rtol=0, atol=1e-12 if kind is np.float64 else 1e-6)
    np.testing.assert_allclose(result.sum(-1), 1, atol=1e-6)


def test_softmax_of_huge_logits_and_of_one_row():
    assert softmax(np.array([1e30, -1e30, 1e30])).tolist() == [0.5, 0.0, 0.5]
    assert softmax(np.array([6e4, -6e4], np.float16), 1e-3).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("temperature", [0, -1, float("nan"), float("inf"), 1e-9])
def test_softmax_refuses_a_temperature_out_of_range(temperature):
    with pytest.raises(ValueError, match="temperature is .*0.001 to 1000"):
        softmax(np.zeros(3), temperature)


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.integers(1, 10), st.integers(1, 10))
def test_top_k_without_ties_is_torchs_topk(seed, classes, k):
    random = np.random.default_rng(seed)
    logits, labels, k = random.normal(size=(40, classes)), random.integers(0, classes, 40), min(k, classes)
    best = torch.from_numpy(logits).topk(k).indices.numpy()
    assert top_k_accuracy(logits, labels, k) == pytest.approx((best == labels[:, None]).any(1).mean())


def test_top_1_with_ties_is_argmax():
    logits = np.random.default_rng(0).integers(0, 3, (500, 6)).astype(np.float16)
    labels = np.random.default_rng(1).integers(0, 6, 500).astype(np.uint8)
    assert top_k_accuracy(logits, labels) == (logits.argmax(1) == labels).mean()
    assert top_k_accuracy(np.zeros((6, 6)), np.arange(6), 3) == 0.5


def test_top_k_of_no_rows_is_nan():
    assert np.isnan(top_k_accuracy(np.zeros((0, 3)), np.zeros(0, np.int64)))


@pytest.mark.parametrize(
    ("logits", "labels", "k", "named"),
    [
        (np.zeros((2, 3)), [0, 3], 1, r"labels\[1\] is 3"),
        (np.zeros((2, 3)), [-1, 0], 1, r"labels\[0\] is -1"),
        (np.zeros((2, 3)), [0, 0], 4, "k is 4"), (np.zeros((2, 3)), [0, 0], 0, "k is 0"),
        (np.zeros((2, 3)), [0], 1, r"\(1,\)"), (np.zeros(3), [0, 1, 2], 1, r"\(3,\)"),
        (np.zeros((2, 3)), [0.0, 1.0], 1, "float64"),
        (np.array([[0, 1], [np.nan, 0]]), [0, 0], 1, r"logits\[1\] holds NaN"),
    ],
)  # fmt: skip
def test_top_k_names_what_is_wrong(logits, labels, k, named):
    with pytest.raises(ValueError, match=named):
        top_k_accuracy(logits, labels, k)


def test_a_rank_is_known_where_it_is_told_from_the_next():
    scores = np.array([[0.6, 0.2, 0.05, 0.05, 0.05, 0.05], [0.1, 0.5, 0.1, 0.1, 0.1, 0.1]])
    assert told_apart(scores, (1, 2, 3, 5, 6)) == [1, 2]
    assert told_apart(np.full((4, 3), 1 / 3), (1, 2)) == []
    assert told_apart(np.empty((0, 3)), (1, 2, 5)) == [1, 2]


def test_the_most_confident_mistakes_come_first_over_all_classes():
    labels, predicted = np.array([0, 1, 2, 2, 1, 0]), np.array([0, 2, 1, 2, 0, 1])
    confidence = np.array([0.99, 0.5, 0.9, 0.95, 0.7, 0.9])
    assert most_confident_mistakes(labels, predicted, confidence).tolist() == [2, 5, 4, 1]
    assert most_confident_mistakes(labels, predicted, None).tolist() == [1, 2, 4, 5]
    confidence[2] = np.nan
    assert most_confident_mistakes(labels, predicted, confidence).tolist() == [5, 4, 1, 2]
    assert most_confident_mistakes(labels, labels, confidence).tolist() == []
    none = most_confident_mistakes(labels[:0], predicted[:0], confidence[:0])
    assert none.dtype == np.int64 and none.shape == (0,)


@settings(max_examples=50)
@given(st.integers(0, 10**6))
def test_the_most_confident_mistakes_are_those_of_a_plain_sort(seed):
    random = np.random.default_rng(seed)
    probabilities = random.integers(1, 5, (60, 4)) / 5  # with ties
    labels, predicted = random.integers(0, 4, 60), probabilities.argmax(1)
    confidence = probabilities.max(1)
    expected = sorted((row for row in range(60) if labels[row] != predicted[row]), key=lambda row: -confidence[row])
    assert most_confident_mistakes(labels, predicted, confidence).tolist() == expected


@pytest.mark.parametrize("shapes", [(3, 2, 3), (3, 3, 2)])
def test_mistakes_of_unequal_lengths_are_refused(shapes):
    labels, predicted, confidence = (np.zeros(length, int) for length in shapes)
    with pytest.raises(ValueError, match=r"labels is \(3,\)"):
        most_confident_mistakes(labels, predicted, confidence)
