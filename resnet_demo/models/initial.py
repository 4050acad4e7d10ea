"""Initial values: Kaiming normal, each tensor from its own random stream.

A tensor is drawn from a generator seeded by sha256 of (seed, tensor name). Networks that share a tensor's name and
shape (options A, B and C, the plain twin, v1 and v1.5) therefore start from equal values there, whatever else they
contain; one stream for all tensors would not give that. Values are drawn on the CPU in float32, so they are the same on
every device. Must not depend on networks, only on types of modules.
"""

from __future__ import annotations

import hashlib
import math
from typing import TypeVar

import torch
from torch import Tensor, nn

Network = TypeVar("Network", bound=nn.Module)


def _draw(tensor: Tensor, std: float, seed: int, name: str) -> None:
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    generator = torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)
    tensor.copy_(torch.empty(tensor.shape, dtype=torch.float32).normal_(0.0, std, generator=generator))


@torch.no_grad()
def initialize(model: Network, seed: int = 0) -> Network:
    """Set every parameter and buffer of `model` in place from `seed`, an integer, and return it.

    Convolutions: normal with std sqrt(2 / (outputs * kernel area)), Kaiming's fan-out with the gain of ReLU
    (He et al. 2015a, "Delving Deep into Rectifiers", arXiv:1502.01852, section 2.2; torchvision's choice).
    Linear layers: normal with std sqrt(1 / inputs), Kaiming's fan-in with gain 1. Biases: 0. Batch
    normalisation: weight 1, bias 0, fresh statistics. TypeError names a module of any other type that has
    parameters.
    """
    for path, module in model.named_modules():
        if isinstance(module, nn.Conv2d):
            fan_out = module.out_channels * math.prod(module.kernel_size) // module.groups
            _draw(module.weight, math.sqrt(2.0 / fan_out), seed, f"{path}.weight")
        elif isinstance(module, nn.Linear):
            _draw(module.weight, math.sqrt(1.0 / module.in_features), seed, f"{path}.weight")
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()
        elif next(module.parameters(recurse=False), None) is not None:
            raise TypeError(f"no initial values are defined for {path!r}, a {type(module).__name__}")
        if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
            module.bias.zero_()
    return model
