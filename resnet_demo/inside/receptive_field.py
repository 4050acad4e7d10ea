"""Which pixels a unit can see, and which of them it responds to in one image.

Theoretical field: Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks" (Distill,
doi:10.23915/distill.00021), section "Computing receptive field region in input image". Effective field: Luo et al. 2016
(arXiv:1701.04128), section 2. Must not depend on pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from ..errors import Refusal
from ..inference.classifier import Classifier
from ..inference.classify import not_finite, see
from ..inference.explain import layers
from ..inference.store import ModelStore
from ..models import ModelSpec, ResNet

STEM = "stem"


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels: rows top … bottom - 1, columns left … right - 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    def clipped(self, height: int, width: int) -> Box:
        """The part of it that lies in an image of this size."""
        return Box(max(0, self.top), max(0, self.left), min(height, self.bottom), min(width, self.right))

    def inside(self, values: np.ndarray) -> np.ndarray:
        """The values (height, width) of the pixels in it; it must be clipped."""
        return values[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, eq=False)
class ReceptiveField:
    """The receptive field of a unit in one image.

    view: the image as the model saw it. part: what the unit is in. row, column: its place, of `grid` (rows, columns).
    box: the theoretical field in pixels of the view; it may reach beyond the view, where padding is. clipped: what of
    it lies in the view.
    effective: float32 (height, width), the size of the gradient at each pixel, the largest 1; outside of the box 0.
    blank: whether the gradient is 0 everywhere, as where all channels of the unit are 0 after ReLU.
    """

    view: Image.Image
    part: str
    row: int
    column: int
    grid: tuple[int, int]
    box: Box
    clipped: Box
    effective: np.ndarray
    blank: bool

    def share_inside(self) -> float:
        """The share of the sum of `effective` that lies in the box: 1, or the theory is wrong; NaN if it is blank."""
        if self.blank:
            return np.nan
        outside = self.effective.copy()
        self.clipped.inside(outside)[:] = 0
        return float(1 - outside.sum() / self.effective.sum())

    def share_of_box(self, mass: float = 0.9) -> float:
        """The smallest share of the clipped box's pixels in which so much of the sum of `effective` lies; NaN if it is
        blank."""
        if self.blank:
            return np.nan
        ordered = np.sort(self.clipped.inside(self.effective).astype(np.float64), axis=None)[::-1]
        return float((np.searchsorted(ordered.cumsum(), mass * ordered.sum()) + 1) / ordered.size)


def parts(spec: ModelSpec) -> tuple[str, ...]:
    """What has units: "stem" (after max pooling, where there is one), then stages and blocks as in `explain.layers`."""
    return (STEM, *layers(spec))


def theoretical(model: ResNet, part: str, row: int, column: int) -> Box:
    """The pixels of the input that the unit at (row, column) of a part's output can depend on, not clipped.

    From the unit back, each layer with kernel k, stride s and padding p widens an interval of positions u … v to
    u s - p … v s - p + k - 1. The way leads through the branches: what a shortcut sees lies within. The model is only
    read. Raises Refusal for a part that does not exist.
    """
    top = bottom = row
    left = right = column
    for kernel, stride, padding in reversed(list(_steps(model, part))):
        top, left = top * stride - padding, left * stride - padding
        bottom, right = (last * stride - padding + kernel - 1 for last in (bottom, right))
    return Box(top, left, bottom + 1, right + 1)


def grid(model: ResNet, part: str, height: int, width: int) -> tuple[int, int]:
    """Rows and columns of a part's output for an input of this size."""
    for kernel, stride, padding in _steps(model, part):
        height, width = ((side + 2 * padding - kernel) // stride + 1 for side in (height, width))
    return height, width


def receptive_field(
    image: Image.Image,
    classifier: Classifier,
    store: ModelStore,
    part: str,
    row: int,
    column: int,
    crop: str = "centre",
) -> ReceptiveField:
    """Both fields of the unit at (row, column) of a part's output, for an RGB image as `decode` gives it.

    part: one of `parts(classifier.spec)`. A unit is all channels at one place: what is differentiated is their sum
    after the part's last ReLU, with respect to the normalised input; of the gradient the absolute values are summed
    over the colours. crop: see `see`. Raises Refusal for a wrong argument, and for weights that cannot be used.
    """
    prepared = see(image, classifier.preprocess, crop)
    loaded = store.get(classifier)
    model = loaded.model
    batch = prepared.tensor[None].contiguous(memory_format=torch.channels_last).requires_grad_()
    height, width = batch.shape[2:]
    rows, columns = grid(model, part, height, width)
    if not (_is_place(row, rows) and _is_place(column, columns)):
        raise Refusal("unit", part=part, rows=rows, columns=columns, given=f"({row!r}, {column!r})")
    box = theoretical(model, part, row, column)
    with loaded.lock:
        (gradient,) = torch.autograd.grad(_output(model, part, batch)[0, :, row, column].sum(), batch)
    size = gradient[0].abs().sum(0)
    if not size.isfinite().all():
        raise not_finite(classifier)
    top = float(size.max())
    effective = (size / top if top > 0 else size).numpy()
    clipped = box.clipped(height, width)
    return ReceptiveField(prepared.view, part, row, column, (rows, columns), box, clipped, effective, blank=top <= 0)


def _is_place(number: object, count: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < count


def _steps(model: ResNet, part: str) -> Iterator[tuple[int, int, int]]:
    """(kernel, stride, padding) of each layer on the way through the branches to a part's output, from the image on."""
    known = parts(model.spec)
    if part not in known:
        raise Refusal("part", given=repr(part), example=known[-1])
    names = [name for name, _ in model.named_modules()]  # in the order of execution
    last = "maxpool" if part == STEM else part
    end = max(at for at, name in enumerate(names) if name == last or name.startswith(f"{last}."))
    for name in names[: end + 1]:
        module = model.get_submodule(name)
        if isinstance(module, nn.Conv2d | nn.MaxPool2d) and ".downsample" not in name:
            yield _side(module.kernel_size), _side(module.stride), _side(module.padding)


def _side(value: Any) -> int:
    """One number for both directions; convolutions keep one for each."""
    return value if isinstance(value, int) else value[0]


def _output(model: ResNet, part: str, batch: Tensor) -> Tensor:
    """What a part gives out for a batch; the layers after it do not run."""
    at = model.maxpool(F.relu(model.bn1(model.conv1(batch)), inplace=True))
    for stage in model.stages if part != STEM else ():
        for position, block in enumerate(getattr(model, stage)):
            at = block(at)
            if part == f"{stage}.{position}":
                return at
        if part == stage:
            break
    return at
