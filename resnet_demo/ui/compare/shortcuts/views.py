"""What the three shortcuts are: two blocks of each as drawings, one of them open, and what they cost.

The model is ResNet-20 for CIFAR-10; every shape and number comes from its description, the code from its source. It
must not depend on Gradio.
"""

from __future__ import annotations

from typing import Any

from ....figures.block import block_figure
from ....figures.marks import shape_text
from ....figures.words import network_name
from ....models.anatomy import Part
from ....models.spec import ModelSpec
from ...shared.block_comparison import PLACES, compared
from ...shared.model_views import block_value, described, file_name
from ...text import Text
from .example import OPTIONS

MODEL = "resnet20"
DRAWN = ("layer2.0", "layer2.1")  # the block that changes dimensions, and the one after it, which keeps them


def spec_of(option: str) -> ModelSpec:
    """ResNet-20 with this shortcut."""
    return ModelSpec.from_name(MODEL, shortcut=option)


def cards(text: Text, opened: tuple[str, str] | None = None) -> dict[str, Any]:
    """What the component `ways` shows; opened: option and block whose panel is open."""
    return {"cards": [card(option, text) for option in OPTIONS], "open": list(opened) if opened else None}


def card(option: str, text: Text) -> dict[str, Any]:
    """One shortcut: what it does in both blocks, and what it costs the whole model."""
    spec = spec_of(option)
    blocks = described(spec)[1]
    by_name = {part.name: part for part in blocks}
    figures = []
    for name, kind in zip(DRAWN, ("changes", "keeps"), strict=True):
        part = by_name[name]
        shapes = {"given": shape_text(part.input_shape), "made": shape_text(part.output_shape)}
        caption = text(f"shortcuts.{kind}", name=name, **shapes)
        drawing = block_figure(part, option, text.part("figure"))
        figures.append({"name": name, "caption": caption, "drawing": drawing})
    return {
        "option": option,
        "title": text(f"shortcuts.{option}"),
        "text": text(f"shortcuts.{option}.text"),
        "figures": figures,
        "fact": text(
            "shortcuts.cost",
            count=sum(part.way == "projection" for part in blocks),
            parameters=f"{cost(blocks):,}",
            network=spec.title,
        ),
    }


def cost(blocks: tuple[Part, ...]) -> int:
    """The number of parameters on the shortcuts of a model."""
    return sum(row.parameters for part in blocks for row in part.shortcut)


def panel(option: str, name: str, text: Text) -> dict[str, Any] | None:
    """The panel of a block of the model with this shortcut, the shortcut's code first; None without such a block."""
    if option not in OPTIONS:
        return None
    spec = spec_of(option)
    value = block_value(spec, name, text)
    if value is None:
        return None
    classes = 2 if value["drawing"] else 0  # those of the block, which come first in its sources
    return value | {
        "place": text("shortcuts.place", network=network_name(spec, text.part("figure")), place=value["place"]),
        "sources": value["sources"][classes:] + value["sources"][:classes],
        "file": f"{file_name(spec)}-{name}",
    }


def costs(text: Text) -> dict[str, Any]:
    """A table of the two drawn blocks and the whole model in numbers, for A, B, C and the plain twin."""
    spec = spec_of(OPTIONS[0])
    changing, keeping = (compared(spec, "shortcuts", place, text).table for place in PLACES)

    def named(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
        keys = ("parameters", "work")
        return [row | {"what": text(f"shortcuts.{kind}.{key}")} for row, key in zip(rows, keys, strict=True)]

    rows = changing["rows"]
    return {
        "columns": changing["columns"],
        "rows": [*named(rows[:2], "changes"), *named(keeping["rows"][:2], "keeps"), *named(rows[2:], "whole")],
    }
