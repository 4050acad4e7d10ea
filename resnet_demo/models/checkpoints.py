"""From the tensors of a file of weights to one of our networks: which one they are of, and whether all of them fit.

Published CIFAR networks (those of `pytorch_resnet_cifar10` and its relatives) and torchvision's are understood. Two
things leave no trace in tensors and are arguments: whether a network without projections has shortcuts at all (option A
has no tensors), and where a bottleneck has its stride (v1 or v1.5). Must not depend on how a file is read
(`weights_file`), nor on how images were normalised, which no such file says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from ..errors import Refusal
from .cifar import CIFAR, LAYERS
from .imagenet import IMAGENET
from .resnet import Family
from .spec import ModelSpec
from .weights_file import COUNTERS, read_weights

Model = TypeVar("Model", bound=nn.Module)


def load_checkpoint(path: str | Path, model: Model) -> Model:
    """Load a file into `model`, every tensor and no other, and return it (mode and device as before).

    Raises Refusal for a file that holds no weights and for one of another network; the model is then unchanged.
    """
    name = Path(path).name
    state, spec = read_weights(path), getattr(model, "spec", None)
    network = title(spec) if spec else type(model).__name__
    model.load_state_dict(fit_state(state, model.state_dict(), name, network))
    return model


def fit_state(state: Mapping[str, Tensor], wanted: Mapping[str, Tensor], name: str, network: str) -> dict[str, Tensor]:
    """The tensors of `state` in memory of their own, with the types of `wanted`; counters that are missing are 0.

    wanted: the state dict of the network, whose values do not matter. name, network: what sentences call the file and
    the network. Raises Refusal unless `state` has each of its tensors and no other, with values that can be used.
    """
    if detail := misfit(state, wanted):
        raise Refusal("network_misfit", name=name, network=network, detail=detail)
    fitted = {key: torch.zeros(like.shape, dtype=like.dtype) for key, like in wanted.items()}
    for key, value in state.items():
        fitted[key].copy_(value.detach())
    if unusable := first_unusable(fitted):
        raise Refusal("network_values", name=name, tensor=unusable)
    return fitted


def misfit(state: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> str:
    """Which tensors of `state` are not those of `wanted` and what it looks like instead, in words; "" if all fit."""
    both = [(key, state[key], like) for key, like in wanted.items() if key in state]
    problems = {
        "missing": [key for key in wanted if key not in state and not key.endswith(COUNTERS)],
        "unexpected": [repr(key[:60]) for key in state if key not in wanted],
        "other shapes": [
            f"{key} {tuple(value.shape)} instead of {tuple(like.shape)}"
            for key, value, like in both
            if value.shape != like.shape
        ],
        "other types": [
            f"{key} {value.dtype}" for key, value, like in both if value.is_floating_point() != like.is_floating_point()
        ],
    }
    words = "; ".join(f"{what}: {_few(keys)}" for what, keys in problems.items() if keys)
    return words and words + _looks_like(state)


def first_unusable(state: Mapping[str, Tensor]) -> str:
    """The first tensor with values that are not finite, or with variances below 0; "" if there is none."""
    for key, value in state.items():
        if not torch.isfinite(value).all() or (key.endswith("running_var") and (value < 0).any()):
            return key
    return ""


def title(spec: ModelSpec) -> str:
    """What sentences call a network: "ResNet-20 with shortcut A"."""
    return spec.title if spec.shortcut == "none" else f"{spec.title} with shortcut {spec.shortcut}"


def _few(items: Sequence[str], limit: int = 3) -> str:
    rest = f" and {len(items) - limit} more" if len(items) > limit else ""
    return ", ".join(items[:limit]) + rest


def _looks_like(state: Mapping[str, Tensor]) -> str:
    try:
        spec = recognise(state)
    except ValueError:
        return ""
    return (
        f"; it looks like {title(spec)}, {spec.block} blocks, {spec.in_channels} channels, {spec.num_classes} classes"
    )


def recognise(state: Mapping[str, Tensor], *, plain: bool = False, stride_in: str = "3x3") -> ModelSpec:
    """The spec of the network that `state` (under `canonical_keys`) belongs to, at its usual size.

    plain: where nothing is on the shortcuts, take it for a plain network instead of one with option A. stride_in: of
    bottlenecks, "3x3" as in torchvision or "1x1" as in the paper. Names and shapes of some tensors decide; `misfit`
    checks all. ValueError says what belongs to no network here.
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
        given = ", ".join(str(stages[stage]) for stage in sorted(stages)) or "no"
        raise ValueError(f"it has {given} {block} blocks in its stages; {family.name} has depths {family.depths}")
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
