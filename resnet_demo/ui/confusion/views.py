"""What the tab shows of some answers: the matrix, the table of classes, the most confused pairs, numbers in words.

Pure functions from answers to values of components. A number that does not exist is a dash. It must not depend on a
component.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...data.predictions import Table
from ...library.answers import Answers
from ...metrics import wilson
from ...metrics.calibration import confidence_histogram, coverage_curve, reliability
from ...metrics.confusion import ConfusionMatrix
from ...metrics.order import by_recall, by_similarity, most_confused
from ...metrics.pairs import most_confused_pairs
from ...metrics.ranking import told_apart, top_k_accuracy
from ..components.confidence import as_value
from ..components.matrix import MOST_CLASSES, as_text
from ..percent import percent
from ..text import Text
from ..text.classes import class_names
from . import cells

MEASURES = ("recall", "precision", "f1")
MOST_PAIRS = 30
MOST_ROWS = 1_000


def headline(answers: Answers, text: Text) -> list[str]:
    """Accuracy with its interval, and top-k accuracy where probabilities are known."""
    matrix = answers.matrix
    if not matrix.total:
        return [text("confusion.nothing")]
    right = int(np.trace(matrix.counts))
    interval = wilson(right, matrix.total)
    words = [
        text("confusion.accuracy", accuracy=percent(matrix.accuracy, 2, text.language)),
        text("confusion.right", right=f"{right:,}", count=f"{matrix.total:,}"),
        text(
            "confusion.interval",
            low=percent(interval.low, 1, text.language),
            high=percent(interval.high, 1, text.language),
        ),
    ]
    if answers.probabilities is not None:
        words += [
            text("confusion.top_k", k=k, accuracy=percent(share, 2, text.language))
            for k in told_apart(answers.probabilities, (3, 5))
            for share in [top_k_accuracy(answers.probabilities, answers.labels, k)]
        ]
    return words


def drawn(answers: Answers, only: Any = "") -> list[int]:
    """The classes that are drawn: all of them, or at most MOST_CLASSES.

    only: names of classes, or parts of names, separated by commas or lines. Those classes are drawn, a single one with
    those that it is confused with; where there are none, those with the most mistakes.
    """
    counts, size = answers.matrix.counts, len(answers.classes)
    if size <= MOST_CLASSES:
        return list(range(size))
    typed = [part.strip().casefold() for part in re.split(r"[,，\n]", only if isinstance(only, str) else "")]
    same = [index for index, name in enumerate(answers.classes) if name == only]
    parts = [part for part in typed if part]
    kept = same or [i for i, name in enumerate(answers.classes) if any(part in name.casefold() for part in parts)]
    if len(kept) == 1:
        beside = counts[kept[0]] + counts[:, kept[0]]
        beside[kept[0]] = beside.max() + 1  # itself first
        near = np.argsort(-beside, kind="stable")[:MOST_CLASSES]
        kept = near[beside[near] > 0].tolist()
    elif len(kept) > MOST_CLASSES:
        kept = np.asarray(kept)[most_confused(counts[np.ix_(kept, kept)], MOST_CLASSES)].tolist()
    elif not kept:
        kept = most_confused(counts, MOST_CLASSES).tolist()
    return sorted(kept)


def matrix_value(answers: Answers, title: str, text: Text, only: Any = "") -> dict[str, Any]:
    """The matrix as the component draws it, all of it or the classes that are `drawn`."""
    matrix, names = answers.matrix, list(class_names(answers.classes, text.language))
    value: dict[str, Any] = {"title": title, "selected": None}
    if len(names) > MOST_CLASSES:
        kept = drawn(answers, only)
        part = matrix.counts[np.ix_(kept, kept)]
        words = "confusion.part" if set(kept) == set(drawn(answers)) else "confusion.part.chosen"
        return value | {
            "classes": [names[index] for index in kept],
            "counts": as_text(part.tolist()),
            "totals": {
                "rows": matrix.support[kept].tolist(),
                "columns": matrix.predicted[kept].tolist(),
                "all": matrix.total,
            },
            "note": text(words, shown=len(kept), classes=f"{len(names):,}"),
        }
    return value | {
        "classes": names,
        "counts": as_text(matrix.counts.tolist()),
        "orders": [
            ordered("similarity", by_similarity(matrix.counts), text),
            ordered("recall", by_recall(matrix), text),
        ],
    }


def ordered(name: str, order: Iterable[int], text: Text) -> dict[str, Any]:
    """An order of the classes to choose from."""
    return {"name": name, "title": text(f"confusion.order.{name}"), "order": [int(index) for index in order]}


def class_of_cell(answers: Answers, index: int, only: Any = "") -> int:
    """The class that a row or column of the drawn matrix stands for."""
    return drawn(answers, only)[index]


def place_of_cell(answers: Answers, cell: cells.Cell, only: Any = "") -> list[int] | None:
    """Where the drawn matrix has a cell; None where it does not draw it."""
    kept = drawn(answers, only)
    if cell is None or isinstance(cell, str) or not set(cell) <= set(kept):
        return None
    return [kept.index(index) for index in cell]


def lossless(whole: Answers, part: Answers, text: Text) -> str:
    """How the model does on the test images that are stored losslessly, and why these are counted alone."""
    right, count = int(np.trace(part.matrix.counts)), part.matrix.total
    interval = wilson(right, count)
    return text(
        "confusion.lossless.about",
        part=f"{count:,}",
        count=f"{whole.matrix.total:,}",
        accuracy=percent(part.matrix.accuracy, 2, text.language),
        low=percent(interval.low, 1, text.language),
        high=percent(interval.high, 1, text.language),
    )


def class_table(matrix: ConfusionMatrix, text: Text) -> dict[str, Any]:
    """A row for each class and one for each kind of average."""
    names = class_names(matrix.classes, text.language)
    mistakes = matrix.counts.copy()
    np.fill_diagonal(mistakes, 0)
    rows = []
    for index, name in enumerate(names):
        row: dict[str, Any] = {
            "class": name,
            "support": int(matrix.support[index]),
            "right": int(matrix.counts[index, index]),
        }
        row |= {measure: share(float(getattr(matrix, measure)[index]), text) for measure in MEASURES}
        worst = int(mistakes[index].argmax())
        if mistakes[index, worst]:
            row["confused"] = {
                "text": f"{names[worst]} ({mistakes[index, worst]:,})",
                "sort": int(mistakes[index, worst]),
            }
        rows.append(row)
    columns = [
        {"key": "class", "title": text("confusion.column.class"), "wrap": True},
        {"key": "support", "title": text("confusion.column.support"), "numeric": True, "spare": True},
        {"key": "right", "title": text("confusion.column.right"), "numeric": True, "spare": True},
        *(
            {"key": one, "title": text(f"confusion.column.{one}"), "numeric": True, "spare": one == "f1"}
            for one in MEASURES
        ),
        {"key": "confused", "title": text("confusion.column.confused"), "wrap": True},
    ]
    return {"columns": columns, "rows": rows}


def averages(matrix: ConfusionMatrix, text: Text) -> dict[str, Any]:
    """Macro, weighted and micro averages, with the number of classes that the first two leave out."""
    rows = []
    for kind in ("macro", "weighted", "micro"):
        row: dict[str, Any] = {"kind": text(f"confusion.{kind}")}
        for measure in MEASURES:
            average = getattr(matrix, kind)(measure)
            left_out = getattr(average, "left_out", 0)
            value = float(getattr(average, "value", average))
            words = percent(value, 2, text.language)
            if left_out:
                words = text("confusion.left_out", value=words, count=left_out)
            row[measure] = {"text": words} if math.isnan(value) else {"text": words, "sort": value}
        rows.append(row)
    columns = [
        {"key": "kind", "title": text("confusion.column.average"), "wrap": True},
        *({"key": one, "title": text(f"confusion.column.{one}"), "numeric": True} for one in MEASURES),
    ]
    return {"columns": columns, "rows": rows}


def pair_table(matrix: ConfusionMatrix, text: Text) -> tuple[dict[str, Any], list[tuple[int, int]]]:
    """(the most confused pairs as a table, their cells)."""
    names = class_names(matrix.classes, text.language)
    pairs = most_confused_pairs(matrix, MOST_PAIRS)
    columns = [
        {"key": "true", "title": text("confusion.column.true"), "wrap": True},
        {"key": "predicted", "title": text("confusion.column.predicted"), "wrap": True},
        {"key": "count", "title": text("confusion.column.count"), "numeric": True},
        {"key": "share", "title": text("confusion.column.share"), "numeric": True},
    ]
    rows = [
        {
            "true": names[pair.true],
            "predicted": names[pair.predicted],
            "count": pair.count,
            "share": share(pair.share_of_true, text),
        }
        for pair in pairs
    ]
    return {"columns": columns, "rows": rows}, [(pair.true, pair.predicted) for pair in pairs]


def share(value: float, text: Text) -> dict[str, Any]:
    """A share as a table's cell with a bar; a dash where it does not exist."""
    if math.isnan(value):
        return {"text": "–"}
    return {"text": percent(value, 1, text.language), "sort": value, "bar": value}


