"""A run's log in the forms that TensorBoard and trackio read: numbers by step, and the configuration.

Each needs its package, which the rest of the project does not. Must not depend on a page or the command line.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timezone
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
PROJECT = "resnet_demo"  # that trackio shows the runs in


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
    began = _began(run)
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
            for step, seconds, numbers in _numbers(run):
                for tag, number in numbers.items():
                    writer.add_scalar(tag, number, step, began + seconds)
                    written += 1
        scratch.rename(target)
        return written
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_trackio(run: RunFolder, target: Path) -> int:
    """Write the run, in whatever state it is, as one of trackio's in the folder `target`, which may have others;
    returns how many numbers were written.

    Accuracies are 0 … 1. Times are as `write_tensorboard` has them. RunError if the folder has a run of this name, if
    the run has not begun, or if the package is not installed.
    """
    began, events = _began(run), list(_numbers(run))
    os.environ["TRACKIO_DIR"] = str(target.resolve())  # read when it is imported
    try:
        from trackio import SQLiteStorage
    except ImportError as error:
        raise RunError("no_trackio", command="pip install trackio") from error
    if run.id in SQLiteStorage.get_runs(PROJECT):
        raise RunError("target_exists", target=target / run.id)
    SQLiteStorage.bulk_log(
        project=PROJECT,
        run=run.id,
        metrics_list=[numbers for _, _, numbers in events],
        steps=[step for step, _, _ in events],
        timestamps=[datetime.fromtimestamp(began + seconds, timezone.utc).isoformat() for _, seconds, _ in events],
        config=public_config(run.config).to_dict(),
    )
    return sum(len(numbers) for _, _, numbers in events)


def _began(run: RunFolder) -> float:
    """When the run began, in seconds since the epoch; RunError if it has not."""
    began = next((event.time for event in run.events() if isinstance(event, RunStarted)), None)
    if began is None:
        raise RunError("not_begun", run=run.id)
    return began


def _numbers(run: RunFolder) -> Iterator[tuple[int, float, dict[str, float]]]:
    """(step, seconds trained until then, numbers by their tags) of each report and each epoch."""
    for event in run.events():
        if isinstance(event, StepMetrics | EpochDone):
            tags = REPORTS if isinstance(event, StepMetrics) else EPOCHS
            yield event.step, event.seconds, {tag: getattr(event, field) for field, tag in tags.items()}
