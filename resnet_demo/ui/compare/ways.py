"""What the three shortcuts are: two blocks of each drawn, one of them opened, and what they cost. No component.

The network is ResNet-20 for CIFAR-10; every shape and number comes from its description, the code from its source.
"""

from __future__ import annotations

from typing import Any

from ...figures.block import block_figure
from ...figures.marks import shape_text
from ...figures.words import network_name
from ...models.anatomy import Part
from ...models.spec import ModelSpec
from ..shared import block_comparison as compare
from ..shared.model_views import block_value, described, file_name
from ..text import Text
from .following import OPTIONS

NETWORK = "resnet20"
DRAWN = ("layer2.0", "layer2.1")  # the block that changes dimensions, and the one after it, which keeps them


def spec_of(option: str) -> ModelSpec:
    """ResNet-20 with this shortcut."""
    return ModelSpec.from_name(NETWORK, shortcut=option)


def cards(text: Text, opened: tuple[str, str] | None = None) -> dict[str, Any]:
    """What the component `ways` shows; opened: option and block whose panel is open."""
    return {
        "cards": [card(option, text) for option in OPTIONS],
        "open": list(opened) if opened else None,
    }


def card(option: str, text: Text) -> dict[str, Any]:
    """One shortcut: what it does in both blocks, and what it costs the whole network."""
    spec = spec_of(option)
    network = described(spec)[1]
    found = {part.name: part for part in network}
    figures = []
    for name, kind in zip(DRAWN, ("changes", "keeps"), strict=True):
        part = found[name]
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
            count=sum(part.way == "projection" for part in network),
            parameters=f"{cost(network):,}",
            network=spec.title,
        ),
    }


def cost(network: tuple[Part, ...]) -> int:
    """Trainable numbers on the shortcuts of a network."""
    return sum(row.parameters for part in network for row in part.shortcut)


def panel(option: str, name: str, text: Text) -> dict[str, Any] | None:
    """The panel of a block of the network with this shortcut, its shortcut's code first; None without such a part."""
    if option not in OPTIONS:
        return None
    spec = spec_of(option)
    value = block_value(spec, name, text)
    if value is None:
        return None
    special = 2 if value["drawing"] else 0  # in front of it stand the classes of the block
    return value | {
        "place": text("shortcuts.place", network=network_name(spec, text.part("figure")), place=value["place"]),
        "sources": value["sources"][special:] + value["sources"][:special],
        "file": f"{file_name(spec)}-{name}",
    }


def numbers(text: Text) -> dict[str, Any]:
    """A table: the two drawn blocks and the whole network in numbers, for A, B, C and the plain twin."""
    spec = spec_of(OPTIONS[0])
    changing, keeping = (compare.compared(spec, "shortcuts", place, text).table for place in compare.PLACES)

    def named(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
        keys = ("parameters", "work")
        return [row | {"what": text(f"shortcuts.{kind}.{key}")} for row, key in zip(rows, keys, strict=True)]

    rows = changing["rows"]
    return {
        "columns": changing["columns"],
        "rows": [*named(rows[:2], "changes"), *named(keeping["rows"][:2], "keeps"), *named(rows[2:], "whole")],
    }
