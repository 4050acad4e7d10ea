"""What a confusion matrix is made from: the answers of a run on one of its sets, or those that a visitor brought.

It reads what runs recorded and knows no component. Pictures are looked up by the rows that the predictions name, and
only in the very data they were made on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ...data.dataset import Dataset, Split
from ...data.errors import DataError
from ...data.predictions import Table
from ...engine.evaluate import Predictions
from ...engine.events import EpochDone
from ...metrics.confusion import ConfusionMatrix
from ...metrics.groups import merged_labels, merged_probabilities
from ...metrics.ranking import softmax
from ...runs.folder import EPOCHS, RunError, RunFolder, epoch_file
from ...services import Services
from ..text import Text
from ..train.launching import dataset_of
from ..train.viewing import is_here

RUNNING, EPOCH = "running", "epoch"  # sets that are recorded while a run trains: training pass, validation
TRAINED = "train"  # rows of the training split
OF_TRAINING = (TRAINED, "validation", RUNNING, EPOCH)  # whose rows are rows of the training split, others of the test


@dataclass(frozen=True, eq=False)
class Answers:
    """n answers to n pictures or rows.

    classes: their names. labels, predicted: int64 (n,). probabilities: float32 (n, classes), None where only the
    classes are known. rows: int64 (n,), where the pictures stand in their split, None where there are none. ids: names
    of the rows that a visitor brought. run, name: of which run and set, "" for a visitor's. split: where the pictures
    are if they are a visitor's.
    """

    classes: tuple[str, ...]
    labels: np.ndarray
    predicted: np.ndarray
    probabilities: np.ndarray | None = None
    rows: np.ndarray | None = None
    ids: tuple[str, ...] | None = None
    run: RunFolder | None = None
    name: str = ""
    split: Split | None = None

    @cached_property
    def matrix(self) -> ConfusionMatrix:
        """Rows true, columns predicted."""
        return ConfusionMatrix.from_predictions(self.labels, self.predicted, self.classes)

    @cached_property
    def confidence(self) -> np.ndarray | None:
        """float32 (n,): the probability of the answer, None where it is not known."""
        if self.probabilities is None:
            return None
        return np.take_along_axis(self.probabilities, self.predicted[:, None], axis=1)[:, 0]

    def cell(self, true: int, predicted: int) -> np.ndarray:
        """Positions of the answers in one cell, the most confident first."""
        found = np.flatnonzero((self.labels == true) & (self.predicted == predicted))
        if self.confidence is None:
            return found
        return found[np.argsort(-self.confidence[found], kind="stable")]


def sets_of(run: RunFolder) -> list[str]:
    """The names of the sets whose answers a run has, the one to begin with first."""
    try:
        found = list(run.predictions())
        recorded = any(isinstance(event, EpochDone) for event in run.events())
    except RunError:
        return []
    order = [name for name in ("test-lossless", "test", "validation", TRAINED) if name in found]
    first = ["test"] if "test" in order else []
    rest = [name for name in order if name not in first]
    return [*first, *rest, *([RUNNING, EPOCH] if recorded else [])]


def answers(services: Services, run: RunFolder, name: str) -> Answers | None:
    """The answers of a run on a set, of RUNNING and EPOCH those of the last epoch; None where it has none.

    What was recorded in an epoch needs the labels of the data it was made on.
    """
    if name not in (RUNNING, EPOCH):
        found = run.predictions().get(name)
        return None if found is None else from_predictions(found, run, name)
    ended = epochs(run)
    if not ended or not is_here(services, run.config.data):
        return None
    try:
        return recorded(run, name, ended[-1], dataset_of(services, run.config))
    except (DataError, OSError):
        return None


def from_table(table: Table) -> Answers:
    """The answers in a file that a visitor brought."""
    return Answers(table.classes, table.true, table.predicted, table.probabilities, ids=table.ids)


def from_predictions(found: Predictions, run: RunFolder, name: str) -> Answers:
    """Answers with probabilities, of logits; without where they are not finite numbers."""
    probabilities = softmax(found.logits)
    return Answers(
        classes=run.config.classes,
        labels=found.labels,
        predicted=found.logits.argmax(1).astype(np.int64),
        probabilities=probabilities if np.isfinite(probabilities).all() else None,
        rows=found.rows,
        run=run,
        name=name,
    )


def epochs(run: RunFolder) -> list[EpochDone]:
    """The epochs of a run whose answers are recorded."""
    folder = run.path / EPOCHS
    return [e for e in run.events() if isinstance(e, EpochDone) and (folder / epoch_file(e)).is_file()]


def scrubbed(services: Services, run: RunFolder, text: Text) -> dict[str, Any]:
    """The recorded epochs for the component `scrubber`."""
    running = services.manager.status(run.id).state in ("queued", "running")
    ended = [[event.step, event.epoch] for event in epochs(run)]
    return {"run": run.id, "epochs": ended, "running": running, "step": None, "note": text("confusion.time.none")}


def recorded(run: RunFolder, name: str, event: EpochDone, dataset: Dataset) -> Answers | None:
    """The answers that were recorded for an epoch, None where these are not the pictures they were made on."""
    if dataset.fingerprint != run.config.fingerprint:
        return None
    train_rows, validation_rows = dataset.split_rows(run.config.split_seed)
    record = run.epoch_record(event)
    if (len(record.train), len(record.validation)) != (len(train_rows), len(validation_rows)):
        return None
    labels = np.asarray(dataset.train.labels)
    seen = record.train_seen
    rows, predicted = (
        (train_rows[seen], record.train[seen]) if name == RUNNING else (validation_rows, record.validation)
    )
    return Answers(run.config.classes, labels[rows], predicted.astype(np.int64), rows=rows, run=run, name=name)


@dataclass(frozen=True)
class Pictures:
    """Where the pictures of answers are. split: None where they are not to be had; why: fingerprint, absent, or ""."""

    split: Split | None
    why: str = ""


def pictures(services: Services, found: Answers) -> Pictures:
    """The split that the rows of the answers stand in, if this machine has the very data they were made on."""
    if found.split is not None:
        return Pictures(found.split)
    if found.run is None or found.rows is None:
        return Pictures(None, "none")
    config = found.run.config
    if not is_here(services, config.data):
        return Pictures(None, "absent")
    try:
        dataset = dataset_of(services, config)
    except (DataError, OSError):
        return Pictures(None, "absent")
    made_on = found.run.predictions_fingerprint() if found.name not in (RUNNING, EPOCH) else config.fingerprint
    if dataset.fingerprint != (made_on or config.fingerprint):
        return Pictures(None, "fingerprint")
    split = dataset.train if found.name in OF_TRAINING else dataset.test
    return (
        Pictures(split) if split is not None and found.rows.max(initial=-1) < len(split) else Pictures(None, "absent")
    )


def with_pictures(found: Answers, split: Split) -> Answers:
    """The answers, with the pictures that their rows stand for."""
    return replace(found, split=split)


def grouped(found: Answers, groups: dict[str, Sequence[int]]) -> Answers:
    """The answers with some classes merged; probabilities of a group are the sums of its classes'."""
    if not groups:
        return found
    names, place = merged_labels(groups, found.classes)
    known = found.probabilities
    probabilities = None if known is None else merged_probabilities(known, place)
    return replace(
        found,
        classes=names,
        labels=place[found.labels],
        predicted=place[found.predicted],  # the group of what was answered: every count of the matrix is in its group's
        probabilities=probabilities,
    )
