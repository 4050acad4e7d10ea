"""The difference of two sides: a signed matrix, what changed for each class, and who alone is right. No component."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...library.answers import OF_TRAINING, Answers, pictures
from ...metrics.difference import OnlyOneRight, difference, only_one_right
from ...services import Services
from ..components.address import PIXELATED_UP_TO, data_address
from ..components.matrix import MOST_CLASSES, as_text
from ..text import Text
from ..text.classes import class_names
from .cells import PAGE

MEASURES = ("recall", "precision", "f1")
THIS, OTHER = "this", "other"


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
    if found := alone(a, b):
        counts = {"a": f"{len(found.only_a):,}", "b": f"{len(found.only_b):,}", "n": f"{found.rows:,}"}
        words.append(text("confusion.difference.alone", **counts))
    return " ".join(words)


def alone(a: Answers, b: Answers) -> OnlyOneRight | None:
    """Which rows only one side gets right; None where their rows are not rows of the same pictures."""
    same = a.data and a.data == b.data and (a.name in OF_TRAINING) == (b.name in OF_TRAINING)
    if not same or a.rows is None or b.rows is None:
        return None
    found = only_one_right(a.rows, a.predicted == a.labels, b.rows, b.predicted == b.labels)
    return found if found.rows else None


def pages(rows: np.ndarray) -> int:
    """How many pages so many pictures take."""
    return -(-len(rows) // PAGE)


def strip(services: Services, a: Answers, b: Answers, whose: str, page: int, text: Text) -> tuple[dict[str, Any], int]:
    """(a page of the pictures that only one side gets right, with both answers, how many pages there are).

    whose: THIS for those that b gets right, OTHER for those that a does. The one that the wrong side is surest of comes
    first. Where there are no pictures, it is said why.
    """
    found = alone(a, b)
    if found is None:
        return {}, 0
    rows = found.only_b if whose == THIS else found.only_a
    there = pictures(services, b)
    if there.split is None:
        there = pictures(services, a)
    if there.split is None:
        return {"note": text(f"confusion.alone.{there.why}", count=f"{len(rows):,}"), "items": []}, 0
    sides = {THIS: (b, positions(b, rows)), OTHER: (a, positions(a, rows))}
    wrong, places = sides[OTHER if whose == THIS else THIS]
    if wrong.confidence is not None:
        order = np.argsort(-wrong.confidence[places], kind="stable")
        rows, sides = rows[order], {side: (one, at[order]) for side, (one, at) in sides.items()}
    shown = slice(page * PAGE, (page + 1) * PAGE)
    first = page * PAGE + 1 if len(rows) else 0
    numbers = {"first": first, "last": min(len(rows), (page + 1) * PAGE), "count": f"{len(rows):,}"}
    items = []
    for row, here, there_at in zip(rows[shown], sides[THIS][1][shown], sides[OTHER][1][shown], strict=True):
        names = class_names(b.classes, text.language)
        items.append(
            {
                "source": data_address(there.split.picture(int(row))),
                "true": names[int(b.labels[here])],
                "answers": [answer(b, int(here), THIS, text), answer(a, int(there_at), OTHER, text)],
                "index": int(row),
            }
        )
    value = {
        "note": text("confusion.alone.page", **numbers),
        "pixelated": there.split.images.shape[1] <= PIXELATED_UP_TO,
        "items": items,
    }
    return value, pages(rows)


def answer(found: Answers, at: int, side: str, text: Text) -> dict[str, Any]:
    """What one side answers to a picture, as the component `mistakes` shows one of several answers."""
    return {
        "who": text(f"confusion.side.{side}"),
        "predicted": class_names(found.classes, text.language)[int(found.predicted[at])],
        "right": bool(found.predicted[at] == found.labels[at]),
        "probability": None if found.confidence is None else float(found.confidence[at]),
    }


def positions(found: Answers, rows: np.ndarray) -> np.ndarray:
    """Where some rows, all of which were answered, stand among the answers."""
    order = np.argsort(found.rows)
    return order[np.searchsorted(found.rows, rows, sorter=order)]


def points(change: float, text: Text) -> dict[str, Any]:
    """A change of a share in percentage points; a dash where one side has no such share."""
    return {"text": "–"} if math.isnan(change) else {"text": signed(100 * change), "sort": change}


def signed(number: float) -> str:
    """1.25 as "+1.25", with a real minus."""
    return f"{number:+.2f}".replace("-", "−")
