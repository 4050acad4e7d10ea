"""What drawings say, in English. A page in another language passes the same keys in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..models.anatomy import Part
from ..models.spec import ModelSpec
from .marks import shape_text

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "pixels": "{pixels} × {pixels} pixels",
        "totals": "{parameters} parameters, {multiply_adds} multiply-adds",
        "option.A": "shortcut A",
        "option.B": "shortcut B",
        "option.C": "shortcut C",
        "option.none": "no shortcuts",
        "option.1x1": "v1",
        "option.3x3": "v1.5",
        "comma": ", ",
        "input": "Input",
        "stem": "Stem",
        "stage": "Stage {number}",
        "head": "Head",
        "count": "{count} blocks",
        "one": "1 block",
        "unfold": "show all",
        "fold": "fold",
        "classes": "{count} classes",
        "pool": "{kernel} max pool",
        "average": "global average",
        "linear": "linear, {count}",
        "conv": "{kernel} conv, {count}",
        "stride": "/{stride}",
        "norm": "batch norm",
        "every": "every {stride}nd|pixel, and",
        "zeros": "{count} zero|channels",
        "relu": "ReLU",
        "identity": "identity",
        "none": "no|shortcut",
        "sign.padding": "zeros",
        "sign.projection": "1×1",
        "Conv Block": "Conv Block",
        "Identity Block": "Identity Block",
        "Plain Block": "Plain Block",
        "legend.Conv Block": "Conv Block: changes channels or resolution",
        "legend.Identity Block": "Identity Block: changes neither",
        "legend.Plain Block": "Plain Block: has no shortcut",
        "legend.identity": "shortcut: identity",
        "legend.A": "shortcut A: zeros for new channels",
        "legend.B": "shortcut B: 1×1 convolution where dimensions change",
        "legend.C": "shortcut C: 1×1 convolution in every block",
        "legend.sum": "addition, then ReLU",
        "legend.stride": "stride 2: half the resolution",
        "read.stem": "Stem: {work}",
        "read.head": "Head: {work}",
        "read.block": "Stage {stage}, block {number} of {count}, {role} ({name}): {work}",
        "read.blocks": "Stage {stage}, blocks {number} to {last} of {count}, {role}s all alike, each: {work}",
        "read.work": "{given} → {made}, {shortcut}{parameters} parameters, {multiply_adds} multiply-adds",
        "read.identity": "shortcut: identity, ",
        "read.padding": "shortcut: zeros, ",
        "read.projection": "shortcut: 1×1 convolution, ",
        "read.none": "",
        "fold.stage": "Stage {number}: fold blocks that are alike",
        "unfold.stage": "Stage {number}: show all {count} blocks",
        "figure": "Diagram of {network}: {conv} Conv Blocks, {identity} Identity Blocks, {plain} Plain Blocks",
    }
)


def network_name(spec: ModelSpec, words: Mapping[str, str] = WORDS) -> str:
    """A network and its options: "ResNet-50, shortcut B, v1.5"."""
    parts = [spec.title]
    if spec.shortcut != "none":
        parts.append(words[f"option.{spec.shortcut}"])
    if spec.block == "bottleneck":
        parts.append(words[f"option.{spec.stride_in}"])
    return words["comma"].join(parts)


def reading(unit: tuple[Part, ...], spec: ModelSpec, words: Mapping[str, str] = WORDS) -> str:
    """A part of a network, or several blocks that are alike, as one line to be read out."""
    part = unit[0]
    work = words["read.work"].format(
        given=shape_text(part.input_shape),
        made=shape_text(part.output_shape),
        shortcut=words[f"read.{part.way}"],
        parameters=f"{part.parameters:,}",
        multiply_adds=f"{part.multiply_adds:,}",
    )
    if part.position is None:
        return words[f"read.{part.stage}"].format(work=work)
    number = int(part.stage.removeprefix("layer"))
    return words["read.block" if len(unit) == 1 else "read.blocks"].format(
        stage=number,
        number=part.position + 1,
        last=part.position + len(unit),
        count=spec.stage_blocks[number - 1],
        role=words[part.role],
        name=part.name,
        work=work,
    )
