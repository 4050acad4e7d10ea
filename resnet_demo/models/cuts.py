"""Cut shortcuts and branches of a network for a while: what it computes without them, its parameters untouched.

"layer2.0.shortcut" cuts the shortcut of a block, which then computes ReLU(F(x)); "layer2.0.branch" silences its branch,
F(x) := 0, so that it computes ReLU(shortcut(x)). With both cut a block gives out zeros. A plain block has no shortcut
to cut; its branch is the whole block, which "branch" removes: x is passed on and, where dimensions change, subsampled
and padded with zero channels as option A does (He et al. 2015, section 3.3).

Source of the second: Veit et al. 2016, "Residual Networks Behave Like Ensembles of Relatively Shallow Networks"
(arXiv:1605.06431), section 4.1. Must not depend on images, weights or where the network is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from math import prod
from typing import cast

import torch.nn.functional as F
from torch import Tensor, nn

from ..errors import Refusal
from .blocks import Block, make_shortcut
from .resnet import ResNet
from .spec import ModelSpec

SHORTCUT, BRANCH = "shortcut", "branch"


def block_names(spec: ModelSpec) -> tuple[str, ...]:
    """The names of a network's blocks from the input on: "layer1.0", "layer1.1" …"""
    stages = enumerate(spec.stage_blocks, 1)
    return tuple(f"layer{stage}.{at}" for stage, count in stages for at in range(count))


def possible_cuts(spec: ModelSpec) -> tuple[str, ...]:
    """All that can be cut, from the input on; of each block the shortcut, unless it is plain, and then the branch."""
    parts = (BRANCH,) if spec.shortcut == "none" else (SHORTCUT, BRANCH)
    return tuple(f"{block}.{part}" for block in block_names(spec) for part in parts)


def check_cuts(spec: ModelSpec, names: Iterable[str]) -> tuple[str, ...]:
    """The names in the order of the network, each once; Refusal for what this network does not have."""
    possible, asked = possible_cuts(spec), tuple(names)
    if unknown := [name for name in asked if name not in possible]:
        raise Refusal("cut", model=spec.title, given=repr(unknown[0])[:60], first=possible[0], last=possible[-1])
    return tuple(name for name in possible if name in asked)


@contextmanager
def cut(model: ResNet, cuts: Iterable[str]) -> Iterator[None]:
    """While the context lasts, `model` computes without what is cut, gradients too; then it is as it was before.

    Whoever shares the model holds its lock meanwhile. A block that is cut already cannot be cut again inside. Raises
    Refusal like `check_cuts`.
    """
    parts: dict[str, set[str]] = {}
    for name in check_cuts(model.spec, cuts):
        path, _, part = name.rpartition(".")
        parts.setdefault(path, set()).add(part)
    with ExitStack() as restore:
        for path, without in parts.items():
            block = cast(Block, model.get_submodule(path))
            if "forward" in vars(block):
                raise ValueError(f"{path} is cut already")
            # an attribute of the instance hides the method of the class; without it the block is as it was
            vars(block)["forward"] = partial(_forward, block, without)
            restore.callback(vars(block).pop, "forward")
        yield


def _forward(block: Block, without: set[str], x: Tensor) -> Tensor:
    """What the block computes without these parts; `x` is not overwritten."""
    if BRANCH not in without:
        return F.relu(block.branch(x), inplace=True)
    carried = _passed_on(block, x) if not block.residual else x if block.downsample is None else block.downsample(x)
    if SHORTCUT in without:
        carried = carried * 0  # zeros of the right shape, through which gradients, zeros too, can be taken
    return F.relu(carried)


def _passed_on(block: Block, x: Tensor) -> Tensor:
    """The input of a plain block in the shape of its output, without parameters."""
    layers = [layer for layer in block.children() if isinstance(layer, nn.Conv2d)]
    stride = prod(layer.stride[0] for layer in layers)
    padding = make_shortcut("A", layers[0].in_channels, layers[-1].out_channels, stride, "none")
    return x if padding is None else padding(x)
