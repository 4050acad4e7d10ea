"""A confusion matrix and a reliability diagram for paper: matplotlib, as PNG, SVG or PDF.

The matrix has two looks: "plain", that of the page (right answers to near-black, mistakes vermilion, by the square root
of their share, so that rare ones are seen), and "tutorial" (greys with red counts and rotated names). Digits are always
counts. Must not depend on a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colorbar import Colorbar
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize, PowerNorm
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter

from ..metrics.calibration import Reliability
from ..metrics.confusion import ConfusionMatrix
from . import style
from .confusion_words import WORDS
from .names import drawable
from .svg import breadth

LOOKS, NORMALISE = ("plain", "tutorial"), ("row", "column", "all", "none")
MOST_CLASSES = 100  # that can be told apart on a page
MOST_DIGITS = 30  # classes up to which counts stand in the cells
RED = "#d00000"


def confusion_figure(
    matrix: ConfusionMatrix,
    *,
    look: str = "plain",
    normalise: str = "row",
    title: str = "",
    words: Mapping[str, str] = WORDS,
    order: Sequence[int] | None = None,
) -> Figure:
    """The matrix as a figure: rows true, columns predicted, accuracy and number of rows above.

    look: one of LOOKS. normalise: what colour stands for, one of NORMALISE. words: as WORDS, in the language of the
    names. order: the numbers of the classes shown; shares and accuracy stay those of the whole matrix.
    ValueError for more than 100 classes.
    """
    if look not in LOOKS or normalise not in NORMALISE:
        raise ValueError(f"look {look!r}, normalise {normalise!r}: accepted are {LOOKS} and {NORMALISE}.")
    shown = np.arange(len(matrix.classes)) if order is None else np.asarray(order)
    if not 1 <= len(shown) <= MOST_CLASSES:
        raise ValueError(f"{len(shown)} classes cannot be drawn; accepted are 1 to {MOST_CLASSES}, chosen by order.")
    counts = matrix.counts[np.ix_(shown, shown)]
    shares = _shares(matrix, normalise)[np.ix_(shown, shown)]
    names = drawable(tuple(matrix.classes[i] for i in shown.tolist()))
    side = min(0.56, 11 / len(shown))  # inches of a cell
    with style.look(11 if len(shown) > 3 else 10):
        size = side * len(shown)
        figure = Figure(figsize=(max(size, 1.6) + 3.2, max(size, 1.6) + 2.2), layout="constrained")
        axes = figure.subplots()
        paint = _paint_tutorial if look == "tutorial" else _paint_plain
        inks = paint(figure, axes, shares, normalise, words)
        _name(axes, names, side, upright=look == "tutorial" or len(shown) > 20, words=words)
        if len(shown) <= MOST_DIGITS:
            _write(axes, counts, inks, side, zeros=look == "tutorial")
        _head(axes, title, _summary(matrix, len(shown), words))
    return figure


def reliability_figure(diagram: Reliability, *, title: str = "", words: Mapping[str, str] = WORDS) -> Figure:
    """Accuracy by confidence beside the diagonal on which both are equal; below it how many answers lie where."""
    with style.look():
        figure = Figure(figsize=(5.2, 5.6), layout="constrained")
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        left, width = diagram.edges[:-1], np.diff(diagram.edges)
        known = diagram.count > 0
        bars = {"width": width[known], "align": "edge", "edgecolor": style.INK, "linewidth": 0.8}
        accuracy, gap = diagram.accuracy[known], (diagram.confidence - diagram.accuracy)[known]
        upper.bar(left[known], accuracy, color="#9aa0a8", **bars)
        marks = {**bars, "edgecolor": style.VERMILION, "color": "none", "hatch": "////"}
        upper.bar(left[known], gap, bottom=accuracy, label=words["gap"], **marks)
        upper.plot([0, 1], [0, 1], color=style.INK, linestyle="--", linewidth=1.2, label=words["perfect"])
        upper.set(xlim=(0, 1), ylim=(0, 1), ylabel=words["reliability"])
        upper.legend(loc="upper left")
        lower.bar(left, diagram.count, color="#9aa0a8", **{**bars, "width": width})
        lower.set(ylabel=words["answers"], xlabel=words["confidence"])
        for axis in (upper.xaxis, upper.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f} %"))
        lower.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        summary = words["ece"].format(ece=_percent(diagram.ece), rows=f"{diagram.count.sum():,}")
        _head(upper, title, summary)
    return figure


def as_file(figure: Figure, kind: str, title: str = "") -> bytes:
    """The figure as a file of this kind, one of `style.KINDS`; `title` is kept in it."""
    with style.look():  # square cells leave room beside or above themselves
        return style.save(figure, kind, title=drawable((title,), 200)[0], margin=0.12)


def matrix_file(kind: str, matrix: ConfusionMatrix, *, title: str = "", **options: Any) -> bytes:
    """`confusion_figure` as a file of this kind."""
    return as_file(confusion_figure(matrix, title=title, **options), kind, title or "matrix")


def reliability_file(kind: str, diagram: Reliability, *, title: str = "", **options: Any) -> bytes:
    """`reliability_figure` as a file of this kind."""
    return as_file(reliability_figure(diagram, title=title, **options), kind, title or "reliability")


def save(figure: Figure, path: Path, title: str = "") -> None:
    """Write the figure as its file's ending says."""
    path.write_bytes(as_file(figure, path.suffix.removeprefix("."), title))


