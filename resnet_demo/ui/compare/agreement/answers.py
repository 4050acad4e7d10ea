"""One image and all models of a comparison: their probabilities, where they disagree, where they find evidence.

Values for the components `sides` and `overlays`, in a language. It must not make components.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ....inference import explain
from ....inference.classifier import Classifier, from_run
from ....inference.classify import Prediction, classify
from ....runs.comparison.published import Comparison
from ....services import Services
from ...components.address import PIXELATED_UP_TO, view_address
from ...percent import answer_percent
from ...runs import data_title
from ...shared import heat_maps as heat
from ...shared.samples import cached_answer
from ...text import Text
from ...text.classes import class_names
from .gallery import run_of, variant_name

SHOWN = 5  # classes before the others are folded away


@dataclass(frozen=True)
class ChosenImage:
    """The image that is shown: a file, or a position in the comparison's gallery. name: of the file, or ""."""

    path: str = ""
    position: int = -1
    name: str = ""


@dataclass(frozen=True, eq=False)
class Answer:
    """What the model of one variant (`key`) answers. probabilities: float64 (classes,)."""

    key: str
    classifier: Classifier
    prediction: Prediction
    probabilities: np.ndarray

    @property
    def best(self) -> int:
        """The most probable class."""
        return self.prediction.indices[0]


def title(comparison: Comparison, text: Text) -> str:
    """A comparison in lists: "Depth 20 on CIFAR-10, 30 epochs: A, B, C, plain"."""
    names = text("answer.comma").join(variant_name(variant.key, text) for variant in comparison.variants)
    data = data_title(comparison.data, text)
    return text("agreement.choice", depth=comparison.depth, data=data, epochs=f"{comparison.epochs:g}", names=names)


def has_weights(comparison: Comparison) -> bool:
    """Whether at least two of its models can classify."""
    return sum(run_of(variant).has_weights() for variant in comparison.variants) > 1


def by_variant(services: Services, comparison: Comparison, image: Image.Image, path: Path | None) -> tuple[Answer, ...]:
    """The answers of all its models that have weights; one of REFUSALS where the image or a model cannot be used.

    path: of the file that the image is from, None for images of a data set.
    """
    answers = []
    for variant in comparison.variants:
        run = run_of(variant)
        if not run.has_weights():
            continue
        classifier = from_run(run)
        count = len(classifier.classes)

        def compute(classifier: Classifier = classifier, count: int = count) -> Prediction:
            return classify(image, classifier, services.store, count)

        prediction = cached_answer(services, path, classifier, ("sides", count), compute) if path else compute()
        probabilities = np.empty(count)
        probabilities[list(prediction.indices)] = prediction.probabilities
        answers.append(Answer(variant.key, classifier, prediction, probabilities))
    return tuple(answers)


def value(answers: Sequence[Answer], label: int | None, image: ChosenImage, text: Text) -> dict[str, Any]:
    """What the component `sides` shows; label: the image's class where it is known."""
    classes = answers[0].classifier.classes
    names = class_names(classes, text.language)
    mean = np.mean([answer.probabilities for answer in answers], axis=0)
    first = {answer.best for answer in answers} | ({label} if label is not None else set())
    order = sorted(range(len(classes)), key=lambda index: (index not in first, -mean[index]))
    view = answers[0].prediction.view
    return {
        "networks": [
            {
                "option": answer.key,
                "title": variant_name(answer.key, text),
                "best": names[answer.best],
                "percent": answer_percent(answer.prediction.confidence, text),
                "right": None if label is None else answer.best == label,
            }
            for answer in answers
        ],
        "rows": [
            {
                "index": index,
                "label": names[index],
                "true": index == label,
                "probabilities": [float(answer.probabilities[index]) for answer in answers],
                "percents": [answer_percent(answer.probabilities[index], text) for answer in answers],
                "best": [answer.best == index for answer in answers],
            }
            for index in order
        ],
        "shown": max(SHOWN, len(first)),
        "sentence": agreement(answers, names, text),
        "gap": gap(answers, names, text),
        "truth": "" if label is None else text("agreement.truth", label=names[label]),
        "view": view_address(view),
        "pixelated": view.width <= PIXELATED_UP_TO,
        "caption": image.name or text("view.caption", size=view.width),
        "scroll": image.position >= 0,
    }


def agreement(answers: Sequence[Answer], names: Sequence[str], text: Text) -> str:
    """Whether the models agree, and which answer which class."""
    by_class: dict[int, list[str]] = {}
    for answer in answers:
        by_class.setdefault(answer.best, []).append(variant_name(answer.key, text))
    if len(by_class) == 1:
        return text("agreement.all", count=len(answers), label=names[next(iter(by_class))])
    comma = text("answer.comma")
    groups = [text("agreement.group", who=comma.join(who), label=names[index]) for index, who in by_class.items()]
    return text("agreement.differ", groups=text("agreement.semicolon").join(groups))


def gap(answers: Sequence[Answer], names: Sequence[str], text: Text) -> str:
    """The class on which two models are furthest apart."""
    table = np.stack([answer.probabilities for answer in answers])
    index = int((table.max(0) - table.min(0)).argmax())
    low, high = int(table[:, index].argmin()), int(table[:, index].argmax())
    return text(
        "agreement.gap",
        label=names[index],
        low=answer_percent(table[low, index], text),
        first=variant_name(answers[low].key, text),
        high=answer_percent(table[high, index], text),
        second=variant_name(answers[high].key, text),
    )


def most_probable(answers: Sequence[Answer]) -> int:
    """The class that is most probable on average."""
    return int(np.mean([answer.probabilities for answer in answers], axis=0).argmax())


def overlays(
    services: Services, comparison: Comparison, image: Image.Image, path: Path | None, index: int, text: Text,
) -> dict[str, Any]:  # fmt: skip
    """Where each model finds evidence for the class `index`, for the component of this name."""
    items, shown = [], {}
    for variant in comparison.variants:
        run = run_of(variant)
        if not run.has_weights():
            continue
        classifier = from_run(run)

        def compute(classifier: Classifier = classifier) -> explain.HeatMap:
            return explain.heat_map(image, classifier, services.store, index)

        heat_map = cached_answer(services, path, classifier, ("overlay", index), compute) if path else compute()
        shown = heat.shown(services, text, classifier, heat_map, index, heat_map.method)
        title = variant_name(variant.key, text)
        items.append({"option": variant.key, "title": title, "map": shown["map"], "note": shown["note"]})
    return {**{name: shown[name] for name in ("title", "view", "pixelated", "caption")}, "items": items}
