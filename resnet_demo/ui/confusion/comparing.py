"""The difference of two sides: a signed matrix, what changed for each class, and who alone is right. No component."""

from __future__ import annotations

import math
from typing import Any

from ...metrics.difference import difference, only_one_right
from ..components.matrix import MOST_CLASSES, as_text
from ..text import Text
from ..text.classes import class_names
from .source import OF_TRAINING, Answers

MEASURES = ("recall", "precision", "f1")


def compared(a: Answers, b: Answers, text: Text) -> tuple[dict[str, Any], dict[str, Any], str]:
    """(signed matrix, changes by class, sentence) of b less a; MetricError where their classes differ."""
    found = difference(a.matrix, b.matrix)
    names = list(class_names(found.classes, text.language))
    same_size = a.matrix.total == b.matrix.total
    counts = found.counts.tolist() if same_size else [[0 if math.isnan(x) else x for x in row] for row in found.shares]
    value: dict[str, Any] = {"title": text("confusion.difference.title"), "signed": True, "classes": names}
    if len(names) > MOST_CLASSES:
        value = {"note": text("confusion.difference.many", most=MOST_CLASSES)}
    else:
        value |= {"counts": as_text(counts), "shares": not same_size, "normalise": "row"}
    columns = [
        {"key": "class", "title": text("confusion.column.class"), "wrap": True},
        *({"key": one, "title": text(f"confusion.column.{one}"), "numeric": True} for one in MEASURES),
    ]
    rows = [
        {"class": name, **{one: points(float(getattr(found, one)[index]), text) for one in MEASURES}}
        for index, name in enumerate(names)
    ]
    return value, {"columns": columns, "rows": rows}, sentence(a, b, found.accuracy, text)


def sentence(a: Answers, b: Answers, accuracy: float, text: Text) -> str:
    """How much the accuracy changes, and how many pictures only one side gets right, where both saw the same ones."""
    words = [text("confusion.difference.accuracy", points=signed(100 * accuracy))]
    if a.rows is not None and b.rows is not None and same_pictures(a, b):
        alone = only_one_right(a.rows, a.predicted == a.labels, b.rows, b.predicted == b.labels)
        words.append(
            text(
                "confusion.difference.alone",
                a=f"{len(alone.only_a):,}",
                b=f"{len(alone.only_b):,}",
                n=f"{alone.rows:,}",
            )
        )
    return " ".join(words)


def same_pictures(a: Answers, b: Answers) -> bool:
    """Whether rows of both sides are rows of the same pictures."""
    if a.run is None or b.run is None or a.run.config.fingerprint != b.run.config.fingerprint:
        return False
    return (a.name in OF_TRAINING) == (b.name in OF_TRAINING)


def points(change: float, text: Text) -> dict[str, Any]:
    """A change of a share in percentage points; a dash where one side has no such share."""
    return {"text": "–"} if math.isnan(change) else {"text": signed(100 * change), "sort": change}


def signed(number: float) -> str:
    """1.25 as "+1.25", with a real minus."""
    return f"{number:+.2f}".replace("-", "−")
