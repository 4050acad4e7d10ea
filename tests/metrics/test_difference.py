"""Differences of two matrices, and the rows that only one side gets right."""

from __future__ import annotations

import numpy as np
import pytest

from resnet_demo.errors import Refusal
from resnet_demo.metrics import ConfusionMatrix
from resnet_demo.metrics.difference import difference, only_one_right


def test_the_second_less_the_first():
    a = ConfusionMatrix([[8, 2], [5, 5]], ("cat", "dog"))
    b = ConfusionMatrix([[18, 2], [4, 6]], ("cat", "dog"))  # twice as many cats
    found = difference(a, b)
    assert found.counts.tolist() == [[10, 0], [-1, 1]]
    np.testing.assert_allclose(found.shares, [[0.1, -0.1], [-0.1, 0.1]])
    np.testing.assert_allclose(found.recall, [0.1, 0.1])
    np.testing.assert_allclose(found.precision, [18 / 22 - 8 / 13, 6 / 8 - 5 / 7])
    np.testing.assert_allclose(found.f1, b.f1 - a.f1)
    assert found.accuracy == pytest.approx(24 / 30 - 13 / 20)


def test_classes_are_matched_by_name():
    a = ConfusionMatrix([[8, 2], [5, 5]], ("cat", "dog"))
    turned = ConfusionMatrix([[5, 5], [2, 8]], ("dog", "cat"))
    assert difference(a, turned).classes == ("cat", "dog") and not difference(a, turned).counts.any()


def test_what_one_side_has_not_is_nan():
    found = difference(ConfusionMatrix([[1, 0], [0, 0]], "ab"), ConfusionMatrix([[1, 0], [1, 1]], "ab"))
    assert np.isnan(found.shares[1]).all() and np.isnan(found.recall[1]) and np.isnan(found.precision[1])
    assert found.counts.tolist() == [[0, 0], [1, 1]] and not np.isnan(found.recall[0])


@pytest.mark.parametrize(
    ("theirs", "said"), [(("a", "c"), "the first alone: b; on the second: c"), (("a", "a"), "first alone: b")]
)
def test_other_classes_are_refused(theirs, said):
    with pytest.raises(Refusal, match=said) as caught:
        difference(ConfusionMatrix(np.eye(2, dtype=int), "ab"), ConfusionMatrix(np.eye(2, dtype=int), theirs))
    assert caught.value.code == "difference.classes"


def test_names_that_stand_twice_are_compared_in_place():
    twice = ConfusionMatrix(np.eye(3, dtype=int), ("crane", "dog", "crane"))
    assert not difference(twice, twice).counts.any()
    with pytest.raises(Refusal):
        difference(twice, ConfusionMatrix(np.eye(3, dtype=int), ("dog", "crane", "crane")))


def test_rows_that_only_one_side_gets_right():
    found = only_one_right([5, 1, 3, 9], [True, False, True, True], [1, 3, 5, 7], [True, True, False, True])
    assert found.only_a.tolist() == [5] and found.only_b.tolist() == [1]
    assert found.both.tolist() == [3] and found.neither.tolist() == [] and found.rows == 3


def test_rows_may_have_names():
    found = only_one_right(["b", "a"], [True, False], ["a", "b"], [False, False])
    assert found.only_a.tolist() == ["b"] and found.neither.tolist() == ["a"]


def test_rows_that_stand_twice_or_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="rows_b names a row twice"):
        only_one_right([1], [True], [2, 2], [True, True])
    with pytest.raises(ValueError, match=r"rows_a is \(2,\) and right_a \(1,\)"):
        only_one_right([1, 2], [True], [1], [True])
