"""Slices of the loss surface around a model's weights, along random directions that are normalized filter by filter.

Source: Li, Xu, Taylor, Studer, Goldstein 2018, "Visualizing the Loss Landscape of Neural Nets" (arXiv:1712.09913),
sections 3 and 4: f(α, β) = L(θ + α·δ + β·η), with Gaussian directions δ and η of which each filter is given the norm of
the model's filter. A slice is a slice: two directions of many thousands, so what it lacks may lie in others. Must not
depend on pages, the command line or drawings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..data.augment import normalise
from ..data.dataset import Split

REACH = 1.0  # of either axis: there the direction has, filter by filter, the norm of the weights
POINTS_1D, POINTS_2D = 41, 21
BATCH = 128
Direction = Mapping[str, Tensor]  # by the name of a parameter, of its shape
Grid = tuple[tuple[float | None, ...], ...]
Progress = Callable[[int, int], None]  # points done, points in all


@dataclass(frozen=True)
class Slice:
    """Loss and error on a grid around a model's weights θ, as JSON can have it.

    x, y: how far along the first and the second direction, α and β; y is (0,) for a slice along one direction.
    loss: mean cross-entropy (natural logarithm) of the images, loss[row][column] at θ + x[column]·δ + y[row]·η; it is
        not capped, and None where it is no finite number.
    error: share of the images that are answered wrongly there, 0 … 1; an answer that is no number counts as wrong.
    images: how many there are. seed: of the directions.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    loss: Grid
    error: Grid
    images: int
    seed: int

    @property
    def centre(self) -> tuple[float | None, float | None]:
        """Loss and error of the model itself."""
        row, column = self.y.index(0.0), self.x.index(0.0)
        return self.loss[row][column], self.error[row][column]

    def rounded(self, digits: int = 4) -> Slice:
        """The same with so many significant digits, for files."""

        def short(grid: Grid) -> Grid:
            return tuple(tuple(v if v is None else float(f"{v:.{digits}g}") for v in row) for row in grid)

        return replace(self, loss=short(self.loss), error=short(self.error))


def directions(model: nn.Module, seed: int = 0, count: int = 2) -> tuple[Direction, ...]:
    """Random directions for the weights of a model: d_ij ← d_ij / ‖d_ij‖ · ‖θ_ij‖ for each filter (section 4).

    A filter is what makes one output channel of a convolution, and one row of the linear layer; norms are Frobenius's.
    Biases, and weights and biases of batch normalization, have no direction: they stay as they are, as in the authors'
    code with ignore='biasbn'. The first direction of a seed is the same for any count.
    """
    generator = torch.Generator().manual_seed(seed)
    weights = {name: weight.detach() for name, weight in model.named_parameters() if weight.dim() > 1}
    return tuple(
        {name: _normalized(torch.randn(weight.shape, generator=generator), weight) for name, weight in weights.items()}
        for _ in range(count)
    )


def _normalized(direction: Tensor, weight: Tensor) -> Tensor:
    wanted, given = (torch.linalg.vector_norm(one.flatten(1).cpu(), dim=1) for one in (weight, direction))
    return direction * (wanted / given).view(-1, *[1] * (weight.dim() - 1))


