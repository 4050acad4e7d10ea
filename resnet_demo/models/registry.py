"""From a name or a spec to a network with its initial values. Must not depend on files of weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from .initial import initialize
from .resnet import ResNet
from .spec import ModelSpec


def build_model(spec: ModelSpec, seed: int = 0) -> ResNet:
    """The network of `spec` on the CPU, float32, in training mode, with initial values from `seed`.

    `initialize` says which values. PyTorch's global random state is neither used nor moved.
    """
    return initialize(_undrawn(spec), seed)


def blank_model(spec: ModelSpec) -> ResNet:
    """The same with zeros: for values that come from elsewhere, which none need be drawn for."""
    model = _undrawn(spec)
    for tensor in model.state_dict().values():
        tensor.zero_()
    return model


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
        return _undrawn(spec).state_dict()


def allocate(spec: ModelSpec, storage: Callable[[Tensor], Tensor]) -> ResNet:
    """The network of `spec` with what `storage` makes of each of its tensors (given without values)."""
    with torch.device("meta"):
        model = _undrawn(spec)
    model.load_state_dict({name: storage(tensor) for name, tensor in model.state_dict().items()}, assign=True)
    return model


def _undrawn(spec: ModelSpec) -> ResNet:
    """The network of `spec` in which what PyTorch would draw, only to be overwritten, has any values."""
    with _Undrawn():
        return ResNet(spec)


class _Undrawn(TorchFunctionMode):
    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        drawn = function in (nn.init.kaiming_uniform_, nn.init.uniform_)
        return kwargs["tensor"] if drawn else function(*args, **(kwargs or {}))
