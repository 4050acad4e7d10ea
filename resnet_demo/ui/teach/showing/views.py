"""What the tab Teach says of a run and of its threshold: pure functions."""

from __future__ import annotations

import math
import time
from typing import Any

from ....inference.classifier import Classifier
from ....library.teaching import Threshold
from ...percent import percent
from ...text import Text


def value(*, training: bool = False, model: str = "", threshold: Threshold | None = None) -> dict[str, Any]:
    """The value of `components.teacher`. model: the id of the run that answers live; threshold: of its answers."""
    live = None
    if threshold:
        live = {
            "model": model,
            "threshold": min(threshold.value, 2.0),
        }  # JSON has no infinity, and no answer is as sure
    return {"training": training, "live": live, "turn": time.monotonic()}


def started(backbone: Classifier, whole: bool, text: Text) -> str:
    """Which model learns, and what of it."""
    known = "teach.imagenet" if backbone.run is None else "teach.published"
    network = text(known, network=backbone.spec.title)
    return text("teach.started.whole" if whole else "teach.started", network=network)


def told(threshold: Threshold, text: Text) -> str:
    """How sure the model has to be, and how that was chosen."""
    of = {"total": threshold.total, "wanted": percent(threshold.wanted, 0, text.language)}
    if math.isinf(threshold.value):
        return text("teach.threshold.none", **of)
    value = percent(threshold.value, 0, text.language)
    return text("teach.threshold", value=value, right=threshold.right, answered=threshold.answered, **of)
