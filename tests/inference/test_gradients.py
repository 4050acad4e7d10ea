"""Norms of gradients and signals by layer, against numbers that are reckoned here in another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from made_runs import shapes_dataset

from resnet_demo.inference.gradients import first_batch, layer_norms, weighted_layers
from resnet_demo.models import ModelSpec, build_model

NAMES = ("resnet8", "plain8")


@pytest.fixture(scope="module")
def batch():
    return first_batch(shapes_dataset(), 32)


def test_the_first_batch_is_what_training_sees_without_augmentation():
    dataset = shapes_dataset()
    pictures, labels = first_batch(dataset, 16)
    expected = (dataset.train.images[:16] / 255 - np.array(dataset.mean)) / np.array(dataset.std)
    assert np.allclose(pictures.permute(0, 2, 3, 1), expected, atol=1e-5)
    assert labels.tolist() == list(dataset.train.labels[:16])


@pytest.mark.parametrize("norm", ["batch", "none"])
@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_those_of_backward(batch, name, norm):
    spec = ModelSpec.from_name(name, norm=norm)
    found = layer_norms(spec, *batch, seed=3)
    model = build_model(spec, 3).train()
    loss = F.cross_entropy(model(batch[0]), batch[1])
    loss.backward()
    assert found.loss == pytest.approx(loss.item(), rel=1e-4)
    for layer, norm_of in zip(found.layers, found.gradients, strict=True):
        expected = model.get_submodule(layer).weight.grad.norm()
        assert norm_of == pytest.approx(float(expected), rel=1e-3)
    everything = math.sqrt(sum(float(p.grad.square().sum()) for p in model.parameters()))
    assert found.total == pytest.approx(everything, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "shortcut", "depth"), [("resnet8", "C", 8), ("resnet20", "B", 20), ("plain8", None, 8)]
)
def test_layers_are_those_that_the_depth_counts(name, shortcut, depth):
    model = build_model(ModelSpec.from_name(name, shortcut=shortcut))
    layers = weighted_layers(model)
    assert len(layers) == depth and layers[0] == "conv1" and layers[-1] == "fc"
    assert not any("downsample" in layer for layer in layers)


def test_signals_are_what_batch_normalisation_leaves(batch):
    found = layer_norms(ModelSpec.from_name("resnet8"), *batch)
    assert found.signals[:-1] == pytest.approx([1] * 7, rel=1e-2)  # its weights are 1 at the beginning


def test_signals_without_normalisation_are_those_of_the_convolutions(batch):
    spec = ModelSpec.from_name("plain8", norm="none")
    model = build_model(spec)
    with torch.no_grad():
        first = model.conv1(batch[0])
        logits = model(batch[0])
    found = layer_norms(spec, *batch)
    for given, signal in ((first, found.signals[0]), (logits, found.signals[-1])):
        channels = given.numpy().swapaxes(0, 1).reshape(given.shape[1], -1)
        assert signal == pytest.approx(np.sqrt(channels.var(axis=1).mean()), rel=1e-3)


def test_a_constant_offset_is_no_signal(batch, monkeypatch):
    """Channels that differ from each other but not from picture to picture say nothing about pictures."""
    from resnet_demo.inference import gradients

    def constant(spec, seed):
        model = build_model(spec, seed)
        torch.nn.init.zeros_(model.conv1.weight)
        model.conv1.bias.data = torch.arange(16.0)
        return model

    monkeypatch.setattr(gradients, "build_model", constant)
    assert layer_norms(ModelSpec.from_name("plain8", norm="none"), *batch).signals[0] == 0


def test_what_overflows_is_said_and_not_hidden(batch):
    found = layer_norms(ModelSpec.from_name("resnet8", norm="none"), batch[0] * 1e38, batch[1])
    assert not math.isfinite(found.loss) and not math.isfinite(found.total)


def test_it_works_for_whoever_asks_inside_inference_mode(batch):
    with torch.inference_mode():
        assert layer_norms(ModelSpec.from_name("plain8"), *batch).total > 0
