"""Covered regions: what they are covered with, and that the model is shown nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from made_runs import make_untrained_run
from PIL import Image
from scipy.ndimage import gaussian_filter

from resnet_demo.data import shapes
from resnet_demo.data.preprocess import prepare, to_tensor
from resnet_demo.errors import Refusal
from resnet_demo.inference.classifier import from_run
from resnet_demo.inference.classify import classify
from resnet_demo.inference.store import ModelStore
from resnet_demo.inside.occlusion import COVERS, classify_painted, paint

SIZE = 32


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    return from_run(make_untrained_run(tmp_path_factory.mktemp("occlusion"), "one", tuple("abcd")))


@pytest.fixture(scope="module")
def view() -> Image.Image:
    return Image.fromarray(shapes.make("test", 1)[0][0])


@pytest.fixture
def mask() -> np.ndarray:
    """A region of an odd shape."""
    row, column = np.mgrid[:SIZE, :SIZE]
    return (row > 4) & (column > row) & (column < 29)


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("how", COVERS)
def test_only_the_region_is_covered(view, mask, how, mode):
    view = view.convert(mode)
    before, after = np.array(view), np.array(paint(view, mask, how))
    assert after.dtype == np.uint8 and after.shape == before.shape
    np.testing.assert_array_equal(after[~mask], before[~mask])
    flat = before.reshape(-1, before.shape[2]) if mode == "RGB" else before.reshape(-1, 1)
    if how == "grey":
        assert (after[mask] == 128).all()
    elif how == "mean":
        assert (after[mask] == flat.mean(0).round()).all()
    else:
        sigma = [SIZE / 8, SIZE / 8, 0][: before.ndim]
        exact = gaussian_filter(before.astype(float), sigma, mode="nearest")
        assert np.abs(after[mask] - exact[mask]).max() < 8, "Pillow's blur is near to a Gaussian one"
        assert after[mask].std() < before[mask].std()
    np.testing.assert_array_equal(np.array(view), before)  # the view itself stays


def test_nothing_covered_is_the_prediction_for_the_image(classifier, view):
    image, store = view.resize((70, 50)), ModelStore()
    for crop in ("centre", "whole"):
        plain = classify(image, classifier, store, crop=crop)
        nothing = np.zeros((SIZE, SIZE), bool)
        assert classify_painted(plain.view, nothing, "grey", classifier, store).probabilities == plain.probabilities


@pytest.mark.parametrize("how", COVERS)
def test_the_prediction_is_that_of_the_covered_pixels(classifier, view, mask, how):
    found = classify_painted(view, mask, how, classifier, ModelStore(), top_k=2, temperature=2.0)
    pixels = torch.tensor(np.array(paint(view, mask, how)), dtype=torch.float32) / 255
    logits = classifier.run.load_model()(((pixels - 0.5) / 0.25).permute(2, 0, 1)[None])[0]
    expected = (logits / 2).softmax(0).sort(descending=True)
    assert found.indices == tuple(expected.indices[:2].tolist())
    np.testing.assert_allclose(found.probabilities, expected.values[:2].detach(), atol=1e-5)
    assert np.array_equal(np.array(found.view), np.array(paint(view, mask, how)))


def test_a_view_is_normalised_as_the_image_was(classifier, view):
    for channels, mode in ((3, "RGB"), (1, "L")):
        wanted = replace(classifier.preprocess, channels=channels, mean=(0.4,) * channels, std=(0.3,) * channels)
        prepared = prepare(view.resize((60, 40)), wanted)
        assert prepared.view.mode == mode and torch.equal(to_tensor(prepared.view, wanted), prepared.tensor)


@pytest.mark.parametrize(
    ("mask", "how", "code"),
    [
        (np.zeros((SIZE, SIZE), bool), "black", "cover"),
        (np.zeros((SIZE, SIZE + 1), bool), "grey", "mask"),
        (np.zeros((SIZE, SIZE), np.uint8), "grey", "mask"),
        (np.zeros((SIZE, SIZE, 3), bool), "grey", "mask"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(classifier, view, mask, how, code):
    with pytest.raises(Refusal) as caught:
        classify_painted(view, mask, how, classifier, ModelStore())
    assert caught.value.code == code
