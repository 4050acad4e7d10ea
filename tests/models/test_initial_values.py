"""Initial values: the stated distribution, and equality wherever two networks share a tensor."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from resnet_demo.models import create_model, initialize

VARIANTS = {
    "B": ("resnet20", {"shortcut": "B"}),
    "C": ("resnet20", {"shortcut": "C"}),
    "plain": ("plain20", {}),
    "no normalisation": ("resnet20", {"norm": "none"}),
    "other classes": ("resnet20", {"num_classes": 7}),
    "deeper": ("resnet32", {}),
}


@pytest.mark.parametrize("name", ["resnet56", "resnet18", "resnet29"])
def test_kaiming_normal(name):
    model = create_model(name, seed=1, num_classes=1000)
    drawn = 0
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            std = math.sqrt(2 / (layer.out_channels * math.prod(layer.kernel_size)))
        elif isinstance(layer, nn.Linear):
            std = math.sqrt(1 / layer.in_features)
            assert not layer.bias.any()
        else:
            if isinstance(layer, nn.BatchNorm2d):
                assert (layer.weight == 1).all() and not layer.bias.any()
                assert (layer.running_var == 1).all() and not layer.running_mean.any()
                assert layer.num_batches_tracked == 0
            continue
        n = layer.weight.numel()
        # Five standard errors of a sample's mean and standard deviation.
        assert abs(layer.weight.mean()) < 5 * std / math.sqrt(n)
        assert abs(layer.weight.std() / std - 1) < 5 / math.sqrt(2 * n)
        if n > 10_000:  # the kurtosis tells a normal distribution (3) from a uniform one (1.8)
            assert (layer.weight / std).pow(4).mean().item() == pytest.approx(3, abs=0.4)
        drawn += 1
    assert drawn > 10


@pytest.mark.parametrize("variant", VARIANTS)
def test_equal_values_wherever_a_tensor_is_shared(variant):
    name, options = VARIANTS[variant]
    first = dict(create_model("resnet20", shortcut="A", seed=4).named_parameters())
    second = dict(create_model(name, seed=4, **options).named_parameters())
    shared = [key for key in first if key in second and first[key].shape == second[key].shape]
    assert len(shared) >= 20
    for key in shared:
        assert torch.equal(first[key], second[key]), key


def test_v1_starts_like_v15():
    first, second = (create_model("resnet29", stride_in=stride).state_dict() for stride in ("1x1", "3x3"))
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_seeds_and_tensors_differ_and_repeat():
    one, again, other = (create_model("resnet20", seed=seed) for seed in (0, 0, 1))
    assert torch.equal(one.conv1.weight, again.conv1.weight)
    assert not torch.equal(one.conv1.weight, other.conv1.weight)
    assert not torch.equal(one.layer1[0].conv1.weight, one.layer1[0].conv2.weight)


def test_seed_0_is_frozen():
    """Published runs name their seed; what it stands for must not change."""
    values = create_model("resnet20", seed=0).conv1.weight.flatten()[:4]
    torch.testing.assert_close(values, torch.tensor([0.17546, -0.08218, 0.09360, -0.06702]), rtol=0, atol=1e-5)


def test_building_leaves_the_global_random_state_alone():
    before = torch.get_rng_state()
    create_model("resnet8", seed=9)
    assert torch.equal(torch.get_rng_state(), before)


def test_initialize_resets_a_trained_network():
    model = create_model("resnet8", shortcut="B", seed=2)
    fresh = {key: value.clone() for key, value in model.state_dict().items()}
    model(torch.randn(4, 3, 32, 32))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(1)
    assert initialize(model, 2) is model
    assert all(torch.equal(value, fresh[key]) for key, value in model.state_dict().items())


def test_a_layer_without_initial_values_is_named():
    with pytest.raises(TypeError, match="'1', a LayerNorm"):
        initialize(nn.Sequential(nn.Conv2d(3, 4, 3), nn.LayerNorm(4)), 0)
