"""Runs whose time limit ended them before they had learned much, and how long they would take. No words, no Gradio."""

from __future__ import annotations

from dataclasses import dataclass

from ..engine.events import EpochDone, RunFinished
from ..runs.folder import RunFolder
from ..services import Services
from .runs import damage

LENGTHS = (60, 120, 300, 600, 1800)  # seconds of a further run that are offered
ENOUGH = 300  # steps after which a run has learned something, where none on the same data is published


@dataclass(frozen=True)
class SlowRun:
    """What a run reached until its time was over, and what more it needs.

    accuracy, recorded_accuracy: on the validation set; the recorded one is None without a published run on its data.
    recorded_steps: what that run did, else ENOUGH. further: seconds that are offered, one of LENGTHS or
    the most that a run may train here.
    """

    seconds: float
    steps: int
    accuracy: float
    recorded_accuracy: float | None
    recorded_steps: int
    further: float


def slow_run(services: Services, run: RunFolder) -> SlowRun | None:
    """The numbers of a run that was too slow to learn, None for any other.

    Too slow is a run with a limit in seconds that finished with fewer steps than the best published run on the same
    data, at a validation accuracy below twice that of guessing or below half of that run's.
    """
    end, epoch = run.last_turn(), last_epoch(run)
    if run.config.unit != "seconds" or epoch is None or not isinstance(end, RunFinished) or end.status != "finished":
        return None
    recorded = best_published(services, run)
    steps, least = (recorded.step, recorded.validation_accuracy / 2) if recorded else (ENOUGH, 0)
    if not 0 < end.step < steps or epoch.validation_accuracy >= max(2 / len(run.config.classes), least):
        return None
    wanted = end.seconds * steps / end.step
    offered = next((length for length in LENGTHS if length >= wanted), LENGTHS[-1])
    return SlowRun(
        seconds=run.config.length,
        steps=end.step,
        accuracy=epoch.validation_accuracy,
        recorded_accuracy=recorded.validation_accuracy if recorded else None,
        recorded_steps=steps,
        further=min(offered, services.manager.limits.seconds),
    )


def best_published(services: Services, run: RunFolder) -> EpochDone | None:
    """The last epoch of the most accurate published run on the same images."""
    published = (one for one in services.runs.list() if services.runs.is_published(one) and not damage(one))
    ends = [last_epoch(one) for one in published if one.config.fingerprint == run.config.fingerprint]
    return max(filter(None, ends), key=lambda end: end.validation_accuracy, default=None)


def last_epoch(run: RunFolder) -> EpochDone | None:
    """Where the run was validated last."""
    return next((event for event in reversed(run.events()) if isinstance(event, EpochDone)), None)
