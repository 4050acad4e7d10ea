"""The learning rate as a pure function of progress.

Progress runs from 0 (before the first step) to 1 (the end), whatever the length of a run is counted in, so
that a run of 30 seconds ends annealed after 30 seconds. It knows neither steps, clocks nor optimizers.
"""

from __future__ import annotations

from typing import Literal, get_args

Schedule = Literal["step", "onecycle", "constant"]
SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)


def learning_rate(progress: float, *, schedule: str, peak: float, warmup: float) -> float:
    """The learning rate at `progress` in [0, 1].

    "step": `peak`, a tenth of it from 1/2 on, a hundredth from 3/4 on: 32k and 48k of 64k steps (He et al.
    2015,
        section 4.2); during `warmup` (a share of the run) also a tenth, as the paper warms up its ResNet-110.
    "onecycle": a straight line up to `peak` during `warmup`, then a straight line down to 0 (after Smith and
        Topin 2018, in the two-piece form of the CIFAR speed runs).
    "constant": `peak` throughout.
    """
    progress = min(max(progress, 0.0), 1.0)
    if schedule == "constant":
        return peak
    if schedule == "step":
        if progress < warmup:
            return peak / 10
        return peak if progress < 0.5 else peak / 10 if progress < 0.75 else peak / 100
    if schedule == "onecycle":
        return peak * (progress / warmup if progress < warmup else (1 - progress) / (1 - warmup))
    raise ValueError(f"schedule must be one of {', '.join(SCHEDULES)}, not {schedule!r}")
