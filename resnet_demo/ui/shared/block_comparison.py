"""Blocks side by side: shortcuts A, B, C and none, basic block and bottleneck, v1 and v1.5.

A comparison varies one thing of the network that is chosen; where that network lacks it, of the nearest that has it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ...figures.block import block_figure
from ...figures.words import network_name
from ...models.anatomy import Part
from ...models.spec import ModelSpec
from ..text import Text
from .model_choice import SHORTCUTS, blocks
from .model_views import described, file_name

KINDS = ("shortcuts", "blocks", "strides")
PLACES = ("conv", "identity")


@dataclass(frozen=True)
class Comparison:
    """What the section shows: `figures` for the drawings, `table` for the numbers; a sentence instead of drawings."""

    figures: dict[str, Any]
    table: dict[str, Any]


def variants(spec: ModelSpec, kind: str) -> tuple[ModelSpec, ...]:
    """The networks to compare, the first of which is the measure of the others."""
    if kind == "shortcuts":
        options = spec.to_dict() | {"name": spec.name.replace("plain", "resnet")}
        return tuple(ModelSpec.from_dict(options | {"shortcut": way}) for way in SHORTCUTS)
    cifar, sizes = spec.family.name == "cifar", {"input_size": spec.input_size, "num_classes": spec.num_classes}
    shortcut = "B" if spec.shortcut == "none" and kind == "strides" else spec.shortcut
    if kind == "blocks":
        # on ImageNet the pair of figure 5: as many blocks in each stage
        both = len(blocks(spec.family.name, spec.depth)) == 2
        depth = spec.depth if both else 20
        names = [f"cifar-resnet{depth}"] * 2 if cifar else ["resnet34", "resnet50"]
        first = ModelSpec.from_name(names[0], block="basic", shortcut=shortcut, **sizes)
        return first, ModelSpec.from_name(
            names[1], block="bottleneck", shortcut=shortcut, stride_in=spec.stride_in, **sizes
        )
    if spec.block != "bottleneck":
        name, block = ("cifar-resnet29", "bottleneck") if cifar else ("resnet50", "bottleneck")
        if "bottleneck" in blocks(spec.family.name, spec.depth):
            name = spec.name.replace("plain", "resnet")
        spec = ModelSpec.from_name(name, block=block, shortcut=shortcut, **sizes)
    return replace(spec, stride_in="1x1"), replace(spec, stride_in="3x3")


@lru_cache(maxsize=64)
def compared(spec: ModelSpec, kind: str, place: str, text: Text) -> Comparison:
    """Drawings and numbers of a comparison; `place` "conv" or "identity" says in which block."""
    specs = variants(spec, kind)
    found = [_block(other, place) for other in specs]
    words = text.part("figure")
    if None in found:
        missing = specs[found.index(None)]
        note = text("blocks.missing", network=network_name(missing, words))
        return Comparison({"items": [], "note": note}, {"columns": [], "rows": []})
    items = []
    for index, (other, part) in enumerate(zip(specs, found, strict=True)):
        drawing = block_figure(part, other.shortcut, words, found[0] if index else None)
        file = f"{file_name(other)}-{part.name}"
        items.append({"title": _title(other, kind, text), "drawing": drawing, "file": file})
    titles = [item["title"] for item in items]
    return Comparison({"items": items, "note": text("blocks.marked")}, _numbers(specs, found, titles, text))


def _numbers(specs: tuple[ModelSpec, ...], found: list[Part], titles: list[str], text: Text) -> dict[str, Any]:
    """A row for each number, a column for each network, so that they stand below the drawings."""
    wholes = [described(spec)[0] for spec in specs]
    numbers = {
        "block_parameters": [part.parameters for part in found],
        "block_work": [part.multiply_adds for part in found],
        "all_parameters": [whole.parameters for whole in wholes],
        "all_work": [whole.multiply_adds for whole in wholes],
    }
    headings = [{"key": f"network{index}", "title": title, "numeric": True} for index, title in enumerate(titles)]
    rows = []
    for key, values in numbers.items():
        cells = [_cell(value, values[0], text) for value in values]
        rows.append(
            {"what": text(f"column.{key}"), **{one["key"]: cell for one, cell in zip(headings, cells, strict=True)}}
        )
    return {"columns": [{"key": "what", "title": text("column.what")}, *headings], "rows": rows}


def _cell(number: int, base: int, text: Text) -> dict[str, Any]:
    """A number, and by how much it differs from the first."""
    if number == base:
        return {"text": f"{number:,}", "sort": number}
    change = 100 * (number / base - 1)
    sign = "+" if change > 0 else "−"
    return {"text": text("column.more", number=f"{number:,}", sign=sign, percent=abs(change)), "sort": number}


def _title(spec: ModelSpec, kind: str, text: Text) -> str:
    if kind == "blocks":
        return text("blocks.figure", network=spec.title, name=text(f"networks.{spec.block}"))
    return text(f"figure.option.{spec.shortcut if kind == 'shortcuts' else spec.stride_in}")


def _block(spec: ModelSpec, place: str) -> Part | None:
    """The block to show: of those that change dimensions the first with a stride, of the others the one after it."""
    network = [part for part in described(spec)[1] if part.position is not None]
    changing = [part.input_shape != part.output_shape for part in network]
    if place == "conv":
        return next(part for part in network if part.stride > 1)
    kept = [part for part, changes in zip(network, changing, strict=True) if not changes]
    return next((part for part in kept if part.stage == "layer2"), kept[0] if kept else None)
