"""The table of a network, against what the network itself does."""

from __future__ import annotations

import csv
import io

import pytest
import torch
from torch import nn

from resnet_demo.models import ModelSpec, create_model, describe

NETWORKS = [
    ("resnet20", {"shortcut": "A"}),
    ("resnet20", {"shortcut": "C"}),
    ("resnet11", {"shortcut": "B", "stride_in": "1x1", "input_size": 33}),
    ("plain8", {"norm": "none", "in_channels": 1}),
    ("resnet18", {"input_size": 45, "num_classes": 7}),
]


@pytest.mark.parametrize(("name", "options"), NETWORKS)
def test_rows_are_what_a_forward_pass_shows(name, options):
    """Shapes, order, parameters and multiply-adds, measured on real pictures."""
    model = create_model(name, **options).eval()
    seen = []

    def record(name):
        def hook(layer, inputs, output):
            shapes = tuple(inputs[0].shape[1:]), tuple(output.shape[1:])
            work = 0
            if isinstance(layer, nn.Conv2d | nn.Linear):
                # Each output is a sum of as many products as its row of the weight matrix has numbers.
                work = output[0].numel() * layer.weight[0].numel()
            seen.append((name, *shapes, sum(p.numel() for p in layer.parameters()), work))

        return hook

    for layer_name, layer in model.named_modules():
        if not list(layer.children()) and not isinstance(layer, nn.Identity):
            layer.register_forward_hook(record(layer_name))
    size = model.spec.input_size
    model(torch.zeros(1, model.spec.in_channels, size, size))
    rows = describe(model).rows
    assert [(r.name, r.input_shape, r.output_shape, r.parameters, r.multiply_adds) for r in rows] == seen


@pytest.mark.parametrize(("name", "options"), NETWORKS)
def test_totals(name, options):
    model = create_model(name, **options)
    description = describe(model)
    assert description.parameters == sum(parameter.numel() for parameter in model.parameters())
    assert description == describe(model.spec)


def test_stages_blocks_and_roles():
    rows = {row.name: row for row in describe(ModelSpec.from_name("resnet20")).rows}
    place = {name: (row.stage, row.block, row.role) for name, row in rows.items()}
    assert place["conv1"] == place["bn1"] == ("stem", None, "stem")
    assert place["avgpool"] == place["fc"] == ("head", None, "head")
    assert place["layer1.0.conv1"] == ("layer1", 0, "Identity Block")
    assert place["layer2.0.downsample"] == ("layer2", 0, "Conv Block")
    assert place["layer3.2.bn2"] == ("layer3", 2, "Identity Block")
    assert rows["layer2.0.conv1"].kind == "convolution 3x3"
    assert (rows["layer2.0.downsample"].kind, rows["layer2.0.downsample"].multiply_adds) == (
        "padding shortcut",
        0,
    )
    assert rows["layer2.0.downsample"].input_shape == (16, 32, 32)
    assert rows["layer2.0.downsample"].output_shape == (32, 16, 16)


def test_blocks_of_resnet50_and_of_plain_networks():
    """Section 3 of the tutorials: one Conv Block per stage, the first of which only widens."""
    blocks = {(row.stage, row.block): row.role for row in describe(ModelSpec.from_name("resnet50")).rows}
    assert [place for place, role in blocks.items() if role == "Conv Block"] == [
        (f"layer{stage}", 0) for stage in (1, 2, 3, 4)
    ]
    assert sum(role == "Identity Block" for role in blocks.values()) == 12
    roles = {row.role for row in describe(ModelSpec.from_name("plain20")).rows}
    assert roles == {"stem", "Plain Block", "head"}


def test_v1_saves_work_and_no_parameters():
    first, second = (describe(ModelSpec.from_name("resnet50", stride_in=stride)) for stride in ("1x1", "3x3"))
    assert first.parameters == second.parameters == 25_557_032
    assert first.multiply_adds < second.multiply_adds


def test_the_model_is_left_as_found():
    model = create_model("resnet8", shortcut="B")
    before = {key: value.clone() for key, value in model.state_dict().items()}
    model.layer1.eval()
    modes = [module.training for module in model.modules()]
    describe(model)
    assert [module.training for module in model.modules()] == modes
    assert not any(module._forward_hooks for module in model.modules())
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


def test_other_input_sizes():
    model = create_model("resnet20")
    assert describe(model, 64).rows[0].input_shape == (3, 64, 64)
    assert describe(model, 64).parameters == describe(model).parameters
    assert describe(model, 64).multiply_adds == pytest.approx(4 * describe(model).multiply_adds, rel=1e-3)
    with pytest.raises(ValueError, match="input_size .* 8 to 1024, not 4"):
        describe(model, 4)


def test_a_changed_model_is_refused():
    model = create_model("resnet8")
    model.fc = nn.Linear(64, 3)
    with pytest.raises(ValueError, match="changed since it was built"):
        describe(model)


def test_a_compiled_model_is_described_like_its_own():
    """torch.compile wraps a model, with its attributes, and puts a prefix before the names of its tensors."""
    model = create_model("resnet8")
    compiled = nn.Module()
    compiled.spec, compiled._orig_mod = model.spec, model
    assert describe(compiled) == describe(model)


def test_csv_and_table_hold_every_row():
    description = describe(ModelSpec.from_name("resnet8", shortcut="B"))
    lines = list(csv.DictReader(io.StringIO(description.as_csv())))
    assert [line["name"] for line in lines] == [row.name for row in description.rows]
    assert sum(int(line["parameters"]) for line in lines) == description.parameters
    assert sum(int(line["multiply_adds"]) for line in lines) == description.multiply_adds
    assert (lines[0]["input_shape"], lines[0]["block"]) == ("3x32x32", "")
    table = description.as_table().splitlines()
    assert len(table) == len(lines) + 4 and len({len(line) for line in table}) == 1
    assert table[-1].split() == ["total", f"{description.parameters:,}", f"{description.multiply_adds:,}"]
