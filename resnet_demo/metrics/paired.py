"""Whether two methods differ, from measurements that belong together in pairs: tests, intervals, and how many pairs
would be enough.

Numbers, one a method and seed, and counts of rows. Must not depend on what was measured. Distributions are those of
scipy.stats. A number that does not exist is NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from .intervals import Interval

MOST_SEEDS = 1000  # what lies beyond is "more than 1000" to anybody who pays for the training
CONSTANT = 1e-9  # differences of shares that lie no further apart are one and the same


@dataclass(frozen=True)
class PairedTest:
    """Student's t-test of n paired differences, two-sided.

    difference: mean of second less first, in the unit of what was measured. std: of the differences (n - 1). low, high:
    interval of the mean difference at `confidence`. p: of no difference. Where every difference is the same there is no
    noise to compare with: then low, high and p are NaN.
    """

    n: int
    difference: float
    std: float
    low: float
    high: float
    p: float
    confidence: float


def paired_t(first: Sequence[float], second: Sequence[float], confidence: float = 0.95) -> PairedTest:
    """The test of two rows of at least 2 numbers, of which those at equal places belong together (Student 1908)."""
    before, after = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if before.ndim != 1 or before.shape != after.shape or len(before) < 2 or not np.isfinite([before, after]).all():
        raise ValueError("first and second must be two equally long rows of at least 2 finite numbers.")
    differences, n = after - before, len(before)
    _check_share("confidence", confidence)
    mean = float(differences.mean())
    if np.ptp(differences) <= CONSTANT:
        return PairedTest(n, mean, 0.0, np.nan, np.nan, np.nan, confidence)
    std = float(differences.std(ddof=1))
    error = std / np.sqrt(n)
    half = scipy.stats.t.ppf((1 + confidence) / 2, n - 1) * error
    p = 2 * scipy.stats.t.sf(abs(mean) / error, n - 1)
    return PairedTest(n, mean, std, float(mean - half), float(mean + half), float(p), confidence)


def holm(p: Sequence[float]) -> np.ndarray:
    """p-values of one family adjusted for their number, float64 (m,) (Holm 1979, Scand. J. Statist. 6, 65–70).

    One that is NaN stays NaN and counts in the family, as if it were 1.
    """
    values = np.asarray(p, np.float64)
    known = np.where(np.isnan(values), 1.0, values)
    order = np.argsort(known, kind="stable")
    adjusted = np.empty_like(known)
    adjusted[order] = np.minimum(np.maximum.accumulate(known[order] * np.arange(len(known), 0, -1)), 1)
    adjusted[np.isnan(values)] = np.nan
    return adjusted


def std_interval(std: float, n: int, confidence: float = 0.95) -> Interval:
    """Interval of the standard deviation of normal noise of which n values have the standard deviation `std`, by
    chi-square."""
    if n < 2 or not 0 <= std < np.inf:
        raise ValueError(f"std is {std} and n is {n}; allowed are a finite std from 0 on and n from 2 on.")
    _check_share("confidence", confidence)
    low, high = scipy.stats.chi2.ppf([(1 + confidence) / 2, (1 - confidence) / 2], n - 1)
    return Interval(float(std * np.sqrt((n - 1) / low)), float(std * np.sqrt((n - 1) / high)))


def seeds_needed(std: float, effect: float = 0.005, power: float = 0.8, alpha: float = 0.05) -> int:
    """The fewest pairs with which a two-sided paired t-test at the level `alpha` finds a mean difference of `effect`
    with probability `power`, when differences have the standard deviation `std`; exact, by the noncentral t.

    From 2 to MOST_SEEDS; one more than that stands for "more".
    """
    if not 0 < std < np.inf or not 0 < effect < np.inf:
        raise ValueError(f"std is {std} and effect is {effect}; allowed are finite numbers above 0.")
    _check_share("power", power)
    _check_share("alpha", alpha)
    n = np.arange(2, MOST_SEEDS + 1)
    reached = np.flatnonzero(power_of_paired_t(n, std, effect, alpha) >= power)
    return int(n[reached[0]]) if len(reached) else MOST_SEEDS + 1


def power_of_paired_t(n: np.ndarray | int, std: float, effect: float, alpha: float = 0.05) -> np.ndarray:
    """The probability that n pairs show a mean difference of `effect` at the level `alpha`, same shape as n."""
    n = np.asarray(n)
    bound, shift = scipy.stats.t.ppf(1 - alpha / 2, n - 1), effect / std * np.sqrt(n)
    power = scipy.stats.nct.sf(bound, n - 1, shift) + scipy.stats.nct.cdf(-bound, n - 1, shift)
    return np.where(np.isnan(power), 1.0, power)  # so far away that the distribution has no numbers


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """p of the exact test that two classifiers are right equally often, from the rows that only one of them has right
    (McNemar 1947, Psychometrika 12, 153–157; binomial, two-sided); 1 where there is no such row."""
    if only_first < 0 or only_second < 0:
        raise ValueError(f"only_first is {only_first} and only_second {only_second}; allowed are counts from 0 on.")
    both = int(only_first) + int(only_second)
    return float(scipy.stats.binomtest(int(only_first), both).pvalue) if both else 1.0


def _check_share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"{name} is {value}; allowed is a number between 0 and 1.")
