"""Orders of classes: what is confused stands together, on planted blocks; and the most confused of many."""

from __future__ import annotations

import numpy as np
import pytest

from resnet_demo.metrics import ConfusionMatrix, by_recall, by_similarity, most_confused, most_confused_pairs
from resnet_demo.metrics.pairs import Pair


def planted(blocks: list[list[int]], background: int = 1) -> np.ndarray:
    """Counts in which the classes of a block are taken for each other, and for others hardly ever."""
    size = sum(map(len, blocks))
    counts = np.full((size, size), background)
    for block in blocks:
        counts[np.ix_(block, block)] = 20
    np.fill_diagonal(counts, 500)
    return counts


@pytest.mark.parametrize("background", [0, 1])
@pytest.mark.parametrize("seed", range(5))
def test_confused_classes_stand_together(seed, background):
    numbers = np.random.default_rng(seed).permutation(30)
    blocks = [part.tolist() for part in np.split(numbers, [3, 10, 12, 20])]
    order = by_similarity(planted(blocks, background)).tolist()
    assert sorted(order) == list(range(30))
    for block in blocks:
        places = sorted(order.index(number) for number in block)
        assert places[-1] - places[0] == len(block) - 1


def test_rare_classes_count_by_share_not_by_number():
    counts = np.diag([1000, 1000, 4, 4])
    counts[0, 1] = counts[1, 0] = 5  # half a percent
    counts[2, 3] = counts[3, 2] = 4  # half
    counts[1, 2] = 6
    order = by_similarity(counts).tolist()
    assert abs(order.index(2) - order.index(3)) == 1 and abs(order.index(0) - order.index(1)) == 1


def test_ends_that_are_alike_meet():
    counts = np.diag([100] * 4)
    counts[0, 1] = counts[2, 3] = 30
    counts[0, 3] = 20  # 0 and 3 are the ends that are alike
    assert by_similarity(counts).tolist() == [1, 0, 3, 2]


def test_without_mistakes_the_order_stays():
    assert by_similarity(np.eye(7, dtype=int)).tolist() == list(range(7))
    assert by_similarity(np.zeros((3, 3), int)).tolist() == [0, 1, 2]
    assert by_similarity(np.array([[5]])).tolist() == [0]


def test_a_thousand_classes_are_ordered():
    counts = np.random.default_rng(0).poisson(0.05, (1000, 1000))
    assert np.array_equal(np.sort(by_similarity(counts)), np.arange(1000))


def test_by_recall_has_the_lowest_first_and_the_unknown_last():
    matrix = ConfusionMatrix([[9, 1, 0, 0], [0, 0, 0, 0], [5, 0, 5, 0], [0, 5, 0, 5]], "abcd")
    assert by_recall(matrix).tolist() == [2, 3, 0, 1]


def test_the_most_confused_classes():
    counts = np.diag([50] * 5)
    counts[4, 1], counts[3, 1] = 9, 2
    assert most_confused(counts, 2).tolist() == [1, 4]
    assert most_confused(counts, 3).tolist() == [1, 3, 4]
    assert most_confused(counts, 99).tolist() == [0, 1, 2, 3, 4]
    assert most_confused(counts, 0).tolist() == []


def test_the_most_frequent_mistakes():
    matrix = ConfusionMatrix([[90, 6, 4], [6, 14, 0], [0, 0, 0]], "abc")
    assert most_confused_pairs(matrix) == (Pair(1, 0, 6, 0.3), Pair(0, 1, 6, 0.06), Pair(0, 2, 4, 0.04))
    assert most_confused_pairs(matrix, 1) == (Pair(1, 0, 6, 0.3),)
    assert most_confused_pairs(ConfusionMatrix(np.eye(3, dtype=int), "abc")) == ()
