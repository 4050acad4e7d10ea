"""How sure an accuracy is, from counts of right and wrong. Must not depend on what was counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True)
class Interval:
    """Bounds of a confidence interval; of a share both are in [0, 1]."""

    low: float
    high: float


def wilson(correct: int, n: int, confidence: float = 0.95) -> Interval:
    """Score interval of the share `correct` / `n` (Wilson 1927, J. Am. Stat. Assoc. 22, 209–212).

    Unlike the textbook's p ± z·sqrt(p(1-p)/n) it stays inside [0, 1] and has a width at 0 % and 100 %. It
    covers the choice of the n pictures, not the choice of the training seed. Raises ValueError for counts
    that make no share.
    """
    if n < 1 or not 0 <= correct <= n:
        raise ValueError(f"correct is {correct} and n is {n}; allowed is 0 ≤ correct ≤ n with n at least 1.")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; allowed is a number between 0 and 1, such as 0.95.")
    correct, n = int(correct), int(n)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (correct + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(correct * (n - correct) / n + z * z / 4)
    # at the ends the bound is the share itself; rounding would leave it a hair off
    return Interval(0.0 if correct == 0 else middle - half, 1.0 if correct == n else middle + half)
