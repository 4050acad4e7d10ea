"""Random shifts, mirror images and cut-out squares for a batch at a time, on whatever device the batch lies.

Pure functions: what is drawn is a function of (seed, epoch) alone, and what is done with it a function of the batch and
the drawn numbers. A stopped run therefore needs no generator state to go on exactly where it was, and networks that are
compared see the same pictures. Must not depend on networks, devices or files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import torch
import torch.nn.functional as F
from pydantic import Field

from ..fields import check_fields


@dataclass(frozen=True)
class Augmentation:
    """Which augmentations a run uses (He et al. 2015, section 4.2, uses pad=4 and flip).

    pad: pixels of zeros on each side before a random crop back to size; 0 leaves the picture where it is.
    flip: mirror half of the pictures from left to right.
    cutout: side in pixels of a square set to zero, the data's mean (DeVries and Taylor 2017); 0 for none.
    """

    pad: Annotated[int, Field(ge=0, le=32)] = 4
    flip: bool = True
    cutout: Annotated[int, Field(ge=0, le=224)] = 0

    def __post_init__(self) -> None:
        check_fields(self)


UNCHANGED = Augmentation(pad=0, flip=False, cutout=0)


@dataclass(frozen=True)
class EpochPlan:
    """Everything random about one epoch over N rows, drawn before it begins.

    order: int64 (N,), a permutation. shift: int64 (N, 2), the crop's corner (row, column), 0 … 2·pad.
    flip: bool (N,). hole: int64 (N, 2), the centre of the cut-out square. Entry k belongs to the k-th picture
    *seen*.
    """

    order: torch.Tensor
    shift: torch.Tensor
    flip: torch.Tensor
    hole: torch.Tensor

    def to(self, device: torch.device) -> EpochPlan:
        """The same plan on `device`."""
        return EpochPlan(*(t.to(device) for t in (self.order, self.shift, self.flip, self.hole)))

    def __getitem__(self, part: slice) -> EpochPlan:
        return EpochPlan(self.order[part], self.shift[part], self.flip[part], self.hole[part])


def plan_epoch(rows: int, size: int, augmentation: Augmentation, seed: int, epoch: int) -> EpochPlan:
    """Draw the plan of `epoch` (from 0) over `rows` pictures of `size` pixels; equal arguments, equal plan.

    All four parts are always drawn, so that switching one augmentation off does not change the others'
    numbers.
    """
    random = np.random.RandomState([seed & 0xFFFFFFFF, epoch])
    order = random.permutation(rows)
    shift = random.randint(0, 2 * augmentation.pad + 1, (rows, 2))
    flip = random.randint(0, 2, rows).astype(bool) & augmentation.flip
    hole = random.randint(0, size, (rows, 2))
    return EpochPlan(*(torch.from_numpy(np.ascontiguousarray(part)) for part in (order, shift, flip, hole)))


def normalise(images: torch.Tensor, mean: torch.Tensor, std: torch.Tensor) -> torch.Tensor:
    """uint8 (B, H, W, C) → float32 (B, H, W, C): (x / 255 - mean) / std; `mean` and `std` have shape (C,)."""
    return images.float().mul_(1 / (255 * std)).sub_(mean / std)


def augment(images: torch.Tensor, plan: EpochPlan, augmentation: Augmentation) -> torch.Tensor:
    """Apply a plan's B entries to normalised pictures, float (B, H, W, C) → float (B, H, W, C), same device.

    Padding and holes are zero, which after normalisation is the data's mean.
    """
    batch, height, width, channels = images.shape
    pad = augmentation.pad
    if pad or augmentation.flip:
        row = plan.shift[:, :1] + torch.arange(height, device=images.device)
        column = torch.arange(width, device=images.device).expand(batch, width)
        column = plan.shift[:, 1:] + torch.where(plan.flip[:, None], width - 1 - column, column)
        if pad:
            images = F.pad(images, (0, 0, pad, pad, pad, pad))
        which = torch.arange(batch, device=images.device)[:, None, None]
        # one flat list of pixels to take: on a CPU 1.5 times as fast as indexing by three tensors
        pixels = (which * images.shape[1] + row[:, :, None]) * images.shape[2] + column[:, None, :]
        images = images.flatten(0, 2).index_select(0, pixels.flatten()).view(batch, height, width, channels)
    if augmentation.cutout:
        reach = augmentation.cutout / 2
        away_y = (torch.arange(height, device=images.device) - plan.hole[:, :1] + 0.5).abs()
        away_x = (torch.arange(width, device=images.device) - plan.hole[:, 1:] + 0.5).abs()
        inside = (away_y < reach)[:, :, None] & (away_x < reach)[:, None, :]
        images = images.masked_fill(inside[..., None], 0.0)
    return images
