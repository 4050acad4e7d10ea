"""An epoch of a run as values of components: two confusion matrices, and images that are classified wrongly.

It reads what the run recorded for that epoch and its labels: those kept with the run, else those of its data set. The
images are the data set's. Of an epoch no probabilities are recorded; once a run is evaluated, its last epoch shows the
most confident mistakes. It makes no component.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...data.dataset import Dataset
from ...data.datasets import is_prepared
from ...engine.evaluate import Predictions
from ...engine.events import EpochDone
from ...library.answers import Recorded, labels_of, recorded
from ...library.datasets import dataset_arguments, dataset_of, is_available
from ...library.runs import has_private_images
from ...library.visitors import Visitor
from ...metrics.confusion import ConfusionMatrix
from ...metrics.ranking import most_confident_mistakes, softmax
from ...runs.folder import RunError, RunFolder, TrainingLabels
from ...services import Services
from ..components.address import PIXELATED_UP_TO, data_address
from ..components.matrix import as_text
from ..errors import REFUSALS, sentence
from ..percent import percent
from ..runs import data_title
from ..text import Text
from ..text.classes import class_names

log = logging.getLogger(__name__)
MOST_CLASSES = 100
MISTAKES = 24  # images in the strip


@dataclass(frozen=True)
class Epoch:
    """Values of the two matrices and of the strip; None: nothing to show."""

    train: dict[str, Any] | None = None
    validation: dict[str, Any] | None = None
    mistakes: dict[str, Any] | None = None


def recorded_epoch(run: RunFolder, step: int | None, dataset: Dataset | None, text: Text) -> Epoch:
    """What is recorded for the epoch that ended at `step`, None for the last one; images only those of `dataset`."""
    epochs = [event for event in run.events() if isinstance(event, EpochDone)]
    ended = [event for event in epochs if step in (None, event.step)]
    known = run.training_labels() or labels_of(run, dataset)
    answers = recorded(run, ended[-1], known) if ended and known else None
    if known is None or answers is None:
        return Epoch()
    train, validation = matrices(run, answers, known, ended[-1], text)
    if dataset is None or labels_of(run, dataset) is None:
        return Epoch(train, validation)
    names = class_names(run.config.classes, text.language)
    evaluated = run.predictions().get("validation") if run.predictions_fingerprint() == dataset.fingerprint else None
    if evaluated and ended[-1].step == epochs[-1].step:
        return Epoch(train, validation, surest_mistakes(dataset, evaluated, names, text))
    return Epoch(train, validation, mistakes(dataset, *answers.validation, names, text, ended[-1]))


def matrices(
    run: RunFolder, answers: Recorded, known: TrainingLabels, event: EpochDone, text: Text
) -> list[dict[str, Any] | None]:
    """The matrices of the training and of the validation rows, None where nothing, or too much, would be drawn."""
    names = class_names(run.config.classes, text.language)

    def matrix(rows: np.ndarray, predicted: np.ndarray, which: str) -> dict[str, Any] | None:
        if len(names) > MOST_CLASSES or not len(rows):
            return None
        counts = ConfusionMatrix.from_predictions(known.labels[rows], predicted, run.config.classes)
        title = {"epoch": f"{event.epoch:.4g}", "accuracy": percent(counts.accuracy)}
        return {
            "title": text(f"train.matrix.{which}", **title),
            "classes": list(names),
            "counts": as_text(counts.counts),
            "normalise": "row",
            "note": text(f"train.matrix.{which}.note", count=f"{counts.total:,}"),
        }

    return [matrix(*answers.train, "train"), matrix(*answers.validation, "validation")]


def mistakes(
    dataset: Dataset, rows: np.ndarray, predicted: np.ndarray, names: tuple[str, ...], text: Text, event: EpochDone
) -> dict[str, Any]:
    """Validation images that got another class, at most MISTAKES; each stays as long as it is wrong."""
    wrong = np.flatnonzero(np.asarray(dataset.train.labels)[rows] != predicted)
    # in an order of their own that does not depend on which are wrong, so that an image stays until it is learnt
    order = np.random.RandomState(0).permutation(len(rows)).argsort()
    chosen = wrong[np.argsort(order[wrong])]
    note = text("train.mistakes", wrong=f"{len(wrong):,}", count=f"{len(rows):,}", epoch=f"{event.epoch:.4g}")
    return strip(dataset, rows[chosen], predicted[chosen], None, names, note)


def surest_mistakes(dataset: Dataset, evaluated: Predictions, names: tuple[str, ...], text: Text) -> dict[str, Any]:
    """Validation images that the finished run gives another class, over all classes, the most confident first."""
    predicted = evaluated.logits.argmax(1)
    confidence = softmax(evaluated.logits).max(1)
    chosen = most_confident_mistakes(evaluated.labels, predicted, confidence)
    note = text("train.mistakes.surest", wrong=f"{len(chosen):,}", count=f"{len(predicted):,}")
    return strip(dataset, evaluated.rows[chosen], predicted[chosen], confidence[chosen], names, note)


def strip(
    dataset: Dataset,
    rows: np.ndarray,
    predicted: np.ndarray,
    confidence: np.ndarray | None,
    names: tuple[str, ...],
    note: str,
) -> dict[str, Any]:
    """The first MISTAKES of some wrongly classified images, rows of the training split, for `components.mistakes`."""
    return {
        "note": note,
        "pixelated": dataset.image_shape[0] <= PIXELATED_UP_TO,
        "items": [
            {
                "source": data_address(dataset.train.picture(int(row))),
                "true": names[int(dataset.train.labels[row])],
                "predicted": names[int(predicted[at])],
                "probability": None if confidence is None else float(confidence[at]),
                "index": int(row),
            }
            for at, row in enumerate(rows[:MISTAKES])
        ],
    }


def epoch_of(services: Services, run: RunFolder | None, step: int | None, who: Visitor, text: Text) -> Epoch:
    """The matrices and mistakes of an epoch; nothing where the run is not on this machine, no mistakes where its images
    are not. A sentence while these are being prepared, which is not waited for here (`await_prepared`), or where they
    could not be.

    step: where the epoch ended, None for the last one. Uploaded images are shown to nobody else who has a link to the
    run.
    """
    if run is None or run.damage:
        return Epoch()
    try:
        dataset, note = _images(services, run, text)
        epoch = recorded_epoch(run, step, dataset, text)
    except RunError as error:
        return Epoch(mistakes={"note": sentence(error, text), "items": []})
    if note:
        return replace(epoch, mistakes={"note": note, "items": []})
    return replace(epoch, mistakes=None) if has_private_images(services, run, who) else epoch


def _images(services: Services, run: RunFolder, text: Text) -> tuple[Dataset | None, str]:
    """The data set of a run if it can be read at once, and a sentence where it will be, or cannot be, prepared."""
    if not is_available(services, run.config.data):
        return None, ""
    arguments = dataset_arguments(services, run.config)
    try:
        if is_prepared(**arguments):
            return dataset_of(services, run.config), ""
        if problem := services.preparing.problem(**arguments):
            raise problem
    except REFUSALS as error:
        return None, sentence(error, text)
    except OSError as error:
        log.warning("the images of a run cannot be opened: %s", error.strerror or type(error).__name__)
        return None, ""
    return None, text("train.preparing", data=data_title(run.config.data, text))
