"""What is shown of loss surfaces: values of components. It must not make components."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....errors import Refusal
from ....inference.classifier import Classifier
from ....inside.surface import Grid, Slice
from ....inside.surface_file import read_surface
from ....services import Services
from ...components.address import data_address
from ...components.dots import line
from ...runs import chart_style, network_title, run_title, title
from ...shared.heat_maps import coloured
from ...text import Text

COLOURS = "viridis"


@dataclass(frozen=True)
class Surface:
    """A model's slice: how it is called, in a list and in a legend, the look of its line, and its depth."""

    title: str
    name: str
    style: str
    depth: int
    plane: Slice
    again: bool = False


def recorded(services: Services, text: Text) -> list[Surface]:
    """The published runs with a recorded surface, by depth, plain ones last."""
    found = []
    for run in services.runs.list():
        try:
            record = read_surface(run.path)
        except Refusal:  # a damaged file is no reason to show nothing of the others
            continue
        if record:
            spec = run.config.model
            style = chart_style(spec)
            name, full = network_title(run, text), run_title(services.runs, run, text)
            again = record.weights != "published"
            found.append(Surface(full, name, style, spec.depth, record.plane, again))
    return sorted(found, key=lambda one: (one.depth, one.style == "plain", one.title))


def live(services: Services, classifier: Classifier, plane: Slice, text: Text) -> Surface:
    """A slice that was measured now."""
    name = title(services, classifier, text)
    return Surface(name, name, "spare1", classifier.spec.depth, plane)


def planes(surfaces: Sequence[Surface], text: Text) -> dict[str, Any]:
    """The value of `overlays`: each surface as an image, all in one scale of the logarithm of the loss."""
    if not surfaces:
        return {}
    grids = [log_loss(one.plane.loss) for one in surfaces]
    low, high = (float(pick([pick(grid[np.isfinite(grid)]) for grid in grids])) for pick in (np.min, np.max))
    items = []
    for one, grid in zip(surfaces, grids, strict=True):
        share = np.clip((np.nan_to_num(grid, nan=high, posinf=high) - low) / (high - low or 1), 0, 1)
        centre, _ = one.plane.centre
        loss = "–" if centre is None else f"{centre:.2f}"
        note = text("surface.again", loss=loss) if one.again else text("surface.centre", loss=loss)
        image = coloured(share[::-1], COLOURS).convert("RGB").resize((240, 240))
        items.append(
            {"title": one.title, "label": "", "note": note, "view": data_address(image), "map": "", "pixelated": False}
        )
    caption = text("surface.scale", low=f"{math.exp(low):.2g}", high=f"{math.exp(high):.2g}")
    return {
        "message": "",
        "title": caption,
        "caption": text("surface.note", images=surfaces[0].plane.images),
        "items": items,
    }


def lines(surfaces: Sequence[Surface], measured: Surface | None, text: Text) -> dict[str, Any]:
    """The value of `dots`: the loss along the first direction, a panel for each depth."""
    everything = [*surfaces, *([measured] if measured else [])]
    panels = []
    for depth in sorted({one.depth for one in everything}):
        group = [one for one in everything if one.depth == depth]
        panels.append(_panel(depth, group, text))
    table: list[list[Any]] = [[text("inside.model"), "α", text("surface.loss")]]
    table += [[one.title, x, y] for one in everything for x, y in zip(one.plane.x, row_of(one.plane), strict=True)]
    note = text("surface.note", images=everything[0].plane.images) if everything else ""
    return {
        "title": text("surface.lines"), "note": note, "panels": panels, "table": table, "seconds": 0,
        "empty": text("surface.none"),
    }  # fmt: skip


def _panel(depth: int, group: Sequence[Surface], text: Text) -> dict[str, Any]:
    drawn = []
    for one in group:
        points = [(x, math.nan if y is None else y) for x, y in zip(one.plane.x, row_of(one.plane), strict=True)]
        drawn.append(line(one.style, points, name=one.name if one.style != "spare1" else one.title))
    places = []
    for x in sorted({x for one in group for x in one.plane.x}):
        values = [
            text("inside.named", name=one.name, value="–" if loss is None else f"{loss:.3g}")
            for one in group
            for at, loss in zip(one.plane.x, row_of(one.plane), strict=True)
            if at == x
        ]
        places.append([x, text("surface.place", x=f"{x:.2f}", values=text("inside.comma").join(values))])
    return {
        "title": text("surface.panel", depth=depth), "unit": "α", "x": [-1, 1], "ticks": None, "log": True,
        "lines": drawn, "places": places, "said": "",
    }  # fmt: skip


def row_of(plane: Slice) -> tuple[float | None, ...]:
    """The loss along the first direction."""
    return plane.loss[plane.y.index(0.0)]


def log_loss(grid: Grid) -> np.ndarray:
    """Natural logarithms of the losses, float64 (rows, columns); NaN where there is none."""
    values = np.array([[math.nan if value is None else value for value in row] for row in grid])
    return np.log(np.maximum(values, 1e-6))
