"""Blocks and shortcuts against formulas written by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from resnet_demo.models.blocks import BasicBlock, Bottleneck, PadShortcut, make_shortcut
from resnet_demo.models.initial import initialize


def pad_by_hand(x: np.ndarray, outputs: int, stride: int) -> np.ndarray:
    n, channels, height, width = x.shape
    rows, columns = range(0, height, stride), range(0, width, stride)
    y = np.zeros((n, outputs, len(rows), len(columns)), x.dtype)
    first = (outputs - channels) // 2
    for channel in range(channels):
        for i, row in enumerate(rows):
            for j, column in enumerate(columns):
                y[:, first + channel, i, j] = x[:, channel, row, column]
    return y


@given(
    inputs=st.integers(1, 5),
    extra=st.integers(0, 7),
    stride=st.integers(1, 3),
    height=st.integers(1, 6),
    width=st.integers(1, 6),
    channels_last=st.booleans(),
)
def test_option_a_is_every_other_pixel_between_zeros(inputs, extra, stride, height, width, channels_last):
    x = torch.arange(1.0, 1 + 2 * inputs * height * width).reshape(2, inputs, height, width)
    given = x.contiguous(memory_format=torch.channels_last) if channels_last else x
    y = PadShortcut(inputs, inputs + extra, stride)(given)
    np.testing.assert_array_equal(y.numpy(), pad_by_hand(x.numpy(), inputs + extra, stride))


def test_option_a_cannot_drop_channels():
    with pytest.raises(ValueError, match="64 in, 32 out"):
        PadShortcut(64, 32, 2)


def test_option_a_pads_a_bottleneck_evenly():
    shortcut = make_shortcut("A", 64, 256, 1, "batch")
    assert (shortcut.before, shortcut.after) == (96, 96)
    assert not list(shortcut.parameters())


@pytest.mark.parametrize("block", [BasicBlock, Bottleneck])
@pytest.mark.parametrize("shortcut", ["A", "B", "C", "none"])
def test_channels_last_stays_channels_last(block, shortcut):
    x = torch.randn(2, 16, 8, 8).contiguous(memory_format=torch.channels_last)
    y = block(16, 32, 2, shortcut=shortcut).to(memory_format=torch.channels_last)(x)
    assert y.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize(
    ("option", "inputs", "outputs", "stride", "kind"),
    [
        ("A", 16, 16, 1, type(None)),
        ("B", 16, 16, 1, type(None)),
        ("C", 16, 16, 1, nn.Sequential),
        ("none", 16, 32, 2, type(None)),
        ("A", 16, 32, 2, PadShortcut),
        ("B", 16, 32, 2, nn.Sequential),
        ("B", 64, 256, 1, nn.Sequential),
        ("A", 16, 16, 2, PadShortcut),
    ],
)
def test_where_a_shortcut_needs_a_module(option, inputs, outputs, stride, kind):
    shortcut = make_shortcut(option, inputs, outputs, stride, "batch")
    assert type(shortcut) is kind
    if kind is nn.Sequential:
        assert [type(layer) for layer in shortcut] == [nn.Conv2d, nn.BatchNorm2d]
        assert shortcut[0].kernel_size == (1, 1) and shortcut[0].stride == (stride, stride)


def random_block(kind, inputs, width, stride, **options):
    """A block in evaluation mode whose normalisation does something."""
    block = initialize(kind(inputs, width, stride, **options), seed=3).eval()
    generator = torch.Generator().manual_seed(5)
    for layer in block.modules():
        if isinstance(layer, nn.BatchNorm2d):
            for tensor, low in (
                (layer.weight, 0.5),
                (layer.bias, -1),
                (layer.running_mean, -1),
                (layer.running_var, 0.5),
            ):
                tensor.data.copy_(low + torch.rand(tensor.shape, generator=generator))
    return block


def normalise(layer, x):
    return F.batch_norm(x, layer.running_mean, layer.running_var, layer.weight, layer.bias)


@pytest.mark.parametrize("shortcut", ["A", "B", "C", "none"])
@pytest.mark.parametrize(("inputs", "stride"), [(8, 1), (4, 2)])
def test_basic_block_is_figure_2(shortcut, inputs, stride):
    """One ReLU after the addition and none before it: the branch may be negative where it is added."""
    block = random_block(BasicBlock, inputs, 8, stride, shortcut=shortcut)
    x = torch.randn(2, inputs, 6, 6, generator=torch.Generator().manual_seed(1))
    branch = F.conv2d(x, block.conv1.weight, stride=stride, padding=1)
    branch = normalise(block.bn1, branch).clamp(min=0)
    branch = normalise(block.bn2, F.conv2d(branch, block.conv2.weight, padding=1))
    assert branch.min() < 0
    if shortcut == "none":
        short = 0
    elif shortcut == "C" or (shortcut == "B" and stride == 2):
        short = normalise(block.downsample[1], F.conv2d(x, block.downsample[0].weight, stride=stride))
    else:
        short = torch.from_numpy(pad_by_hand(x.numpy(), 8, stride))
    before = x.clone()
    torch.testing.assert_close(block(x), (branch + short).clamp(min=0))
    assert torch.equal(x, before), "a block must not overwrite its input"


@pytest.mark.parametrize(("stride_in", "strides"), [("1x1", (2, 1)), ("3x3", (1, 2))])
def test_bottleneck_is_figure_5(stride_in, strides):
    block = random_block(Bottleneck, 8, 4, 2, shortcut="A", stride_in=stride_in)
    x = torch.randn(2, 8, 6, 6, generator=torch.Generator().manual_seed(1))
    branch = normalise(block.bn1, F.conv2d(x, block.conv1.weight, stride=strides[0])).clamp(min=0)
    branch = normalise(block.bn2, F.conv2d(branch, block.conv2.weight, stride=strides[1], padding=1)).clamp(min=0)
    branch = normalise(block.bn3, F.conv2d(branch, block.conv3.weight))
    short = torch.from_numpy(pad_by_hand(x.numpy(), 16, 2))
    torch.testing.assert_close(block(x), (branch + short).clamp(min=0))


def test_without_normalisation_convolutions_have_a_bias():
    block = BasicBlock(4, 8, 2, shortcut="B", norm="none")
    assert {name for name, _ in block.named_parameters()} == {
        f"{layer}.{part}" for layer in ("conv1", "conv2", "downsample.0") for part in ("weight", "bias")
    }
