"""Measures precision-recall and ROC curves against scikit-learn: `python tests/benchmarks/areas.py`.

Each side gets from probabilities to average precision and AUC of each class, and to their micro and macro averages;
ours keeps the curves, too. They take turns, and the ratio of the medians, theirs / ours, counts: higher is better. Run
nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np  # noqa: E402
from sklearn.metrics import average_precision_score, roc_auc_score  # noqa: E402

from resnet_demo.metrics.curves import one_against_rest  # noqa: E402

AREAS = {"average_precision": average_precision_score, "auc": roc_auc_score}


def ours(shares: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Each class, macro and micro, of both areas."""
    curves = one_against_rest(shares, labels)
    return np.array(
        [
            [*(getattr(one, name) for one in curves.classes), curves.macro(name).value, getattr(curves.micro, name)]
            for name in AREAS
        ]
    )


def theirs(shares: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The same by scikit-learn."""
    hot = np.eye(shares.shape[1], dtype=np.int8)[labels]
    found = []
    for score in AREAS.values():
        each = score(hot, shares, average=None)
        found.append([*each, each.mean(), score(hot, shares, average="micro")])
    return np.array(found)


def made(rows: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities like those of a network that is right in three of four rows."""
    random = np.random.default_rng(0)
    labels = random.integers(0, classes, rows)
    labels[:classes] = np.arange(classes)
    logits = random.normal(0, 2, (rows, classes)).astype(np.float32)
    logits[np.arange(rows), labels] += 3 + np.log(classes)
    logits = np.exp(logits - logits.max(axis=1, keepdims=True))
    return logits / logits.sum(axis=1, keepdims=True), labels


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts (3)")
    parser.add_argument("--sizes", nargs="+", default=["10000x10", "10000x100", "1000000x10", "50000x1000"])
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be 1 or more")
    print(f"{platform.platform()}, {os.cpu_count()} cores, n = {arguments.rounds}")
    for words in arguments.sizes:
        data = made(*map(int, words.split("x")))
        np.testing.assert_allclose(ours(*data), theirs(*data), rtol=1e-9)  # and once before it counts
        taken: dict[str, list[float]] = {"ours": [], "theirs": []}
        for _ in range(arguments.rounds):
            for name, call in (("ours", ours), ("theirs", theirs)):
                start = time.perf_counter()
                call(*data)
                taken[name].append(time.perf_counter() - start)
        mine, other = median(taken["ours"]), median(taken["theirs"])
        spread = ", ".join(f"{name} {min(found):.3f} to {max(found):.3f} s" for name, found in taken.items())
        print(f"{words:14} {other / mine:.3g} x ({mine:.3f} s, {other:.3f} s; {spread})", flush=True)


if __name__ == "__main__":
    main()