def _shares(matrix: ConfusionMatrix, normalise: str) -> np.ndarray:
    """float64 (C, C): what colour stands for; 0 where nothing can be a share."""
    counts = matrix.counts.astype(np.float64)
    whole = {
        "row": matrix.support[:, None],
        "column": matrix.predicted[None, :],
        "all": np.array(matrix.total),
        "none": np.array(1),
    }[normalise]
    return np.divide(counts, whole, out=np.zeros_like(counts), where=whole > 0)


def _paint_plain(figure: Figure, axes: Axes, shares: np.ndarray, normalise: str, words: Mapping[str, str]) -> list:
    """Right answers near-black, mistakes vermilion; returns the colour of the digits for each cell."""
    diagonal = np.eye(len(shares), dtype=bool)
    scale = PowerNorm(0.5, 0, _top(shares, normalise))
    inks = np.full(shares.shape, style.INK, object)
    for kind, colour, hidden in (("right", "#18181b", ~diagonal), ("wrong", style.VERMILION, diagonal)):
        ramp = LinearSegmentedColormap.from_list(kind, ["#f6f6f7", colour])
        cells = _cells(axes, np.ma.masked_array(shares, hidden), ramp, scale)
        bar = figure.colorbar(cells, ax=axes, shrink=0.62, aspect=28, pad=0.02)
        bar.set_label(words[kind] + (f"{words['comma']}{words[normalise]}" if kind == "wrong" else ""))
        _mark(bar, scale, (0, 0.05, 0.25, 0.5, 1), normalise)  # closer at the bottom, where colours change
        inks[~hidden] = [_ink(colour) for colour in ramp(scale(shares[~hidden]))]
    return inks.tolist()


def _paint_tutorial(figure: Figure, axes: Axes, shares: np.ndarray, normalise: str, words: Mapping[str, str]) -> list:
    """White to black; digits are red everywhere."""
    scale = Normalize(0, _top(shares, normalise))
    cells = _cells(axes, shares, "Greys", scale)
    bar = figure.colorbar(cells, ax=axes, shrink=0.8, aspect=24, pad=0.02)
    bar.set_label(words[normalise])
    _mark(bar, scale, (0, 0.25, 0.5, 0.75, 1), normalise)
    return np.full(shares.shape, RED, object).tolist()


def _top(shares: np.ndarray, normalise: str) -> float:
    """What the darkest colour stands for."""
    return 1.0 if normalise in ("row", "column") else float(shares.max()) or 1.0


def _cells(axes: Axes, shares: np.ndarray, ramp: str | Colormap, scale: Normalize) -> QuadMesh:
    fine = len(shares) > 40  # 10,000 cells as vectors make a file that no program opens gladly
    edges: dict[str, Any] = {} if fine else {"edgecolors": style.PAPER, "linewidth": 0.8}
    return axes.pcolormesh(shares, cmap=ramp, norm=scale, rasterized=fine, **edges)


def _mark(bar: Colorbar, scale: Normalize, places: Sequence[float], normalise: str) -> None:
    """Numbers beside a scale of colours, at these shares of its top; counts are whole."""
    ticks = np.array(places) * scale.vmax
    if normalise == "none":
        ticks = np.unique(np.round(ticks))
    texts = [f"{tick:,.0f}" if normalise == "none" else f"{100 * tick:.3g} %" for tick in ticks]
    bar.set_ticks(ticks.tolist(), labels=texts)
    bar.ax.minorticks_off()
    bar.ax.grid(False)
    bar.outline.set_visible(False)


def _name(axes: Axes, names: list[str], side: float, upright: bool, words: Mapping[str, str]) -> None:
    """Names of rows and columns, the first row at the top."""
    size = min(10.0, max(4.5, 0.82 * 72 * side))
    middle = np.arange(len(names)) + 0.5
    fits = max(breadth(name, size) for name in names) < 0.95 * 72 * side
    turned = {"rotation": 90} if upright else {} if fits else {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(middle, names, parse_math=False, size=size, **turned)
    axes.set_yticks(middle, names, parse_math=False, size=size)
    axes.tick_params(length=0)
    axes.grid(False)
    axes.set(aspect="equal", xlabel=words["predicted"], ylabel=words["true"])
    axes.invert_yaxis()
    for spine in axes.spines.values():
        spine.set_visible(False)


def _write(axes: Axes, counts: np.ndarray, inks: list, side: float, zeros: bool) -> None:
    """The counts into their cells, all in one size in which the longest fits."""
    longest = len(str(int(counts.max())))
    size = min(11.0, 72 * side * 0.9 / (0.62 * longest), 72 * side * 0.5)
    for (row, column), count in np.ndenumerate(counts):
        if count or zeros:
            place: dict[str, Any] = {"ha": "center", "va": "center_baseline", "size": size, "in_layout": False}
            text = axes.text(column + 0.5, row + 0.5, str(count), color=inks[row][column], **place)
            if inks[row][column] == RED:  # neither black nor grey under it leaves red legible
                text.set_path_effects([withStroke(linewidth=size / 6, foreground=style.PAPER)])


def _head(axes: Axes, title: str, summary: str) -> None:
    shown = [*drawable((title,), 80), summary] if title.strip() else [summary]
    axes.set_title("\n".join(shown), parse_math=False, pad=10, fontsize="medium", linespacing=1.4)


def _summary(matrix: ConfusionMatrix, shown: int, words: Mapping[str, str]) -> str:
    parts = [words["accuracy"].format(accuracy=_percent(matrix.accuracy), rows=f"{matrix.total:,}")]
    if shown < len(matrix.classes):
        parts.append(words["shown"].format(shown=shown, classes=f"{len(matrix.classes):,}"))
    return words["comma"].join(parts)


def _ink(colour: Sequence[float]) -> str:
    """Black or white, whichever is further from the colour (WCAG's relative luminance)."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100 * share:.1f} %"
