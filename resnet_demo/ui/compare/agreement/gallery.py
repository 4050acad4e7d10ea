"""Test images on which exactly one model of a comparison is right, from the predictions of the runs.

Images are shown only where the very data set that was predicted is on this machine; the rows are listed anyway. It must
not make components.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from ....data.dataset import Split
from ....library.answers import Pictures
from ....library.answers import answers as stored_answers
from ....library.answers import pictures as stored_images
from ....runs.comparison.published import Comparison, Variant
from ....runs.folder import RunFolder
from ....services import Services
from ...components.address import PIXELATED_UP_TO, data_address
from ...runs import data_title
from ...text import Text
from ...text.classes import class_names

PAGE = 24  # images at a time


@dataclass(frozen=True, eq=False)
class Gallery:
    """The predictions of k models on the n rows that all of them have predicted.

    keys: of the k variants. runs: k, one of each. on: the evaluation set. classes: their names. rows, labels: int64
    (n,). predicted: int64 (k, n), classes.
    """

    keys: tuple[str, ...]
    runs: tuple[RunFolder, ...]
    on: str
    classes: tuple[str, ...]
    rows: np.ndarray
    labels: np.ndarray
    predicted: np.ndarray

    @property
    def correct(self) -> np.ndarray:
        """bool (k, n)."""
        return self.predicted == self.labels

    def only(self, key: str) -> np.ndarray:
        """Positions where only the model of the variant `key` is right; none for a key that is not there."""
        if key not in self.keys:
            return np.array([], np.int64)
        return np.flatnonzero((self.correct.sum(0) == 1) & self.correct[self.keys.index(key)])


def run_of(variant: Variant) -> RunFolder:
    """The run that stands for a variant: of those with weights the one with the first seed, else the first."""
    return next((run for run in variant.runs if run.has_weights()), variant.runs[0])


def gallery(comparison: Comparison) -> Gallery:
    """The predictions of a comparison's models on its primary set; RunError where they are damaged or missing."""
    on, runs = comparison.primary, tuple(map(run_of, comparison.variants))
    predictions = [run.predictions_on(on) for run in runs]
    rows = reduce(np.intersect1d, [one.rows for one in predictions])
    positions = []
    for one in predictions:
        order = np.argsort(one.rows)
        positions.append(order[np.searchsorted(one.rows, rows, sorter=order)])
    return Gallery(
        keys=tuple(variant.key for variant in comparison.variants),
        runs=runs,
        on=on,
        classes=runs[0].config.classes,
        rows=rows,
        labels=predictions[0].labels[positions[0]],
        predicted=np.stack([one.predicted[at] for one, at in zip(predictions, positions, strict=True)]),
    )


def images(services: Services, gallery: Gallery) -> Pictures:
    """The split of the rows, if the very data set that was predicted is on this machine; else why not."""
    answers = stored_answers(services, gallery.runs[0], gallery.on)
    return Pictures(None, "absent") if answers is None else stored_images(services, answers)


def summary(gallery: Gallery, text: Text) -> str:
    """On how many rows all, none, exactly one of the models are right."""
    correct = gallery.correct.sum(0)
    counts = {name: int((correct == number).sum()) for name, number in (("all", len(gallery.keys)), ("none", 0))}
    total = sum(len(gallery.only(key)) for key in gallery.keys)
    rest = len(gallery.rows) - total - sum(counts.values())
    numbers = {"rows": len(gallery.rows), "alone": total, "rest": rest, **counts}
    return text("agreement.summary", **{key: f"{number:,}" for key, number in numbers.items()})


def choices(gallery: Gallery, text: Text) -> list[tuple[str, str]]:
    """(title with the number of images, key) of each model."""
    return [
        (text("agreement.only", name=variant_name(key, text), count=f"{len(gallery.only(key)):,}"), key)
        for key in gallery.keys
    ]


def variant_name(key: str, text: Text) -> str:
    """A variant in a few letters: "A", or "plain" in the page's language."""
    return text("agreement.plain") if key == "plain" else key


def pages(gallery: Gallery, key: str) -> int:
    """The number of pages."""
    return -(-len(gallery.only(key)) // PAGE)


def strip(gallery: Gallery, key: str, page: int, there: Pictures, text: Text) -> dict[str, Any]:
    """A page of the images that only `key` has right, or a sentence that names the data set they are in."""
    at = gallery.only(key)
    words = {"name": variant_name(key, text), "count": f"{len(at):,}"}
    if not len(at):
        return {"note": text("agreement.strip.none", **words), "items": []}
    if there.split is None:
        config = gallery.runs[0].config
        fingerprint = (gallery.runs[0].predictions_fingerprint() or config.fingerprint)[:12]
        data = {"data": data_title(config.data, text), "fingerprint": fingerprint}
        why = "fingerprint" if there.why == "fingerprint" else "absent"
        return {"note": text(f"agreement.strip.{why}", **words, **data), "items": []}
    shown = at[page * PAGE : (page + 1) * PAGE]
    numbers = {"first": page * PAGE + 1, "last": page * PAGE + len(shown)}
    names = class_names(gallery.classes, text.language)
    return {
        "note": text("agreement.strip", **words, **numbers),
        "pixelated": there.split.images.shape[1] <= PIXELATED_UP_TO,
        "items": [item(gallery, int(one), there.split, names, text) for one in shown],
    }


def item(gallery: Gallery, at: int, split: Split, names: tuple[str, ...], text: Text) -> dict[str, Any]:
    """One image for the component `mistakes`, with the prediction of every model."""
    label = gallery.labels[at]
    answers = [
        {"who": variant_name(key, text), "predicted": names[one], "right": bool(one == label), "probability": None}
        for key, one in zip(gallery.keys, gallery.predicted[:, at], strict=True)
    ]
    image = data_address(split.picture(int(gallery.rows[at])))
    return {"source": image, "true": names[label], "answers": answers, "index": at}


def table(gallery: Gallery, key: str, page: int, text: Text) -> dict[str, Any]:
    """The same page in words: the row in the set, its class, and the prediction of each model."""
    names = class_names(gallery.classes, text.language)
    columns = [
        {"key": "row", "title": text("agreement.column.row")},
        {"key": "label", "title": text("agreement.column.label")},
        *({"key": f"network{at}", "title": variant_name(one, text)} for at, one in enumerate(gallery.keys)),
    ]
    rows = []
    for at in gallery.only(key)[page * PAGE : (page + 1) * PAGE]:
        answers = {
            f"network{k}": mark(gallery.predicted[k, at], gallery.labels[at], names) for k in range(len(gallery.keys))
        }
        rows.append({"row": int(gallery.rows[at]), "label": names[gallery.labels[at]], **answers})
    return {"columns": columns, "rows": rows}


def mark(predicted: int, label: int, names: tuple[str, ...]) -> str:
    """A prediction with ✓ or ✗ in front."""
    return f"{'✓' if predicted == label else '✗'} {names[predicted]}"
