"""The parts of a described network."""

from __future__ import annotations

import pytest

from resnet_demo.models import ModelSpec, create_model, describe
from resnet_demo.models.anatomy import parts, runs_of_equals, stages


def anatomy(name, **options):
    return parts(describe(ModelSpec.from_name(name, **options)))


def by_name(name, **options):
    return {part.name: part for part in anatomy(name, **options)}


@pytest.mark.parametrize(
    ("name", "options"),
    [("resnet20", {"shortcut": "C"}), ("resnet50", {}), ("plain20", {}), ("resnet34", {"shortcut": "A"})],
)
def test_parts_hold_every_layer_once(name, options):
    description = describe(ModelSpec.from_name(name, **options))
    network = parts(description)
    assert [part.name for part in network][:2] == ["stem", "layer1.0"] and network[-1].name == "head"
    assert sorted(row.name for part in network for row in part.rows) == sorted(row.name for row in description.rows)
    assert sum(part.parameters for part in network) == description.parameters
    assert sum(part.multiply_adds for part in network) == description.multiply_adds
    for before, after in zip(network, network[1:], strict=False):
        assert before.output_shape == after.input_shape


def test_a_branch_has_the_layers_that_run_in_it_and_the_shortcut_the_others():
    model = create_model("resnet50")
    block = by_name("resnet50")["layer3.0"]
    assert [row.name.split(".")[-1] for row in block.convolutions] == ["conv1", "conv2", "conv3"]
    assert {row.name for row in block.shortcut} == {"layer3.0.downsample.0", "layer3.0.downsample.1"}
    assert block.parameters == sum(parameter.numel() for parameter in model.layer3[0].parameters())


@pytest.mark.parametrize(
    ("shortcut", "changing", "keeping"),
    [
        ("A", "padding", "identity"),
        ("B", "projection", "identity"),
        ("C", "projection", "projection"),
        ("none", "none", "none"),
    ],
)
def test_ways_of_shortcuts(shortcut, changing, keeping):
    blocks = by_name("resnet20", shortcut=shortcut)
    assert (blocks["layer2.0"].way, blocks["layer2.1"].way) == (changing, keeping)
    assert blocks["stem"].way == blocks["head"].way == "none"


def test_strides():
    blocks = by_name("resnet50", stride_in="1x1")
    assert [blocks[name].stride for name in ("stem", "layer1.0", "layer2.0", "layer2.1")] == [4, 1, 2, 1]
    assert [row.stride for row in blocks["layer2.0"].convolutions] == [2, 1, 1]
    assert [row.stride for row in by_name("resnet50")["layer2.0"].convolutions] == [1, 2, 1]
    assert by_name("resnet20")["layer2.0"].shortcut[0].stride == 2


def test_blocks_that_are_alike_stand_together():
    found = dict(stages(anatomy("resnet152")))
    assert list(found) == ["stem", "layer1", "layer2", "layer3", "layer4", "head"]
    assert [len(run) for run in runs_of_equals(found["layer3"])] == [1, 35]
    assert [len(run) for run in runs_of_equals(dict(stages(anatomy("resnet20")))["layer1"])] == [3]


def test_blocks_after_the_second_are_described_like_the_second():
    """`describe` runs two blocks a stage; that all others are built alike is what this asks the real network."""
    model = create_model("resnet26", shortcut="C")
    for stage in (model.layer1, model.layer2, model.layer3):
        built = [repr(block) for block in list(stage)[1:]]
        assert len(built) == 3 and len(set(built)) == 1
    leaves = {name for name, layer in model.named_modules() if next(layer.children(), None) is None}
    assert {row.name for row in describe(model).rows} == leaves - {"maxpool"}
