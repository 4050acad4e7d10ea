"""Whole networks: the paper's sizes, what they take and give, and how the variants are related."""

from __future__ import annotations

import copy
import pickle

import pytest
import torch

from resnet_demo.models import ModelSpec, blank_model, build_model, create_model, describe
from resnet_demo.models.registry import empty_state


@pytest.fixture(autouse=True)
def seeded():
    """Equal pictures in every session."""
    torch.manual_seed(0)


COUNTS = [
    ("resnet20", "A", 269_722),
    ("resnet20", "B", 272_474),
    ("resnet20", "C", 283_962),
    ("resnet56", "A", 853_018),
    ("resnet56", "B", 855_770),
    ("resnet56", "C", 900_858),
    ("resnet110", "A", 1_727_962),
    ("resnet110", "B", 1_730_714),
    ("resnet110", "C", 1_826_202),
    ("resnet34", "A", 21_623_848),
    ("resnet34", "B", 21_797_672),
    ("resnet34", "C", 22_716_840),
    ("resnet18", "B", 11_689_512),
    ("resnet50", "B", 25_557_032),
]


@pytest.mark.parametrize(("name", "shortcut", "parameters"), COUNTS)
def test_parameter_counts(name, shortcut, parameters):
    model = blank_model(ModelSpec.from_name(name, shortcut=shortcut))
    assert sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad) == parameters
    assert model.training


@pytest.mark.parametrize(
    ("name", "shortcut", "millions"),
    [
        ("resnet20", "A", 40.55),
        ("resnet20", "B", 40.81),
        ("resnet20", "C", 42.65),
        ("resnet34", "A", 3644),
        ("resnet34", "B", 3664),
        ("resnet34", "C", 3831),
    ],
)
def test_multiply_adds(name, shortcut, millions):
    counted = describe(ModelSpec.from_name(name, shortcut=shortcut)).multiply_adds / 1e6
    assert counted == pytest.approx(millions, abs=0.5 if millions > 100 else 0.005)


@pytest.mark.parametrize(
    ("name", "options", "size"),
    [
        ("resnet18", {"shortcut": "A"}, 32),
        ("resnet18", {}, 45),
        ("resnet50", {"stride_in": "1x1", "shortcut": "A"}, 32),
        ("resnet50", {"shortcut": "C"}, 37),
        ("plain18", {}, 33),
        ("resnet8", {}, 8),
        ("resnet11", {"shortcut": "A"}, 33),
        ("resnet11", {"shortcut": "A", "stride_in": "1x1"}, 17),
        ("plain8", {"norm": "none"}, 32),
        ("resnet8", {"norm": "none", "shortcut": "C", "in_channels": 1}, 28),
    ],
)
def test_any_size_gives_logits_and_gradients(name, options, size):
    """Odd sides too: shortcut and branch must round alike."""
    model = create_model(name, num_classes=7, **options)
    x = torch.randn(2, model.spec.in_channels, size, size + 3, requires_grad=True)
    logits = model.eval()(x)
    assert logits.shape == (2, 7) and logits.isfinite().all()
    logits.square().sum().backward()
    assert x.grad.abs().sum() > 0
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_logits_are_the_head_of_the_features():
    model = create_model("resnet8").eval()
    x = torch.randn(3, 3, 32, 32)
    features = model.features(x)
    assert features.shape == (3, 64, 8, 8)
    by_hand = features.mean((2, 3)) @ model.fc.weight.T + model.fc.bias
    torch.testing.assert_close(model(x), by_hand)
    torch.testing.assert_close(model.head(features), by_hand)


@pytest.mark.parametrize("name", ["resnet20", "resnet29", "resnet34"])
def test_plain_twin_is_the_network_without_its_shortcuts(name):
    plain = ModelSpec.from_name(name.replace("resnet", "plain"))
    residual = empty_state(ModelSpec.from_name(name, shortcut="B"))
    own = {key for key in residual if ".downsample." not in key}
    assert set(empty_state(plain)) == own != set(residual)
    assert set(empty_state(ModelSpec.from_name(name, shortcut="A"))) == own
    assert ModelSpec.from_name(name, shortcut="none") == plain


def test_a_shortcut_changes_the_function_of_equal_weights():
    x = torch.randn(2, 3, 32, 32)
    residual, plain = (create_model(name).eval() for name in ("resnet8", "plain8"))
    plain.load_state_dict(residual.state_dict())
    assert not torch.allclose(residual(x), plain(x), atol=1e-3)


def test_v1_and_v15_have_the_same_tensors_and_other_outputs():
    specs = (ModelSpec.from_name("resnet50", stride_in=stride, num_classes=10) for stride in ("1x1", "3x3"))
    first, second = blank_model(next(specs)).eval(), build_model(next(specs)).eval()
    first.load_state_dict(second.state_dict(), strict=True)
    x = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    assert (first(x) - second(x)).abs().max() > 1e-3
    assert first.layer2[0].conv1.stride == second.layer2[0].conv2.stride == (2, 2)
    assert first.layer2[0].conv2.stride == second.layer2[0].conv1.stride == (1, 1)


def test_channels_last_gives_the_same_logits():
    model = create_model("resnet20").eval()
    x = torch.randn(2, 3, 32, 32)
    usual = model(x)
    last = x.contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(model.to(memory_format=torch.channels_last)(last), usual, rtol=1e-4, atol=1e-4)


def test_a_model_can_be_copied_and_pickled():
    model = create_model("resnet8", shortcut="A").eval()
    x = torch.randn(1, 3, 32, 32)
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin.spec == model.spec
        assert torch.equal(twin(x), model(x))
