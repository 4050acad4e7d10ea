"""How long a run in the queue will wait, from what those before it still have to do.

Must not depend on the queue itself, only on logs and lengths.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..folder import RunError, RunFolder


def remaining(run: RunFolder) -> float:
    """Seconds that a run will still train; infinity where nothing says so yet.

    A length in seconds says it; for steps and epochs the latest report does, once there is one.
    """
    config = run.config
    try:
        report = run.last_report()
    except RunError:
        report = None
    if config.unit == "seconds":
        return max(0.0, config.length - (report.seconds if report else 0.0))
    if report is None or not report.progress > 0:
        return math.inf
    return report.seconds * max(0.0, 1 / report.progress - 1)


def expected_wait(
    free: int, training: Sequence[tuple[int, float]], before: Sequence[tuple[int, float]], devices: int = 1
) -> float | None:
    """Seconds until a run that needs `devices` starts; None where nobody can say.

    free: devices that train nothing. training, before: (devices, seconds still to train) of the runs that train, and of
    those before it in the queue, of which none overtakes another.
    """
    times = sorted([0.0] * free + [seconds for count, seconds in training for _ in range(count)])
    start = 0.0
    for count, seconds in [*before, (devices, 0.0)]:
        if count > len(times):
            return None
        start = max(start, times[count - 1])
        times = sorted([start + seconds] * count + times[count:])
    return start if math.isfinite(start) else None
