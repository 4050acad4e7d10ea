"""Test pictures on which exactly one network of a comparison is right, from what the runs predicted. No component.

Pictures are shown only where the very data that was predicted is on this machine; the rows are listed anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from ...data.dataset import Split
from ...library import answers as source
from ...runs.comparison import Comparison, Variant
from ...runs.folder import RunFolder
from ...services import Services
from ..components.address import PIXELATED_UP_TO, data_address
from ..runs import data_title
from ..text import Text
from ..text.classes import class_names

PAGE = 24  # pictures at a time


@dataclass(frozen=True, eq=False)
class Gallery:
    """What k networks said of the n rows that all of them have predicted.

    keys: k, those of the variants. runs: k, one of each. on: the set. classes: names. rows, labels: int64 (n,).
    predicted: int64 (k, n), classes.
    """

    keys: tuple[str, ...]
    runs: tuple[RunFolder, ...]
    on: str
    classes: tuple[str, ...]
    rows: np.ndarray
    labels: np.ndarray
    predicted: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """bool (k, n)."""
        return self.predicted == self.labels

    def alone(self, key: str) -> np.ndarray:
        """Positions where only the network `key` is right; none for a key that is not there."""
        if key not in self.keys:
            return np.array([], np.int64)
        return np.flatnonzero((self.right.sum(0) == 1) & self.right[self.keys.index(key)])


def run_of(variant: Variant) -> RunFolder:
    """The run that stands for a variant: of those with weights the one with the first seed, else the first."""
    return next((run for run in variant.runs if run.has_weights()), variant.runs[0])


def gallery(comparison: Comparison) -> Gallery:
    """The answers of a comparison's networks on its primary set; RunError where predictions are damaged or missing."""
    on, runs = comparison.primary, tuple(map(run_of, comparison.variants))
    found = [run.predictions_on(on) for run in runs]
    rows = reduce(np.intersect1d, [one.rows for one in found])
    places = []
    for one in found:
        order = np.argsort(one.rows)
        places.append(order[np.searchsorted(one.rows, rows, sorter=order)])
    return Gallery(
        keys=tuple(variant.key for variant in comparison.variants),
        runs=runs,
        on=on,
        classes=runs[0].config.classes,
        rows=rows,
        labels=found[0].labels[places[0]],
        predicted=np.stack([one.predicted[at] for one, at in zip(found, places, strict=True)]),
    )


def pictures(services: Services, found: Gallery) -> source.Pictures:
    """The split that the rows stand in, if this machine has the very data that was predicted; else why not."""
    answers = source.answers(services, found.runs[0], found.on)
    return source.Pictures(None, "absent") if answers is None else source.pictures(services, answers)


def summary(found: Gallery, text: Text) -> str:
    """On how many rows all, none, exactly one of the networks are right."""
    right = found.right.sum(0)
    counts = {name: int((right == number).sum()) for name, number in (("all", len(found.keys)), ("none", 0))}
    total = sum(len(found.alone(key)) for key in found.keys)
    rest = len(found.rows) - total - sum(counts.values())
    numbers = {"rows": len(found.rows), "alone": total, "rest": rest, **counts}
    return text("agreement.summary", **{key: f"{number:,}" for key, number in numbers.items()})


def choices(found: Gallery, text: Text) -> list[tuple[str, str]]:
    """(title with the number of pictures, key) of each network."""
    return [
        (text("agreement.only", name=name(key, text), count=f"{len(found.alone(key)):,}"), key) for key in found.keys
    ]


def name(key: str, text: Text) -> str:
    """A variant in a few letters: "A", or "plain" in the page's language."""
    return text("agreement.plain") if key == "plain" else key


def pages(found: Gallery, key: str) -> int:
    """How many pages of pictures there are."""
    return -(-len(found.alone(key)) // PAGE)


def strip(found: Gallery, key: str, page: int, there: source.Pictures, text: Text) -> dict[str, Any]:
    """A page of the pictures that only `key` has right, or the sentence that says which data they are in."""
    at = found.alone(key)
    words = {"name": name(key, text), "count": f"{len(at):,}"}
    if not len(at):
        return {"note": text("agreement.strip.none", **words), "items": []}
    if there.split is None:
        config = found.runs[0].config
        fingerprint = (found.runs[0].predictions_fingerprint() or config.fingerprint)[:12]
        data = {"data": data_title(config.data, text), "fingerprint": fingerprint}
        why = "fingerprint" if there.why == "fingerprint" else "absent"
        return {"note": text(f"agreement.strip.{why}", **words, **data), "items": []}
    shown = at[page * PAGE : (page + 1) * PAGE]
    numbers = {"first": page * PAGE + 1, "last": page * PAGE + len(shown)}
    names = class_names(found.classes, text.language)
    return {
        "note": text("agreement.strip", **words, **numbers),
        "pixelated": there.split.images.shape[1] <= PIXELATED_UP_TO,
        "items": [item(found, int(one), there.split, names, text) for one in shown],
    }


def item(found: Gallery, at: int, split: Split, names: tuple[str, ...], text: Text) -> dict[str, Any]:
    """One picture for the component `mistakes`, with what every network said."""
    label = found.labels[at]
    answers = [
        {"who": name(key, text), "predicted": names[said], "right": bool(said == label), "probability": None}
        for key, said in zip(found.keys, found.predicted[:, at], strict=True)
    ]
    picture = data_address(split.picture(int(found.rows[at])))
    return {"source": picture, "true": names[label], "answers": answers, "index": at}


def table(found: Gallery, key: str, page: int, text: Text) -> dict[str, Any]:
    """The same page in words: row of the set, its class, and what each network said."""
    names = class_names(found.classes, text.language)
    columns = [
        {"key": "row", "title": text("agreement.column.row")},
        {"key": "label", "title": text("agreement.column.label")},
        *({"key": f"network{at}", "title": name(one, text)} for at, one in enumerate(found.keys)),
    ]
    rows = []
    for at in found.alone(key)[page * PAGE : (page + 1) * PAGE]:
        said = {f"network{k}": mark(found.predicted[k, at], found.labels[at], names) for k in range(len(found.keys))}
        rows.append({"row": int(found.rows[at]), "label": names[found.labels[at]], **said})
    return {"columns": columns, "rows": rows}


def mark(predicted: int, label: int, names: tuple[str, ...]) -> str:
    """An answer with ✓ or ✗ in front."""
    return f"{'✓' if predicted == label else '✗'} {names[predicted]}"
