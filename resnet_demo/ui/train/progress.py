"""What an epoch of a run looks like: two confusion matrices, and pictures that it gets wrong. No component.

It reads what the run recorded for that epoch and the pictures of its data set; without these there are no matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...data.dataset import Dataset
from ...engine.events import EpochDone
from ...metrics.confusion import ConfusionMatrix
from ...runs.folder import RunError, RunFolder
from ..components.address import PIXELATED_UP_TO, data_address
from ..components.matrix import as_text
from ..percent import percent
from ..text import Text
from ..text.classes import class_names

MOST_CLASSES = 100
MISTAKES = 24  # pictures in the strip


@dataclass(frozen=True)
class Epoch:
    """What the page shows of an epoch: values of the two matrices and of the strip; None: nothing to show."""

    train: dict[str, Any] | None = None
    validation: dict[str, Any] | None = None
    mistakes: dict[str, Any] | None = None


def epoch(run: RunFolder, step: int | None, dataset: Dataset | None, text: Text) -> Epoch:
    """What is recorded for the epoch that ended at `step`, None for the last one, with the pictures of `dataset`."""
    ended = [event for event in run.events() if isinstance(event, EpochDone) and step in (None, event.step)]
    if not ended or dataset is None:
        return Epoch()
    return _shown(run, ended[-1], dataset, text)


@dataclass(frozen=True, eq=False)
class Recorded:
    """What was answered in an epoch. train, validation: (rows of the training split, class that each one got)."""

    train: tuple[np.ndarray, np.ndarray]
    validation: tuple[np.ndarray, np.ndarray]


def recorded(run: RunFolder, event: EpochDone, dataset: Dataset) -> Recorded | None:
    """What a run recorded for an epoch; None where it was thinned out or was made on other pictures than these."""
    if dataset.fingerprint != run.config.fingerprint:
        return None
    try:
        record = run.epoch_record(event)
    except RunError:  # published runs keep some epochs
        return None
    train_rows, validation_rows = dataset.split_rows(run.config.split_seed)
    if (len(record.train), len(record.validation)) != (len(train_rows), len(validation_rows)):
        return None  # recorded on a part of these pictures: no row can be told from another
    seen = record.train_seen
    return Recorded(
        (train_rows[seen], record.train[seen].astype(np.int64)),
        (validation_rows, record.validation.astype(np.int64)),
    )


def _shown(run: RunFolder, event: EpochDone, dataset: Dataset, text: Text) -> Epoch:
    found = recorded(run, event, dataset)
    if found is None:
        return Epoch()
    labels = np.asarray(dataset.train.labels)
    names = class_names(run.config.classes, text.language)
    title = {"epoch": f"{event.epoch:.4g}"}

    def matrix(rows: np.ndarray, predicted: np.ndarray, which: str) -> dict[str, Any] | None:
        if len(names) > MOST_CLASSES or not len(rows):
            return None
        counts = ConfusionMatrix.from_predictions(labels[rows], predicted, run.config.classes)
        return {
            "title": text(f"train.matrix.{which}", accuracy=percent(counts.accuracy), **title),
            "classes": list(names),
            "counts": as_text(counts.counts),
            "normalise": "row",
            "note": text(f"train.matrix.{which}.note", count=f"{counts.total:,}"),
        }

    return Epoch(
        matrix(*found.train, "train"),
        matrix(*found.validation, "validation"),
        mistakes(dataset, *found.validation, names, text, event),
    )


def mistakes(
    dataset: Dataset, rows: np.ndarray, predicted: np.ndarray, names: tuple[str, ...], text: Text, event: EpochDone
) -> dict[str, Any]:
    """Validation pictures that got another class, at most MISTAKES; each stays as long as it is wrong."""
    labels = np.asarray(dataset.train.labels)[rows]
    wrong = np.flatnonzero(labels != predicted)
    # in an order of their own that does not depend on which are wrong, so that a picture stays until it is learnt
    order = np.random.RandomState(0).permutation(len(rows)).argsort()
    chosen = wrong[np.argsort(order[wrong])][:MISTAKES]
    return {
        "note": text("train.mistakes", wrong=f"{len(wrong):,}", count=f"{len(rows):,}", epoch=f"{event.epoch:.4g}"),
        "pixelated": dataset.image_shape[0] <= PIXELATED_UP_TO,
        "items": [
            {
                "source": data_address(dataset.train.picture(int(rows[row]))),
                "true": names[labels[row]],
                "predicted": names[int(predicted[row])],
                "probability": None,
                "index": int(rows[row]),
            }
            for row in chosen
        ],
    }
