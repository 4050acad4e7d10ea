"""Which class is taken for which other one most often, from counts. Must not depend on names or images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .confusion import ConfusionMatrix


@dataclass(frozen=True)
class Pair:
    """One kind of mistake.

    true, predicted: numbers of the two classes. count: rows of `true` that were given to `predicted`.
    share_of_true: the same as a share of all rows of `true`, in (0, 1].
    """

    true: int
    predicted: int
    count: int
    share_of_true: float


def most_confused_pairs(matrix: ConfusionMatrix, n: int = 10) -> tuple[Pair, ...]:
    """The n most frequent mistakes (fewer where there are no more); of equal counts the larger share comes first."""
    true, predicted = np.nonzero(matrix.counts)
    wrong = true != predicted
    true, predicted = true[wrong], predicted[wrong]
    count = matrix.counts[true, predicted]
    share = count / matrix.support[true]
    first = np.lexsort((predicted, true, -share, -count))[: max(0, n)]
    return tuple(Pair(int(true[i]), int(predicted[i]), int(count[i]), float(share[i])) for i in first)
