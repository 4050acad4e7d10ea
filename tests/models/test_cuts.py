"""Cuts: what a network computes meanwhile, against blocks written out by hand, and that nothing stays behind."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from resnet_demo.errors import Refusal
from resnet_demo.models import ModelSpec, ResNet, build_model
from resnet_demo.models.cuts import block_names, check_cuts, cut, possible_cuts

NETWORKS = [
    {"name": "resnet8", "shortcut": "A"},
    {"name": "resnet8", "shortcut": "C", "in_channels": 1},
    {"name": "resnet8", "norm": "none"},
    {"name": "plain8"},
    {"name": "plain14"},
    {"name": "cifar-resnet20", "block": "bottleneck"},
    {"name": "resnet18", "num_classes": 7, "input_size": 64},
    {"name": "plain29", "block": "bottleneck", "stride_in": "1x1"},
]


def network(**options) -> tuple[ResNet, torch.Tensor]:
    """A network whose normalisation does something, and two images for it."""
    spec = ModelSpec.from_name(**options)
    model = build_model(spec, seed=3)
    generator = torch.Generator().manual_seed(0)
    for name, value in model.state_dict().items():
        if name.endswith(("running_mean", "bias")):
            value.normal_(0, 0.2, generator=generator)
        elif name.endswith("running_var"):
            value.uniform_(0.5, 1.5, generator=generator)
    x = torch.randn(2, spec.in_channels, spec.input_size, spec.input_size, generator=generator)
    return model.eval().requires_grad_(False), x


def by_hand(model: ResNet, x: torch.Tensor, cuts: set[str]) -> torch.Tensor:
    """The logits, every block written out: what is cut is left out of its sum."""
    x = model.maxpool(torch.relu(model.bn1(model.conv1(x))))
    for stage in model.stages:
        for position, block in enumerate(getattr(model, stage)):
            branch, count = x, len([name for name in dict(block.named_children()) if name.startswith("conv")])
            for number in range(1, count + 1):
                layer, norm = getattr(block, f"conv{number}"), getattr(block, f"bn{number}")
                branch = norm(layer(branch))
                branch = torch.relu(branch) if number < count else branch
            name, total = f"{stage}.{position}", torch.zeros_like(branch)
            if f"{name}.branch" not in cuts:
                total = total + branch
            elif not block.residual:  # removed: every second pixel where the block has a stride, zeros around channels
                step, more = -(-x.shape[-1] // branch.shape[-1]), branch.shape[1] - x.shape[1]
                total[:, more // 2 : more // 2 + x.shape[1]] = x[:, :, ::step, ::step]
            if block.residual and f"{name}.shortcut" not in cuts:
                total = total + (x if block.downsample is None else block.downsample(x))
            x = torch.relu(total)
    return F.linear(x.mean((2, 3)), model.fc.weight, model.fc.bias)


@pytest.mark.parametrize("options", NETWORKS, ids=str)
def test_a_cut_network_computes_what_one_written_by_hand_does(options):
    model, x = network(**options)
    possible, before = possible_cuts(model.spec), model(x)
    torch.testing.assert_close(by_hand(model, x, set()), before)
    for cuts in ([possible[0]], [possible[-1]], possible[2:5], possible[-2:], possible):
        with cut(model, cuts):
            found = model(x)
        torch.testing.assert_close(found, by_hand(model, x, set(cuts)), rtol=1e-4, atol=1e-5)
    assert torch.equal(model(x), before)


def test_every_single_cut_changes_the_answer():
    model, x = network(name="resnet8", shortcut="B")
    answers = {model(x).numpy().tobytes()}
    for name in possible_cuts(model.spec):
        with cut(model, [name]):
            answers.add(model(x).numpy().tobytes())
    assert len(answers) == 7


def test_a_block_without_both_gives_out_zeros_and_gradients_pass():
    model, x = network(name="resnet8")
    outputs = []
    handle = model.layer2[0].register_forward_hook(lambda module, inputs, output: outputs.append(output))
    x.requires_grad_()
    with cut(model, ["layer2.0.shortcut", "layer2.0.branch"]):
        (gradient,) = torch.autograd.grad(model(x)[0, 1], x)
    handle.remove()
    assert outputs[0].shape == (2, 32, 16, 16) and not outputs[0].any() and not gradient.any()
    with cut(model, ["layer2.0.branch"]):
        (gradient,) = torch.autograd.grad(model(x)[0, 1], x)
    assert gradient.any()


def condition(model: ResNet) -> list:
    """All attributes of all modules, and the bytes of all tensors."""
    modules = [(name, {key: repr(value) for key, value in vars(m).items()}) for name, m in model.named_modules()]
    state = model.state_dict(keep_vars=True)
    return [modules, [(name, id(t), t._version, t.numpy().tobytes()) for name, t in state.items()]]


def test_the_model_is_as_it_was_also_after_an_exception():
    model, x = network(name="resnet8")
    before, logits = condition(model), model(x)
    with cut(model, possible_cuts(model.spec)):
        assert condition(model) != before
        model(x)
    assert condition(model) == before
    with pytest.raises(RuntimeError, match="memory"), cut(model, ["layer1.0.branch", "layer3.0.shortcut"]):
        raise RuntimeError("out of memory")
    with pytest.raises(ValueError, match="layer1.0 is cut already"), cut(model, ["layer1.0.branch"]):
        with cut(model, ["layer3.0.branch", "layer1.0.shortcut"]):
            pass
    assert condition(model) == before and torch.equal(model(x), logits)


def test_names_are_in_the_order_of_the_network():
    assert block_names(ModelSpec.from_name("resnet50"))[2:4] == ("layer1.2", "layer2.0")
    assert possible_cuts(ModelSpec.from_name("plain8")) == ("layer1.0.branch", "layer2.0.branch", "layer3.0.branch")
    spec = ModelSpec.from_name("resnet14")
    assert possible_cuts(spec)[:3] == ("layer1.0.shortcut", "layer1.0.branch", "layer1.1.shortcut")
    asked = ["layer3.1.branch", "layer1.0.branch", "layer3.1.branch", "layer1.0.shortcut"]
    assert check_cuts(spec, asked) == ("layer1.0.shortcut", "layer1.0.branch", "layer3.1.branch")
    model = build_model(spec)
    assert all(model.get_submodule(name) for name in block_names(spec))


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("resnet8", "layer1.1.branch"),
        ("resnet8", "layer1.0"),
        ("resnet8", "stem"),
        ("resnet8", ""),
        ("resnet8", 3),
        ("plain8", "layer1.0.shortcut"),
    ],
)
def test_what_does_not_exist_gets_a_sentence(model, name):
    spec = ModelSpec.from_name(model)
    with pytest.raises(Refusal, match=r"-8 has no .* that could be cut; there are layer1\.0\.\w+ to") as caught:
        check_cuts(spec, ["layer2.0.branch", name])
    assert (caught.value.code, caught.value.values["given"]) == ("cut", repr(name))
