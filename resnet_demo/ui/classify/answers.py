"""One picture, one or several networks, their answers: what the figure shows. Pure functions of files and choices.

What goes wrong is said in the place of the answer, so that no earlier answer stands beside a new picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...data.decode import decode
from ...inference.classifier import Classifier
from ...inference.classify import Prediction, classify
from ...services import Services
from ..components.address import PIXELATED_UP_TO, view_address
from ..errors import REFUSALS, sentence
from ..percent import answer_percent
from ..runs import title
from ..shared.samples import cached_answer
from ..text import Text
from ..text.classes import class_names

UNSURE_BELOW = 0.5
NAMED = 20  # classes that are listed one by one; of more, the number is given and the list folded away
MOST_NETWORKS = 4


@dataclass(frozen=True)
class Options:
    """What a visitor may change about an answer; see `inference.classify.classify`."""

    top_k: int = 5
    temperature: float = 1.0
    crop: str = "centre"


def figure(services: Services, text: Text, path: str | None, ids: Sequence[str], options: Options) -> dict[str, Any]:
    """What the figure shows for an uploaded file, or None, and some networks: answers, or a sentence."""
    if not ids:
        if services.catalogue.ready():
            return message(text("none.chosen"))
        return message(text("none.yet"), command=text("none.command"))
    cards = [card(services, text, path, one, options) for one in ids[:MOST_NETWORKS]]
    if path is None:
        return message(text("result.empty")) | {"cards": cards}
    sentences = {one["message"] for one in cards}
    if len(sentences) == 1 and (shared := sentences.pop()):  # the picture's fault: once is enough
        return message(shared, error=True) | {"cards": [one | {"message": ""} for one in cards]}
    return {"cards": cards}


def card(services: Services, text: Text, path: str | None, classifier_id: str, options: Options) -> dict[str, Any]:
    """One network's part of the figure: its title, what it knows, and its answer or what went wrong."""
    shown: dict[str, Any] = {"id": classifier_id, "title": "", "rows": [], "message": "", "knows": None}
    try:
        classifier = services.catalogue.get(classifier_id)
        names = class_names(classifier.classes, text.language)
        shown |= {"title": title(services, classifier, text), "knows": knows(names, text)}
        if path is not None:
            shown |= answer(predict(services, classifier, Path(path), options), names, text)
    except REFUSALS as error:
        shown["message"] = sentence(error, text)
    return shown


def predict(services: Services, classifier: Classifier, path: Path, options: Options) -> Prediction:
    """The answer of one network to an uploaded file; REFUSALS say what is wrong with either."""
    return cached_answer(
        services,
        path,
        classifier,
        options,
        lambda: classify(decode(path), classifier, services.store, options.top_k, options.temperature, options.crop),
    )


def answer(prediction: Prediction, names: Sequence[str], text: Text) -> dict[str, Any]:
    """What the page shows of a prediction; `names` are the classes in the page's language."""
    size, best = prediction.view.width, prediction.confidence
    return {
        "rows": [
            {"index": index, "label": names[index], "probability": p, "percent": answer_percent(p, text)}
            for index, p in zip(prediction.indices, prediction.probabilities, strict=True)
        ],
        "note": text("answer.unsure", percent=100 * best) if best < UNSURE_BELOW else "",
        "view": view_address(prediction.view),
        "pixelated": size <= PIXELATED_UP_TO,
        "caption": text("view.caption", size=size),
    }


def knows(names: Sequence[str], text: Text) -> dict[str, str]:
    """What a network knows: in one line, and where that is too long, as a list to unfold."""
    every = text("answer.comma").join(names)
    if len(names) <= NAMED:
        return {"line": every, "all": ""}
    return {"line": text("answer.classes", number=len(names)), "all": every}


def message(sentence: str, *, command: str = "", error: bool = False) -> dict[str, Any]:
    """A sentence in the place of an answer: what to do next, or what was wrong with the picture."""
    return {"message": sentence, "command": command, "error": error, "cards": []}
