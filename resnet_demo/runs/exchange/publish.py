"""A finished run in the form in which it is published: small, evaluated from the very file that is published, and
with a manifest that says what it is and how to make it again.

Must not depend on the command line; the command that makes a run again is an argument.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import torch
from safetensors.torch import save_file

from ...data.dataset import Dataset
from ...data.own import OWN
from ...engine.config import TrainConfig
from ...engine.evaluate import Predictions
from ...engine.events import EpochDone, Event, Resumed, RunFinished, RunStarted, StepMetrics, to_line
from ..execute import evaluate_run
from ..files import CONFIG, EPOCHS, LOG, MANIFEST, PREDICTIONS, WEIGHTS
from ..folder import RunError, RunFolder, epoch_file, with_lossless
from ..records import OBJECT, read
from ..writer import json_bytes, replace_file, write_labels, write_predictions

MAX_EPOCHS = 20
MAX_REPORTS = 600
BEST = 3  # classes of each prediction that are published without weights


def publish(
    source: RunFolder,
    target: Path,
    dataset: Dataset,
    device: torch.device,
    command: str,
    title: str,
    *,
    with_weights: bool = True,
) -> dict:
    """Write the run `source` to the new folder `target` and return its manifest.

    Weights in fp16; at most 600 reports and 20 epochs' predictions, with the labels they are compared with; logits of
    the evaluation sets, computed in fp32 from the fp16 file; never `resume.pt`. with_weights: false leaves the weights
    out and keeps of each prediction the first BEST classes; all else, accuracies too, is as it would be with them.
    Raises RunError if the run has not finished, if `target` exists, or if `dataset` is not the one that the run was
    trained on.
    """
    if source.state() != "finished":
        raise RunError("not_finished", run=source.id, state=source.state())
    if dataset.fingerprint != source.config.fingerprint:
        raise RunError("other_files", run=source.id)
    if target.exists():
        raise RunError("target_exists", target=target)
    scratch = target.with_name(f".{target.name}.part")
    shutil.rmtree(scratch, ignore_errors=True)
    (scratch / EPOCHS).mkdir(parents=True)
    try:
        config = public_config(source.config)
        (scratch / CONFIG).write_bytes(json_bytes(config.to_dict()))
        weights = source.load_model().state_dict()
        half = {name: value.half() if value.is_floating_point() else value for name, value in weights.items()}
        if not all(value.isfinite().all() for value in half.values()):
            raise RunError("half_precision", run=source.id)
        save_file(half, scratch / WEIGHTS)

        events = source.events()
        (scratch / LOG).write_text("".join(to_line(e) + "\n" for e in thin_reports(events)), encoding="utf-8")
        for event in thin([e for e in events if isinstance(e, EpochDone)], MAX_EPOCHS):
            shutil.copyfile(source.path / EPOCHS / epoch_file(event), scratch / EPOCHS / epoch_file(event))

        write_labels(RunFolder(scratch), dataset)
        predictions = evaluate_run(RunFolder(scratch), dataset, device)
        write_predictions(scratch / PREDICTIONS, predictions, dataset, best=None if with_weights else BEST)
        if not with_weights:
            (scratch / WEIGHTS).unlink()
        manifest = make_manifest(scratch, config, events, dataset, predictions, command, title)
        (scratch / MANIFEST).write_bytes(json_bytes(manifest))
        scratch.rename(target)
        return manifest
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def public_config(config: TrainConfig) -> TrainConfig:
    """The configuration without what only this machine should know: paths, and ids that let one read a run."""
    initial = config.initial if config.initial.startswith("imagenet/") else _without_key(config.initial)
    data = "own pictures" if config.data.startswith(OWN) else Path(config.data).name
    return replace(config, data=data, race="", parent=_without_key(config.parent), initial=initial)


def _without_key(run: str) -> str:
    """The name of a run, or of a file of weights, without its folder and what nobody can guess."""
    return re.sub(r"-[0-9a-f]{16,}$", "", Path(run).name)


def make_manifest(
    folder: Path,
    config: TrainConfig,
    events: list[Event],
    dataset: Dataset,
    predictions: dict[str, Predictions],
    command: str,
    title: str,
) -> dict[str, Any]:
    """What the published run says about itself."""
    started = next(event for event in events if isinstance(event, RunStarted))
    finished = next(event for event in events if isinstance(event, RunFinished))
    return {
        "title": title,
        "command": command,
        "seeds": [config.seed],
        "fingerprint": dataset.fingerprint,
        "epochs": round(finished.step / started.steps_per_epoch, 3),
        "steps": finished.step,
        "hardware": started.hardware,
        "precision": started.precision,
        "processes": started.processes,
        "versions": dict(started.versions),
        "resumed": sum(isinstance(event, Resumed) for event in events),
        "training_seconds": round(finished.seconds, 1),
        "accuracy": {
            name: {
                "n": len(answers.rows),
                "correct": answers.correct,
                "accuracy": round(answers.accuracy, 5),
                "low": round(answers.interval().low, 5),
                "high": round(answers.interval().high, 5),
            }
            for name, answers in with_lossless(predictions, dataset.lossless_test_rows).items()
        },
        "weights": (folder / WEIGHTS).is_file(),
        "config": config.to_dict(),
        "sha256": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
    }


def verify(folder: RunFolder) -> None:
    """Check each file of a published run against its manifest, if it has one; RunError names the first that differs,
    or what is damaged."""
    if folder.damage:
        raise folder.damage
    for name, digest in (folder.manifest or {"sha256": {}})["sha256"].items():
        path = folder.path / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise RunError("not_published", file=f"{folder.id}/{name}")


def add_file(folder: RunFolder, name: str, content: bytes) -> None:
    """Write a file into a run, over one of this name, and its digest into the manifest of a published one.

    Nothing else in the manifest changes, so that what was damaged before is still found by `verify`.
    """
    replace_file(folder.path / name, lambda file: file.write(content))
    if folder.manifest:
        manifest = read(folder.path / MANIFEST, OBJECT.validate_json)
        digests = {**manifest["sha256"], name: hashlib.sha256(content).hexdigest()}
        manifest = {**manifest, "sha256": dict(sorted(digests.items()))}
        replace_file(folder.path / MANIFEST, lambda file: file.write(json_bytes(manifest)))


def thin(items: list, most: int) -> list:
    """At most `most` of the items, evenly spread, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]


def thin_reports(events: Iterable[Event]) -> list[Event]:
    """The log with at most about 600 reports, each the mean of those it stands for; checkpoints are left out."""
    events = [event for event in events if isinstance(event, RunStarted | StepMetrics | EpochDone | RunFinished)]
    reports = sum(isinstance(event, StepMetrics) for event in events)
    group = -(-reports // MAX_REPORTS) or 1
    kept: list[Event] = []
    waiting: list[StepMetrics] = []
    for event in events:
        if isinstance(event, StepMetrics):
            waiting.append(event)
            if len(waiting) < group:
                continue
        if waiting:
            kept.append(_mean(waiting))
            waiting = []
        if not isinstance(event, StepMetrics):
            kept.append(event)
    return kept + ([_mean(waiting)] if waiting else [])


def _mean(reports: list[StepMetrics]) -> StepMetrics:
    """One report for several: position, rate and norm of the last, means of the others."""
    averaged = ("loss", "accuracy", "images_per_second")
    means: dict[str, Any] = {name: fmean(getattr(r, name) for r in reports) for name in averaged}
    return replace(reports[-1], **means)
