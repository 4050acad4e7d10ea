"""When a race did its steps, so that a member whose checkpoint lies behind goes over them at the race's own pace.

A race whose process is killed between the checkpoints of two members has them at different steps. By this record the
one behind does the steps in between with the learning rates that the other one had. Must not depend on networks or
clocks.
"""

from __future__ import annotations

from bisect import bisect_right

import torch
from torch import Tensor


class Pace:
    """Steps at which reports began, and the seconds of the race then: a report, and so its steps, has one time.

    kept: what `state` once gave, float64 (reports, 2).
    """

    def __init__(self, kept: Tensor | None = None):
        rows = [] if kept is None else kept.tolist()
        self._steps = [int(step) for step, _ in rows]
        self._seconds = [seconds for _, seconds in rows]

    def begin(self, step: int, seconds: float) -> None:
        """A report begins after `step` steps; what is known of later ones is forgotten."""
        known = bisect_right(self._steps, step - 1)
        self._steps[known:], self._seconds[known:] = [step], [seconds]

    def at(self, step: int) -> float:
        """Seconds when the report began in which the step after `step` was done; 0 where nothing is known."""
        known = bisect_right(self._steps, step)
        return self._seconds[known - 1] if known else 0.0

    def state(self) -> Tensor:
        """All of it, float64 (reports, 2)."""
        return torch.tensor([*zip(self._steps, self._seconds, strict=True)], dtype=torch.float64).reshape(-1, 2)
