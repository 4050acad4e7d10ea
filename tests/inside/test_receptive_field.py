"""Receptive fields: the theory against gradients and changed pixels, the effective one against its definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from made_runs import make_config, make_untrained_run, shapes_dataset
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from resnet_demo.errors import Refusal
from resnet_demo.inference.classifier import Classifier, from_run
from resnet_demo.inference.classify import classify, see
from resnet_demo.inference.store import ModelStore
from resnet_demo.inside.receptive_field import Box, grid, parts, receptive_field, theoretical
from resnet_demo.models import ModelSpec, ResNet, build_model
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import create_run

NETWORKS = [  # both blocks, both stems, both strides, plain ones, and all shortcuts
    ("resnet14", {}),
    ("resnet8", {"shortcut": "C"}),
    ("plain14", {}),
    ("resnet20", {"block": "bottleneck", "shortcut": "B"}),
    ("resnet20", {"block": "bottleneck", "stride_in": "1x1"}),
    ("resnet18", {}),
    ("plain18", {}),
    ("resnet50", {}),
    ("resnet50", {"stride_in": "1x1", "shortcut": "A"}),
]


def positive(spec: ModelSpec) -> ResNet:
    """The network with the mean in the place of each convolution, so that nothing cancels and no ReLU closes."""
    model = build_model(spec).double().eval()
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.constant_(module.weight, 1 / module.weight[0].numel())
    return model


@pytest.mark.parametrize(("name", "options"), NETWORKS, ids=str)
def test_gradients_are_positive_in_the_box_and_nowhere_else(name, options):
    spec = ModelSpec.from_name(name, **options)
    size = 96 if spec.family.name == "imagenet" else 40
    model = positive(spec)
    boxes = {}
    for part in ("stem", "layer1.0", "layer1", "layer2.0", "layer2.1" if spec.stage_blocks[1] > 1 else "layer3.0"):
        rows, columns = grid(model, part, size, size)
        for unit in ((rows // 2, columns // 2), (0, columns - 1), (rows - 1, 1)):
            boxes[part, unit] = theoretical(model, part, *unit), (rows, columns)
    if isinstance(model.maxpool, nn.MaxPool2d):  # of what it sees the maximum has one pixel alone, the mean has all
        model.maxpool = nn.AvgPool2d(3, stride=2, padding=1)
    partly = 0
    for (part, (row, column)), (box, shape) in boxes.items():
        x = torch.ones(1, 3, size, size, dtype=torch.float64, requires_grad=True)
        at = model.maxpool(torch.relu(model.bn1(model.conv1(x))))
        for stage in model.stages if part != "stem" else ():
            stop = part.startswith(stage)
            blocks = getattr(model, stage)
            at = blocks[: int(part.partition(".")[2]) + 1](at) if stop and "." in part else blocks(at)
            if stop:
                break
        assert at.shape[2:] == shape
        (gradient,) = torch.autograd.grad(at[0, :, row, column].sum(), x)
        seen = np.zeros((size, size), bool)
        clipped = box.clipped(size, size)
        clipped.inside(seen)[:] = True
        np.testing.assert_array_equal(gradient[0].sum(0).numpy() > 0, seen)
        partly += not seen.all()
    assert partly > len(boxes) / 2, "a box that is all of the image would prove little"


def test_the_sizes_are_the_known_ones():
    """ResNet-50's as Araujo, Norris and Sim give them, and those of 3x3 convolutions by counting."""
    resnet50 = build_model(ModelSpec.from_name("resnet50", stride_in="1x1"))
    assert theoretical(resnet50, "layer4", 3, 3).width == 483
    resnet8 = build_model(ModelSpec.from_name("resnet8"))
    sides = {part: theoretical(resnet8, part, 2, 2).height for part in ("stem", "layer1", "layer2", "layer3")}
    assert sides == {"stem": 3, "layer1": 7, "layer2": 13, "layer3": 25}
    assert theoretical(resnet8, "stem", 5, 9) == Box(4, 8, 7, 11)
    assert theoretical(resnet8, "stem", 0, 31) == Box(-1, 30, 2, 33)
    assert theoretical(resnet8, "stem", 0, 31).clipped(32, 32) == Box(0, 30, 2, 32)
    assert parts(resnet8.spec) == ("stem", "layer1", "layer2", "layer3", "layer1.0", "layer2.0", "layer3.0")


def test_max_pooling_sees_to_the_corners_of_the_box_and_no_further():
    model, size = positive(ModelSpec.from_name("resnet18")), 96
    box = theoretical(model, "layer1.0", 12, 12)
    assert box == box.clipped(size, size)

    def unit(x: torch.Tensor) -> torch.Tensor:
        return model.layer1[0](model.maxpool(torch.relu(model.conv1(x))))[0, :, 12, 12]

    image = torch.zeros(1, 3, size, size, dtype=torch.float64)
    dark = unit(image)
    for row, inside in ((box.top - 1, False), (box.top, True), (box.bottom - 1, True), (box.bottom, False)):
        lit = image.clone()
        lit[:, :, row, box.left] = 1000
        assert bool((unit(lit) != dark).any()) == inside


