"""Below which confidence a classifier had better keep silent, chosen on images that it did not learn from.

Must not depend on how probabilities were made. The confidence of an answer is its probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WANTED = 0.95


@dataclass(frozen=True)
class Threshold:
    """An answer counts where its confidence is `value` or more, so that `wanted` of those that count are right.

    total, answered, right: images it was chosen on, how many of them it answers, and how many of these rightly.
    Where no value is enough it is above 1 and nothing is answered.
    """

    value: float
    total: int
    answered: int
    right: int
    wanted: float = WANTED


def choose_threshold(probabilities: np.ndarray, labels: np.ndarray, wanted: float = WANTED) -> Threshold:
    """The lowest confidence of these images from which on at least `wanted` of the answers are right.

    probabilities: (n, classes). labels: (n,). It is never below the lowest confidence there was, also where all answers
    are right: images that it is less sure of than of any of these are unlike them.
    """
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    for value in np.unique(confidence):
        answers = confidence >= value
        if right[answers].mean() >= wanted:
            return Threshold(float(value), len(labels), int(answers.sum()), int(right[answers].sum()), wanted)
    return Threshold(float("inf"), len(labels), 0, 0, wanted)
