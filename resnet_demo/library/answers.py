"""The answers that a confusion matrix counts: those of a run on one of its sets, or those that a visitor uploaded.

Images are looked up by the rows that the predictions name, and only in the very data they were made on. Must not depend
on Gradio.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ..data.counts import Counts
from ..data.dataset import Dataset, Split
from ..data.errors import DataError
from ..data.predictions import Table
from ..engine.evaluate import Predictions
from ..engine.events import EpochDone
from ..inference.classifier import Classifier, from_run
from ..kept_property import kept_property
from ..metrics.confusion import ConfusionMatrix
from ..metrics.curves import Curves, one_against_rest
from ..metrics.groups import Groups, merged_labels, merged_probabilities
from ..metrics.ranking import most_confident_mistakes, softmax
from ..processes import ProcessError
from ..runs.files import EPOCHS, PREDICTIONS
from ..runs.folder import RunError, RunFolder, TrainingLabels, epoch_file
from ..services import Services
from .datasets import dataset_of, is_available, is_preparing

log = logging.getLogger(__name__)
RUNNING, EPOCH = "running", "epoch"  # sets that are recorded in each epoch: training pass, validation
BY_EPOCH = (RUNNING, EPOCH)
TRAINED = "train"
OF_TRAINING = (TRAINED, "validation", *BY_EPOCH)  # sets of rows of the training split; others are of the test split


@dataclass(frozen=True, eq=False)
class Answers:
    """n answers to n images or rows.

    classes: their names. labels, predicted: int64 (n,). probabilities: float32 (n, classes), None where only the
    classes are known. rows: int64 (n,), the images' rows in their split, None where there are none. ids: names of
    uploaded rows. run, name: the run and its set, None and "" for a visitor's. step: where the epoch ended, 0 where
    answers are not recorded by epoch. data: fingerprint of the data that the rows belong to, "" for a visitor's. best:
    how many probabilities of each answer were recorded, None for all. network: the id of the model, "" where it cannot
    be run again. split: the images, if they are a visitor's or were classified here. private: whether the images are
    somebody else's. certainty: float32 (n,), the probability of each answer where no other one is known. counted: the
    matrix where nothing else is known, of no single answer anything. places: int64 (n,), where these answers are among
    those that they are a part of, None for all.
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
    counted: ConfusionMatrix | None = None
    places: np.ndarray | None = None

    @kept_property
    def matrix(self) -> ConfusionMatrix:
        """Rows true, columns predicted."""
        if self.counted is not None:
            return self.counted
        return ConfusionMatrix.from_predictions(self.labels, self.predicted, self.classes)

    @kept_property
    def confidence(self) -> np.ndarray | None:
        """float32 (n,): the probability of each answer, None where it is not known."""
        if self.probabilities is None:
            return self.certainty
        return np.take_along_axis(self.probabilities, self.predicted[:, None], axis=1)[:, 0]

    @kept_property
    def curves(self) -> Curves | None:
        """Precision-recall and ROC curves; None where there are none."""
        return self.make_curves() if self.make_curves else None

    @property
    def make_curves(self) -> Callable[[], Curves] | None:
        """What computes the curves; None where the probabilities of all classes are not known."""
        if self.probabilities is None or self.best is not None:
            return None
        return partial(one_against_rest, self.probabilities, self.labels)

    def cell(self, true: int, predicted: int) -> np.ndarray:
        """Positions of the answers in one cell, the most confident first."""
        members = np.flatnonzero((self.labels == true) & (self.predicted == predicted))
        if self.confidence is None:
            return members
        return members[np.argsort(-self.confidence[members], kind="stable")]

    def mistakes(self) -> np.ndarray:
        """Positions of the wrong answers over all classes, the most confident first."""
        return most_confident_mistakes(self.labels, self.predicted, self.confidence)


def has_answers(run: RunFolder) -> bool:
    """Whether a run has, or may soon have, something to count; checks for files and reads none."""
    return run.has_weights() or (run.path / PREDICTIONS).is_file() or (run.path / EPOCHS).is_dir()


def answer_sets(run: RunFolder) -> list[str]:
    """The names of the sets whose answers a run has, the default first; RunError where it is damaged."""
    predicted = list(run.predictions())
    recorded = any(isinstance(event, EpochDone) for event in run.events())
    order = [name for name in ("test-lossless", "test", "validation", TRAINED) if name in predicted]
    first = ["test"] if "test" in order else []
    rest = [name for name in order if name not in first]
    return [*first, *rest, *(BY_EPOCH if recorded else ())]


def answers(services: Services, run: RunFolder, name: str, step: int = 0) -> Answers | None:
    """The answers of a run on a set; on RUNNING and EPOCH those of the epoch that ended at `step` (0: the last one).

    None where it has none. Those of an epoch need the labels of the data that they were made on: published runs keep
    them. RunError where the run is damaged.
    """
    if name not in BY_EPOCH:
        predictions = run.predictions().get(name)
        if predictions is None:
            return None
        data = run.predictions_fingerprint() or run.config.fingerprint
        return answers_from_predictions(predictions, from_run(run), name=name, data=data)
    ended = [event for event in recorded_epochs(run) if step in (0, event.step)]
    if not ended:
        return None
    known = run.training_labels() or labels_of(run, _loaded(services, run))
    record = recorded(run, ended[-1], known) if known else None
    if known is None or record is None:
        return None
    rows, predicted = record.train if name == RUNNING else record.validation
    return Answers(
        run.config.classes, known.labels[rows], predicted, rows=rows, run=run, name=name, step=ended[-1].step,
        data=run.config.fingerprint, network=run.id if run.has_weights() else "",
    )  # fmt: skip


