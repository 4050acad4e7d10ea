"""What a confusion matrix is made from: the answers of a run on one of its sets, or those that a visitor brought.

It reads what runs recorded and knows no component. Pictures are looked up by the rows that the predictions name, and
only in the very data they were made on.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..data.dataset import Dataset, Split
from ..data.errors import DataError
from ..data.predictions import Table
from ..engine.evaluate import Predictions
from ..engine.events import EpochDone
from ..inference.classifier import Classifier, from_run
from ..metrics.confusion import ConfusionMatrix
from ..metrics.groups import merged_labels, merged_probabilities
from ..metrics.ranking import softmax
from ..processes import ProcessError
from ..runs.folder import EPOCHS, PREDICTIONS, RunError, RunFolder, epoch_file
from ..services import Services
from .datasets import dataset_of, is_available

log = logging.getLogger(__name__)
RUNNING, EPOCH = "running", "epoch"  # sets that are recorded in each epoch: training pass, validation
BY_EPOCH = (RUNNING, EPOCH)
TRAINED = "train"  # rows of the training split
OF_TRAINING = (TRAINED, "validation", *BY_EPOCH)  # whose rows are rows of the training split, others of the test


@dataclass(frozen=True, eq=False)
class Answers:
    """n answers to n pictures or rows.

    classes: their names. labels, predicted: int64 (n,). probabilities: float32 (n, classes), None where only the
    classes are known. rows: int64 (n,), where the pictures stand in their split, None where there are none. ids: names
    of the rows that a visitor brought. run, name: of which run and set, "" for a visitor's. step: at the end of which
    epoch, 0 where answers are not recorded by epoch. data: fingerprint of the data that the rows are rows of, "" for a
    visitor's. best: how many probabilities of each answer were measured, None for all. network: the id of what
    answered, "" where nobody can ask it again. split: where the pictures are if they are a visitor's, or answered here.
    private: whether the pictures are somebody else's. certainty: float32 (n,), the probability of each answer where no
    other one is known.
    """

    classes: tuple[str, ...]
    labels: np.ndarray
    predicted: np.ndarray
    probabilities: np.ndarray | None = None
    rows: np.ndarray | None = None
    ids: tuple[str, ...] | None = None
    run: RunFolder | None = None
    name: str = ""
    step: int = 0
    data: str = ""
    best: int | None = None
    network: str = ""
    split: Split | None = None
    private: bool = False
    certainty: np.ndarray | None = None

    @cached_property
    def matrix(self) -> ConfusionMatrix:
        """Rows true, columns predicted."""
        return ConfusionMatrix.from_predictions(self.labels, self.predicted, self.classes)

    @cached_property
    def confidence(self) -> np.ndarray | None:
        """float32 (n,): the probability of the answer, None where it is not known."""
        if self.probabilities is None:
            return self.certainty
        return np.take_along_axis(self.probabilities, self.predicted[:, None], axis=1)[:, 0]

    def cell(self, true: int, predicted: int) -> np.ndarray:
        """Positions of the answers in one cell, the most confident first."""
        found = np.flatnonzero((self.labels == true) & (self.predicted == predicted))
        if self.confidence is None:
            return found
        return found[np.argsort(-self.confidence[found], kind="stable")]


def has_answers(run: RunFolder) -> bool:
    """Whether a run has, or may soon have, something to count; asks the disk and reads nothing."""
    return run.has_weights() or (run.path / PREDICTIONS).is_file() or (run.path / EPOCHS).is_dir()


def sets_of(run: RunFolder) -> list[str]:
    """The names of the sets whose answers a run has, the one to begin with first; RunError where it is damaged."""
    found = list(run.predictions())
    recorded = any(isinstance(event, EpochDone) for event in run.events())
    order = [name for name in ("test-lossless", "test", "validation", TRAINED) if name in found]
    first = ["test"] if "test" in order else []
    rest = [name for name in order if name not in first]
    return [*first, *rest, *(BY_EPOCH if recorded else ())]


def answers(services: Services, run: RunFolder, name: str, step: int = 0) -> Answers | None:
    """The answers of a run on a set, of RUNNING and EPOCH those of the epoch that ended at `step` (0: the last one).

    None where it has none. What was recorded in an epoch needs the labels of the data it was made on.
    """
    if name not in BY_EPOCH:
        found = run.predictions().get(name)
        if found is None:
            return None
        data = run.predictions_fingerprint() or run.config.fingerprint
        return from_predictions(found, from_run(run), name=name, data=data)
    ended = [event for event in epochs(run) if step in (0, event.step)]
    if not ended or not is_available(services, run.config.data):
        return None
    try:
        dataset = dataset_of(services, run.config)
    except (DataError, ProcessError, OSError) as error:
        log.info("the pictures of a run are not to be had: %s", getattr(error, "code", "") or type(error).__name__)
        return None
    found = recorded(run, ended[-1], dataset)
    if found is None:
        return None
    rows, predicted = found.train if name == RUNNING else found.validation
    labels = np.asarray(dataset.train.labels)[rows].astype(np.int64)
    return Answers(
        run.config.classes, labels, predicted, rows=rows, run=run, name=name, step=ended[-1].step,
        data=dataset.fingerprint, network=run.id if run.has_weights() else "",
    )  # fmt: skip


def from_table(table: Table) -> Answers:
    """The answers in a file that a visitor brought."""
    return Answers(
        table.classes, table.true, table.predicted, table.probabilities, ids=table.ids, certainty=table.confidence
    )


def from_predictions(found: Predictions, network: Classifier, **known: Any) -> Answers:
    """Answers of a network, with probabilities, of logits; without where they are not finite numbers.

    known: further fields of `Answers`.
    """
    probabilities = softmax(found.logits)
    return Answers(
        classes=network.classes,
        labels=found.labels,
        predicted=found.logits.argmax(1).astype(np.int64),
        probabilities=probabilities if np.isfinite(probabilities).all() else None,
        rows=found.rows,
        best=found.best,
        run=network.run,
        network=network.id if network.run is None or network.run.has_weights() else "",
        **known,
    )


def epochs(run: RunFolder) -> list[EpochDone]:
    """The epochs of a run whose answers are recorded; none where its log is damaged."""
    folder = run.path / EPOCHS
    try:
        return [e for e in run.events() if isinstance(e, EpochDone) and (folder / epoch_file(e)).is_file()]
    except RunError:
        return []


@dataclass(frozen=True)
class Pictures:
    """Where the pictures of answers are. split: None where they are not to be had; why: fingerprint, absent, private,
    none, or ""."""

    split: Split | None
    why: str = ""


def pictures(services: Services, found: Answers) -> Pictures:
    """The split that the rows of the answers stand in, if this machine has the very data they were made on."""
    if found.split is not None:
        return Pictures(found.split)
    if found.run is None or found.rows is None:
        return Pictures(None, "none")
    if found.private:
        return Pictures(None, "private")
    config = found.run.config
    if not is_available(services, config.data):
        return Pictures(None, "absent")
    try:
        dataset = dataset_of(services, config)
    except (DataError, ProcessError, OSError) as error:
        log.info("the pictures of a run are not to be had: %s", getattr(error, "code", "") or type(error).__name__)
        return Pictures(None, "absent")
    if dataset.fingerprint != found.data:
        return Pictures(None, "fingerprint")
    split = dataset.train if found.name in OF_TRAINING else dataset.test
    return (
        Pictures(split) if split is not None and found.rows.max(initial=-1) < len(split) else Pictures(None, "absent")
    )


def grouped(found: Answers, groups: dict[str, Sequence[int]]) -> Answers:
    """The answers with some classes merged; probabilities of a group are the sums of its classes', if all are known."""
    if not groups:
        return found
    names, place = merged_labels(groups, found.classes)
    known = found.probabilities if found.best is None else None
    probabilities = None if known is None else merged_probabilities(known, place)
    return replace(
        found,
        classes=names,
        labels=place[found.labels],
        predicted=place[found.predicted],  # the group of what was answered: every count of the matrix is in its group's
        probabilities=probabilities,
        certainty=None,  # of one class, not of its group
    )


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
