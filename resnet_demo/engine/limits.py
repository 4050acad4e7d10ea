"""What a run may ask of a machine, checked before a network is built and wherever the configuration comes
from.

The estimate of memory is made from the layers' shapes, without allocating any of them.
"""

from __future__ import annotations

import os
from math import prod

import torch

from ..data.dataset import Dataset
from ..models.describe import describe
from .config import TrainConfig
from .device import pick_precision

MAX_DEPTH = 1202  # the deepest network of He et al. 2015, section 4.2
MAX_CLASSES = 1_000
MAX_BATCH = 8_192
MAX_INPUT = 224


def check_limits(config: TrainConfig, dataset: Dataset, device: torch.device, processes: int = 1) -> None:
    """Raise ValueError, naming the field and its bound, if the run is too large for the project or for `device`.

    processes: how many share a batch; the pictures are kept on the device of each.
    """
    pick_precision(config.precision, device)
    model = config.model
    for field, value, bound in (
        ("depth", model.depth, MAX_DEPTH),
        ("num_classes", model.num_classes, MAX_CLASSES),
        ("batch_size", config.batch_size, MAX_BATCH),
        ("input_size", model.input_size, MAX_INPUT),
    ):
        if value > bound:
            raise ValueError(f"{field} is {value}, but at most {bound} can be trained here")
    share = shared_batch(config, len(dataset.split_rows(config.split_seed)[0]), processes) // processes
    description = describe(model)
    if share == 1 and any(prod(row.output_shape[1:]) == 1 for row in description.rows if row.kind.startswith("batch")):
        raise ValueError(
            f"batches of one picture cannot be normalised: {model.name} ends in maps of one pixel at "
            f"{model.input_size} px. Choose a batch of 2 or more for each process"
        )
    needed, there = estimate_bytes(config, share, len(dataset.train)), available_bytes(device)
    if there is not None and needed > there:
        raise ValueError(
            f"{model.name} with batches of {share} needs about {needed / 2**30:.1f} GiB, but {device.type} "
            f"has {there / 2**30:.1f} GiB free: choose a smaller batch or a smaller network"
        )


def shared_batch(config: TrainConfig, train_rows: int, processes: int) -> int:
    """The pictures of one step over all processes: no more than there are, and as many for each process.

    ValueError where that leaves none.
    """
    batch = min(config.batch_size, train_rows) // processes * processes
    if not batch:
        raise ValueError(
            f"a batch of {min(config.batch_size, train_rows)} pictures cannot be shared by {processes} processes"
        )
    return batch


def estimate_bytes(config: TrainConfig, batch: int, rows: int) -> int:
    """Bytes that training takes with `batch` pictures at a time and `rows` in memory: weights, gradients and momentum
    in fp32; activations kept for the backward pass (each layer's output, four bytes a value); the pictures, one byte a
    value."""
    model = config.model
    description = describe(model)
    values = sum(prod(layer.output_shape) for layer in description.rows)
    pixels = model.in_channels * model.input_size**2
    return 12 * description.parameters + batch * 4 * values + (rows + 8 * batch) * pixels


def available_bytes(device: torch.device) -> int | None:
    """Free memory of a GPU; available (else all) memory of the machine; None where neither can be asked."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
