"""What a frozen network gives its last layer: the features of each image, computed once and kept for the run.

Contract: an image's features do not depend on when they are needed, so a resumed run has those of one that was never
stopped, bit for bit. What a kernel rounds may depend on the batch, so an image is always computed within the batch of
the first epoch that it belongs to: in that epoch each step computes its own batch, as it would without being frozen,
and a run that is stopped then has computed nothing in vain. Must not depend on what is learned from features.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..models.resnet import ResNet
from .batches import Batches
from .evaluate import BATCH, autocast, compute_features


class FrozenFeatures:
    """The features of a run's images; `model` must not change but for its last layer."""

    def __init__(self, model: ResNet, batches: Batches, precision: str):
        self.model, self.batches, self.precision = model, batches, precision
        self._parts = batches.order_of(0).split(batches.share)
        part_of = torch.empty(len(batches.train_rows), dtype=torch.int64)
        for number, part in enumerate(self._parts):
            part_of[part.cpu()] = number
        self._part_of = part_of  # in the memory of the host, which has to know what is missing
        self._missing = set(range(len(self._parts)))
        self._training: Tensor | None = None
        self._validation: Tensor | None = None

    def at(self, order: Tensor) -> Tensor:
        """Those of training images, (B, channels). order: their positions among the training rows."""
        if self._missing:
            for number in self._missing.intersection(self._part_of[order.cpu()].tolist()):
                self._compute(number)
        assert self._training is not None
        return self._training[order]

    def validation_logits(self) -> Tensor:
        """Logits of the validation images, float32 (n, classes), with the last layer as it is now."""
        if self._validation is None:
            self._validation = self._of(self.batches.validation_rows, BATCH)
        with torch.inference_mode(), autocast(self.batches.device, self.precision):
            return torch.cat([self.model.fc(part).float() for part in self._validation.split(BATCH)])

    def _compute(self, number: int) -> None:
        part = self._parts[number]
        values = self._of(self.batches.train_rows[part], len(part))
        if self._training is None:
            self._training = values.new_empty((len(self._part_of), values.shape[1]))
        self._training[part] = values
        self._missing.remove(number)

    def _of(self, rows: Tensor, batch: int) -> Tensor:
        data = self.batches
        return compute_features(self.model, data.images, rows, data.mean, data.std, self.precision, batch)
