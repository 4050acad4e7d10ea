"""Cropping, resizing and normalising."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torchvision
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from resnet_demo.data.preprocess import IMAGENET_MEAN, IMAGENET_STD, Preprocess, prepare, square

IMAGENET = Preprocess("imagenet", 224, 3, IMAGENET_MEAN, IMAGENET_STD)
SMALL = Preprocess("square", 32, 3, (0.5, 0.4, 0.3), (0.2, 0.25, 0.3))


def picture(width: int, height: int, seed: int = 0) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


SHAPES = [
    (500, 375),
    (375, 500),
    (224, 224),
    (256, 256),
    (255, 257),
    (257, 255),
    (223, 224),
    (32, 32),
    (28, 28),
]
SHAPES += [
    (8, 8),
    (9, 100),
    (160, 8),
    (1001, 333),
    (333, 1001),
    (481, 321),
    (256, 300),
    (300, 256),
    (225, 224),
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_imagenet_is_torchvisions_transform(shape):
    image = picture(*shape)
    expected = torchvision.models.ResNet50_Weights.IMAGENET1K_V1.transforms()(image)
    result = prepare(image, IMAGENET)
    assert result.tensor.shape == (3, 224, 224) and result.view.size == (224, 224)
    torch.testing.assert_close(result.tensor, expected, rtol=0, atol=1e-5)


@settings(max_examples=25)
@given(st.integers(8, 400), st.integers(8, 400), st.integers(8, 240))
def test_imagenet_keeps_torchvisions_proportions_at_any_size(width, height, size):
    image = picture(width, height)
    short = round(size * 256 / 224)
    transform = torchvision.transforms._presets.ImageClassification(crop_size=size, resize_size=short)
    result = prepare(image, Preprocess("imagenet", size, 3, IMAGENET_MEAN, IMAGENET_STD))
    torch.testing.assert_close(result.tensor, transform(image), rtol=0, atol=1e-5)


@pytest.mark.parametrize("size", [28, 32])
def test_square_passes_a_picture_of_the_right_size_bit_for_bit(size):
    image = picture(size, size)
    result = prepare(image, Preprocess("square", size, 3, (0.0,) * 3, (1.0,) * 3))
    assert np.array_equal(np.asarray(result.view), np.asarray(image))
    expected = torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 255
    assert torch.equal(result.tensor, expected)


def test_grey_pictures_pass_a_grey_network_bit_for_bit():
    grey = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    result = prepare(Image.fromarray(grey).convert("RGB"), Preprocess("square", 28, 1, (0.25,), (0.5,)))
    assert result.view.mode == "L" and np.array_equal(np.asarray(result.view), grey)
    expected = (torch.from_numpy(grey.copy())[None].float() / 255 - 0.25) / 0.5
    torch.testing.assert_close(result.tensor, expected)


def test_square_takes_the_centre_and_only_the_centre():
    pixels = np.zeros((60, 100, 3), np.uint8)
    pixels[:, 20:80] = 200  # the centred square is flat, what lies beside it is black and must not bleed in
    assert set(np.asarray(square(Image.fromarray(pixels), 32)).ravel()) == {200}
    assert set(np.asarray(square(Image.fromarray(pixels).transpose(Image.Transpose.ROTATE_90), 32)).ravel()) == {200}


def test_square_is_antialiased():
    stripes = np.zeros((320, 320, 3), np.uint8)
    stripes[:, ::2] = 255  # one sample in ten would give black or white only
    values = np.asarray(square(Image.fromarray(stripes), 32)).astype(int)
    assert abs(values - 128).max() <= 8


def test_normalisation_is_undone_by_mean_and_std():
    result = prepare(picture(77, 50), SMALL)
    assert result.tensor.dtype == torch.float32 and result.tensor.is_contiguous()
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in (SMALL.mean, SMALL.std))
    seen = ((result.tensor * std + mean) * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
    assert np.array_equal(seen, np.asarray(result.view))


def test_the_picture_itself_is_left_alone():
    image = picture(50, 40)
    before = image.tobytes()
    prepare(image, SMALL)
    prepare(image, IMAGENET)
    assert image.tobytes() == before and image.size == (50, 40)


def test_lists_from_json_become_tuples():
    assert Preprocess("square", 32, 1, [0.5], [1]) == Preprocess("square", 32, 1, (0.5,), (1.0,))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "centre"), ("size", 0), ("size", 32.0), ("size", 4096), ("channels", 2), ("mean", (0.5,)),
        ("mean", None), ("mean", (0.1, 0.2, float("nan"))),
        ("std", (0.2, 0.0, 0.2)), ("std", (0.2, -1.0, 0.2)),
        ("std", "abc"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_what_is_allowed(field, value):
    good = {"name": "square", "size": 32, "channels": 3, "mean": (0.5,) * 3, "std": (0.2,) * 3}
    with pytest.raises(ValueError, match=f"{field} must be .*, not "):
        Preprocess(**{**good, field: value})


def test_only_rgb_is_accepted():
    with pytest.raises(ValueError, match="mode L"):
        prepare(picture(40, 40).convert("L"), SMALL)
