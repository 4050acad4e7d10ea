"""A table of a column's slices: rows, accuracy, difference to the rest. It must not depend on a component."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...data.slices import SliceColumn
from ...library.answers import Answers
from ...metrics.slices import Part, by_slice
from ..percent import percent
from ..text import Text


def table(answers: Answers, column: SliceColumn, value: str | None, text: Text) -> dict[str, Any]:
    """All rows, then each value of the column; the row of `value` is marked, None for that of all rows."""
    right = answers.labels == answers.predicted
    whole = by_slice(right, np.zeros(len(right), np.int64), (text("slices.all"),))
    parts = by_slice(right, column.codes, column.values)
    columns = [
        {"key": "value", "title": column.name, "wrap": True},
        {"key": "rows", "title": text("slices.rows"), "numeric": True},
        {"key": "accuracy", "title": text("slices.accuracy"), "numeric": True},
        {"key": "difference", "title": text("slices.difference"), "numeric": True},
        {"key": "p", "title": text("slices.p"), "numeric": True, "spare": True},
    ]
    rows = [_row(part, text) for part in (*whole, *parts)]
    return {"columns": columns, "rows": rows, "marked": 0 if value is None else 1 + column.values.index(value)}


def words_of(value: str, text: Text) -> str:
    """A value for people."""
    return value or text("slices.none")


def fact(column: object, value: object, answers: Answers, text: Text) -> str:
    """Which part of a file some answers are; "" for all of it."""
    return "" if answers.places is None else text("slices.fact", column=column, value=words_of(str(value), text))


def value_of_row(column: SliceColumn, index: Any) -> str | None:
    """The value that a row of the table stands for; None for all rows."""
    place = int(index) - 1
    return column.values[place] if 0 <= place < len(column.values) else None


def _row(part: Part, text: Text) -> dict[str, Any]:
    row: dict[str, Any] = {"value": words_of(part.value, text), "rows": part.rows}
    if not part.rows:
        return row | {key: {"text": "–"} for key in ("accuracy", "difference", "p")}
    low, high = (percent(bound, 1, text.language) for bound in (part.interval.low, part.interval.high))
    row["accuracy"] = {
        "text": percent(part.accuracy, 1, text.language),
        "sort": part.accuracy,
        "detail": text("slices.interval", low=low, high=high),
    }
    if math.isnan(part.difference):
        return row | {key: {"text": "–"} for key in ("difference", "p")}
    low, high = (points(bound) for bound in (part.bounds.low, part.bounds.high))
    row["difference"] = {
        "text": points(part.difference),
        "sort": 100 * part.difference,
        "detail": text("slices.interval", low=low, high=high),
    }
    row["p"] = {"text": "< 0.001" if part.p < 0.001 else f"{part.p:.3f}", "sort": part.p}
    return row


def points(share: float) -> str:
    """A difference of shares in percentage points, with a real minus."""
    return f"{100 * share:+.1f}".replace("-", "−")
