"""Run a network part by part, through its own modules, so that nothing has to be hooked to see what each gives out.

Must not depend on images or on where networks are kept: who shares one holds its lock while it is walked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from ..data.augment import normalise
from ..models import ResNet
from ..models.blocks import Block
from ..models.cuts import block_names

BATCH = 50  # images at once: a pass of ResNet-56 holds a shared model's lock for a fraction of a second


def blocks(model: ResNet) -> list[tuple[str, Block]]:
    """The blocks from the input on, with their names."""
    return [(name, cast(Block, model.get_submodule(name))) for name in block_names(model.spec)]


def walk(model: ResNet, x: Tensor) -> Iterator[tuple[str, Tensor]]:
    """What each part gives out after its last ReLU, (N, C, h, w): "stem", "maxpool" where there is one, each block.

    The last are the features, from which `model.head` makes the logits. Nothing that was given out is overwritten.
    """
    x = model.stem(x)
    yield "stem", x
    if not isinstance(model.maxpool, nn.Identity):
        x = model.maxpool(x)
        yield "maxpool", x
    for name, block in blocks(model):
        x = block(x)
        yield name, x


def batches(
    images: np.ndarray, mean: tuple[float, ...], std: tuple[float, ...], size: int = BATCH
) -> Iterator[tuple[slice, Tensor]]:
    """(rows, their images as the network takes them), `size` at a time, as training and evaluation normalise them.

    images: uint8 (n, H, W, C). mean, std: one number a channel. Gives float32 (size, C, H, W), channels_last.
    """
    mean_, std_ = torch.tensor(mean), torch.tensor(std)
    for start in range(0, len(images), size):
        rows = slice(start, start + size)
        yield rows, normalise(torch.tensor(images[rows]), mean_, std_).permute(0, 3, 1, 2)
