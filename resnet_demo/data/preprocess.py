"""From a picture to what a network takes: crop, resize, normalise.

There are two ways: `square` is for networks trained here on small images, `imagenet` repeats the evaluation transform
of torchvision's IMAGENET1K_V1 weights. Must not depend on files (`decode`), random augmentation of training images
(`augment`) or which network uses which (a run's configuration says so).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from PIL import Image
from pydantic import Field

from ..errors import Refusal
from ..fields import check_fields

if TYPE_CHECKING:
    import torch

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
Crop = Literal["square", "imagenet"]
LEAST_STD = 0.0001
# one number a channel, of pixels between 0 and 1
Mean = tuple[Annotated[float, Field(ge=-1, le=1)], ...]
Std = tuple[Annotated[float, Field(ge=LEAST_STD, le=100)], ...]


@dataclass(frozen=True)
class Preprocess:
    """How a network wants its pictures.

    name: "square" (largest centred square, resized) or "imagenet" (short side resized to 256/224 of `size`,
        then a centred crop).
    size: side of the network's input in pixels.
    channels: 3 (RGB) or 1 (grey).
    mean, std: one number a channel, subtracted from and divided into values in [0, 1].
    """

    name: Crop
    size: Annotated[int, Field(ge=8, le=1024)]
    channels: Literal[1, 3]
    mean: Mean
    std: Std

    def __post_init__(self) -> None:
        check_fields(self)
        for field in ("mean", "std"):
            if len(given := getattr(self, field)) != self.channels:
                raise Refusal("wrong.channels", field=field, channels=self.channels, given=len(given))


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
    return Prepared(view, to_tensor(view, preprocess))


def to_tensor(view: Image.Image, preprocess: Preprocess) -> torch.Tensor:
    """Normalise what a network sees, float32 (channels, size, size); a view is neither cropped nor resized again."""
    import torch  # here: data sets are decoded in processes that have no other use for it

    size, channels = preprocess.size, preprocess.channels
    pixels = torch.from_numpy(np.array(view).reshape(size, size, channels))
    tensor = pixels.permute(2, 0, 1).contiguous().to(torch.float32).div_(255)
    mean, std = (torch.tensor(values).view(-1, 1, 1) for values in (preprocess.mean, preprocess.std))
    return tensor.sub_(mean).div_(std)


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
