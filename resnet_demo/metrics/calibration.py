"""Whether a classifier is as sure as it is right, and what is left when it may keep silent.

Must not depend on how probabilities, labels and answers were made. The confidence of an answer is its probability.
Where `predicted` is left out the answer is the class with the greatest probability, of equal ones the one with the
lower number, as argmax has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SLACK = 1e-3  # by which half precision may carry a probability beyond 1


@dataclass(frozen=True, eq=False)
class Reliability:
    """Accuracy and confidence of the answers in bins of confidence; bin i is (edges[i], edges[i + 1]].

    edges: float64 (bins + 1,), 0 to 1. count: int64 (bins,), answers. confidence, accuracy: float64 (bins,), means in
    the bin; NaN in an empty one. ece: expected calibration error, the mean over all answers of the distance between the
    two in their bin (Guo et al. 2017, On Calibration of Modern Neural Networks, equation 3); NaN without answers.
    """

    edges: np.ndarray
    count: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    ece: float


@dataclass(frozen=True, eq=False)
class ConfidenceHistogram:
    """How many right and wrong answers lie in each bin of confidence (edges[i], edges[i + 1]]; int64 (bins,) both."""

    edges: np.ndarray
    right: np.ndarray
    wrong: np.ndarray


@dataclass(frozen=True, eq=False)
class Coverage:
    """What is left when only answers with a confidence of at least `threshold` are given.

    threshold: float64 (k,). answered, right: int64 (k,), answers given and right ones among them. rows: all there are.
    """

    threshold: np.ndarray
    answered: np.ndarray
    right: np.ndarray
    rows: int

    @property
    def accuracy(self) -> np.ndarray:
        """float64 (k,): share of right ones among the answers given; NaN where none is given."""
        return _mean(self.right, self.answered)

    @property
    def share_answered(self) -> np.ndarray:
        """float64 (k,): share of the rows that get an answer; NaN without rows."""
        return _mean(self.answered, np.full(len(self.answered), self.rows))


def reliability(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = 15, predicted: np.ndarray | None = None
) -> Reliability:
    """The reliability diagram of probabilities (n, C) and integer labels (n,), with bins of equal width.

    predicted: (n,) the answers. ValueError for values that are no probabilities and for labels that are no classes.
    """
    confidence, right = answers(probabilities, labels, predicted)
    edges, place = _binned(confidence, bins)
    count = np.bincount(place, minlength=bins)
    mean_confidence = _mean(np.bincount(place, confidence, bins), count)
    accuracy = _mean(np.bincount(place, right, bins), count)
    filled = count > 0
    gaps = count[filled] * np.abs(accuracy[filled] - mean_confidence[filled])
    ece = gaps.sum() / len(right) if len(right) else np.nan
    return Reliability(edges, count, mean_confidence, accuracy, float(ece))


def confidence_histogram(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = 20, predicted: np.ndarray | None = None
) -> ConfidenceHistogram:
    """Right and wrong answers by confidence; the same arguments and errors as `reliability`."""
    confidence, right = answers(probabilities, labels, predicted)
    edges, place = _binned(confidence, bins)
    count, good = (np.bincount(places, minlength=bins) for places in (place, place[right]))
    return ConfidenceHistogram(edges, good, count - good)


def coverage_curve(
    probabilities: np.ndarray,
    labels: np.ndarray,
    thresholds: np.ndarray | float | None = None,
    predicted: np.ndarray | None = None,
) -> Coverage:
    """Accuracy of the answers given and how many are given, for thresholds on the confidence.

    thresholds: any numbers (k,) or one; by default 0 to 1 in steps of 0.01. Errors as of `reliability`.
    """
    confidence, right = answers(probabilities, labels, predicted)
    threshold = np.arange(101) / 100 if thresholds is None else np.atleast_1d(np.asarray(thresholds, np.float64))
    order = np.argsort(confidence, kind="stable")
    silent = np.searchsorted(confidence[order], threshold, side="left")
    right_before = np.concatenate([[0], np.cumsum(right[order])])
    return Coverage(threshold, len(right) - silent, right_before[-1] - right_before[silent], len(right))


def answers(
    probabilities: np.ndarray, labels: np.ndarray, predicted: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The confidence of each answer, float64 (n,), and whether it is right, bool (n,).

    Raises ValueError that names the first row that is none of probabilities or has no class as its label or answer.
    """
    probabilities = np.asarray(probabilities)
    if probabilities.ndim != 2 or not probabilities.shape[1]:
        raise ValueError(f"probabilities is {probabilities.shape}; accepted are n rows for C classes.")
    labels = _classes(labels, probabilities.shape, "labels")
    low, high = probabilities.min(axis=1), probabilities.max(axis=1)
    bad = ~((low >= 0) & (high <= 1 + SLACK))  # NaN is neither
    if bad.any():
        at = int(np.argmax(bad))
        raise ValueError(
            f"probabilities[{at}] goes from {low[at]:g} to {high[at]:g}; accepted are numbers from 0 to 1."
        )
    if predicted is None:
        predicted = probabilities.argmax(axis=1)
    predicted = _classes(predicted, probabilities.shape, "predicted")
    confidence = probabilities[np.arange(len(predicted)), predicted].astype(np.float64)
    return np.minimum(confidence, 1), predicted == labels


def _classes(numbers: np.ndarray, shape: tuple[int, int], what: str) -> np.ndarray:
    """The numbers (n,) if all are classes of probabilities of this shape; ValueError names the first other one."""
    numbers = np.asarray(numbers)
    if numbers.shape != shape[:1]:
        raise ValueError(f"{what} is {numbers.shape}; accepted are {shape[0]} numbers, one for each row.")
    if numbers.dtype.kind not in "iu":
        raise ValueError(f"{what} has type {numbers.dtype}; accepted are integers from 0 to {shape[1] - 1}.")
    bad = (numbers < 0) | (numbers >= shape[1])
    if bad.any():
        at = int(np.argmax(bad))
        raise ValueError(f"{what}[{at}] is {numbers[at]}; accepted are integers from 0 to {shape[1] - 1}.")
    return numbers


def _binned(confidence: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Edges of bins of equal width, and the bin (low, high] of each confidence; 0 itself is in the first."""
    if not 1 <= bins <= 1000:
        raise ValueError(f"bins is {bins}; allowed is 1 to 1000.")
    edges = np.linspace(0, 1, bins + 1)
    return edges, np.maximum(np.searchsorted(edges, confidence, side="left") - 1, 0)


def _mean(total: np.ndarray, count: np.ndarray) -> np.ndarray:
    return np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
