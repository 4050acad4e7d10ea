"""Blocks side by side: shortcuts A, B, C and none, basic block and bottleneck, v1 and v1.5.

A comparison varies one option of the chosen model; where that model lacks it, of the nearest model that has it. It must
not depend on a tab or on Gradio.
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
    """A comparison as values of components. figures: the drawings, or a sentence why there are none. table: numbers."""

    figures: dict[str, Any]
    table: dict[str, Any]


def variants(spec: ModelSpec, kind: str) -> tuple[ModelSpec, ...]:
    """The models to compare: the first, and those that are compared with it."""
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
    """Drawings and numbers of a comparison.

    kind: of KINDS. place: of PLACES, a block that changes dimensions ("conv") or one that keeps them.
    """
    specs = variants(spec, kind)
    words = text.part("figure")
    parts: list[Part] = []
    for other in specs:
        if (part := _block(other, place)) is None:
            note = text("blocks.missing", network=network_name(other, words))
            return Comparison({"items": [], "note": note}, {"columns": [], "rows": []})
        parts.append(part)
    items = []
    for index, (other, part) in enumerate(zip(specs, parts, strict=True)):
        drawing = block_figure(part, other.shortcut, words, parts[0] if index else None)
        file = f"{file_name(other)}-{part.name}"
        items.append({"title": _title(other, kind, text), "drawing": drawing, "file": file})
    titles = [item["title"] for item in items]
    return Comparison({"items": items, "note": text("blocks.marked")}, _numbers(specs, parts, titles, text))


def _numbers(specs: tuple[ModelSpec, ...], parts: list[Part], titles: list[str], text: Text) -> dict[str, Any]:
    """A row for each number, a column for each model, below its drawing."""
    models = [described(spec)[0] for spec in specs]
    numbers = {
        "block_parameters": [part.parameters for part in parts],
        "block_work": [part.multiply_adds for part in parts],
        "all_parameters": [model.parameters for model in models],
        "all_work": [model.multiply_adds for model in models],
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
    """A number and its difference from the first, in percent."""
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
    """The first block with a stride, or the first that keeps dimensions, of `layer2` if possible; None if none does."""
    parts = [part for part in described(spec)[1] if part.position is not None]
    if place == "conv":
        return next(part for part in parts if part.stride > 1)
    keeping = [part for part in parts if part.input_shape == part.output_shape]
    return next((part for part in keeping if part.stage == "layer2"), keeping[0] if keeping else None)
