"""What stands above and below a drawing of a network: its name and totals, and what the forms mean.

Must not depend on the layout of blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..models.anatomy import Part
from ..models.describe import Description
from ..models.spec import ModelSpec
from .marks import outline, plus
from .svg import breadth, path, tag, words, wrapped
from .words import network_name


def headline(description: Description, wording: Mapping[str, str], width: float) -> tuple[str, float]:
    """Network and totals, and where they end. A page that says both already cuts off that height, `data-height`."""
    spec, y = description.spec, 18.0
    pixels = wording["pixels"].format(pixels=spec.input_size)
    totals = wording["totals"].format(
        parameters=f"{description.parameters:,}", multiply_adds=f"{description.multiply_adds:,}"
    )
    placed = [words(4, y, network_name(spec, wording), "title")]
    for line in wrapped(wording["comma"].join((pixels, totals)), width - 8):
        y += 18
        placed.append(words(4, y, line, "soft"))
    return tag("g", *placed, class_="headline", data_height=int(y + 6)), y + 16


def legend(
    network: Iterable[Part], spec: ModelSpec, wording: Mapping[str, str], y: float, width: float
) -> tuple[str, float]:
    """What the forms mean, those that occur, and where it ends."""
    blocks = [part for part in network if part.position is not None]
    roles, ways, items = {part.role for part in blocks}, {part.way for part in blocks}, []
    bow = ("M", 0, 2, "q", 13, -20, 26, 0)
    for role in ("Conv Block", "Identity Block", "Plain Block"):
        if role in roles:
            items.append((outline(role, 0, -10, 14, 26), wording[f"legend.{role}"]))
    if "identity" in ways:
        items.append((path("arc", *bow), wording["legend.identity"]))
    if ways & {"padding", "projection"}:
        items.append((path(f"arc {spec.shortcut}", *bow), wording[f"legend.{spec.shortcut}"]))
    if spec.shortcut != "none":
        items.append((plus(13, -3), wording["legend.sum"]))
    if any(row.stride > 1 for part in network for row in part.rows):
        items.append((words(13, 1, wording["stride"].format(stride=2), "bold middle"), wording["legend.stride"]))
    x, placed = 4.0, []
    y += 14
    for picture, meaning in items:
        lines = wrapped(meaning, width - 42)
        step = 34 + max(map(breadth, lines)) + 18
        if x > 4 and x + step - 18 > width:
            x, y = 4.0, y + 22
        said_ = (words(34, 1 + 15 * i, line, "soft") for i, line in enumerate(lines))
        placed.append(tag("g", picture, *said_, transform=f"translate({x:.0f} {y:.0f})"))
        x, y = x + step, y + 15 * (len(lines) - 1)
    return tag("g", *placed, class_="legend"), y + 14


def figure_name(description: Description, network: Iterable[Part], wording: Mapping[str, str]) -> str:
    roles = [part.role for part in network]
    counts = {kind: roles.count(f"{kind.title()} Block") for kind in ("conv", "identity", "plain")}
    return wording["figure"].format(network=network_name(description.spec, wording), **counts)
