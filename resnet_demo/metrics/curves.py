"""Precision-recall and ROC curves of each class against the rest, from probabilities, with the areas below them.

Definitions are scikit-learn's: average precision is the sum of precision times the step in recall, over all thresholds;
AUC is the area below the ROC curve by trapezoids. The averages: "micro" counts each (row, class) as a decision, "macro"
is the mean over the classes that have such a number. Areas are of all thresholds; what is kept to be drawn is fewer.
Must not depend on how probabilities were made. A number that does not exist is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .confusion import Average

MOST_POINTS = 100  # thresholds of a curve that are kept
GRID = np.arange(101) / 100  # recalls, and false positive rates, at which curves are averaged
BLOCK = 16  # classes at a time: neighbours in memory
CHUNK = 1 << 21  # numbers that are sorted at a time


@dataclass(frozen=True, eq=False)
class Curve:
    """One class against the rest at k falling thresholds, each the probability of one of its rows.

    threshold: float32 (k,). right, wrong: int64 (k,), rows of the class and others with this probability or more.
    right_above, wrong_above: those with more. positives, negatives: all of both. average_precision, auc: of all
    thresholds, also where fewer are kept; NaN without positives, the latter also without negatives.
    """

    threshold: np.ndarray
    right: np.ndarray
    wrong: np.ndarray
    right_above: np.ndarray
    wrong_above: np.ndarray
    positives: int
    negatives: int
    average_precision: float
    auc: float

    @property
    def recall(self) -> np.ndarray:
        """float64 (k,), which is the true positive rate."""
        return self.right / max(1, self.positives)

    @property
    def precision(self) -> np.ndarray:
        """float64 (k,)."""
        return self.right / np.maximum(1, self.right + self.wrong)

    @property
    def false_positive_rate(self) -> np.ndarray:
        """float64 (k,)."""
        return self.wrong / max(1, self.negatives)

    @property
    def roc(self) -> tuple[np.ndarray, np.ndarray]:
        """(false positive rates, true positive rates), float64 (2 k + 2,) each: the corners of the ROC curve."""
        x = np.stack([self.wrong_above, self.wrong], axis=1).ravel() / max(1, self.negatives)
        y = np.stack([self.right_above, self.right], axis=1).ravel() / max(1, self.positives)
        return np.concatenate([[0.0], x, [1.0]]), np.concatenate([[0.0], y, [1.0]])

    def thinned(self, most: int = MOST_POINTS) -> Curve:
        """The same curve at no more than `most` of its thresholds, evenly along what is drawn of it."""
        if len(self.threshold) <= most:
            return self
        drawn = np.stack([self.recall, self.precision, self.false_positive_rate])
        way = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(drawn, axis=1)).sum(axis=0))])
        kept = np.unique(np.searchsorted(way, np.linspace(0, way[-1], most)).clip(0, len(way) - 1))
        names = ("threshold", "right", "wrong", "right_above", "wrong_above")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})


@dataclass(frozen=True, eq=False)
class Curves:
    """Curves of C classes and their averages.

    classes: C curves, thinned. micro: of all decisions, thinned. macro_precision, macro_recall: float64 (101,), the
    means over classes of the precision at each recall of GRID and of the true positive rate at each false positive rate
    of it; NaN where no class has a curve.
    """

    classes: tuple[Curve, ...]
    micro: Curve
    macro_precision: np.ndarray
    macro_recall: np.ndarray

    def macro(self, area: str) -> Average:
        """The mean of "average_precision" or "auc" over the classes that have it."""
        values = np.array([getattr(curve, area) for curve in self.classes])
        known = values[~np.isnan(values)]
        return Average(float(known.mean()) if len(known) else float("nan"), len(values) - len(known))


def one_against_rest(probabilities: np.ndarray, labels: np.ndarray) -> Curves:
    """The curves of probabilities (n, C) and integer labels (n,); ValueError where they do not fit."""
    probabilities, labels = np.asarray(probabilities, np.float32), np.asarray(labels)
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1] or labels.dtype.kind not in "iu":
        raise ValueError(
            f"probabilities is {probabilities.shape}, labels {labels.shape}; accepted are (n, C) and (n,)."
        )
    rows, size = probabilities.shape
    if rows and not 0 <= labels.min() <= labels.max() < size:
        raise ValueError(f"labels go from {labels.min()} to {labels.max()}; accepted are 0 to {size - 1}.")
    own = np.take_along_axis(probabilities, labels[:, None], axis=1)[:, 0]
    ends = np.cumsum(np.bincount(labels, minlength=size))[:-1]
    own_of_class = np.split(own[np.argsort(labels, kind="stable")], ends)
    curves, at_recall, at_rate = [], [], []
    for first in range(0, size, BLOCK):
        for column, positives in zip(
            probabilities[:, first : first + BLOCK].T.copy(), own_of_class[first:], strict=False
        ):
            curve = _curve([column], positives, rows)
            curves.append(curve.thinned())
            if curve.positives:
                at_recall.append(curve.precision[np.searchsorted(curve.recall, GRID - 1e-12)])
            if curve.positives and curve.negatives:
                at_rate.append(np.interp(GRID, *curve.roc))
    flat = np.ascontiguousarray(probabilities).reshape(-1)
    chunks = [flat[start : start + CHUNK] for start in range(0, flat.size, CHUNK)]
    return Curves(tuple(curves), _curve(chunks, own, flat.size).thinned(), _mean(at_recall), _mean(at_rate))


def _curve(chunks: list[np.ndarray], own: np.ndarray, size: int) -> Curve:
    """The curve of `size` numbers in chunks, among which `own` are those of the positives.

    Only the positives' own values change recall, so others need not be ordered among themselves: they are counted above
    each of these.
    """
    values, counts = np.unique(own, return_counts=True)
    more, same = np.zeros(len(values), np.int64), np.zeros(len(values), np.int64)
    for chunk in chunks if len(values) else ():
        ordered = np.sort(chunk[chunk >= values[0]])
        more += len(ordered) - np.searchsorted(ordered, values, side="right")
        same += len(ordered) - np.searchsorted(ordered, values, side="left")
    values, counts, more, same = values[::-1], counts[::-1], more[::-1], same[::-1]
    right = np.cumsum(counts)
    wrong, wrong_above = same - right, more - (right - counts)
    positives, negatives = len(own), size - len(own)
    precise = auc = float("nan")
    if positives:
        precise = float((counts * (right / same)).sum() / positives)
    if positives and negatives:
        auc = float((counts * (negatives - (wrong + wrong_above) / 2)).sum() / positives / negatives)
    return Curve(values, right, wrong, right - counts, wrong_above, positives, negatives, precise, auc)


def _mean(lines: list[np.ndarray]) -> np.ndarray:
    """The mean of lines over GRID; NaN without any."""
    return np.mean(lines, axis=0) if lines else np.full(len(GRID), np.nan)
