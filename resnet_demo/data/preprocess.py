"""From a picture to what a network takes: crop, resize, normalise.

Knows: the two ways pictures reach the networks of this project. `square` is for networks trained here on
small pictures, `imagenet` repeats the evaluation transform of torchvision's IMAGENET1K_V1 weights. Does not
know: files (`decode`), random augmentation of training pictures (`augment`), which network uses which (a
run's configuration says so).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
NAMES = ("square", "imagenet")


@dataclass(frozen=True)
class Preprocess:
    """How a network wants its pictures.

    name: "square" (largest centred square, resized) or "imagenet" (short side resized to 256/224 of `size`,
        then a centred crop).
    size: side of the network's input in pixels, 8 to 1024.
    channels: 3 (RGB) or 1 (grey).
    mean, std: one number a channel, subtracted from and divided into values in [0, 1].
    """

    name: str
    size: int
    channels: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ValueError(f"Preprocess.name is {self.name!r}; allowed are {' and '.join(NAMES)}.")
        if not isinstance(self.size, int) or not 8 <= self.size <= 1024:
            raise ValueError(f"Preprocess.size is {self.size!r}; allowed is a whole number from 8 to 1024.")
        if self.channels not in (1, 3):
            raise ValueError(f"Preprocess.channels is {self.channels!r}; allowed are 1 (grey) and 3 (RGB).")
        for field, least in (("mean", -math.inf), ("std", 0.0)):
            given = getattr(self, field)
            try:
                values = tuple(float(value) for value in given)
            except (TypeError, ValueError):
                values = ()
            if len(values) != self.channels or not all(math.isfinite(v) and v > least for v in values):
                kind = "finite numbers" if field == "mean" else "finite numbers above 0"
                raise ValueError(f"Preprocess.{field} is {given!r}; allowed are {self.channels} {kind}.")
            object.__setattr__(self, field, values)


@dataclass(frozen=True)
class Prepared:
    """A picture ready for a network.

    view: what the network sees, before normalisation: a `size` × `size` image, mode RGB or L.
    tensor: the same normalised, float32, shape (channels, size, size).
    """

    view: Image.Image
    tensor: torch.Tensor


def prepare(image: Image.Image, preprocess: Preprocess) -> Prepared:
    """Crop, resize and normalise an RGB image (`decode` gives one).

    Both resizes are antialiased (Pillow's filters widen with the scale). "square" leaves a picture that
    already has the network's size as it is, bit for bit. "imagenet" is resize(256) with bilinear filter,
    center_crop(224), / 255, normalise: torchvision's `ResNet50_Weights.IMAGENET1K_V1.transforms()`, at 224
    pixels or in proportion.
    """
    if image.mode != "RGB":
        raise ValueError(f"The image has mode {image.mode}; accepted is RGB, as decode() gives it.")
    size, channels = preprocess.size, preprocess.channels
    view = square(image, size) if preprocess.name == "square" else _imagenet(image, size)
    if channels == 1:
        view = view.convert("L")
    pixels = torch.from_numpy(np.array(view).reshape(size, size, channels))
    tensor = pixels.permute(2, 0, 1).contiguous().to(torch.float32).div_(255)
    mean, std = (torch.tensor(values).view(-1, 1, 1) for values in (preprocess.mean, preprocess.std))
    return Prepared(view, tensor.sub_(mean).div_(std))


def square(image: Image.Image, size: int) -> Image.Image:
    """The largest centred square of an image, resized to `size` × `size` (bicubic, antialiased)."""
    side = min(image.size)
    image = _centre(image, side)
    return image if side == size else image.resize((size, size), Image.Resampling.BICUBIC)


def _imagenet(image: Image.Image, size: int) -> Image.Image:
    short = round(size * 256 / 224)
    width, height = image.size
    # truncation, not rounding, of the long side, and rounding of the crop's corner: as torchvision does
    target = (short, int(short * height / width)) if width <= height else (int(short * width / height), short)
    return _centre(image.resize(target, Image.Resampling.BILINEAR) if target != image.size else image, size)


def _centre(image: Image.Image, size: int) -> Image.Image:
    """The centred `size` × `size` crop, its corner rounded as in torchvision's center_crop."""
    left, top = round((image.width - size) / 2), round((image.height - size) / 2)
    return image.crop((left, top, left + size, top + size))
