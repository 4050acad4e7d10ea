"""The network both families share: a stem, stages of blocks, global average pooling and one linear layer.

Source: He et al. 2015 (arXiv:1512.03385), table 1 and section 4.2. What makes a family (stem, widths, depths, defaults)
is a `Family`, defined in `cifar` and `imagenet`; initial values are in `initial`. Must not depend on either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import BasicBlock, Bottleneck, convolution, normalisation

if TYPE_CHECKING:
    from .spec import ModelSpec

BLOCKS = {"basic": BasicBlock, "bottleneck": Bottleneck}


@dataclass(frozen=True)
class Family:
    """What the networks of a family have in common.

    name:           "cifar" or "imagenet"
    depths:         which depths exist, in words for error messages
    counts:         (depth, block) -> blocks of each stage, or () if that depth is not made of that block
    listed:         the depths that `list_models` shows; others may exist
    stem_kernel:    3 with stride 1, or 7 with stride 2 and 3x3 max pooling with stride 2 after it
    widths:         filters of each stage; the stem has those of the first
    num_classes, shortcut, input_size: defaults
    smallest_input: shortest side in pixels
    """

    name: str
    depths: str
    counts: Callable[[int, str], tuple[int, ...]]
    listed: tuple[int, ...]
    stem_kernel: int
    widths: tuple[int, ...]
    num_classes: int
    shortcut: str
    input_size: int
    smallest_input: int


class ResNet(nn.Module):
    """A residual or plain network: (N, in_channels, H, W) float -> logits (N, num_classes).

    Tensors are named as in torchvision for both families: conv1, bn1, layer1.0.conv1, layer2.0.downsample.0,
    fc. `spec` is the ModelSpec it was built from.
    """

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.spec = spec
        family, block = spec.family, BLOCKS[spec.block]
        channels = family.widths[0]
        kernel, pooled = family.stem_kernel, family.stem_kernel == 7
        self.conv1 = convolution(spec.in_channels, channels, kernel, 2 if pooled else 1, spec.norm)
        self.bn1 = normalisation(channels, spec.norm)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1) if pooled else nn.Identity()
        self.stages = tuple(f"layer{stage}" for stage in range(1, len(family.widths) + 1))
        options = {"shortcut": spec.shortcut, "stride_in": spec.stride_in, "norm": spec.norm}
        for stage, width, count in zip(self.stages, family.widths, spec.stage_blocks, strict=True):
            blocks = nn.Sequential()
            for position in range(count):
                stride = 2 if position == 0 and stage != "layer1" else 1
                blocks.append(block(channels, width, stride, **options))
                channels = width * block.expansion
            self.add_module(stage, blocks)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, spec.num_classes)

    def stem(self, x: Tensor) -> Tensor:
        """The first convolution with its normalisation and ReLU, before max pooling: (N, widths[0], h, w)."""
        return F.relu(self.bn1(self.conv1(x)), inplace=True)

    def features(self, x: Tensor) -> Tensor:
        """The maps before global pooling, (N, channels, h, w): what class activation maps are made of."""
        x = self.maxpool(self.stem(x))
        for stage in self.stages:
            x = getattr(self, stage)(x)
        return x

    def pooled(self, x: Tensor) -> Tensor:
        """What the last layer is given, (N, channels): the maps of `features`, averaged."""
        return self.avgpool(self.features(x)).flatten(1)

    def head(self, features: Tensor) -> Tensor:
        """Global average pooling and the linear layer: (N, channels, h, w) -> logits (N, num_classes)."""
        return self.fc(self.avgpool(features).flatten(1))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))
