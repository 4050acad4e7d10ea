"""Accuracy by slice: how right a classifier is on parts of the rows, and whether that differs from the rest.

From right and wrong answers and the slice of each row. Slices are other rows, so nothing is paired: the test is
Fisher's exact one, p by Holm over the slices; the interval of a difference is made of two Wilson intervals (Newcombe
1998, Statistics in Medicine 17, 873-890, method 10). Must not depend on what the slices mean.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from .confusion import ConfusionMatrix
from .intervals import Interval, wilson
from .paired import holm
from .report import as_csv, unarmed


@dataclass(frozen=True)
class Part:
    """One slice. rows, right: counts. difference: its accuracy less that of the rest, with its 95 % interval. p: of no
    difference, adjusted for the number of slices. The last three are NaN where there is no rest, or no row."""

    value: str
    rows: int
    right: int
    difference: float
    bounds: Interval
    p: float

    @property
    def accuracy(self) -> float:
        """NaN without rows."""
        return self.right / self.rows if self.rows else math.nan

    @property
    def interval(self) -> Interval:
        """95 % of the accuracy."""
        return wilson(self.right, self.rows) if self.rows else Interval(math.nan, math.nan)


def by_slice(right: np.ndarray, codes: np.ndarray, values: Sequence[str]) -> tuple[Part, ...]:
    """The slices, in the order of `values`. right: bool (n,). codes: integers (n,), places in `values`."""
    rows = np.bincount(codes, minlength=len(values))
    good = np.bincount(codes[right], minlength=len(values))
    total, all_right = int(rows.sum()), int(good.sum())
    compared = [against_rest(int(k), int(n), all_right, total) for k, n in zip(good, rows, strict=True)]
    p = [one[2] for one in compared]
    if len(values) > 2:  # of two the rest of one is the other: one test
        p = holm(p).tolist()
    return tuple(Part(value, int(rows[at]), int(good[at]), *compared[at][:2], p[at]) for at, value in enumerate(values))


def slices_report(
    labels: np.ndarray, predicted: np.ndarray, classes: Sequence[str], codes: np.ndarray, values: Sequence[str]
) -> list[dict[str, Any]]:
    """The slices as JSON has them, each with its matrix; null for what does not exist."""
    made = []
    for at, part in enumerate(by_slice(labels == predicted, codes, values)):
        rows = codes == at
        made.append(
            {
                "value": part.value,
                "rows": part.rows,
                "right": part.right,
                "accuracy": _with_bounds(part.accuracy, part.interval),
                "difference": _with_bounds(part.difference, part.bounds),
                "p": _known(part.p),
                "counts": ConfusionMatrix.from_predictions(labels[rows], predicted[rows], classes).counts.tolist(),
            }
        )
    return made


def slices_csv(made: Sequence[Mapping[str, Any]], column: str) -> str:
    """The table of slices, without their matrices."""
    bounds = ("value", "low", "high")
    shares = ("accuracy", "difference")
    named = (name if one == "value" else f"{name} {one}" for name in shares for one in bounds)
    rows = (
        [
            unarmed(part["value"]),
            part["rows"],
            part["right"],
            *("" if part[name][one] is None else part[name][one] for name in shares for one in bounds),
            "" if part["p"] is None else part["p"],
        ]
        for part in made
    )
    return as_csv([[unarmed(column), "rows", "right", *named, "p"], *rows])


def against_rest(right: int, rows: int, all_right: int, total: int) -> tuple[float, Interval, float]:
    """(difference of a slice to the rest, its 95 % interval, p of Fisher's exact test); NaN where one is empty."""
    others, others_right = total - rows, all_right - right
    if not rows or not others:
        return math.nan, Interval(math.nan, math.nan), math.nan
    a, b = right / rows, others_right / others
    one, rest = wilson(right, rows), wilson(others_right, others)
    bounds = Interval(
        a - b - math.hypot(a - one.low, rest.high - b),
        a - b + math.hypot(one.high - a, b - rest.low),
    )
    table = [[right, rows - right], [others_right, others - others_right]]
    return a - b, bounds, float(scipy.stats.fisher_exact(table).pvalue)


def _with_bounds(value: float, bounds: Interval) -> dict[str, float | None]:
    return {"value": _known(value), "low": _known(bounds.low), "high": _known(bounds.high)}


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
