"""Precision-recall and ROC curves of one class against the rest and of averages, as charts and a table of areas.

Pure functions from answers to values of components. A number that does not exist is a dash. It must not depend on a
component.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...library.answers import Answers
from ...metrics.curves import GRID, Curve, Curves
from ..components.dots import line
from ..percent import percent
from ..text import Text
from ..text.classes import class_names

AREAS = ("average_precision", "auc")
AVERAGES = ("micro", "macro")
PLACES = 50  # of a chart that can be read
LOOKS = {"class": "A", "micro": "plain", "macro": "C"}


def chart(answers: Answers, chosen: str, text: Text) -> dict[str, Any]:
    """The charts, for the component `dots`. chosen: the name of a class, drawn beside the averages; "" for none."""
    curves = answers.curves
    if curves is None:
        return {"empty": nothing(answers, text)}
    names = class_names(answers.classes, text.language)
    number = answers.classes.index(chosen) if chosen in answers.classes else None
    curve = curves.micro if number is None else curves.classes[number]
    name = text("areas.micro") if number is None else names[number]
    read = curve.thinned(PLACES)
    panels = []
    for area, axis in (("average_precision", "recall"), ("auc", "false_positive_rate")):
        lines = [
            line(LOOKS["micro"], _points(curves.micro, area), name=_named(text("areas.micro"), curves.micro, text)),
            line(LOOKS["macro"], _macro_points(curves, area), name=_macro_name(curves, text)),
        ]
        if number is not None:
            lines.append(line(LOOKS["class"], _points(curve, area), name=_named(name, curve, text), solid=True))
        value = getattr(curve, area)
        panels.append(
            {
                "title": text(f"areas.{area}.title"),
                "unit": text(f"areas.{area}.unit"),
                "x": [0, 100],
                "ticks": None,
                "log": False,
                "lines": [_rounded(one) for one in lines],
                "places": _places(read, axis, text),
                "said": text(f"areas.{area}.said", name=name, value=number_words(value)),
            }
        )
    return {
        "title": "" if number is None else text("areas.title", name=name),
        "note": text("areas.note"),
        "panels": panels,
        "table": [
            [text("areas.class"), *(text(f"areas.{key}") for key in ("threshold", "recall", "precision", "rate"))],
            *rows_of(name, curve),
        ],
        "seconds": 0,
    }


def nothing(answers: Answers, text: Text) -> str:
    """Why there are no curves."""
    return text("areas.best", count=answers.best) if answers.best is not None else text("confusion.sure.none")


def table(answers: Answers, text: Text) -> dict[str, Any] | None:
    """The areas of the averages and of each class; the rows of the classes come after those of AVERAGES."""
    curves = answers.curves
    if curves is None:
        return None
    rows: list[dict[str, Any]] = []
    for kind in AVERAGES:
        areas = {}
        for area in AREAS:
            mean = curves.macro(area)
            value = getattr(curves.micro, area) if kind == "micro" else mean.value
            areas[area] = _cell(value)
            if kind == "macro" and mean.left_out and not math.isnan(value):
                words = text("confusion.left_out", value=number_words(value), count=mean.left_out)
                areas[area] = {"text": words, "sort": round(value, 6)}
        rows.append({"class": text(f"areas.{kind}"), **areas})
    for name, curve in zip(class_names(answers.classes, text.language), curves.classes, strict=True):
        areas = {area: _cell(getattr(curve, area)) for area in AREAS}
        rows.append({"class": name, "support": curve.positives, **areas})
    columns = [
        {"key": "class", "title": text("areas.class"), "wrap": True},
        {"key": "support", "title": text("confusion.column.support"), "numeric": True, "spare": True},
        *({"key": area, "title": text(f"areas.{area}"), "numeric": True} for area in AREAS),
    ]
    return {"columns": columns, "rows": rows}


def class_of_row(answers: Answers, index: Any) -> str:
    """The class that a row of the table stands for; "" for an average."""
    place = int(index) - len(AVERAGES)
    return answers.classes[place] if 0 <= place < len(answers.classes) else ""


def rows_of(name: str, curve: Curve) -> Iterator[list[Any]]:
    """A curve's kept points as rows of a table."""
    columns = curve.threshold, curve.recall, curve.precision, curve.false_positive_rate
    for row in zip(*columns, strict=True):
        yield [name, *(float(f"{value:.6g}") for value in row)]


def number_words(value: float) -> str:
    """An area in words."""
    return "–" if math.isnan(value) else f"{value:.3f}"


def _cell(value: float) -> dict[str, Any]:
    return {"text": "–"} if math.isnan(value) else {"text": number_words(value), "sort": round(value, 6)}


def _named(name: str, curve: Curve, text: Text) -> str:
    areas = {area: number_words(getattr(curve, area)) for area in AREAS}
    return text("areas.legend", name=name, **areas)


def _macro_name(curves: Curves, text: Text) -> str:
    areas = {area: number_words(curves.macro(area).value) for area in AREAS}
    return text("areas.legend", name=text("areas.macro"), **areas)


def _points(curve: Curve, area: str) -> list[tuple[float, float]]:
    """A curve in percent: steps of precision, as average precision adds them up, or the corners of the ROC."""
    if not len(curve.threshold):
        return []
    if area == "auc":
        return [] if math.isnan(curve.auc) else _percent(*curve.roc)
    recall = np.concatenate([[0.0], np.repeat(curve.recall, 2)[:-1]])
    return _percent(recall, np.repeat(curve.precision, 2))


def _macro_points(curves: Curves, area: str) -> list[tuple[float, float]]:
    y = curves.macro_precision if area == "average_precision" else curves.macro_recall
    return [] if np.isnan(y).all() else _percent(GRID, y)


def _percent(x: np.ndarray, y: np.ndarray) -> list[tuple[float, float]]:
    return list(zip((100 * x).tolist(), (100 * y).tolist(), strict=True))


def _rounded(one: dict[str, Any]) -> dict[str, Any]:
    """A line with digits that nobody can see left out, and points that are the same without them."""
    points = [[None if y is None else round(y, 2) for y in point] for point in one["points"]]
    return one | {"points": [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]}


def _places(curve: Curve, axis: str, text: Text) -> list[list[Any]]:
    """Where a chart is read: [place on its axis, sentence]; of several on one place the one with the most recall."""
    places: dict[float, str] = {}
    for at, threshold in enumerate(curve.threshold):
        shares = {
            key: percent(float(values[at]), 1, text.language)
            for key, values in (
                ("threshold", curve.threshold),
                ("recall", curve.recall),
                ("precision", curve.precision),
                ("rate", curve.false_positive_rate),
            )
        }
        if threshold < 0.001:
            shares["threshold"] = f"{float(threshold):.2g}"
        places[round(100 * float(getattr(curve, axis)[at]), 2)] = text("areas.place", **shares)
    return [[x, words] for x, words in places.items()]