# ---- the effective field ----


@pytest.fixture(scope="module")
def trained(places) -> Classifier:
    return from_run(RunFolder(places.weights / "trained"))


@pytest.fixture(scope="module")
def image() -> Image.Image:
    return Image.fromarray(shapes_dataset().test.images[1])


@pytest.mark.parametrize(("part", "row", "column"), [("stem", 4, 31), ("layer2.0", 7, 9), ("layer3", 0, 3)])
def test_the_effective_field_is_the_gradient_of_the_unit(trained, image, part, row, column):
    model = trained.run.load_model()
    x = see(image, trained.preprocess).tensor[None].requires_grad_()
    at = torch.relu(model.bn1(model.conv1(x)))
    for stage in ("layer1", "layer2", "layer3"):
        if part == "stem":
            break
        at = getattr(model, stage)(at)
        if part.startswith(stage):
            break
    (gradient,) = torch.autograd.grad(at[0, :, row, column].sum(), x)
    size = gradient[0].abs().sum(0)
    found = receptive_field(image, trained, ModelStore(), part, row, column)
    np.testing.assert_allclose(found.effective, (size / size.max()).numpy(), atol=1e-4)
    assert found.effective.dtype == np.float32 and found.effective.max() == 1 and not found.blank
    assert found.grid == tuple(at.shape[2:]) and found.view.size == found.effective.shape[::-1]
    assert found.box == theoretical(model, part, row, column) and found.clipped == found.box.clipped(32, 32)
    assert found.share_inside() == 1.0


def test_most_of_the_gradient_is_in_a_part_of_the_box(trained, image):
    found = receptive_field(image, trained, ModelStore(), "layer3.0", 4, 4)
    box = found.clipped
    values = np.sort(found.effective[box.top : box.bottom, box.left : box.right].ravel().astype(float))[::-1]
    for mass in (0.5, 0.9, 0.999):
        share = found.share_of_box(mass)
        count = round(share * values.size)
        assert values[:count].sum() >= mass * values.sum() > values[: count - 1].sum()
    assert found.share_of_box(0.5) < 0.5 < found.share_of_box(0.999) <= 1


def test_every_part_of_every_kind_of_network_keeps_to_its_box(tmp_path, image):
    dataset, store = shapes_dataset(40, 20), ModelStore()
    for number, (name, options) in enumerate([*NETWORKS[1:5], NETWORKS[5], ("resnet8", {"norm": "none"})]):
        spec = ModelSpec.from_name(name, input_size=32, num_classes=len(dataset.classes), **options)
        folder = create_run(tmp_path, replace(make_config(dataset), model=spec), f"run-{number}")
        save_file(build_model(spec).state_dict(), folder.path / "model.safetensors")
        classifier = from_run(folder)
        for part in parts(spec):
            found = receptive_field(image, classifier, store, part, 0, 0, "whole")
            assert found.blank or found.share_inside() == 1.0


def test_a_unit_that_is_closed_has_no_effective_field(tmp_path, image):
    run = make_untrained_run(tmp_path, "closed")
    state = run.load_model().state_dict()
    save_file(state | {"bn1.bias": torch.full((16,), -1000.0)}, run.path / "model.safetensors")
    found = receptive_field(image, from_run(run), ModelStore(), "stem", 3, 3)
    assert found.blank and not found.effective.any()
    assert np.isnan(found.share_inside()) and np.isnan(found.share_of_box())


def test_a_shared_model_stays_as_it_is(trained, image, monkeypatch):
    store = ModelStore()
    loaded = store.get(trained)
    expected = classify(image, trained, store).probabilities

    def fail(*arguments, **options):
        raise RuntimeError("out of memory")

    receptive_field(image, trained, store, "layer3", 1, 1)
    with monkeypatch.context() as patch:
        patch.setattr(loaded.model.layer1[0].conv2, "forward", fail)
        with pytest.raises(RuntimeError, match="out of memory"):
            receptive_field(image, trained, store, "layer3", 1, 1)
    assert not loaded.lock.locked() and all(p.grad is None for p in loaded.model.parameters())
    assert not any(module._forward_hooks for module in loaded.model.modules())
    assert classify(image, trained, store).probabilities == expected


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ({"part": "head"}, "part", "no part called 'head'.*blocks such as layer3.0"),
        ({"part": "layer2.1"}, "part", "'layer2.1'"),
        ({"row": 16}, "unit", "layer2 gives out 16 × 16 units"),
        ({"column": -1}, "unit", "none at"),
        ({"row": True}, "unit", "none at"),
        ({"column": 1.0}, "unit", "none at"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(trained, image, arguments, code, words):
    with pytest.raises(Refusal, match=words) as caught:
        receptive_field(image, trained, ModelStore(), **{"part": "layer2", "row": 0, "column": 0} | arguments)
    assert caught.value.code == code
