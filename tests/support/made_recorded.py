"""Published runs of plain and residual networks of several depths, with logs that nobody trained."""

from __future__ import annotations

import math
from pathlib import Path

from made_published import make_published

from resnet_demo.engine.events import EpochDone, RunFinished, RunStarted, StepMetrics, to_line
from resnet_demo.runs.files import LOG
from resnet_demo.runs.folder import RunFolder

STEPS = 100  # of an epoch


def make_recorded(root: Path, name: str, *, epochs: int = 2, seed: int = 0, slow: float = 60.0, **options) -> RunFolder:
    """A published run whose log says that it learned: the slower, the larger `slow` (steps).

    The training error of its report at a step is 0.9 exp(-step / slow), its gradient norm 1 + step / 100.
    """
    shortcut = "none" if name.startswith("plain") else "A"
    folder = make_published(
        root, f"{name}-{epochs}-{seed}", model=name, shortcut=shortcut, seed=seed, epochs=epochs, **options
    )
    last = epochs * STEPS
    events: list = [RunStarted(STEPS, last, {}, "a machine", "fp32")]
    for step in range(2, last + 1, 2):
        error, seconds = 0.9 * math.exp(-step / slow), step / 20
        norm = 1 + step / 100
        events.append(StepMetrics(step, step / STEPS, step / last, seconds, 2.3 * error, 1 - error, 0.1, norm, 900.0))
        if step % STEPS == 0:
            passed = [2.3 * error, 1 - error, 2.4 * error, 0.98 - error]
            events.append(EpochDone(step, step / STEPS, seconds, *passed))
    events.append(RunFinished("finished", last, last / 20))
    (folder.path / LOG).write_text("".join(to_line(event) + "\n" for event in events), encoding="utf-8")
    return folder
