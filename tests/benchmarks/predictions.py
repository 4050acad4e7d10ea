"""Measures reading predictions against pandas + scikit-learn: `python tests/benchmarks/predictions.py`.

Each side gets from a CSV of a million rows to the same numbers: counts, accuracy, recall, precision and F1 for each
class. They take turns, and the ratio of the medians, theirs / ours, counts: higher is better. Run nothing else
meanwhile.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np  # noqa: E402
import pandas  # noqa: E402
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support  # noqa: E402

from resnet_demo.data.predictions import read_predictions  # noqa: E402
from resnet_demo.metrics import ConfusionMatrix  # noqa: E402

NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def ours(path: Path) -> tuple[np.ndarray, ...]:
    """Counts, accuracy, recall, precision, F1."""
    table = read_predictions(path)
    matrix = ConfusionMatrix.from_predictions(table.true, table.predicted, table.classes)
    return matrix.counts, matrix.accuracy, matrix.recall, matrix.precision, matrix.f1


def theirs(path: Path) -> tuple[np.ndarray, ...]:
    """The same by pandas and scikit-learn."""
    frame = pandas.read_csv(path)
    true = frame.y_true
    if "y_pred" in frame:
        predicted = frame.y_pred
    else:
        shares = frame.drop(columns="y_true")
        predicted = shares.columns.to_numpy()[shares.to_numpy().argmax(axis=1)]
    precision, recall, f1, _ = precision_recall_fscore_support(true, predicted, zero_division=np.nan)
    return confusion_matrix(true, predicted), accuracy_score(true, predicted), recall, precision, f1


def files(folder: Path, rows: int) -> dict[str, Path]:
    """Predictions as names, as numbers and as probabilities; one in ten is wrong."""
    random = np.random.default_rng(0)
    true = random.integers(0, len(NAMES), rows)
    wrong = random.random(rows) < 0.1
    predicted = np.where(wrong, random.integers(0, len(NAMES), rows), true)
    names = np.array(NAMES)
    shares = random.dirichlet(np.ones(len(NAMES)), rows).round(4)
    made = {
        "names": pandas.DataFrame({"y_true": names[true], "y_pred": names[predicted]}),
        "numbers": pandas.DataFrame({"y_true": true, "y_pred": predicted}),
        "probabilities": pandas.DataFrame(shares, columns=NAMES).assign(y_true=names[true]),
    }
    for kind, frame in made.items():
        frame.to_csv(folder / f"{kind}.csv", index=False)
    return {kind: folder / f"{kind}.csv" for kind in made}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="in each file (1,000,000)")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts (5)")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.rows < 1000:
        parser.error("--rounds must be 1 or more, and --rows 1000 or more")
    print(f"{platform.platform()}, {os.cpu_count()} cores, {arguments.rows:,} rows, n = {arguments.rounds}")
    with tempfile.TemporaryDirectory() as folder:
        for kind, path in files(Path(folder), arguments.rows).items():
            for mine, other in zip(ours(path), theirs(path), strict=True):  # and once before it counts
                np.testing.assert_allclose(mine, other, rtol=1e-12)
            taken: dict[str, list[float]] = {"ours": [], "theirs": []}
            for _ in range(arguments.rounds):
                for name, call in (("ours", ours), ("theirs", theirs)):
                    start = time.perf_counter()
                    call(path)
                    taken[name].append(time.perf_counter() - start)
            mine, other = median(taken["ours"]), median(taken["theirs"])
            spread = ", ".join(f"{name} {min(found):.2f} to {max(found):.2f} s" for name, found in taken.items())
            print(f"{kind:14} {other / mine:.3g} x ({mine:.2f} s, {other:.2f} s; {spread})", flush=True)


if __name__ == "__main__":
    main()
