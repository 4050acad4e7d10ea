"""One picture and all networks of a comparison: their probabilities, where they disagree, where they look.

Values for the components `sides` and `overlays`, in a language. It knows no component.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ...data.decode import decode
from ...inference import explain
from ...inference.classifier import Classifier, from_run
from ...inference.classify import Prediction, classify
from ...runs.comparison import Comparison
from ...services import Services
from ..components.address import PIXELATED_UP_TO, view_address
from ..percent import answer_percent
from ..runs import data_title
from ..shared import heat_maps as heat
from ..shared.samples import answered
from ..text import Text
from ..text.classes import class_names
from ..uploads import uploaded
from . import alone

SHOWN = 5  # classes before the others are folded away


@dataclass(frozen=True)
class Asked:
    """The picture that is looked at: a file, or a position in the comparison's gallery. name: of the file, or ""."""

    path: str = ""
    at: int = -1
    name: str = ""


@dataclass(frozen=True, eq=False)
class Side:
    """What one network makes of the picture. probabilities: float64 (classes,)."""

    key: str
    classifier: Classifier
    prediction: Prediction
    probabilities: np.ndarray

    @property
    def best(self) -> int:
        """The class it answers."""
        return self.prediction.indices[0]


def title(comparison: Comparison, text: Text) -> str:
    """A comparison in lists: "Depth 20 on CIFAR-10, 30 epochs: A, B, C, plain"."""
    names = text("answer.comma").join(alone.name(variant.key, text) for variant in comparison.variants)
    data = data_title(comparison.data, text)
    return text("agreement.choice", depth=comparison.depth, data=data, epochs=f"{comparison.epochs:g}", names=names)


def has_weights(comparison: Comparison) -> bool:
    """Whether at least two of its networks can be asked."""
    return sum(alone.run_of(variant).has_weights() for variant in comparison.variants) > 1


def sides(services: Services, comparison: Comparison, image: Image.Image, path: Path | None) -> tuple[Side, ...]:
    """The answers of all its networks that have weights; one of REFUSALS where the picture or a network is unfit.

    path: of the file that the picture is from, None for pictures of a data set.
    """
    answers = []
    for variant in comparison.variants:
        run = alone.run_of(variant)
        if not run.has_weights():
            continue
        classifier = from_run(run)
        count = len(classifier.classes)

        def compute(classifier: Classifier = classifier, count: int = count) -> Prediction:
            return classify(image, classifier, services.store, count)

        prediction = answered(services, path, classifier, ("sides", count), compute) if path else compute()
        probabilities = np.empty(count)
        probabilities[list(prediction.indices)] = prediction.probabilities
        answers.append(Side(variant.key, classifier, prediction, probabilities))
    return tuple(answers)


def value(answers: Sequence[Side], label: int | None, asked: Asked, text: Text) -> dict[str, Any]:
    """What the component `sides` shows; label: the picture's class where it is known."""
    classes = answers[0].classifier.classes
    names = class_names(classes, text.language)
    mean = np.mean([side.probabilities for side in answers], axis=0)
    first = {side.best for side in answers} | ({label} if label is not None else set())
    order = sorted(range(len(classes)), key=lambda index: (index not in first, -mean[index]))
    view = answers[0].prediction.view
    return {
        "networks": [
            {
                "option": side.key,
                "title": alone.name(side.key, text),
                "best": names[side.best],
                "answer_percent": answer_percent(side.prediction.confidence, text),
                "right": None if label is None else side.best == label,
            }
            for side in answers
        ],
        "rows": [
            {
                "index": index,
                "label": names[index],
                "true": index == label,
                "probabilities": [float(side.probabilities[index]) for side in answers],
                "percents": [answer_percent(side.probabilities[index], text) for side in answers],
                "best": [side.best == index for side in answers],
            }
            for index in order
        ],
        "shown": max(SHOWN, len(first)),
        "sentence": agreement(answers, names, text),
        "gap": gap(answers, names, text),
        "truth": "" if label is None else text("agreement.truth", label=names[label]),
        "view": view_address(view),
        "pixelated": view.width <= PIXELATED_UP_TO,
        "caption": asked.name or text("view.caption", size=view.width),
        "scroll": asked.at >= 0,
    }


def agreement(answers: Sequence[Side], names: Sequence[str], text: Text) -> str:
    """Whether the networks give one answer, and who gives which."""
    by_class: dict[int, list[str]] = {}
    for side in answers:
        by_class.setdefault(side.best, []).append(alone.name(side.key, text))
    if len(by_class) == 1:
        return text("agreement.all", count=len(answers), label=names[next(iter(by_class))])
    comma = text("answer.comma")
    groups = [text("agreement.group", who=comma.join(who), label=names[index]) for index, who in by_class.items()]
    return text("agreement.differ", groups=text("agreement.semicolon").join(groups))


def gap(answers: Sequence[Side], names: Sequence[str], text: Text) -> str:
    """The class on which two networks are furthest apart."""
    table = np.stack([side.probabilities for side in answers])
    index = int((table.max(0) - table.min(0)).argmax())
    low, high = int(table[:, index].argmin()), int(table[:, index].argmax())
    return text(
        "agreement.gap",
        label=names[index],
        low=answer_percent(table[low, index], text),
        first=alone.name(answers[low].key, text),
        high=answer_percent(table[high, index], text),
        second=alone.name(answers[high].key, text),
    )


def favourite(answers: Sequence[Side]) -> int:
    """The class to look at first: the one that is most probable on average."""
    return int(np.mean([side.probabilities for side in answers], axis=0).argmax())


def overlays(
    services: Services, comparison: Comparison, image: Image.Image, path: Path | None, index: int, text: Text,
) -> dict[str, Any]:  # fmt: skip
    """Where each network finds evidence for the class `index`, for the component of this name."""
    items, shown = [], {}
    for variant in comparison.variants:
        run = alone.run_of(variant)
        if not run.has_weights():
            continue
        classifier = from_run(run)

        def compute(classifier: Classifier = classifier) -> explain.HeatMap:
            return explain.heat_map(image, classifier, services.store, index)

        drawn = answered(services, path, classifier, ("overlay", index), compute) if path else compute()
        shown = heat.shown(services, text, classifier, drawn, index, drawn.method)
        one = {
            "option": variant.key,
            "title": alone.name(variant.key, text),
            "map": shown["map"],
            "note": shown["note"],
        }
        items.append(one)
    return {
        "title": shown["title"],
        "view": shown["view"],
        "pixelated": shown["pixelated"],
        "caption": shown["caption"],
        "items": items,
    }


def opened(path: str) -> Image.Image:
    """An uploaded picture; ImageError says what is wrong with it, DataError that it has been deleted."""
    return decode(uploaded(path))
