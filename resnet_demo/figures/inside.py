"""What happens inside a model, as figures by matplotlib: activations as tiles, a heat map, curves, a slice of the loss.

Takes arrays, and gives PNG. Must not depend on how they were measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from . import style
from .names import drawable

TILES = 16  # channels of a part that are drawn, the most active ones
COLORS, HEAT = "viridis", "inferno"
SHARE = PercentFormatter(1, decimals=0)


def tiles_png(parts: Sequence[tuple[str, np.ndarray, float]], title: str = "") -> bytes:
    """The most active channels of the parts of a stage, a row of tiles for each, all on one scale from 0.

    parts: name, maps (C, h, w), those of the most active channel first, and the share of their values that is 0.
    """
    top = max(float(maps[:TILES].max()) for _, maps, _ in parts) or 1.0
    with style.look(9):
        figure = Figure(figsize=(0.75 * TILES + 1.5, 0.95 * len(parts) + 0.5), layout="constrained")
        rows = figure.subplots(len(parts), 1, squeeze=False)[:, 0]
        for axes, (name, maps, zeros) in zip(rows, parts, strict=True):
            drawn = axes.imshow(_row_of(maps[:TILES]), cmap=COLORS, vmin=0, vmax=top, interpolation="nearest")
            _bare(axes)
            shape = "×".join(map(str, maps.shape))
            axes.set_title(f"{name}: {shape}, {100 * zeros:.0f} % zeros", fontsize=8)
        figure.colorbar(drawn, ax=list(rows), shrink=0.8)
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        return style.save(figure, dpi=150, title=title)


def heat_map_png(view: np.ndarray, heat: np.ndarray, title: str = "") -> bytes:
    """An image as the model saw it, uint8 (H, W) or (H, W, 3), and beside it with a heat map, 0 … 1 (h, w), over it."""
    height, width = view.shape[:2]
    with style.look(9):
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        for axes in (left, right):
            axes.imshow(view, cmap="gray", interpolation="nearest", extent=(0, width, height, 0))
            _bare(axes)
        drawn = right.imshow(heat, cmap=HEAT, vmin=0, vmax=1, alpha=0.6, extent=(0, width, height, 0))
        figure.colorbar(drawn, ax=right, shrink=0.7)
        figure.suptitle(drawable((title,), 100)[0], x=0.01, ha="left", fontsize=10)
        return style.save(figure, dpi=150, title=title)


def curves_png(
    fractions: np.ndarray, curves: Mapping[str, tuple[np.ndarray, np.ndarray]], areas: Mapping[str, tuple[float, float]]
) -> bytes:
    """Deletion and insertion curves, one panel each, of a heat map and of a random map.

    fractions: of the pixels, 0 … 1. curves: by panel the probabilities in the order of the heat map and of the random
    one. areas: the areas under them.
    """
    with style.look(9):
        figure = Figure(figsize=(7.2, 3.2), layout="constrained")
        for axes, (name, both) in zip(figure.subplots(1, 2, sharey=True), curves.items(), strict=True):
            for words, curve, area, series in zip(("heat map", "random map"), both, areas[name], "AB", strict=True):
                axes.plot(fractions, curve, label=f"{words}: area {area:.3f}", **style.SERIES[series])
            axes.set(title=name, xlabel="pixels changed", xlim=(0, 1), ylim=(0, 1))
            axes.xaxis.set_major_formatter(SHARE)
            axes.yaxis.set_major_formatter(SHARE)
            axes.legend()
        return style.save(figure, dpi=150, title="deletion and insertion")


def _row_of(maps: np.ndarray) -> np.ndarray:
    """Tiles (n, h, w) side by side, one pixel or more between them, which has no value; always TILES places."""
    count, height, width = maps.shape
    gap = max(1, width // 16)
    row = np.full((height, TILES * (width + gap) - gap), np.nan, np.float32)
    for number in range(count):
        left = number * (width + gap)
        row[:, left : left + width] = maps[number]
    return row


def _bare(axes: Axes) -> None:
    """No ticks, grid and frame."""
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
