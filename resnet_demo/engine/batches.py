"""The pictures of a run on one device, and the batch of each step; the members of a race share them.

Order and augmentation are functions of seed and epoch, so that a batch is one of its step. Must not depend on networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..data.augment import EpochPlan, augment, normalise, plan_epoch
from ..data.dataset import Dataset
from .config import TrainConfig
from .distributed import World
from .limits import shared_batch


@dataclass(frozen=True, eq=False)
class Batch:
    """What this process is fed in one step. order: int64 (B,), positions among the training rows. pictures: float32
    (B, H, W, C), normalised and augmented. labels: int64 (B,)."""

    order: Tensor
    pictures: Tensor
    labels: Tensor

    def checksum(self) -> Tensor:
        """64 bits on the device, int64 (), of all bits of the pictures and labels; their order counts. Waits for
        nothing."""
        bits = self.pictures.flatten(1).view(torch.int32)
        places = torch.arange(bits.shape[1], dtype=torch.int32, device=bits.device)
        each = (bits * (2 * places + 1)).sum(1) * 0x9E3779B1 + self.labels  # products wrap around
        return (each * (2 * torch.arange(len(each), device=bits.device) + 1)).sum()


class Batches:
    """A data set's pictures on `device`, and the batches of `config` for this process of the `world`.

    size: pictures of a step, over all processes. steps_per_epoch: whole batches only.
    """

    def __init__(self, config: TrainConfig, dataset: Dataset, device: torch.device, world: World):
        train_rows, validation_rows = dataset.split_rows(config.split_seed)
        self.size = shared_batch(config, len(train_rows), world.size)
        self.steps_per_epoch = len(train_rows) // self.size
        self.share = self.size // world.size
        self.config, self.device, self.rank = config, device, world.rank
        self.images = torch.from_numpy(np.array(dataset.train.images)).to(device)  # a copy: memory-mapped on disk
        self.labels = torch.tensor(dataset.train.labels, device=device)
        self.train_rows = torch.from_numpy(train_rows).to(device)
        self.validation_rows = torch.from_numpy(validation_rows).to(device)
        self.mean, self.std = (torch.tensor(v, device=device) for v in (config.mean, config.std))
        self._plan: tuple[int, EpochPlan] | None = None
        self._last: tuple[int, Batch] | None = None

    def order_at(self, step: int) -> Tensor:
        """The `order` of `at(step)`, without making its pictures."""
        return self._part_of(step).order

    def order_of(self, epoch: int) -> Tensor:
        """All positions among the training rows in the order of an epoch, int64 (rows,), for all processes."""
        return self._plan_of(epoch).order

    def at(self, step: int) -> Batch:
        """The batch of `step` (from 0); who asks for the same one again gets the same tensors."""
        if self._last is None or self._last[0] != step:
            self._last = None  # what is not needed any more is free before the next one is made
            self._last = step, self._make(step)
        return self._last[1]

    def _make(self, step: int) -> Batch:
        part = self._part_of(step)
        rows = self.train_rows[part.order]
        pictures = augment(normalise(self.images[rows], self.mean, self.std), part, self.config.augmentation)
        return Batch(part.order, pictures, self.labels[rows])

    def _part_of(self, step: int) -> EpochPlan:
        start = step % self.steps_per_epoch * self.size + self.rank * self.share
        return self._plan_of(step // self.steps_per_epoch)[start : start + self.share]

    def _plan_of(self, epoch: int) -> EpochPlan:
        if self._plan is None or self._plan[0] != epoch:
            config = self.config
            plan = plan_epoch(len(self.train_rows), self.images.shape[1], config.augmentation, config.seed, epoch)
            self._plan = epoch, plan.to(self.device)
        return self._plan[1]
