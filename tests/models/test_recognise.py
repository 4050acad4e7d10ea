"""Networks recognised by their tensors: every kind that is built here, and what is none of them."""

from __future__ import annotations

import pytest
import torch

from resnet_demo.models import ModelSpec
from resnet_demo.models.checkpoints import recognise
from resnet_demo.models.registry import empty_state

SPECS = [
    ModelSpec.from_name("resnet20", shortcut="A"),
    ModelSpec.from_name("resnet20", shortcut="B", num_classes=100),
    ModelSpec.from_name("resnet20", shortcut="C", in_channels=1),
    ModelSpec.from_name("resnet8", shortcut="B"),
    ModelSpec.from_name("resnet8", shortcut="C"),
    ModelSpec.from_name("resnet110"),
    ModelSpec.from_name("resnet14", norm="none", shortcut="B"),
    ModelSpec.from_name("resnet11", shortcut="B"),
    ModelSpec.from_name("resnet29", block="bottleneck", shortcut="C"),
    ModelSpec.from_name("resnet29", block="bottleneck", shortcut="A"),
    ModelSpec.from_name("cifar-resnet50", shortcut="B", num_classes=7),
    ModelSpec.from_name("cifar-resnet152"),
    *(ModelSpec.from_name(f"resnet{depth}") for depth in (18, 34, 50, 101, 152)),
    ModelSpec.from_name("resnet18", shortcut="A", num_classes=2),
    ModelSpec.from_name("resnet34", shortcut="C", in_channels=1),
    ModelSpec.from_name("resnet50", shortcut="C"),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.name}-{spec.block}-{spec.shortcut}-{spec.norm}")
def test_every_network_is_recognised_by_its_empty_state(spec):
    assert recognise(empty_state(spec)) == spec


def test_what_leaves_no_trace_is_told():
    plain = ModelSpec.from_name("plain20")
    assert recognise(empty_state(plain), plain=True) == plain
    assert recognise(empty_state(plain)) == ModelSpec.from_name("resnet20", shortcut="A")
    assert recognise(empty_state(SPECS[1]), plain=True) == SPECS[1]  # its projections say more
    first = ModelSpec.from_name("resnet50", stride_in="1x1")
    assert recognise(empty_state(first), stride_in="1x1") == first
    assert recognise(empty_state(SPECS[0]), stride_in="1x1") == SPECS[0]  # basic blocks have no 1x1
    with pytest.raises(ValueError, match="stride_in"):
        recognise(empty_state(first), stride_in="7x7")


def test_where_every_block_changes_dimensions_b_and_c_are_one():
    option_b, option_c = (ModelSpec.from_name("resnet11", shortcut=option) for option in "BC")
    assert empty_state(option_b).keys() == empty_state(option_c).keys()
    assert recognise(empty_state(option_c)) == option_b


def without(name: str, *prefixes: str) -> dict[str, torch.Tensor]:
    return {key: value for key, value in empty_state(ModelSpec.from_name(name)).items() if not key.startswith(prefixes)}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({}, "no conv1.weight"),
        (without("resnet20", "fc"), "no fc.weight"),
        (without("resnet20") | {"fc.weight": torch.zeros(10)}, r"fc.weight is \(10,\)"),
        (without("resnet20") | {"fc.weight": torch.zeros(1, 64)}, "num_classes"),
        (without("resnet18") | {"conv1.weight": torch.zeros(64, 3, 3, 3)}, r"\(64, 3, 3, 3\): neither 16 filters"),
        (without("resnet20") | {"conv1.weight": torch.zeros(16, 99, 3, 3)}, "in_channels"),
        (without("resnet20", "layer3"), "3, 3 basic blocks"),
        (without("resnet20", "layer2.1"), "3, 2, 3 basic blocks"),
        (without("resnet18", "layer"), "no basic blocks"),
        (without("resnet18", "layer4.1"), "2, 2, 2, 1 basic blocks"),
        (without("resnet50", "layer2.0.downsample"), "projections in 3 of 16 blocks"),
    ],
)
def test_what_is_no_network_here_is_said(state, words):
    with pytest.raises(ValueError, match=words):
        recognise(state)
