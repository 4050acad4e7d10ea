"""Answers: the softmax of the network's own logits on the picture as it is shown to the network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from made_runs import make_untrained_run
from made_weights import random_network, write_weights_file
from PIL import Image
from safetensors.torch import save_file

from resnet_demo.data.preprocess import Preprocess
from resnet_demo.errors import Refusal
from resnet_demo.inference.classifier import Classifier, from_run
from resnet_demo.inference.classify import classify, see
from resnet_demo.inference.imagenet import PRETRAINED, classifier
from resnet_demo.inference.store import ModelStore

PICTURE = Image.linear_gradient("L").convert("RGB")


@pytest.fixture
def one(tmp_path) -> Classifier:
    return from_run(make_untrained_run(tmp_path, "one", classes=("cat", "dog", "eel")))


def logits(one: Classifier, view: Image.Image) -> torch.Tensor:
    """What the run's own network makes of a view, mean 0.5 and standard deviation 0.25."""
    pixels = torch.from_numpy(np.array(view)).permute(2, 0, 1) / 255
    with torch.no_grad():
        return one.run.load_model()(((pixels - 0.5) / 0.25)[None])[0]


def test_an_answer_is_the_softmax_of_the_run_s_own_network(one):
    found = classify(PICTURE, one, ModelStore(), top_k=2)
    expected = logits(one, found.view).softmax(0)
    best = expected.argsort(descending=True)[:2]
    assert found.labels == tuple(found.classes[i] for i in best) and found.indices == tuple(best.tolist())
    assert found.probabilities == pytest.approx(expected[best].tolist(), abs=1e-5)
    assert found.confidence == found.probabilities[0] and found.id == "one" and found.classes == one.classes
    assert classify(PICTURE, one, ModelStore(), top_k=99).labels[:2] == found.labels


@pytest.mark.parametrize("temperature", [0.1, 0.5, 3, 10.0])
def test_temperature_divides_the_logits(one, temperature):
    found = classify(PICTURE, one, ModelStore(), top_k=3, temperature=temperature)
    expected = (logits(one, found.view) / temperature).softmax(0)
    assert found.probabilities == pytest.approx(expected.sort(descending=True).values.tolist(), abs=1e-5)


def test_the_whole_picture_or_its_centre():
    edges = np.full((100, 300, 3), 128, np.uint8)
    edges[:, :40], edges[:, -40:] = (255, 0, 0), (0, 0, 255)  # what a crop of the centre leaves out
    image = Image.fromarray(edges)
    large, small = classifier(PRETRAINED[0], Path("x")).preprocess, Preprocess("square", 32, 3, (0.5,) * 3, (0.25,) * 3)
    for preprocess, filtered in ((large, Image.Resampling.BILINEAR), (small, Image.Resampling.BICUBIC)):
        centre, whole = (np.asarray(see(image, preprocess, crop).view).astype(int) for crop in ("centre", "whole"))
        assert centre.shape == whole.shape == (preprocess.size, preprocess.size, 3)
        assert abs(centre - 128).max() <= 1
        assert abs(whole[:, 0] - (255, 0, 0)).max() <= 20 and abs(whole[:, -1] - (0, 0, 255)).max() <= 20
        expected = image.resize((preprocess.size, preprocess.size), filtered)
        assert np.array_equal(whole, np.asarray(expected))


def test_a_crop_reaches_the_network(tmp_path):
    network = random_network(18)
    ours = classifier(PRETRAINED[0], write_weights_file(tmp_path / "resnet18.safetensors", network))
    image, store = PICTURE.resize((300, 200)), ModelStore()
    whole = classify(image, ours, store, top_k=1000, crop="whole")
    with torch.no_grad():
        expected = network(see(image, ours.preprocess, "whole").tensor[None])[0].softmax(0)
    assert whole.probabilities == pytest.approx(expected.sort(descending=True).values.tolist(), abs=1e-5)
    assert whole.probabilities != classify(image, ours, store, top_k=1000).probabilities


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"top_k": 0}, "top_k"), ({"top_k": 2.0}, "top_k"), ({"top_k": True}, "top_k"),
        ({"temperature": 0.05}, "temperature"), ({"temperature": 10.5}, "temperature"),
        ({"temperature": float("nan")}, "temperature"), ({"temperature": "1"}, "temperature"),
        ({"crop": "left"}, "crop"), ({"crop": None}, "crop"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named_with_what_is_allowed(one, arguments, reason):
    with pytest.raises(Refusal, match=f"{reason} must be .*not {next(iter(arguments.values()))!r}") as caught:
        classify(PICTURE, one, ModelStore(), **arguments)
    assert caught.value.code == reason


def test_weights_that_diverged_get_a_sentence(one):
    state = {
        name: torch.full_like(value, torch.nan) if value.is_floating_point() else value
        for name, value in one.run.load_model().state_dict().items()
    }
    save_file(state, one.weights)
    with pytest.raises(Refusal, match="not finite") as caught:
        classify(PICTURE, one, ModelStore())
    assert caught.value.code == "not_finite"
