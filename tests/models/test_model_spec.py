"""ModelSpec: names, defaults, bounds, and the sentence each wrong value gets."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_demo.models import ModelSpec, create_model, list_models

FIELDS = [field.name for field in dataclasses.fields(ModelSpec)]


@st.composite
def specs(draw):
    """Any valid spec, by name and options as a user would give them."""
    block = draw(st.sampled_from(["basic", "bottleneck"]))
    if draw(st.booleans()):
        depths = (18, 34) if block == "basic" else (50, 101, 152)
        depth, prefix, low = draw(st.sampled_from(depths)), "", 32
    else:
        n = draw(st.integers(1, 200 if block == "basic" else 133))
        depth, prefix, low = n * (6 if block == "basic" else 9) + 2, "cifar-", 8
    kind = draw(st.sampled_from(["resnet", "plain"]))
    return ModelSpec.from_name(
        f"{prefix}{kind}{depth}",
        block=block,
        shortcut=draw(st.sampled_from(["A", "B", "C", "none"])) if kind == "resnet" else "none",
        stride_in=draw(st.sampled_from(["1x1", "3x3"])) if block == "bottleneck" else "3x3",
        num_classes=draw(st.integers(2, 100_000)),
        in_channels=draw(st.integers(1, 16)),
        input_size=draw(st.integers(low, 1024)),
        norm=draw(st.sampled_from(["batch", "none"])),
    )


@given(specs())
def test_a_spec_survives_json_and_its_own_name(spec):
    assert ModelSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec
    assert dataclasses.replace(spec) == spec
    layers = 2 if spec.block == "basic" else 3
    assert spec.depth == layers * sum(spec.stage_blocks) + 2
    assert str(spec.depth) in spec.name
    assert spec.name.removeprefix("cifar-").startswith("plain") == (spec.shortcut == "none")


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.lists(st.integers(), max_size=2),
)


@given(field=st.sampled_from(FIELDS), value=anything)
def test_any_value_is_valid_or_gets_a_sentence(field, value):
    values = ModelSpec.from_name("resnet29").to_dict() | {field: value}
    try:
        spec = ModelSpec(**values)
    except ValueError as error:
        assert str(error).startswith((f"{field}: ", f"{field} must be ")), error
        assert repr(value)[:20] in str(error)
    else:
        assert getattr(spec, field) == value and type(value) in (int, str)


@given(st.text(alphabet="resntplaicf-0123456789", max_size=12))
def test_a_name_is_known_or_gets_a_sentence(name):
    try:
        assert ModelSpec.from_name(name).name in (name, name.removeprefix("cifar-"))
    except ValueError as error:
        assert str(error).startswith("name: ") and "resnet<depth>" in str(error)


def test_listed_names_are_canonical_and_distinct():
    names = list_models()
    assert len(set(names)) == len(names)
    assert [ModelSpec.from_name(name).name for name in names] == names
    assert {"resnet8", "resnet20", "resnet110", "plain20", "resnet18", "resnet152", "plain34"} <= set(names)


def test_defaults_of_both_families():
    cifar = ("basic", "A", "3x3", 3, 32, "batch")
    assert ModelSpec.from_name("resnet20") == ModelSpec("resnet20", 10, *cifar)
    assert ModelSpec.from_name("plain20") == ModelSpec("plain20", 10, "basic", "none", *cifar[2:])
    photographs = ModelSpec("resnet50", 1000, "bottleneck", "B", "3x3", 3, 224, "batch")
    assert ModelSpec.from_name("resnet50") == photographs
    assert ModelSpec.from_name("resnet50", shortcut=None, num_classes=None) == photographs


@pytest.mark.parametrize(
    ("name", "options", "canonical", "block", "blocks"),
    [
        ("cifar-resnet20", {}, "resnet20", "basic", (3, 3, 3)),
        ("resnet20", {"block": "bottleneck"}, "resnet20", "bottleneck", (2, 2, 2)),
        ("resnet20", {"shortcut": "none"}, "plain20", "basic", (3, 3, 3)),
        ("resnet29", {}, "resnet29", "bottleneck", (3, 3, 3)),
        ("resnet50", {}, "resnet50", "bottleneck", (3, 4, 6, 3)),
        ("cifar-resnet50", {}, "cifar-resnet50", "basic", (8, 8, 8)),
        ("cifar-resnet101", {}, "cifar-resnet101", "bottleneck", (11, 11, 11)),
        ("cifar-resnet152", {"shortcut": "none"}, "cifar-plain152", "basic", (25, 25, 25)),
        ("plain34", {}, "plain34", "basic", (3, 4, 6, 3)),
        ("resnet1202", {}, "resnet1202", "basic", (200, 200, 200)),
    ],
)
def test_names_are_read_as_meant(name, options, canonical, block, blocks):
    spec = ModelSpec.from_name(name, **options)
    assert (spec.name, spec.block, spec.stage_blocks) == (canonical, block, blocks)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("resnt20", {}, ["name", "resnt20", "close: resnet20"]),
        ("ResNet-50", {}, ["name", "close: resnet50"]),
        ("resnet21", {}, ["name", "close: resnet20", "6n+2", "9n+2"]),
        ("resnet1208", {}, ["name", "close: resnet1202", "up to 1202"]),
        ("cifar-resnet18", {}, ["name", "cifar-resnet18", "6n+2"]),
        ("resnet20", {"shortcut": "D"}, ["shortcut", "'D'", "A, B, C, none"]),
        ("plain20", {"shortcut": "A"}, ["shortcut", "plain network", "resnet20"]),
        ("resnet20", {"stride_in": "1x1"}, ["stride_in", "basic blocks", "no 1x1 convolution", "'3x3'"]),
        ("resnet18", {"block": "bottleneck"}, ["block", "'bottleneck'", "only of basic"]),
        ("resnet29", {"block": "basic"}, ["block", "only of bottleneck", "6n+2"]),
        ("resnet20", {"num_classes": 1}, ["num_classes", "1", "2 to 100000"]),
        ("resnet20", {"num_classes": True}, ["num_classes", "True"]),
        ("resnet20", {"num_classes": "10"}, ["num_classes", "'10'"]),
        ("resnet20", {"in_channels": 17}, ["in_channels", "17", "1 to 16"]),
        ("resnet20", {"input_size": 7}, ["input_size", "7", "8 to 1024"]),
        ("resnet50", {"input_size": 31}, ["input_size", "31", "32 to 1024"]),
        ("resnet20", {"norm": "layer"}, ["norm", "'layer'", "batch, none"]),
        ("resnet20", {"shortcuts": "A"}, ["shortcuts", "no such option", "stride_in"]),
    ],
)
def test_what_is_wrong_and_what_is_allowed(name, options, words):
    with pytest.raises(ValueError) as caught:
        create_model(name, **options)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("values", [{}, {"num_classes": 10}, [], None, "resnet20", {"name": "resnet20", 3: 4}])
def test_a_mapping_that_is_no_spec(values):
    with pytest.raises(ValueError):
        ModelSpec.from_dict(values)
