"""ModelSpec: the complete, validated description of a network, which travels with its weights.

It parses names, fills in defaults and bounds every number before anything is built; it builds nothing itself.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from ..fields import Bound, bound, check_fields
from .cifar import CIFAR, DEEPEST
from .imagenet import IMAGENET
from .resnet import BLOCKS, Family

_NAME = re.compile(r"(cifar-)?(resnet|plain)([1-9][0-9]{0,5})")


def list_models() -> list[str]:
    """Names to choose from. Every other CIFAR depth 6n+2 or 9n+2 up to 1202 works too."""
    families = (CIFAR, IMAGENET)
    return [_spell(kind, depth, f) for f in families for kind in ("resnet", "plain") for depth in f.listed]


def _spell(kind: str, depth: int, family: Family) -> str:
    """The one name of a network: "cifar-" stays only where ImageNet has a network of that depth."""
    return f"cifar-{kind}{depth}" if family is CIFAR and _fitting(depth, IMAGENET) else f"{kind}{depth}"


def _fitting(depth: int, family: Family) -> list[str]:
    """The blocks of which a network of this depth can be made, the default first."""
    return [block for block in BLOCKS if family.counts(depth, block)]


def _parse(name: Any) -> tuple[str, int, Family]:
    """("resnet" | "plain", depth, family) of a name; ValueError with close matches for anything else."""
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    if match:
        kind, depth = match[2], int(match[3])
        family = CIFAR if match[1] or not _fitting(depth, IMAGENET) else IMAGENET
        if _fitting(depth, family):
            return kind, depth, family
        nearest = sorted(range(DEEPEST + 1), key=lambda other: abs(other - depth))
        close = [_spell(kind, other, CIFAR) for other in nearest if _fitting(other, CIFAR)][:3]
    else:
        close = difflib.get_close_matches(str(name)[:40].lower().replace("-", ""), list_models())
    hint = f" (close: {', '.join(close)})" if close else ""
    raise ValueError(
        f"name: there is no network {repr(name)[:60]}{hint}; allowed: resnet<depth> or plain<depth>, for "
        f"ImageNet with depth {IMAGENET.depths}, for CIFAR with depth {CIFAR.depths}, written "
        "cifar-resnet<depth> where ImageNet has that depth too"
    )


def input_sizes(family: Family) -> Bound:
    """The input sizes of a family's networks, in pixels."""
    return replace(bound(ModelSpec, "input_size"), low=family.smallest_input)


@dataclass(frozen=True)
class ModelSpec:
    """All that is needed to build a network again; `from_name` fills in what is left out.

    name:        "resnet20", "plain20", "resnet50", "cifar-resnet50" …, kept in its one spelling: without
                 "cifar-" where it is not needed; a resnet without shortcuts is called plain
    num_classes: number of logits
    block:       "basic" (two 3x3 convolutions) or "bottleneck" (1x1, 3x3, 1x1)
    shortcut:    "A", "B", "C" (He et al. 2015, sections 3.3 and 4.1), or "none": a plain network
    stride_in:   which convolution of a bottleneck has the stride: "1x1" (v1: the paper) or "3x3" (v1.5:
                 torchvision); always "3x3" for basic blocks
    in_channels: channels of a picture
    input_size:  side in pixels of the pictures it is meant for, from 8 (CIFAR) or 32 (ImageNet);
                 the network itself takes any size from there on
    norm:        "batch", or "none" to leave batch normalisation out (convolutions then have a bias)

    A wrong value raises ValueError that says which field, what was given and what is allowed.
    """

    name: str
    num_classes: Annotated[int, Field(ge=2, le=100_000)]
    block: Literal["basic", "bottleneck"]
    shortcut: Literal["A", "B", "C", "none"]
    stride_in: Literal["1x1", "3x3"]
    in_channels: Annotated[int, Field(ge=1, le=16)]
    input_size: Annotated[int, Field(ge=8, le=1024)]
    norm: Literal["batch", "none"]

    def __post_init__(self) -> None:
        kind, depth, family = _parse(self.name)
        check_fields(self)
        input_sizes(family).check("input_size", self.input_size)
        if self.block not in _fitting(depth, family):
            raise ValueError(
                f"block: {self.name} cannot be made of {self.block!r} blocks, only of "
                f"{' or '.join(_fitting(depth, family))}; allowed depths: {family.depths}"
            )
        if self.block == "basic" and self.stride_in == "1x1":
            raise ValueError(
                f"stride_in: {self.name} has basic blocks, which have no 1x1 convolution that could have the "
                "stride; allowed: '3x3' ('1x1' is for bottlenecks)"
            )
        if kind == "plain" and self.shortcut != "none":
            raise ValueError(
                f"shortcut: {self.name} is a plain network, so it has no shortcut {self.shortcut!r}; "
                f"allowed: 'none', or the name {_spell('resnet', depth, family)}"
            )
        kind = "plain" if self.shortcut == "none" else "resnet"
        object.__setattr__(self, "name", _spell(kind, depth, family))

    @classmethod
    def from_name(cls, name: str, **options: Any) -> ModelSpec:
        """The spec of a network by its name; `options` are the other fields, None or left out for defaults.

        Defaults: 10 classes, 32 px and shortcut A for CIFAR; 1000 classes, 224 px and B for ImageNet; "none"
        for plain names; basic blocks where the depth allows both; stride in the 3x3; 3 channels; batch
        normalisation. Raises ValueError like the class.
        """
        known = [field.name for field in fields(cls)][1:]
        if unknown := sorted(set(options) - set(known)):
            raise ValueError(f"{unknown[0]}: there is no such option; allowed: {', '.join(known)}")
        kind, depth, family = _parse(name)
        defaults: dict[str, Any] = {
            "num_classes": family.num_classes,
            "block": _fitting(depth, family)[0],
            "shortcut": "none" if kind == "plain" else family.shortcut,
            "stride_in": "3x3",
            "in_channels": 3,
            "input_size": family.input_size,
            "norm": "batch",
        }
        return cls(name, **defaults | {key: value for key, value in options.items() if value is not None})

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelSpec:
        """The reverse of `to_dict`; fields left out get their defaults. ValueError if it is no mapping."""
        if not isinstance(values, Mapping) or "name" not in values:
            raise ValueError(f"a model is a mapping with at least a 'name', not {str(values)[:80]!r}")
        return cls.from_name(**{str(key): value for key, value in values.items()})

    def to_dict(self) -> dict[str, Any]:
        """All fields, as JSON values."""
        return asdict(self)

    @property
    def family(self) -> Family:
        """CIFAR or IMAGENET."""
        return _parse(self.name)[2]

    @property
    def depth(self) -> int:
        """Layers with weights outside shortcuts: the number in the name."""
        return _parse(self.name)[1]

    @property
    def title(self) -> str:
        """For people: "ResNet-20", "Plain-20", "CIFAR ResNet-50"."""
        kind, depth, _ = _parse(self.name)
        family = "CIFAR " if self.name.startswith("cifar-") else ""
        return f"{family}{'ResNet' if kind == 'resnet' else 'Plain'}-{depth}"

    @property
    def stage_blocks(self) -> tuple[int, ...]:
        """Number of blocks of each stage: (3, 3, 3) for resnet20."""
        return self.family.counts(self.depth, self.block)
