"""The difference of two sides: a signed matrix, the changes of each class, images that only one side gets right.

"b" is the side that is looked at, "a" the one that it is compared with. It must not depend on a component.
"""

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
from .cell_views import PAGE, page_count
from .choice import OTHER, THIS

MEASURES = ("recall", "precision", "f1")


def compared(a: Answers, b: Answers, text: Text) -> tuple[dict[str, Any], dict[str, Any], str]:
    """(signed matrix, changes by class, sentence) of b − a; Refusal where their classes differ."""
    change = difference(a.matrix, b.matrix)
    names = list(class_names(change.classes, text.language))
    same_size = a.matrix.total == b.matrix.total
    shares = [[0 if math.isnan(x) else x for x in row] for row in change.shares]
    counts = change.counts.tolist() if same_size else shares
    value: dict[str, Any] = {"title": "", "note": text("confusion.difference.title"), "signed": True, "classes": names}
    if len(names) > MOST_CLASSES:
        value = {"note": text("confusion.difference.many", most=MOST_CLASSES)}
    else:
        value |= {"counts": as_text(counts), "shares": not same_size}
    columns = [
        {"key": "class", "title": text("confusion.column.class"), "wrap": True},
        *({"key": one, "title": text(f"confusion.column.{one}"), "numeric": True} for one in MEASURES),
    ]
    rows = [
        {"class": name, **{one: points(float(getattr(change, one)[index]), text) for one in MEASURES}}
        for index, name in enumerate(names)
    ]
    return value, {"columns": columns, "rows": rows}, sentence(a, b, change.accuracy, text)


def sentence(a: Answers, b: Answers, accuracy: float, text: Text) -> str:
    """How much the accuracy changes, and how many images only one side gets right, if both saw the same."""
    words = [text("confusion.difference.accuracy", points=signed(100 * accuracy))]
    if only := only_one_is_right(a, b):
        counts = {"a": f"{len(only.only_a):,}", "b": f"{len(only.only_b):,}", "n": f"{only.rows:,}"}
        words.append(text("confusion.difference.alone", **counts))
    return " ".join(words)


def only_one_is_right(a: Answers, b: Answers) -> OnlyOneRight | None:
    """The rows that only one side gets right; None where the rows of both are not rows of the same images."""
    same = a.data and a.data == b.data and (a.name in OF_TRAINING) == (b.name in OF_TRAINING)
    if not same or a.rows is None or b.rows is None:
        return None
    only = only_one_right(a.rows, a.predicted == a.labels, b.rows, b.predicted == b.labels)
    return only if only.rows else None


def strip(
    services: Services, a: Answers, b: Answers, whose: str, page: int, cell: tuple[int, int] | None, text: Text
) -> tuple[dict[str, Any], int]:
    """A page of the images that only one side gets right, with both answers, and the number of pages.

    whose: THIS for those that b gets right, OTHER for those that a does. The most confident mistakes come first. cell:
    (true class, the one that the side that is wrong took it for) of the images, any mistake where both are equal; None
    for all. Where the images are missing, a note says how many they are.
    """
    only = only_one_is_right(a, b)
    if only is None or a.rows is None or b.rows is None:
        return {}, 0
    rows = only.only_b if whose == THIS else only.only_a
    sides = {THIS: (b, positions(b.rows, rows)), OTHER: (a, positions(a.rows, rows))}
    wrong, places = sides[OTHER if whose == THIS else THIS]
    names = class_names(b.classes, text.language)
    about = ""
    if cell is not None:
        kept = in_cell(wrong, places, cell)
        rows, places = rows[kept], places[kept]
        sides = {side: (answers, at[kept]) for side, (answers, at) in sides.items()}
        words = "confusion.alone.class" if cell[0] == cell[1] else "confusion.alone.cell"
        about = text(words, true=names[cell[0]], predicted=names[cell[1]])
    images = pictures(services, b)
    if images.split is None:
        images = pictures(services, a)
    if images.split is None:
        note = text(f"confusion.alone.{images.why}", count=f"{len(rows):,}")
        return {"note": f"{about}{note}", "items": []}, 0
    if wrong.confidence is not None:
        order = np.argsort(-wrong.confidence[places], kind="stable")
        rows, sides = rows[order], {side: (answers, at[order]) for side, (answers, at) in sides.items()}
    shown = slice(page * PAGE, (page + 1) * PAGE)
    first = page * PAGE + 1 if len(rows) else 0
    numbers = {"first": first, "last": min(len(rows), (page + 1) * PAGE), "count": f"{len(rows):,}"}
    items = [
        {
            "source": data_address(images.split.picture(int(row))),
            "true": names[int(b.labels[at_b])],
            "answers": [answer(b, int(at_b), THIS, text), answer(a, int(at_a), OTHER, text)],
            "index": int(row),
        }
        for row, at_b, at_a in zip(rows[shown], sides[THIS][1][shown], sides[OTHER][1][shown], strict=True)
    ]
    value = {
        "note": about + text("confusion.alone.page", **numbers),
        "pixelated": images.split.images.shape[1] <= PIXELATED_UP_TO,
        "items": items,
    }
    return value, page_count(len(rows))


def in_cell(wrong: Answers, places: np.ndarray, cell: tuple[int, int]) -> np.ndarray:
    """Which of some wrong answers are of a true class and were taken for another one; for any, where both are equal."""
    true, predicted = cell
    of_class = wrong.labels[places] == true
    return of_class if true == predicted else of_class & (wrong.predicted[places] == predicted)


def answer(answers: Answers, at: int, side: str, text: Text) -> dict[str, Any]:
    """One side's answer to an image, as the component `mistakes` shows one of several answers."""
    return {
        "who": text(f"confusion.side.{side}"),
        "predicted": class_names(answers.classes, text.language)[int(answers.predicted[at])],
        "right": bool(answers.predicted[at] == answers.labels[at]),
        "probability": None if answers.confidence is None else float(answers.confidence[at]),
    }


def positions(answered: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The positions of some rows, all of which were answered, among those that were."""
    order = np.argsort(answered)
    return order[np.searchsorted(answered, rows, sorter=order)]


def points(change: float, text: Text) -> dict[str, Any]:
    """A change of a share in percentage points; a dash where one side has no such share."""
    return {"text": "–"} if math.isnan(change) else {"text": signed(100 * change), "sort": change}


def signed(number: float) -> str:
    """1.25 as "+1.25", with a real minus."""
    return f"{number:+.2f}".replace("-", "−")
