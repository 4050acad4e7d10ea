"""What components show of a model: values made from its description, in the words of a language.

Pure functions, cached for the models that were shown last. It must not depend on a tab or on Gradio.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from ...figures.block import block_figure
from ...figures.marks import shape_text
from ...figures.network import NARROW, network_figure
from ...figures.words import network_name
from ...models.anatomy import Part, parts, runs_of_equals, stages
from ...models.describe import Description, LayerRow, describe
from ...models.spec import ModelSpec
from ..text import Text
from .model_choice import address
from .source_code import sources

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@lru_cache(maxsize=64)
def described(spec: ModelSpec) -> tuple[Description, tuple[Part, ...]]:
    """The description of a model, and the same in parts: stem, blocks, head."""
    description = describe(spec)
    return description, parts(description)


@lru_cache(maxsize=64)
def diagram_value(spec: ModelSpec, text: Text, unfolded: tuple[str, ...] = ()) -> dict[str, Any]:
    """The diagram, wide and narrow, and the totals above it."""
    description, network = described(spec)
    words = text.part("figure")
    blocks = [part for part in network if part.position is not None]
    facts = [
        ["", f"{description.parameters:,}", text("diagram.parameters")],
        ["", f"{description.multiply_adds:,}", text("diagram.multiply_adds")],
        ["", f"{spec.depth}", text("diagram.depth")],
        [text("diagram.blocks"), f"{len(blocks)}", ""],
    ]
    for role in ("Conv Block", "Identity Block"):
        if count := sum(part.role == role for part in blocks):
            facts.append([text(f"diagram.{role}"), f"{count}", ""])
    return {
        "title": network_name(spec, words),
        "facts": facts,
        "wide": network_figure(description, words, unfolded=unfolded),
        "narrow": network_figure(description, words, columns=NARROW, unfolded=unfolded),
        "file": file_name(spec),
        "address": address(spec),
    }


def toggled(spec: ModelSpec, unfolded: Iterable[str], stage: str) -> tuple[str, ...]:
    """The unfolded stages after one is folded or unfolded; a name of no stage changes nothing."""
    known = {part.stage for part in described(spec)[1]}
    return tuple(sorted({*unfolded} ^ ({stage} & known)))


@lru_cache(maxsize=64)
def bars_value(spec: ModelSpec, text: Text) -> dict[str, Any]:
    """A row for stem, each stage and head: its share of all parameters and multiply-adds."""
    description, network = described(spec)
    rows = []
    for stage, members in stages(network):
        row: dict[str, Any] = {"stage": stage_name(stage, text), "output": shape_text(members[-1].output_shape)}
        if stage.startswith("layer"):
            row["blocks"] = len(members)
        for key, total in (("parameters", description.parameters), ("multiply_adds", description.multiply_adds)):
            number = sum(getattr(part, key) for part in members)
            shown = text("column.share", number=f"{number:,}", percent=100 * number / total)
            row[key] = {"text": shown, "sort": number, "bar": round(number / total, 4)}
        rows.append(row)
    keys = ("stage", "blocks", "output", "parameters", "multiply_adds")
    return {"columns": columns(text, keys, {"blocks", "parameters", "multiply_adds"}), "rows": rows}


@lru_cache(maxsize=16)
def layers_value(spec: ModelSpec, text: Text) -> dict[str, Any]:
    """A row for each layer, in the order of execution."""
    numeric = {"stride", "parameters", "multiply_adds"}
    keys = ("layer", "kind", "input", "output", "stride", "parameters", "multiply_adds", "role")
    return {
        "columns": columns(text, keys, numeric),
        "rows": [
            {
                "layer": row.name,
                "kind": kind_name(row, text),
                "role": text(f"role.{row.role}"),
                "input": {"text": shape_text(row.input_shape), "sort": _size(row.input_shape)},
                "output": {"text": shape_text(row.output_shape), "sort": _size(row.output_shape)},
                "stride": row.stride,
                "parameters": row.parameters,
                "multiply_adds": row.multiply_adds,
            }
            for row in described(spec)[0].rows
        ],
    }


def part_of_layer(spec: ModelSpec, index: int) -> str | None:
    """The name of the part with the layer of this row; None if there is no such row."""
    rows = described(spec)[0].rows
    if not 0 <= index < len(rows):
        return None
    row = rows[index]
    return row.stage if row.block is None else f"{row.stage}.{row.block}"


@lru_cache(maxsize=128)
def block_value(spec: ModelSpec, name: str, text: Text) -> dict[str, Any] | None:
    """The panel of a part, or None if this model has no such part."""
    network = described(spec)[1]
    names = [part.name for part in network]
    if name not in names:
        return None
    at = names.index(name)
    part, inside = network[at], network[at].position is not None
    heads = ("layer", "kind", "input", "output", "parameters", "multiply_adds")
    return {
        "name": name,
        "heading": text("block.heading", role=text(f"role.{part.role}"), name=name if inside else ""),
        "place": _place(part, network, spec, text),
        "before": names[at - 1] if at else None,
        "after": names[at + 1] if at + 1 < len(names) else None,
        "drawing": block_figure(part, spec.shortcut, text.part("figure")) if inside else "",
        "file": f"{file_name(spec)}-{name}",
        **_formula(part, spec, text),
        "heads": [text(f"column.{key}") for key in heads],
        "rows": [
            [
                row.name,
                kind_name(row, text),
                shape_text(row.input_shape),
                shape_text(row.output_shape),
                f"{row.parameters:,}",
                f"{row.multiply_adds:,}",
            ]
            for row in part.rows
        ],
        "total": [text("block.total"), "", "", "", f"{part.parameters:,}", f"{part.multiply_adds:,}"],
        "idea": _idea(part, text),
        "sources": sources(part, spec, text),
    }


def columns(
    text: Text, keys: tuple[str, ...], numeric: Collection[str], wrap: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Headings for the table component."""
    return [
        {"key": key, "title": text(f"column.{key}"), "numeric": key in numeric, "wrap": key in wrap} for key in keys
    ]


