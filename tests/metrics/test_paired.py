"""Paired tests against scipy's and statsmodels' own, and where they have nothing to say."""

from __future__ import annotations

import math
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import DescrStatsW

from resnet_demo.metrics.paired import (
    MOST_SEEDS,
    holm,
    mcnemar_exact,
    paired_t,
    power_of_paired_t,
    seeds_needed,
    std_interval,
)


@settings(max_examples=100)
@given(st.integers(0, 10**6), st.integers(2, 12), st.sampled_from([0.9, 0.95, 1 - 0.05 / 6]))
def test_the_test_is_that_of_statsmodels_and_scipy(seed, n, confidence):
    random = np.random.default_rng(seed)
    first, second = random.normal(0.87, 0.004, (2, n))
    test = paired_t(first, second, confidence)
    described = DescrStatsW(second - first)
    assert (test.low, test.high) == pytest.approx(described.tconfint_mean(1 - confidence), rel=1e-9)
    assert (test.difference, test.std) == pytest.approx((described.mean, math.sqrt(described.var_ddof(1))), rel=1e-9)
    assert test.p == pytest.approx(described.ttest_mean(0)[1], rel=1e-9)
    assert test.p == pytest.approx(stats.ttest_rel(second, first).pvalue, rel=1e-9)
    assert (test.n, test.confidence) == (n, confidence)


def test_a_known_value():
    # Student 1908, Biometrika 6, section IX: hours of sleep gained by ten patients; p is that of R's help of `sleep`
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    test = paired_t(first, second)
    assert round(test.difference, 2) == 1.58 and round(test.p, 6) == 0.002833
    assert (round(test.low, 4), round(test.high, 4)) == (0.7001, 2.4599)


@pytest.mark.parametrize("by", [0.0, 0.0013, -0.1])
def test_equal_differences_say_nothing_about_noise(by):
    first = np.array([0.8778, 0.8736, 0.8695])
    test = paired_t(first, first + by)  # no two of these sums are rounded alike
    assert test.difference == pytest.approx(by) and test.std == 0
    assert all(map(math.isnan, (test.low, test.high, test.p)))


@pytest.mark.parametrize("rows", [([0.5], [0.6]), ([0.5, 0.6], [0.5]), ([0.5, math.nan], [0.5, 0.6])])
def test_what_cannot_be_paired_is_refused(rows):
    with pytest.raises(ValueError, match="at least 2"):
        paired_t(*rows)


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=10))
def test_holm_is_that_of_statsmodels(p):
    with patch("gc.collect"):  # each of its calls asks for a collection, of all that other tests have imported
        theirs = multipletests(p, method="holm")[1]
    np.testing.assert_allclose(holm(p), theirs, rtol=1e-12, atol=0)


def test_holm_counts_a_test_without_a_p():
    assert holm([0.01, math.nan, 0.04])[[0, 2]].tolist() == pytest.approx([0.03, 0.08])
    assert math.isnan(holm([0.01, math.nan, 0.04])[1]) and len(holm([])) == 0


@pytest.mark.parametrize("n", [2, 3, 5, 30])
def test_the_interval_of_a_standard_deviation_covers_it(n):
    """Chi-square: of normal noise with std 1, 95 % of the intervals hold 1; and the bounds turn into each other."""
    interval = std_interval(1.0, n)
    assert interval.low < 1 < interval.high
    assert stats.chi2.sf((n - 1) / interval.low**2, n - 1) == pytest.approx(0.025)
    assert stats.chi2.cdf((n - 1) / interval.high**2, n - 1) == pytest.approx(0.025)
    found = np.random.default_rng(0).normal(0, 1, (20_000, n)).std(axis=1, ddof=1)
    assert ((found * interval.low < 1) & (1 < found * interval.high)).mean() == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("std", [0.002, 0.003, 0.005, 0.01, 0.04])
@pytest.mark.parametrize("alpha", [0.05, 0.05 / 6])
def test_the_number_of_seeds_is_that_of_statsmodels(std, alpha):
    needed = seeds_needed(std, alpha=alpha)
    for n in {needed, max(needed - 1, 2)}:
        theirs = TTestPower().power(0.005 / std, n, alpha, alternative="two-sided")
        assert power_of_paired_t(n, std, 0.005, alpha) == pytest.approx(theirs, abs=1e-9)
        assert (theirs >= 0.8) == (n == needed)


def test_seeds_by_simulation():
    """What the noncentral t promises, seen in made differences."""
    n = seeds_needed(0.005)
    differences = np.random.default_rng(1).normal(0.005, 0.005, (4000, n))
    assert (stats.ttest_1samp(differences, 0, axis=1).pvalue < 0.05).mean() == pytest.approx(0.82, abs=0.03)


def test_more_seeds_than_anybody_trains():
    assert seeds_needed(1e-9) == 2
    assert seeds_needed(0.05) == 787 and seeds_needed(0.2) == MOST_SEEDS + 1


@pytest.mark.parametrize("arguments", [(0.0,), (math.nan,), (0.01, 0.0), (0.01, 0.005, 1.0), (0.01, 0.005, 0.8, 0)])
def test_seeds_for_nothing_are_refused(arguments):
    with pytest.raises(ValueError, match="allowed"):
        seeds_needed(*arguments)


@settings(max_examples=60)
@given(st.integers(0, 700), st.integers(0, 700))
def test_mcnemar_is_that_of_statsmodels(first, second):
    theirs = mcnemar([[5000, first], [second, 100]], exact=True).pvalue
    assert mcnemar_exact(first, second) == pytest.approx(theirs, rel=1e-6)
    assert mcnemar_exact(first, second) == mcnemar_exact(second, first)


def test_no_row_that_only_one_has_right():
    assert mcnemar_exact(0, 0) == 1
    with pytest.raises(ValueError, match="counts"):
        mcnemar_exact(-1, 3)
