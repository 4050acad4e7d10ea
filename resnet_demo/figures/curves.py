"""Precision-recall and ROC curves for paper: matplotlib, beside each other, as PNG, SVG or PDF.

Beside the averages the four classes with the lowest average precision are drawn. Must not depend on
a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ..metrics.curves import GRID, Curve, Curves
from . import style
from .confusion import as_file
from .confusion_words import WORDS
from .names import drawable

MOST_DRAWN = 4  # classes, with a look of their own each


def curves_figure(
    curves: Curves, classes: Sequence[str], *, title: str = "", words: Mapping[str, str] = WORDS
) -> Figure:
    """The averages, and up to four classes, those with the lowest average precision; areas are in the legends."""
    known = [at for at, one in enumerate(curves.classes) if one.positives]
    known.sort(key=lambda at: curves.classes[at].average_precision)
    drawn = [(classes[at], curves.classes[at]) for at in sorted(known[:MOST_DRAWN])]
    names = drawable(tuple(name for name, _ in drawn), 40)
    with style.look(10):
        figure = Figure(figsize=(10, 5.4), layout="constrained")
        for axes, area in zip(figure.subplots(1, 2), ("average_precision", "auc"), strict=True):
            _averages(axes, curves, area, words)
            for (_, curve), name, series in zip(drawn, names, style.SERIES.values(), strict=False):
                _draw(axes, curve, area, label=_label(name, getattr(curve, area)), **series)
            axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel=words[f"{area}_x"], ylabel=words[f"{area}_y"])
            axes.set_title(words[area], fontsize="medium", parse_math=False)
            for text in axes.legend(loc="lower left" if area == "average_precision" else "lower right").get_texts():
                text.set_parse_math(False)
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f} %"))
        if title.strip():
            figure.suptitle(drawable((title,), 120)[0], parse_math=False, x=0.01, ha="left", fontsize="large")
    return figure


def curves_file(kind: str, curves: Curves, classes: Sequence[str], *, title: str = "", **options: Any) -> bytes:
    """`curves_figure` as a file of this kind."""
    return as_file(curves_figure(curves, classes, title=title, **options), kind, title or "curves")


def _averages(axes: Axes, curves: Curves, area: str, words: Mapping[str, str]) -> None:
    ink: dict[str, Any] = {"color": style.INK}
    _draw(axes, curves.micro, area, label=_label(words["micro"], getattr(curves.micro, area)), **ink)
    line = curves.macro_precision if area == "average_precision" else curves.macro_recall
    label = _label(words["macro"], curves.macro(area).value)
    axes.plot(GRID, line, label=label, **ink, linestyle=(0, (1, 1)))


def _draw(axes: Axes, curve: Curve, area: str, **options: Any) -> None:
    if area == "auc" and not np.isnan(curve.auc):
        axes.plot(*curve.roc, **options)
    elif area != "auc" and len(curve.threshold):
        recall, precision = (
            np.concatenate([[0.0], curve.recall]),
            np.concatenate([curve.precision[:1], curve.precision]),
        )
        axes.plot(recall, precision, drawstyle="steps-pre", **options)


def _label(name: str, area: float) -> str:
    return f"{name} {'–' if np.isnan(area) else f'{area:.3f}'}"
