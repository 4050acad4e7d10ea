"""The confusion matrix and what follows from it for each class: support, recall, precision, F1.

Must not depend on images, probabilities or how anything is drawn. A ratio whose denominator is empty is NaN here and
"–" on the page: no smoothing constant stands in any denominator, so no number is ever made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from .groups import Groups, merged_labels

MEASURES = ("recall", "precision", "f1")


@dataclass(frozen=True)
class Average:
    """A mean over classes that says how many it rests on.

    value: the mean over the classes where the number exists; NaN where it exists for none.
    left_out: how many classes have no such number.
    """

    value: float
    left_out: int


@dataclass(frozen=True, eq=False)
class ConfusionMatrix:
    """Counts of (true class, predicted class).

    counts: int64 (C, C), rows true, columns predicted; read-only.
    classes: the C names, in the order of rows and columns.
    """

    counts: np.ndarray
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        classes = tuple(str(name) for name in self.classes)
        counts = np.asarray(self.counts)
        if not classes:
            raise ValueError("classes is empty; a confusion matrix needs at least one class.")
        if counts.shape != (len(classes), len(classes)):
            need = (len(classes), len(classes))
            raise ValueError(f"counts has shape {counts.shape}; {len(classes)} classes need {need}.")
        if counts.dtype.kind not in "iu" or counts.min() < 0:
            raise ValueError(f"counts is {counts.dtype}, least {counts.min()}; allowed are integers ≥ 0.")
        counts = counts.astype(np.int64)  # a copy, so that nobody else's array becomes read-only
        counts.flags.writeable = False
        object.__setattr__(self, "counts", counts)
        object.__setattr__(self, "classes", classes)

    @classmethod
    def from_predictions(
        cls, y_true: Sequence | np.ndarray, y_pred: Sequence | np.ndarray, classes: Sequence[str]
    ) -> ConfusionMatrix:
        """Count two sequences of n labels, each given as integers 0..C-1 or as class names.

        Raises ValueError that names the first position and value that is no label.
        """
        classes = tuple(str(name) for name in classes)
        true, predicted = _indices(y_true, classes, "y_true"), _indices(y_pred, classes, "y_pred")
        if len(true) != len(predicted):
            raise ValueError(f"y_true has {len(true)} labels, y_pred {len(predicted)}; both need as many.")
        size = len(classes)
        return cls(np.bincount(true * size + predicted, minlength=size * size).reshape(size, size), classes)

    @property
    def total(self) -> int:
        """Number of rows counted."""
        return int(self.counts.sum())

    @property
    def support(self) -> np.ndarray:
        """int64 (C,): how many rows truly belong to each class."""
        return self.counts.sum(axis=1)

    @property
    def predicted(self) -> np.ndarray:
        """int64 (C,): how many rows were given to each class."""
        return self.counts.sum(axis=0)

    @property
    def accuracy(self) -> float:
        """Share of rows on the diagonal; NaN without rows."""
        return float(_ratio(np.trace(self.counts), self.counts.sum()))

    @property
    def recall(self) -> np.ndarray:
        """float64 (C,): of the rows of a class, the share found; NaN for a class without rows."""
        return _ratio(np.diag(self.counts), self.support)

    @property
    def precision(self) -> np.ndarray:
        """float64 (C,): of the rows given to a class, the share that is right; NaN if never given."""
        return _ratio(np.diag(self.counts), self.predicted)

    @property
    def f1(self) -> np.ndarray:
        """float64 (C,): 2 TP / (support + predicted), the harmonic mean of recall and precision.

        0 for a class that has rows but is never predicted (or the reverse), NaN for one that is neither.
        """
        return _ratio(2 * np.diag(self.counts), self.support + self.predicted)

    def macro(self, measure: str) -> Average:
        """Unweighted mean of "recall", "precision" or "f1" over the classes that have it."""
        return self._mean(measure, np.ones(len(self.classes)))

    def weighted(self, measure: str) -> Average:
        """Mean of the same over the classes that have it, each weighted by its rows."""
        return self._mean(measure, self.support)

    def micro(self, measure: str) -> float:
        """Recall, precision or F1 of all decisions together. One class is given to each row, so that what one class
        misses another gets too much: all three are the accuracy."""
        self._known(measure)
        return self.accuracy

    def merged(self, groups: Groups) -> ConfusionMatrix:
        """The matrix after the classes of each group became one: groups first, then the classes that are in none.

        Mistakes inside a group become right answers; `total` stays. Raises ValueError as `merged_labels` does.
        """
        names, numbers = merged_labels(groups, self.classes)
        counts = np.zeros((len(names), len(names)), np.int64)
        np.add.at(counts, (numbers[:, None], numbers[None, :]), self.counts)
        return ConfusionMatrix(counts, names)

    def same_transposed(self, other: ConfusionMatrix) -> bool:
        """Whether the other one has the same counts with rows and columns exchanged."""
        return self.classes == other.classes and np.array_equal(self.counts, other.counts.T)

    def subset(self, indices: Sequence[int] | np.ndarray) -> ConfusionMatrix:
        """The rows and columns of these classes, in this order.

        What lies outside is not counted any more: shares of the whole are to be taken from the whole matrix.
        """
        chosen = np.asarray(indices)
        size = len(self.classes)
        whole = chosen.dtype.kind in "iu" and chosen.ndim == 1
        if not whole or len(set(chosen.tolist())) < len(chosen) or ((chosen < 0) | (chosen >= size)).any():
            raise ValueError(f"indices is {chosen.tolist()}; accepted are numbers from 0 to {size - 1}, each once.")
        return ConfusionMatrix(self.counts[np.ix_(chosen, chosen)], tuple(self.classes[i] for i in chosen.tolist()))

    def _mean(self, measure: str, weights: np.ndarray) -> Average:
        values = self._known(measure)
        known = ~np.isnan(values)
        mean = _ratio((values[known] * weights[known]).sum(), weights[known].sum())
        return Average(float(mean), int((~known).sum()))

    def _known(self, measure: str) -> np.ndarray:
        if measure not in MEASURES:
            raise ValueError(f"measure is {measure!r}; allowed are recall, precision and f1.")
        return getattr(self, measure)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole in float64, NaN where `whole` is 0."""
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def _indices(labels: Sequence | np.ndarray, classes: tuple[str, ...], what: str) -> np.ndarray:
    """int64 (n,) class numbers of labels given as integers or names; ValueError at the first other value."""
    labels = np.asarray(labels)
    if labels.ndim != 1:
        raise ValueError(f"{what} has shape {labels.shape}; accepted is one label a row.")
    if labels.dtype.kind in "biuf":
        good = (labels >= 0) & (labels < len(classes))
        if labels.dtype.kind == "f":  # a table's column of integers with gaps; a gap is NaN and no label
            good &= labels == np.floor(labels)
        indices = labels
    else:
        number = {label: index for index in range(len(classes)) for label in (classes[index], index)}
        indices = np.fromiter(map(number.get, labels.tolist(), repeat(-1)), np.int64, len(labels))
        good = indices >= 0
        if len(set(classes)) < len(classes):  # ImageNet has "crane" twice: fine while labels are numbers
            twice = {name for name in classes if classes.count(name) > 1}
            if not twice.isdisjoint(labels.tolist()):
                names = ", ".join(sorted(twice))
                raise ValueError(f"Class names stand twice ({names}); {what} needs class numbers then.")
    if not good.all():
        at = int(np.argmin(good))
        names = ", ".join(classes[:5]) + (", …" if len(classes) > 5 else "")
        raise ValueError(
            f"{what}[{at}] is {labels[at : at + 1].tolist()[0]!r}; "
            f"accepted are integers from 0 to {len(classes) - 1} or class names ({names})."
        )
    return indices.astype(np.int64)
