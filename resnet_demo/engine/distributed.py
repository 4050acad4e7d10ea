"""The other processes of a run under torchrun, or their absence: one small object that both cases share.

With one process every method is the identity. Must not depend on training.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.distributed as dist


@dataclass(frozen=True)
class World:
    """Which of how many processes this one is."""

    rank: int = 0
    size: int = 1

    @property
    def is_main(self) -> bool:
        """Whether this process writes the run."""
        return self.rank == 0

    def sum(self, values: torch.Tensor) -> torch.Tensor:
        """The sum of `values` over all processes, in place."""
        if self.size > 1:
            dist.all_reduce(values)
        return values

    def agree(self, values: Sequence[float], device: torch.device) -> list[float]:
        """The main process's `values`, so that clocks and stop requests mean the same to all."""
        if self.size == 1:
            return list(values)
        # MPS has no float64, and never has a second process
        shared = torch.tensor(values, dtype=torch.float64, device=device)
        dist.broadcast(shared, src=0)
        return shared.tolist()


def join(device_type: str) -> World:
    """Join the process group that torchrun describes in the environment; without torchrun, World().

    With CUDA each process takes the GPU of its LOCAL_RANK (nccl), else gloo is used.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        return World()
    if device_type == "cuda":
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    if not dist.is_initialized():
        dist.init_process_group("nccl" if device_type == "cuda" else "gloo")
    return World(dist.get_rank(), dist.get_world_size())


def leave() -> None:
    """Leave the process group, if there is one."""
    if dist.is_available() and dist.is_initialized():
        gc.collect()  # a network that still holds the group would take its threads down only while Python exits: abort
        dist.destroy_process_group()
