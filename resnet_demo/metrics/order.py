"""In which order classes stand in a matrix, and which of many are shown, from counts. Draws nothing."""

from __future__ import annotations

import numpy as np

from .confusion import ConfusionMatrix


def by_similarity(counts: np.ndarray) -> np.ndarray:
    """int64 (C,): the classes of counts (C, C) ordered so that those stand together that are taken for each other.

    Classes begin as chains of one. The two chains that are most alike on average over their classes (average linkage)
    are joined, so turned that the most alike of their four ends meet, until none are alike. How alike two classes are:
    the share of each that is taken for the other, added. Chains that have nothing to do with each other keep the
    classes' own order. Equal counts give an equal order.
    """
    alike = _alike(counts)
    classes = len(alike)
    chains = [[number] for number in range(classes)]
    link = alike.copy()
    np.fill_diagonal(link, -1)  # and every row of a chain that is no more: below what is not alike at all
    while True:
        kept, gone = divmod(int(link.argmax()), classes)
        if link[kept, gone] <= 0:
            break
        sizes = len(chains[kept]), len(chains[gone])
        link[kept] = (sizes[0] * link[kept] + sizes[1] * link[gone]) / sum(sizes)
        link[kept, kept] = link[kept, gone] = -1
        link[:, kept] = link[kept]
        link[gone] = link[:, gone] = -1
        chains[kept] = _joined(chains[kept], chains[gone], alike)
        chains[gone] = []
    oriented = [chain if chain[0] <= chain[-1] else chain[::-1] for chain in chains if chain]
    return np.array([number for chain in sorted(oriented, key=min) for number in chain], np.int64)


def by_recall(matrix: ConfusionMatrix) -> np.ndarray:
    """int64 (C,): the classes with the lowest recall first, those without rows last; equal ones in their own order."""
    return np.argsort(matrix.recall, kind="stable")  # NaN goes to the end


def most_confused(counts: np.ndarray, n: int) -> np.ndarray:
    """int64 (n or fewer,): the classes with the most mistakes, in their own order.

    A mistake counts for both its classes, the true and the predicted one; of equal classes the first ones are taken.
    """
    counts = np.asarray(counts)
    mistakes = counts.sum(axis=0) + counts.sum(axis=1) - 2 * np.diag(counts)
    return np.sort(np.argsort(-mistakes, kind="stable")[: max(0, n)])


def _alike(counts: np.ndarray) -> np.ndarray:
    """float64 (C, C), symmetric, 0 on the diagonal: the shares of two classes that are taken for each other, added."""
    counts = np.asarray(counts, np.float64)
    rows = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, rows, out=np.zeros_like(counts), where=rows > 0)
    alike = shares + shares.T
    np.fill_diagonal(alike, 0)
    return alike


def _joined(left: list[int], right: list[int], alike: np.ndarray) -> list[int]:
    """Both chains as one; of the four ways to put them end to end the one in which the most alike ends meet."""
    ways = [(a, b) for a in (left, left[::-1]) for b in (right, right[::-1])]
    first, second = max(ways, key=lambda way: alike[way[0][-1], way[1][0]])
    return first + second
