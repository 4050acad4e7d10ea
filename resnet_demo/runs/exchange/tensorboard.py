"""A run's log in the form that TensorBoard reads: scalars by step, and the configuration as text.

It needs the package `tensorboard`, which the rest of the project does not. Must not depend on a page or the command
line.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ...engine.events import EpochDone, RunStarted, StepMetrics
from ..folder import RunError, RunFolder
from .publish import public_config

# tag of each chart, by the event's field; "train" and "validation" of one quantity share a prefix and so a group
REPORTS = {
    "loss": "loss/train, running",
    "accuracy": "accuracy/train, running",
    "lr": "recipe/learning rate",
    "grad_norm": "recipe/gradient norm",
    "images_per_second": "speed/images per second",
}
EPOCHS = {
    "train_loss": "loss/train",
    "validation_loss": "loss/validation",
    "train_accuracy": "accuracy/train",
    "validation_accuracy": "accuracy/validation",
}


def write_tensorboard(run: RunFolder, target: Path) -> int:
    """Write the run, in whatever state it is, to the new folder `target`; returns how many numbers were written.

    Accuracies are 0 … 1. The wall time of a number is that of the run's start and the seconds trained until then, so
    that TensorBoard's relative time is time trained, pauses left out. RunError if `target` exists, if the run has not
    begun, or if the package is not installed.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise RunError("no_tensorboard", command="pip install tensorboard") from error
    events = run.events()
    began = next((event.time for event in events if isinstance(event, RunStarted)), None)
    if began is None:
        raise RunError("not_begun", run=run.id)
    if target.exists():
        raise RunError("target_exists", target=target)
    scratch = target.with_name(f".{target.name}.part")
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        written = 0
        with SummaryWriter(str(scratch)) as writer:
            config = json.dumps(public_config(run.config).to_dict(), indent=1, ensure_ascii=False)
            indented = "".join(f"    {line}\n" for line in config.splitlines())  # Markdown for text as it stands
            writer.add_text("configuration", indented, 0, began)
            for event in events:
                if not isinstance(event, StepMetrics | EpochDone):
                    continue
                for field, tag in (REPORTS if isinstance(event, StepMetrics) else EPOCHS).items():
                    writer.add_scalar(tag, getattr(event, field), event.step, began + event.seconds)
                    written += 1
        scratch.rename(target)
        return written
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
