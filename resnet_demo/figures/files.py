"""A confusion matrix as a handful of files: pictures, tables, and a report to be read by people and by programs.

The page and the command line give out the same ones. It knows arrays and words, and writes nothing to disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..metrics.calibration import reliability
from ..metrics.confusion import ConfusionMatrix
from ..metrics.order import most_confused
from ..metrics.report import WORDS as REPORT
from ..metrics.report import as_json, as_markdown, classes_csv, matrix_csv, report
from .confusion import MOST_CLASSES, as_file, confusion_figure, reliability_figure
from .confusion_words import WORDS

PICTURES = ("png", "svg")


def confusion_files(
    matrix: ConfusionMatrix,
    *,
    title: str = "",
    about: Mapping[str, str] | None = None,
    probabilities: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    predicted: np.ndarray | None = None,
    look: str = "plain",
    normalise: str = "row",
    order: Sequence[int] | None = None,
    said: Mapping[str, str] = WORDS,
    written: Mapping[str, str] = REPORT,
) -> dict[str, bytes]:
    """Content by file name: matrix.png, matrix.svg, matrix.csv, classes.csv, report.md, report.json; with probabilities
    (n, C), labels (n,) and answers, predicted (n,), reliability.png and reliability.svg too.

    look, normalise, order: of the picture, as `confusion_figure` has them; of more than 100 classes it shows the most
    confused ones, the tables show all. about: as `report` has it. said: words of the pictures, written: of the report.
    """
    if order is None and len(matrix.classes) > MOST_CLASSES:
        order = most_confused(matrix.counts, MOST_CLASSES)
    known = {"probabilities": probabilities, "labels": labels, "predicted": predicted}
    made = report(matrix, about=about, **known)
    figures = {"matrix": confusion_figure(matrix, look=look, normalise=normalise, title=title, words=said, order=order)}
    if "calibration" in made:
        figures["reliability"] = reliability_figure(reliability(**known), title=title, words=said)
    pictures = {
        f"{name}.{kind}": as_file(figure, kind, title or name) for name, figure in figures.items() for kind in PICTURES
    }
    texts = {
        "matrix.csv": matrix_csv(matrix, written),
        "classes.csv": classes_csv(made, written),
        "report.md": as_markdown(made, written),
        "report.json": as_json(made),
    }
    return pictures | {name: text.encode(errors="replace") for name, text in texts.items()}
