"""The confidence below which a classifier keeps silent."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_demo.metrics.threshold import choose_threshold


def answers(*pairs: tuple[float, bool]) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of two classes with these confidences, and labels by which they are right or not."""
    probabilities = np.array([[confidence, 1 - confidence] for confidence, _ in pairs])
    return probabilities, np.array([0 if right else 1 for _, right in pairs])


def test_it_lies_above_what_is_wrong_too_often():
    found = choose_threshold(*answers((0.6, False), (0.7, True), (0.8, False), (0.9, True), (0.95, True)))
    assert (found.value, found.total, found.answered, found.right) == (0.9, 5, 2, 2)


def test_where_all_are_right_it_is_the_least_confidence_there_was():
    found = choose_threshold(*answers((0.9, True), (0.65, True)))
    assert (found.value, found.answered, found.right) == (0.65, 2, 2)


def test_a_few_may_be_wrong():
    pairs = [(0.5 + n / 100, n != 20) for n in range(40)]
    assert choose_threshold(*answers(*pairs)).value == 0.5
    assert choose_threshold(*answers(*pairs), wanted=1.0).value == pytest.approx(0.71)


def test_nothing_is_answered_where_the_surest_answer_is_wrong():
    found = choose_threshold(*answers((0.6, True), (0.9, False)))
    assert (found.value, found.answered) == (math.inf, 0)


@given(st.lists(st.tuples(st.sampled_from([0.5, 0.6, 0.7, 0.8, 0.9]), st.booleans()), min_size=1, max_size=40))
def test_no_lower_confidence_would_do(pairs):
    found = choose_threshold(*answers(*pairs))
    shares = {
        value: np.mean([right for confidence, right in pairs if confidence >= value])
        for value in sorted({confidence for confidence, _ in pairs})
    }
    assert found.value == min((value for value, share in shares.items() if share >= 0.95), default=math.inf)