def slice_1d(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    *,
    points: int = POINTS_1D,
    seed: int = 0,
    lock: AbstractContextManager | None = None,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Slice | None:
    """Loss and error at `points` places along the first direction of `seed`; all else is as in `slice_2d`."""
    return _slice(model, images, labels, axis_of(points), (), seed, lock, progress, cancelled)


def slice_2d(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    *,
    points: int = POINTS_2D,
    seed: int = 0,
    lock: AbstractContextManager | None = None,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Slice | None:
    """Loss and error at points × points places around the weights of a model, both axes from -REACH to REACH.

    images: float (n, C, H, W), normalized as the model wants them (`training_images`). labels: int64 (n,). points: an
    odd number, so that the weights themselves are one of them. seed: of the directions. lock: held while the model is
    copied. progress: called with (points done, points in all). cancelled: looked at before each batch of images; once
    it is true, None is returned.

    Batch normalization is in evaluation mode with the running statistics that the model has at θ, at every point. What
    is computed on is a copy: the model stays as it is, and so does its mode. ValueError for a wrong number of points or
    images.
    """
    axis = axis_of(points)
    return _slice(model, images, labels, axis, axis, seed, lock, progress, cancelled)


def axis_of(points: int) -> tuple[float, ...]:
    """So many values from -REACH to REACH, exactly 0 in the middle; ValueError unless they are odd and 3 or more."""
    if points < 3 or points % 2 == 0:
        raise ValueError(f"a slice has an odd number of points on each axis, 3 or more, not {points}")
    half = points // 2
    return tuple(REACH * step / half for step in range(-half, half + 1))


def training_images(
    split: Split, rows: np.ndarray, mean: tuple[float, ...], std: tuple[float, ...], count: int
) -> tuple[Tensor, Tensor, np.ndarray]:
    """At most `count` of these rows, evenly spread, as a model sees them, not augmented.

    Float (n, C, H, W), their labels, int64 (n,), and which rows they are, int64 (n,).
    """
    kept = rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(int)]
    pixels = torch.from_numpy(np.array(split.images[kept]))
    images = normalise(pixels, torch.tensor(mean), torch.tensor(std)).permute(0, 3, 1, 2)
    return images, torch.from_numpy(np.asarray(split.labels[kept]).astype(np.int64)), kept


def _slice(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    x: tuple[float, ...],
    y: tuple[float, ...],
    seed: int,
    lock: AbstractContextManager | None,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Slice | None:
    """y: () for one direction."""
    if not len(images) or len(images) != len(labels):
        raise ValueError(f"a slice needs images and as many labels, not {len(images)} and {len(labels)}")
    with lock or nullcontext():
        copy = deepcopy(model).eval().requires_grad_(False)
    weights = {name: weight.clone() for name, weight in copy.named_parameters() if weight.dim() > 1}
    along = directions(copy, seed, 2 if y else 1)
    places = [(a, b) for b in y or (0.0,) for a in x]
    measured: list[tuple[float | None, float | None]] = []
    for place in places:
        _move(copy, weights, along, place)
        found = _measure(copy, images, labels, cancelled)
        if found is None:
            return None
        measured.append(found)
        progress(len(measured), len(places))
    rows = [measured[start : start + len(x)] for start in range(0, len(places), len(x))]
    loss, error = (tuple(tuple(one[which] for one in row) for row in rows) for which in (0, 1))
    return Slice(x, y or (0.0,), loss, error, len(images), seed)


@torch.no_grad()
def _move(model: nn.Module, weights: Direction, along: tuple[Direction, ...], place: tuple[float, float]) -> None:
    """Set the weights of a model to θ + α·δ (+ β·η)."""
    parameters = dict(model.named_parameters())
    for name, weight in weights.items():
        parameters[name].copy_(weight)
        for direction, distance in zip(along, place, strict=False):
            if distance:
                parameters[name].add_(direction[name].to(weight.device), alpha=distance)


@torch.inference_mode()
def _measure(
    model: nn.Module, images: Tensor, labels: Tensor, cancelled: Callable[[], bool]
) -> tuple[float | None, float] | None:
    """Mean cross-entropy and share of wrong answers; None when cancelled."""
    total, wrong = 0.0, 0
    for pictures, truth in zip(images.split(BATCH), labels.split(BATCH), strict=True):
        if cancelled():
            return None
        logits = model(pictures.contiguous(memory_format=torch.channels_last)).float()
        total += float(F.cross_entropy(logits.double(), truth, reduction="sum"))
        right = (logits.argmax(1) == truth) & logits.isfinite().all(1)
        wrong += len(truth) - int(right.sum())
    loss = total / len(images)
    return (loss if math.isfinite(loss) else None), wrong / len(images)
