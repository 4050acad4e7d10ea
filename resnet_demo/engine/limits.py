"""What a run may ask of a machine, checked before a network is built, wherever the configuration comes from.

The estimate of memory is made from the layers' shapes, without allocating any of them.
"""

from __future__ import annotations

import os
from math import prod

import torch

from ..data.dataset import Dataset, DatasetInfo
from ..errors import Refusal
from ..models.describe import describe
from .config import TrainConfig
from .device import pick_precision


def check_limits(config: TrainConfig, dataset: Dataset | DatasetInfo, device: torch.device, processes: int = 1) -> None:
    """Raise Refusal if the run is too large for `device`, a ValueError if that cannot compute in the precision.

    processes: how many share a batch; the pictures are kept on the device of each.
    """
    pick_precision(config.precision, device)
    model = config.model
    share = shared_batch(config, dataset.learning_rows, processes) // processes
    description = describe(model)
    normalises = share == 1 and not config.freeze  # what is frozen does not normalise by its batch
    if normalises and any(prod(row.output_shape[1:]) == 1 for row in description.rows if row.kind.startswith("batch")):
        raise Refusal("unfit.one_picture", network=model.name, size=model.input_size)
    needed, there = estimate_bytes(config, share, dataset.train_rows), available_bytes(device)
    if there is not None and needed > there:
        sizes = {"needed": needed / 2**30, "there": there / 2**30}
        raise Refusal("unfit.memory", network=model.name, batch=share, device=device.type, **sizes)


def shared_batch(config: TrainConfig, train_rows: int, processes: int) -> int:
    """The pictures of one step over all processes: no more than there are, and as many for each process.

    Refusal where that leaves none.
    """
    batch = min(config.batch_size, train_rows) // processes * processes
    if not batch:
        raise Refusal("unfit.shared", batch=min(config.batch_size, train_rows), processes=processes)
    return batch


def estimate_bytes(config: TrainConfig, batch: int, rows: int) -> int:
    """Bytes that training takes with `batch` pictures at a time and `rows` in memory: weights, gradients and momentum
    in fp32; activations kept for the backward pass (each layer's output, four bytes a value); the pictures, one byte a
    value. What is frozen has no gradients and keeps no activations: one layer's input, its output and the shortcut's
    are there at a time, and the features of all pictures."""
    model = config.model
    description = describe(model)
    outputs = [prod(layer.output_shape) for layer in description.rows]
    values = 3 * max(outputs) if config.freeze else sum(outputs)
    trained = description.rows[-1].parameters if config.freeze else description.parameters
    features = rows * prod(description.rows[-2].output_shape) if config.freeze else 0
    pixels = model.in_channels * model.input_size**2
    kept = 4 * (description.parameters + features) + 8 * trained
    return kept + batch * 4 * values + (rows + 8 * batch) * pixels


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