def stage_name(stage: str, text: Text) -> str:
    """Stem, stage or head in words."""
    if stage in ("stem", "head"):
        return text(f"role.{stage}")
    return text("figure.stage", number=stage.removeprefix("layer"))


def kind_name(row: LayerRow, text: Text) -> str:
    """What a layer is, in words."""
    if row.kind.startswith("convolution"):
        return text("kind.convolution", kernel=row.kind.removeprefix("convolution ").replace("x", "×"))
    return text(f"kind.{row.kind}")


def file_name(spec: ModelSpec) -> str:
    """A name for downloads: "resnet50-B-v1.5"."""
    options: list[str] = [spec.shortcut] if spec.shortcut != "none" else []
    if spec.block == "bottleneck":
        options.append({"1x1": "v1", "3x3": "v1.5"}[spec.stride_in])
    return "-".join((spec.name, *options))


def _place(part: Part, network: tuple[Part, ...], spec: ModelSpec, text: Text) -> str:
    if part.position is None:
        return network_name(spec, text.part("figure"))
    members = [other for other in network if other.stage == part.stage]
    alike = next(len(run) for run in runs_of_equals(members) if part in run)
    place = text("block.place", stage=part.stage.removeprefix("layer"), number=part.position + 1, count=len(members))
    return place + (text("block.alike", count=alike) if alike > 1 else "")


def _formula(part: Part, spec: ModelSpec, text: Text) -> dict[str, Any]:
    """y = ReLU(F(x) + shortcut(x)) with the shapes of this block below (He et al. 2015, equations 1 and 2)."""
    if part.position is None:
        return {"formula": [], "chain": "", "way": ""}
    given, made = shape_text(part.input_shape), shape_text(part.output_shape)
    chain = "x"
    for index in range(len(part.convolutions)):
        weights = f"W{index + 1}".translate(SUBSCRIPTS)
        chain = f"{weights} {chain}" if index == 0 else f"{weights} σ({chain})"
    term = {"identity": "x", "padding": text("block.padding"), "projection": "Wₛ x"}.get(part.way)
    shortcut = [["+", ""], [term, made]] if term else []
    way = part.way
    if way == "padding" and part.stride == 1:
        way = "widening"
    elif way == "projection" and part.role == "Identity Block":
        way = "square"
    return {
        "formula": [["y", made], ["=", ""], ["ReLU(", ""], ["F(x)", made], *shortcut, [")", ""]],
        "chain": text("block.weights" if spec.norm == "batch" else "block.weights.none", chain=chain),
        "way": text(f"block.way.{way}", stride=part.stride, given=given),
    }


def _idea(part: Part, text: Text) -> list[str]:
    """What the paper says about such a block: title, text, place; nothing for stem and head."""
    name = {"Conv Block": "conv", "Identity Block": "shortcut", "Plain Block": "degrade"}.get(part.role)
    if not name:
        return []
    where = text("networks.source", where=text(f"idea.{name}.where"))
    return [text(f"idea.{name}"), text(f"idea.{name}.text"), where]


def _size(shape: tuple[int, ...]) -> int:
    return math.prod(shape)


def named(text: Text, values: Iterable[str]) -> list[tuple[str, str]]:
    """(words, value) of each option."""
    return [(text(f"networks.{value}"), value) for value in values]