def answers_from_table(table: Table) -> Answers:
    """The answers in an uploaded file."""
    return Answers(
        table.classes, table.true, table.predicted, table.probabilities, ids=table.ids, certainty=table.confidence
    )


def answers_from_counts(counts: Counts) -> Answers:
    """The answers that an uploaded matrix counts."""
    matrix, none = ConfusionMatrix(counts.counts, counts.classes), np.empty(0, np.int64)
    return Answers(counts.classes, none, none, counted=matrix)


def counts_of(answers: Answers) -> Answers:
    """Nothing but the matrix of some answers, which takes little memory."""
    none = np.empty(0, np.int64)
    return Answers(answers.classes, none, none, counted=answers.matrix)


def answers_from_predictions(predictions: Predictions, model: Classifier, **known: Any) -> Answers:
    """The answers of a model whose logits are known; without probabilities where these are not finite numbers.

    known: further fields of `Answers`.
    """
    probabilities = softmax(predictions.logits)
    return Answers(
        classes=model.classes,
        labels=predictions.labels,
        predicted=predictions.logits.argmax(1).astype(np.int64),
        probabilities=probabilities if np.isfinite(probabilities).all() else None,
        rows=predictions.rows,
        best=predictions.best,
        run=model.run,
        network=model.id if model.run is None or model.run.has_weights() else "",
        **known,
    )


def recorded_epochs(run: RunFolder) -> list[EpochDone]:
    """The epochs of a run whose answers are recorded; none where its log is damaged."""
    folder = run.path / EPOCHS
    try:
        return [e for e in run.events() if isinstance(e, EpochDone) and (folder / epoch_file(e)).is_file()]
    except RunError:
        return []


@dataclass(frozen=True)
class Pictures:
    """The images that were answered. split: None where they are missing; why: fingerprint, absent, preparing, private,
    none, or ""."""

    split: Split | None
    why: str = ""


def pictures(services: Services, answers: Answers) -> Pictures:
    """The split that the rows of the answers belong to, if this machine has the very data they were made on."""
    if answers.rows is None:
        return Pictures(None, "none")
    if answers.split is not None:
        return Pictures(answers.split)
    if answers.run is None:
        return Pictures(None, "none")
    if answers.private:
        return Pictures(None, "private")
    if is_preparing(services, answers.run.config):  # nobody waits for it: what was counted can be shown without it
        return Pictures(None, "preparing")
    dataset = _loaded(services, answers.run)
    if dataset is None:
        return Pictures(None, "absent")
    if dataset.fingerprint != answers.data:
        return Pictures(None, "fingerprint")
    split = dataset.train if answers.name in OF_TRAINING else dataset.test
    complete = split is not None and answers.rows.max(initial=-1) < len(split)
    return Pictures(split) if complete else Pictures(None, "absent")


def _loaded(services: Services, run: RunFolder) -> Dataset | None:
    """The data set of a run, None where this machine does not have it."""
    if not is_available(services, run.config.data):
        return None
    try:
        return dataset_of(services, run.config)
    except (DataError, ProcessError, OSError) as error:
        log.info("a run's images are missing: %s", getattr(error, "code", "") or type(error).__name__)
        return None


def grouped(answers: Answers, groups: Groups) -> Answers:
    """Merge classes; the probability of a group is the sum of its classes', if all are known."""
    if not groups:
        return answers
    names, place = merged_labels(groups, answers.classes)
    known = answers.probabilities if answers.best is None else None
    probabilities = None if known is None else merged_probabilities(known, place)
    return replace(
        answers,
        classes=names,
        labels=place[answers.labels],
        predicted=place[answers.predicted],  # the predicted class's group, so that counts add up to those of groups
        probabilities=probabilities,
        certainty=None,  # of one class, not of its group
        counted=None if answers.counted is None else answers.counted.merged(groups),
    )


def part_of(answers: Answers, places: np.ndarray) -> Answers:
    """The answers at these positions."""

    def taken(values: Any) -> Any:
        return None if values is None else values[places]

    return replace(
        answers,
        labels=answers.labels[places],
        predicted=answers.predicted[places],
        probabilities=taken(answers.probabilities),
        rows=taken(answers.rows),
        ids=None if answers.ids is None else tuple(answers.ids[at] for at in places.tolist()),
        certainty=taken(answers.certainty),
        places=places,
    )


@dataclass(frozen=True, eq=False)
class Recorded:
    """The answers of an epoch. train, validation: (rows of the training split, predicted class of each)."""

    train: tuple[np.ndarray, np.ndarray]
    validation: tuple[np.ndarray, np.ndarray]


def labels_of(run: RunFolder, dataset: Dataset | None) -> TrainingLabels | None:
    """The labels that a run was trained on, from its data set; None where that is missing, or another one."""
    if dataset is None or dataset.fingerprint != run.config.fingerprint:
        return None
    return TrainingLabels(np.asarray(dataset.train.labels, np.int64), *dataset.split_rows(run.config.split_seed))


def recorded(run: RunFolder, event: EpochDone, known: TrainingLabels) -> Recorded | None:
    """What a run recorded for an epoch; None where that was not kept, or not for the rows whose labels are known."""
    try:
        record = run.epoch_record(event)
    except RunError:  # published runs keep some epochs
        return None
    if (len(record.train), len(record.validation)) != (len(known.train_rows), len(known.validation_rows)):
        return None  # recorded on a part of these images: which answer belongs to which row is unknown
    seen = record.train_seen
    return Recorded(
        (known.train_rows[seen], record.train[seen].astype(np.int64)),
        (known.validation_rows, record.validation.astype(np.int64)),
    )
