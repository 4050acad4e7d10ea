"""How long networks take for one picture on this machine: measured in turn, so that all share what else goes on.

Trained values would take the same time as the initial ones used here. Measured on the CPU, where the page answers. Must
not depend on a page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import torch
from torch import nn

from ..models import ModelSpec, build_model

ROUNDS = 15
PASSES = 5  # of a network in one round, of which the mean counts


@dataclass(frozen=True)
class Latency:
    """Milliseconds that one picture takes in each round, fp32, batch of one, without decoding it."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Of the rounds."""
        return median(self.rounds)

    @property
    def low(self) -> float:
        """The fastest round."""
        return min(self.rounds)

    @property
    def high(self) -> float:
        """The slowest round."""
        return max(self.rounds)


def measure_latency(
    specs: Sequence[ModelSpec],
    *,
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.perf_counter,
    say: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[Latency, ...]:
    """The latency of each network, in their order.

    Each round measures every network once, beginning with another one each time; one more round before warms up and
    does not count. clock: gives seconds. say: told (rounds done, rounds in all). ValueError for fewer than one round.
    """
    if rounds < 1:
        raise ValueError(f"rounds must be 1 or more, not {rounds}")
    networks = [_network(spec) for spec in specs]
    measured: list[list[float]] = [[] for _ in specs]
    for number in range(rounds + 1):
        for turn in range(len(specs)):
            at = (number + turn) % len(specs)
            took = _milliseconds(*networks[at], clock)
            if number:
                measured[at].append(took)
        say(number, rounds)
    return tuple(Latency(tuple(one)) for one in measured)


def _network(spec: ModelSpec) -> tuple[nn.Module, torch.Tensor]:
    """The network as `store` keeps it, and a picture for it: noise, for its content does not matter."""
    model = build_model(spec).eval().requires_grad_(False).to(memory_format=torch.channels_last)
    size = (1, spec.in_channels, spec.input_size, spec.input_size)
    picture = torch.randn(size, generator=torch.Generator().manual_seed(0))
    return model, picture.contiguous(memory_format=torch.channels_last)


def _milliseconds(model: nn.Module, picture: torch.Tensor, clock: Callable[[], float]) -> float:
    with torch.inference_mode():
        began = clock()
        for _ in range(PASSES):
            model(picture)
        return 1000 * (clock() - began) / PASSES
