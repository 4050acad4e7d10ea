"""The options of a model, and how options that do not fit each other are settled.

It must not depend on a tab or on Gradio.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ...fields import Bound, bound, choices
from ...models.cifar import CIFAR, DEEPEST
from ...models.imagenet import IMAGENET
from ...models.resnet import Family
from ...models.spec import ModelSpec, input_sizes
from ..text import Text

FAMILIES = {family.name: family for family in (IMAGENET, CIFAR)}
SHORTCUTS, BLOCKS = choices(ModelSpec, "shortcut"), choices(ModelSpec, "block")
STRIDES = ("3x3", "1x1")  # the usual one first
FIRST = {"imagenet": 50, "cifar": 20}  # the depth to begin with


@dataclass(frozen=True)
class Choice:
    """The values of a model's controls, in their order. `settled` makes the first five fit each other."""

    family: str = "imagenet"
    depth: int = FIRST["imagenet"]
    block: str = "bottleneck"
    shortcut: str = "B"
    stride_in: str = "3x3"
    input_size: float | None = 224
    num_classes: float | None = 1000

    def settled(self) -> Choice:
        """The nearest choice that makes a model: a block that the depth allows, `stride_in` only for bottlenecks."""
        family = self.family if self.family in FAMILIES else "imagenet"
        depth = self.depth if self.depth in depths(family) else FIRST[family]
        block = self.block if self.block in blocks(family, depth) else blocks(family, depth)[0]
        stride_in = self.stride_in if block == "bottleneck" and self.stride_in in STRIDES else "3x3"
        shortcut = self.shortcut if self.shortcut in SHORTCUTS else FAMILIES[family].shortcut
        return replace(self, family=family, depth=depth, block=block, stride_in=stride_in, shortcut=shortcut)

    def problem(self, text: Text) -> str | None:
        """A sentence if a number is out of bounds, else None."""
        for field, limits in bounds(self.family).items():
            if not limits.holds(getattr(self, field)):
                low, high = limits.low, f"{limits.high:,}"
                return text("networks.wrong", field=text(f"networks.{field}"), low=low, high=high)
        return None

    def spec(self) -> ModelSpec:
        """The model of a choice that is settled and has no problem."""
        return ModelSpec.from_name(
            f"{'cifar-' if self.family == 'cifar' else ''}resnet{self.depth}",
            block=self.block,
            shortcut=self.shortcut,
            stride_in=self.stride_in,
            input_size=int(self.input_size or 0),
            num_classes=int(self.num_classes or 0),
        )


def beginning(family: str) -> Choice:
    """The first model of a family."""
    known, depth = FAMILIES[family], FIRST[family]
    return Choice(family, depth, blocks(family, depth)[0], known.shortcut, "3x3", known.input_size, known.num_classes)


def from_address(parameters: Mapping[str, Any]) -> Choice | None:
    """The model that an address names, with its options where they fit; None if there is no such model."""
    try:
        spec = ModelSpec.from_name(str(parameters.get("network")))
    except ValueError:
        return None
    options = {
        name: parameters[name]
        for name, allowed in (("block", BLOCKS), ("shortcut", SHORTCUTS), ("stride_in", STRIDES))
        if parameters.get(name) in allowed
    }
    values = spec.to_dict() | options
    return Choice(
        spec.family.name,
        spec.depth,
        *(values[name] for name in ("block", "shortcut", "stride_in", "input_size", "num_classes")),
    ).settled()


def address(spec: ModelSpec) -> dict[str, str]:
    """The parameters of an address that opens this model; "" for defaults."""
    usual = ModelSpec.from_name(spec.name)
    return {
        "network": spec.name,
        **{
            name: getattr(spec, name) if getattr(spec, name) != getattr(usual, name) else ""
            for name in ("block", "shortcut", "stride_in")
        },
    }


def bounds(family: str) -> dict[str, Bound]:
    """The ranges of the two numbers."""
    return {"input_size": input_sizes(FAMILIES[family]), "num_classes": bound(ModelSpec, "num_classes")}


@lru_cache
def depths(family: str) -> tuple[int, ...]:
    """All depths of a family."""
    return tuple(depth for depth in range(DEEPEST + 1) if blocks(family, depth))


@lru_cache(maxsize=4096)
def blocks(family: str, depth: int) -> tuple[str, ...]:
    """The blocks that a model of this depth can have."""
    return tuple(block for block in BLOCKS if FAMILIES[family].counts(depth, block))


@lru_cache
def depth_choices(family: str) -> list[tuple[str, int]]:
    """(label, depth) of each; in the CIFAR family with its sums, "20 = 6·3 + 2 = 9·2 + 2"."""
    return [(_label(FAMILIES[family], depth), depth) for depth in depths(family)]


def _label(family: Family, depth: int) -> str:
    if family is not CIFAR:
        return str(depth)
    sums = [f"{each}·{(depth - 2) // each} + 2" for each in (6, 9) if (depth - 2) % each == 0]
    return " = ".join((str(depth), *sums))
