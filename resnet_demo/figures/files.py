"""A confusion matrix as a handful of files: pictures, tables, and a report to be read by people and by programs.

The page and the command line give out the same ones, each made when it is called for. Writes nothing to disk; must not
depend on runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from ..metrics.calibration import Reliability, reliability
from ..metrics.confusion import ConfusionMatrix
from ..metrics.curves import Curves
from ..metrics.order import most_confused
from ..metrics.report import WORDS as REPORT
from ..metrics.report import as_json, as_markdown, classes_csv, curves_csv, matrix_csv, report
from .confusion import MOST_CLASSES, matrix_file, reliability_file
from .confusion_words import WORDS
from .curves import curves_file

PICTURES = ("png", "svg")
Files = dict[str, Callable[[], bytes]]


def in_place(function: Callable[..., bytes], *args: Any, **options: Any) -> bytes:
    """Draw where one is: in this process."""
    return function(*args, **options)


def confusion_files(
    matrix: ConfusionMatrix,
    *,
    title: str = "",
    about: Mapping[str, str] | None = None,
    probabilities: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    predicted: np.ndarray | None = None,
    curves: Callable[[], Curves] | None = None,
    look: str = "plain",
    normalise: str = "row",
    order: Sequence[int] | np.ndarray | None = None,
    figure_words: Mapping[str, str] = WORDS,
    report_words: Mapping[str, str] = REPORT,
    draw: Callable[..., bytes] = in_place,
) -> Files:
    """What makes the content of each file, by its name: matrix.png, matrix.svg, matrix.csv, classes.csv, report.md,
    report.json; with probabilities (n, C), labels (n,) and answers, predicted (n,), reliability.png and reliability.svg
    too; with curves, which are computed when they are needed, curves.png, curves.svg and curves.csv.

    look, normalise, order: of the picture, as `confusion_figure` has them; of more than 100 classes it shows the most
    confused ones, the tables show all. about: as `report` has it. figure_words, report_words: in the page's language.
    draw: calls the function that draws a picture, given it and its arguments, perhaps in another process.
    """
    if order is None and len(matrix.classes) > MOST_CLASSES:
        order = most_confused(matrix.counts, MOST_CLASSES)
    options = {"title": title, "words": dict(figure_words)}
    drawn = {"look": look, "normalise": normalise, "order": order, **options}

    @cache
    def made() -> dict[str, Any]:
        return report(
            matrix,
            about=about,
            probabilities=probabilities,
            labels=labels,
            predicted=predicted,
            curves=curves() if curves else None,
        )

    def diagram(kind: str, counted: Callable[[], Reliability]) -> bytes:
        return draw(reliability_file, kind, counted(), **options)

    def text(write: Callable[[], str]) -> Callable[[], bytes]:
        return lambda: write().encode(errors="replace")

    files: Files = {f"matrix.{kind}": partial(draw, matrix_file, kind, matrix, **drawn) for kind in PICTURES}
    if probabilities is not None and labels is not None:
        counted = partial(reliability, probabilities, labels, predicted=predicted)
        files |= {f"reliability.{kind}": partial(diagram, kind, counted) for kind in PICTURES}
    if curves is not None:
        drawing = partial(_curves, draw, curves, matrix.classes, options)
        files |= {f"curves.{kind}": partial(drawing, kind) for kind in PICTURES}
        files["curves.csv"] = text(lambda: curves_csv(curves(), matrix.classes, report_words))
    return files | {
        "matrix.csv": text(lambda: matrix_csv(matrix, report_words)),
        "classes.csv": text(lambda: classes_csv(made(), report_words)),
        "report.md": text(lambda: as_markdown(made(), report_words)),
        "report.json": text(lambda: as_json(made())),
    }


def _curves(
    draw: Callable[..., bytes],
    curves: Callable[[], Curves],
    classes: Sequence[str],
    options: Mapping[str, Any],
    kind: str,
) -> bytes:
    return draw(curves_file, kind, curves(), classes, **options)
