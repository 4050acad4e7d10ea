"""What changes from one classifier to another: cell by cell, class by class, row by row.

Counts and answers of two sides; whether a change is more than chance is `paired`'s.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ..errors import Refusal
from .confusion import ConfusionMatrix


@dataclass(frozen=True, eq=False)
class Difference:
    """The second side less the first, in the first one's order of classes.

    classes: C names. counts: int64 (C, C). shares: float64 (C, C), of the row, for sides of different sizes; NaN where
    one side has no rows of the class. recall, precision, f1: float64 (C,), NaN where one side has none. accuracy: of
    all rows.
    """

    classes: tuple[str, ...]
    counts: np.ndarray
    shares: np.ndarray
    recall: np.ndarray
    precision: np.ndarray
    f1: np.ndarray
    accuracy: float


@dataclass(frozen=True, eq=False)
class OnlyOneRight:
    """Rows that both sides answered, by who was right; each an array of row numbers (or names), ascending."""

    only_a: np.ndarray
    only_b: np.ndarray
    both: np.ndarray
    neither: np.ndarray

    @property
    def rows(self) -> int:
        """How many rows both sides answered."""
        return sum(map(len, (self.only_a, self.only_b, self.both, self.neither)))


def difference(a: ConfusionMatrix, b: ConfusionMatrix) -> Difference:
    """b less a. Classes may stand in another order; Refusal (a ValueError) unless their names are equal."""
    b = _in_order_of(a.classes, b)
    return Difference(
        a.classes,
        b.counts - a.counts,
        _row_shares(b) - _row_shares(a),
        b.recall - a.recall,
        b.precision - a.precision,
        b.f1 - a.f1,
        b.accuracy - a.accuracy,
    )


def only_one_right(rows_a: np.ndarray, right_a: np.ndarray, rows_b: np.ndarray, right_b: np.ndarray) -> OnlyOneRight:
    """Who was right on which of the rows that both sides have.

    rows: (n,) numbers or names that mean the same picture on both sides, each once. right: bool (n,).
    Raises ValueError where rows stand twice or do not fit to `right`.
    """
    sides = []
    for side, rows, right in (("a", rows_a, right_a), ("b", rows_b, right_b)):
        rows, right = np.asarray(rows), np.asarray(right, bool)
        if rows.ndim != 1 or rows.shape != right.shape:
            raise ValueError(f"rows_{side} is {rows.shape} and right_{side} {right.shape}; both need one length.")
        if len(np.unique(rows)) < len(rows):
            raise ValueError(f"rows_{side} names a row twice; accepted is each row once.")
        sides.append((rows, right))
    (rows_a, right_a), (rows_b, right_b) = sides
    common, at_a, at_b = np.intersect1d(rows_a, rows_b, assume_unique=True, return_indices=True)
    a, b = right_a[at_a], right_b[at_b]
    return OnlyOneRight(common[a & ~b], common[b & ~a], common[a & b], common[~a & ~b])


def _in_order_of(classes: tuple[str, ...], matrix: ConfusionMatrix) -> ConfusionMatrix:
    if classes == matrix.classes:
        return matrix
    first, second = Counter(classes), Counter(matrix.classes)
    if first != second or max(first.values()) > 1:  # names that stand twice say no order
        only = {"only_first": _listed(first - second), "only_second": _listed(second - first)}
        raise Refusal("difference.classes", **only)
    return matrix.subset([matrix.classes.index(name) for name in classes])


def _listed(names: Counter) -> str:
    return ", ".join(name[:60] for name in list(names)[:5]) + (", …" if len(names) > 5 else "") or "–"


def _row_shares(matrix: ConfusionMatrix) -> np.ndarray:
    rows = matrix.support[:, None]
    shares = np.full(matrix.counts.shape, np.nan)
    return np.divide(matrix.counts, rows, out=shares, where=rows > 0)
