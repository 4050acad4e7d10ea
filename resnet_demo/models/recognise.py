"""Which network a state dict is of, from the names and shapes of its tensors.

Two things leave no trace in tensors and are told: whether a network without projections has shortcuts at all (option A
has no tensors), and where a bottleneck has its stride (v1 or v1.5). It reads no file and loads nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from torch import Tensor

from .cifar import CIFAR, LAYERS
from .imagenet import IMAGENET
from .resnet import Family
from .spec import ModelSpec


def recognise(state: Mapping[str, Tensor], *, plain: bool = False, stride_in: str = "3x3") -> ModelSpec:
    """The spec of the network that `state` (torchvision's keys, see `canonical_keys`) belongs to, at its usual size.

    plain: where nothing is on the shortcuts, take it for a plain network instead of one with option A. stride_in: of
    bottlenecks, "3x3" as in torchvision or "1x1" as in the paper. Only names and shapes of some tensors are looked at:
    whether all fit shows when they are loaded. ValueError says what belongs to no network here.
    """
    stem, head = _shape(state, "conv1.weight", 4), _shape(state, "fc.weight", 2)
    family = next((one for one in (CIFAR, IMAGENET) if stem[0] == one.widths[0] and stem[2] == one.stem_kernel), None)
    if family is None:
        raise ValueError(f"conv1.weight is {stem}: neither 16 filters of 3×3 (CIFAR) nor 64 of 7×7 (ImageNet)")
    blocks = {match[1] for key in state if (match := re.fullmatch(r"(layer[1-9]\.[0-9]{1,4})\.conv1\.weight", key))}
    bottleneck = any(key.endswith(".conv3.weight") for key in state)
    block = "bottleneck" if bottleneck else "basic"
    depth = len(blocks) * LAYERS[block] + 2
    stages = Counter(name.partition(".")[0] for name in blocks)
    counts = tuple(stages[f"layer{stage}"] for stage in range(1, len(family.widths) + 1))
    if sum(counts) != len(blocks) or family.counts(depth, block) != counts:
        found = ", ".join(map(str, (stages[stage] for stage in sorted(stages)))) or "no"
        raise ValueError(f"it has {found} {block} blocks in its stages; {family.name} has depths {family.depths}")
    return ModelSpec.from_name(
        f"{'cifar-' if family is CIFAR else ''}resnet{depth}",
        num_classes=head[0],
        block=block,
        shortcut=_shortcut(state, blocks, family, bottleneck) or ("none" if plain else "A"),
        stride_in=stride_in if bottleneck else "3x3",
        in_channels=stem[1],
        norm="batch" if "bn1.weight" in state else "none",
    )


def _shape(state: Mapping[str, Tensor], key: str, dimensions: int) -> tuple[int, ...]:
    if key not in state:
        raise ValueError(f"there is no {key}")
    shape = tuple(state[key].shape)
    if len(shape) != dimensions:
        raise ValueError(f"{key} is {shape}: it must have {dimensions} dimensions")
    return shape


def _shortcut(state: Mapping[str, Tensor], blocks: set[str], family: Family, bottleneck: bool) -> str:
    """ "B" or "C" by which blocks have projections, "" where none has."""
    projections = {block for block in blocks if f"{block}.downsample.0.weight" in state}
    firsts = {f"layer{stage}.0" for stage in range(1 if bottleneck else 2, len(family.widths) + 1)}  # dimensions change
    for option, expected in (("", set()), ("B", firsts), ("C", blocks)):
        if projections == expected:
            return option
    raise ValueError(f"it has projections in {len(projections)} of {len(blocks)} blocks, which is none of A, B and C")
