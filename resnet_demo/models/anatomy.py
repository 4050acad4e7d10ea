"""A described network in its parts: stem, the blocks of each stage, head.

Groups the rows of a `Description` and adds nothing to them. Must not depend on drawings or words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from .describe import Description, LayerRow, Shape, Totals


@dataclass(frozen=True)
class Part(Totals):
    """Stem, one block, or head.

    name:     "stem", "layer2.0" or "head"
    stage:    "stem", "layer2" or "head"
    position: of the block in its stage, from 0; None for stem and head
    role:     as in `LayerRow`: "Conv Block", "Identity Block", "Plain Block", "stem" or "head"
    branch:   its layers, without those of the shortcut; shapes are those of one picture
    shortcut: the layers on the shortcut
    way:      what the shortcut does: "identity", "padding" (option A), "projection" (options B and C), or "none"
              where there is no shortcut: stem, head and plain blocks (He et al. 2015, section 3.3)
    """

    name: str
    stage: str
    position: int | None
    role: str
    branch: tuple[LayerRow, ...]
    shortcut: tuple[LayerRow, ...]
    way: str

    @property
    def rows(self) -> tuple[LayerRow, ...]:
        """All layers."""
        return self.branch + self.shortcut

    @property
    def convolutions(self) -> tuple[LayerRow, ...]:
        """The convolutions of the branch, which the paper's figures show alone."""
        return tuple(row for row in self.branch if row.kind.startswith("convolution"))

    @property
    def input_shape(self) -> Shape:
        return self.branch[0].input_shape

    @property
    def output_shape(self) -> Shape:
        return self.branch[-1].output_shape

    @property
    def stride(self) -> int:
        """By how much the part divides the sides of a picture, through all of its layers."""
        product = 1
        for row in self.branch:
            product *= row.stride
        return product


def parts(description: Description) -> tuple[Part, ...]:
    """The network from the picture to the classes: stem, blocks, head."""
    groups = groupby(description.rows, key=lambda row: (row.stage, row.block))
    return tuple(_part(stage, position, tuple(rows)) for (stage, position), rows in groups)


def stages(network: Iterable[Part]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """(stage, its parts), "stem" first and "head" last."""
    for stage, group in groupby(network, key=lambda part: part.stage):
        yield stage, tuple(group)


def runs_of_equals(blocks: Iterable[Part]) -> Iterator[tuple[Part, ...]]:
    """Blocks of one stage, those in a row together that differ in nothing but their place."""
    for _, group in groupby(blocks, key=shape_of):
        yield tuple(group)


def shape_of(part: Part) -> tuple[object, ...]:
    """What two blocks have in common that differ only in their place."""

    def layers(rows: tuple[LayerRow, ...]) -> tuple[object, ...]:
        return tuple((row.kind, row.input_shape, row.output_shape, row.stride, row.parameters) for row in rows)

    return part.role, part.way, layers(part.branch), layers(part.shortcut)


def _part(stage: str, position: int | None, rows: tuple[LayerRow, ...]) -> Part:
    name = stage if position is None else f"{stage}.{position}"
    beside = tuple(row for row in rows if row.name.startswith(f"{name}.downsample"))
    if position is None or rows[0].role == "Plain Block":
        way = "none"
    elif not beside:
        way = "identity"
    else:
        way = "padding" if beside[0].kind == "padding shortcut" else "projection"
    branch = tuple(row for row in rows if row not in beside)
    return Part(name, stage, position, rows[0].role, branch, beside, way)
