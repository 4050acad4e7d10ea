"""Accuracy by slice: counts, intervals, and the test against the rest."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from resnet_demo.metrics.slices import against_rest, by_slice, slices_report


def made(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    codes = random.integers(0, 4, 3000)
    return random.random(3000) < np.array([0.9, 0.9, 0.8, 0.88])[codes], codes


def test_numbers_are_those_of_scipy_and_statsmodels():
    right, codes = made()
    parts = by_slice(right, codes, ("a", "b", "c", "d"))
    p = []
    for number, part in enumerate(parts):
        inside = codes == number
        assert (part.rows, part.right) == (inside.sum(), right[inside].sum())
        low, high = proportion_confint(part.right, part.rows, method="wilson")
        assert (part.interval.low, part.interval.high) == pytest.approx((low, high))
        assert part.difference == pytest.approx(right[inside].mean() - right[~inside].mean())
        counts = part.right, part.rows, right[~inside].sum(), (~inside).sum()
        bounds = confint_proportions_2indep(*counts, compare="diff", method="newcomb")
        assert (part.bounds.low, part.bounds.high) == pytest.approx(bounds)
        table = [[part.right, part.rows - part.right], [counts[2], counts[3] - counts[2]]]
        p.append(fisher_exact(table).pvalue)
    assert [part.p for part in parts] == pytest.approx(multipletests(p, method="holm")[1])
    assert parts[2].p < 0.001


def test_two_slices_are_one_comparison():
    right, codes = made(1)
    one, other = by_slice(right, codes // 2, ("a", "b"))
    assert one.p == other.p == pytest.approx(against_rest(one.right, one.rows, int(right.sum()), len(right))[2])
    assert one.difference == -other.difference


def test_what_does_not_exist_is_nan():
    alone, empty = by_slice(np.array([True, False]), np.array([0, 0]), ("a", "b"))
    assert alone.accuracy == 0.5 and np.isnan([alone.difference, alone.p, alone.bounds.low]).all()
    assert np.isnan([empty.accuracy, empty.interval.low, empty.difference, empty.p]).all() and empty.rows == 0


def test_a_report_has_the_matrix_of_each_slice_and_no_nan():
    labels, predicted = np.array([0, 1, 1]), np.array([0, 0, 1])
    (one,) = slices_report(labels, predicted, ("a", "b"), np.zeros(3, int), ("x",))
    assert one["counts"] == [[1, 0], [1, 1]] and one["accuracy"]["value"] == 2 / 3
    assert one["p"] is None and set(one["difference"].values()) == {None}
