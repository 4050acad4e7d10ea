"""Wilson's interval, against statsmodels."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from resnet_demo.metrics import Interval, wilson


@settings(max_examples=200)
@given(
    st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.sampled_from([0.5, 0.9, 0.95, 0.99]),
)
def test_like_statsmodels(counts, confidence):
    correct, n = counts
    interval = wilson(correct, n, confidence)
    low, high = proportion_confint(correct, n, alpha=1 - confidence, method="wilson")
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-9)
    assert 0 <= interval.low <= correct / n <= interval.high <= 1


def test_the_ends_are_exact():
    assert wilson(0, 50).low == 0.0 and wilson(50, 50).high == 1.0
    assert wilson(0, 50).high == pytest.approx(1 - wilson(50, 50).low)


def test_a_known_value():
    # 81 of 263 (Newcombe 1998, Statistics in Medicine 17, table I): 0.2553 to 0.3662
    interval = wilson(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)
    assert interval == Interval(interval.low, interval.high)


@pytest.mark.parametrize("arguments", [(0, 0), (-1, 5), (6, 5), (1, 5, 0.0), (1, 5, 1.0), (1, 5, 95)])
def test_what_is_no_share_is_refused(arguments):
    with pytest.raises(ValueError, match="allowed is"):
        wilson(*arguments)
