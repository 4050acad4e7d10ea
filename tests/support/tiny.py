"""A data set of a few hundred random pictures and a configuration of a few steps: enough to exercise the loop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from resnet_demo.data.dataset import Dataset, Split, channel_statistics
from resnet_demo.engine.config import TrainConfig
from resnet_demo.models import ModelSpec

ENDLESS = {"length": 1000.0, "unit": "seconds"}  # longer than any test waits, and too short to be compiled


def tiny_dataset(rows: int = 200, size: int = 8, classes: int = 4, seed: int = 0, noise: bool = True) -> Dataset:
    random = np.random.RandomState(seed)

    def split(n: int) -> Split:
        labels = random.randint(0, classes, n).astype(np.int64)
        images = random.randint(0, 256 if noise else 60, (n, size, size, 3)).astype(np.uint8)
        images[:, : size // 2, : size // 2] = (labels * 60)[:, None, None, None]  # something to learn
        return Split(images, labels)

    train, test = split(rows), split(50)
    mean, std = channel_statistics(train.images)
    names = tuple(f"class {i}" for i in range(classes))
    return Dataset("tiny", names, train, test, mean, std, fingerprint=f"tiny-{rows}-{seed}")


def tiny_config(dataset: Dataset, **changes) -> TrainConfig:
    config = TrainConfig(
        ModelSpec.from_name("resnet8"),
        data="tiny",
        length=12,
        unit="steps",
        batch_size=32,
        precision="fp32",
        threads=1,
    )
    return replace(config.for_dataset(dataset), **changes)
