"""From a name or a spec to a network with its initial values. Must not depend on files of weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from .initial import initialize
from .resnet import ResNet
from .spec import ModelSpec


def build_model(spec: ModelSpec, seed: int = 0) -> ResNet:
    """The network of `spec` on the CPU, float32, in training mode, with initial values from `seed`.

    `initialize` says which values. PyTorch's global random state is neither used nor moved.
    """
    return initialize(allocate(spec, lambda tensor: torch.empty(tensor.shape, dtype=tensor.dtype)), seed)


def blank_model(spec: ModelSpec) -> ResNet:
    """The same with zeros: for values that come from elsewhere, which none need be drawn for."""
    return allocate(spec, lambda tensor: torch.zeros(tensor.shape, dtype=tensor.dtype))


def create_model(name: str, *, seed: int = 0, **options: Any) -> ResNet:
    """The network of a name: `build_model(ModelSpec.from_name(name, **options), seed)`.

    Options: num_classes, block, shortcut, stride_in, in_channels, input_size, norm; see `ModelSpec`. A
    ValueError says what is wrong with a name or an option and what is allowed.
    """
    return build_model(ModelSpec.from_name(name, **options), seed)


def empty_state(spec: ModelSpec) -> dict[str, Tensor]:
    """Names, types and shapes of the network's tensors, without values or memory."""
    return dict(_tensors(spec))


@lru_cache(maxsize=16)  # a file of weights is compared to them several times, and a thousand layers take a second
def _tensors(spec: ModelSpec) -> dict[str, Tensor]:
    with torch.device("meta"):
        return ResNet(spec).state_dict()


def allocate(spec: ModelSpec, storage: Callable[[Tensor], Tensor]) -> ResNet:
    """The network of `spec` with what `storage` makes of each of its tensors (given without values)."""
    with torch.device("meta"):  # no memory, and no initial values drawn only to be overwritten
        model = ResNet(spec)
    model.load_state_dict({name: storage(tensor) for name, tensor in model.state_dict().items()}, assign=True)
    return model