def rows_table(answers: Answers, table: Table, cell: tuple[int, int] | str, text: Text) -> dict[str, Any]:
    """The rows of a file in one cell, or the most confident mistakes with their classes, at most MOST_ROWS, by their
    ids in the file, else by their numbers."""
    of_all, names = cell == cells.SUREST, class_names(answers.classes, text.language)
    columns = [{"key": "row", "title": text("confusion.column.row"), "wrap": True}]
    if of_all:
        columns += [
            {"key": one, "title": text(f"confusion.column.{one}"), "wrap": True} for one in ("true", "predicted")
        ]
    if answers.confidence is not None:
        columns.append({"key": "confidence", "title": text("confusion.column.confidence"), "numeric": True})
    rows = []
    for at in cells.members(answers, cell)[:MOST_ROWS]:
        place = int(at if answers.places is None else answers.places[at])
        row: dict[str, Any] = {"row": table.ids[place] if table.ids else place + table.first_row}
        if of_all:
            row |= {"true": names[answers.labels[at]], "predicted": names[answers.predicted[at]]}
        if answers.confidence is not None:
            row["confidence"] = share(float(answers.confidence[at]), text)
        rows.append(row)
    return {"columns": columns, "rows": rows}


def confidence(answers: Answers, text: Text) -> dict[str, Any]:
    """Confidence and calibration, for the component `confidence`."""
    if answers.probabilities is None:
        return {"note": text("confusion.sure.none" if answers.counted is None else "confusion.sure.counted")}
    known = answers.probabilities, answers.labels
    return as_value(
        reliability(*known, predicted=answers.predicted),
        confidence_histogram(*known, predicted=answers.predicted),
        coverage_curve(*known, predicted=answers.predicted),
    )
