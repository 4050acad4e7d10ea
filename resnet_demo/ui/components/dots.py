"""Small charts beside each other, of measured values that are few enough to be shown one by one: a dot each, and lines.

A place on the horizontal axis is read by pointer, finger and keyboard: what is said there is a sentence of the value.
It draws what it is given and knows neither runs nor networks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def dots(text: Text, *, elem_id: str, value: dict[str, Any] | None = None) -> gr.HTML:
    """The charts.

    value:   {"title", "note": a line below, "panels": [panel], "table": rows of a CSV, the first its head,
             "seconds": in which a button plays the panels through, from left to right; 0 for no button,
             "empty": what is said where there are no panels}
    a panel: {"title", "unit": of the horizontal axis, "x": [low, high], "ticks": [[x, words]] or None for numbers,
             "log": bool, "lines": [line], "places": [[x, sentence]], "said": a sentence while no place is read}
    a line:  what `line` or `dot` makes
    """
    return custom("dots", value or {}, elem_id=elem_id, text=text.part("dots"))


def line(
    style: str,
    points: Iterable[tuple[float, float]],
    *,
    name: str = "",
    bold: bool = True,
    solid: bool = False,
    marked: bool = False,
) -> dict[str, Any]:
    """A line through points (x, y), y None or not finite where it is broken.

    style: a look of the page's charts: "A", "B", "C", "plain", "spare1" to "spare4". name: in the legend, "" for none.
    solid: in the look's colour without its dashes. marked: with the mark of its style at its points.
    """
    return {"style": style, "points": _plain(points), "name": name, "bold": bold, "solid": solid, "marked": marked}


def dot(style: str, x: float, y: float) -> dict[str, Any]:
    """One value, with the mark of its style."""
    return {"style": style, "points": _plain([(x, y)]), "name": "", "bold": False, "solid": True, "marked": True}


def _plain(points: Iterable[tuple[float, float]]) -> list[list[float | None]]:
    """Points as JSON has them."""
    return [[float(x), float(y) if y is not None and math.isfinite(y) else None] for x, y in points]
