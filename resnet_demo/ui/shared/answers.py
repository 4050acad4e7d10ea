"""One picture, one or several networks, their answers: what the figure shows. Pure functions of files and choices.

What goes wrong is said in the place of the answer, so that no earlier answer stands beside a new picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ...data.decode import decode
from ...inference import explain
from ...inference.classifier import Classifier
from ...inference.classify import Prediction, classify
from ...services import Services
from ..components.address import PIXELATED_UP_TO, view_address
from ..errors import REFUSALS, sentence
from ..percent import answer_percent
from ..runs import title
from ..text import Text
from ..text.classes import class_names
from . import heat_maps as heat
from .samples import SAMPLES, Sample, cached_answer, fits

UNSURE_BELOW = 0.5
NAMED = 20  # classes that are listed one by one; of more, the number is given and the list folded away
MOST_NETWORKS = 4


@dataclass(frozen=True)
class Options:
    """What a visitor may change about an answer; see `inference.classify.classify`."""

    top_k: int = 5
    temperature: float = 1.0
    crop: str = "centre"


Ask = Callable[[Classifier, Options], Prediction]  # what a model says about an image; REFUSALS say what is wrong


@dataclass(frozen=True)
class Answer:
    """What some models answer about one image.

    figure: labels, the value of `components.result`. views: the image as each model saw it, the value of
    `components.overlays`, {} without an answer. questions: for the heat map of each model's best class. rivals: the
    names of the classes that it can be compared with, the most probable first: all of a few, of many those shown.
    """

    figure: dict[str, Any]
    views: dict[str, Any]
    questions: list[heat.Question]
    rivals: list[str]


def first_sample(services: Services, ids: Sequence[str]) -> Sample | None:
    """The sample that a page opens with: the first that these models were trained for; None without models."""
    ready = [one for one in services.catalogue.ready() if one.id in ids[:1]]
    return next((sample for sample in SAMPLES if ready and fits(sample, ready[0])), None)


def first(services: Services, text: Text, ids: Sequence[str]) -> Answer:
    """What a page opens with, computed when it is built: the answer to a sample, with its heat map as `views`."""
    sample = first_sample(services, ids)
    answer = answer_to(services, text, str(sample.path) if sample else None, ids, Options())
    if not answer.questions:
        return answer
    return replace(answer, views=heat.figures(services, text, answer.questions, explain.METHODS[0], None))


def answer_to(services: Services, text: Text, path: str | None, ids: Sequence[str], options: Options) -> Answer:
    """The answers of some models to an uploaded file, or to None."""
    shown = figure(services, text, path, ids, options)
    answered = [one for one in shown["cards"] if one["rows"]]
    views = heat.as_seen(answered, text)
    questions = [heat.Question(path, one["id"], one["rows"][0]["index"], options.crop) for one in answered if path]
    rivals = dict.fromkeys(label for card in answered for label in (*labels(card["rows"]), *card["others"]))
    for card in answered:  # what is no part of the figure
        del card["view"], card["pixelated"], card["others"]
    return Answer(shown, views, questions, list(rivals))


def labels(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The classes in the rows of an answer."""
    return [row["label"] for row in rows]


def figure(services: Services, text: Text, path: str | None, ids: Sequence[str], options: Options) -> dict[str, Any]:
    """What the figure shows for an uploaded file, or None, and some networks: answers, or a sentence."""
    ask = None if path is None else partial(predict, services, Path(path))
    return figure_of(services, text, ask, ids, options)


def figure_of(services: Services, text: Text, ask: Ask | None, ids: Sequence[str], options: Options) -> dict[str, Any]:
    """The same for what `ask` asks about, None for nothing."""
    if not ids:
        if services.catalogue.ready():
            return message(text("none.chosen"))
        return message(text("none.yet"), command=text("none.command"))
    is_number = type(options.top_k) is int and options.top_k > 0  # `classify` refuses what is none
    every = replace(options, top_k=max(options.top_k, NAMED)) if is_number else options
    cards = [card(services, text, ask, one, every) for one in ids[:MOST_NETWORKS]]
    groups = grouped(cards, options.top_k, text)
    cards = [shortened(one, options.top_k) if one["rows"] else one for one in cards]
    if ask is None:
        return message(text("result.empty")) | {"cards": cards}
    sentences = {one["message"] for one in cards}
    if len(sentences) == 1 and (shared := sentences.pop()):  # the picture's fault: once is enough
        return message(shared, error=True) | {"cards": [one | {"message": ""} for one in cards]}
    return {"cards": cards, "groups": groups}


def shortened(card: Mapping[str, Any], top_k: int) -> dict[str, Any]:
    """An answer with its `top_k` most probable classes; "others": names of the rest, where there are few classes."""
    rows = card["rows"]
    return {**card, "rows": rows[:top_k], "others": [] if card["knows"]["all"] else labels(rows[top_k:])}


def grouped(cards: Sequence[Mapping[str, Any]], top_k: int, text: Text) -> list[dict[str, Any]]:
    """The answers of several models with the same few classes as one table: a row for each class, the most probable
    first, with each model's probability; [] where they have different classes or there is one answer only.

    cards: as `card` gives them, with rows for all classes. A class stands in the table if it is among the `top_k` of
    one of the models.
    """
    answered = [one for one in cards if one["rows"]]
    if len(answered) < 2 or len({one["knows"]["line"] for one in answered}) > 1 or answered[0]["knows"]["all"]:
        return []
    found = [{row["index"]: row for row in one["rows"]} for one in answered]
    listed = {row["index"]: row["label"] for one in answered for row in one["rows"][:top_k]}
    rows = [
        {"index": index, "label": label, "values": [rows[index]["probability"] for rows in found]}
        for index, label in listed.items()
    ]
    for row in rows:
        row["percents"] = [answer_percent(p, text) for p in row["values"]]
    return sorted(rows, key=lambda row: -max(row["values"]))


def side_by_side(
    predictions: Mapping[str, tuple[str, Prediction]], classifier: Classifier, text: Text, top_k: int = 5
) -> dict[str, Any]:
    """The figure for answers of one model under different conditions.

    predictions: (title, prediction of all classes) by the ids of their cards.
    """
    names = class_names(classifier.classes, text.language)
    about = {"message": "", "knows": knows(names, text)}
    answered = {name: (title, answer(prediction, names, text)) for name, (title, prediction) in predictions.items()}
    cards = [{"id": name, "title": title, **about, **shown} for name, (title, shown) in answered.items()]
    for one in cards:  # other components show it
        del one["view"], one["pixelated"]
    return {"cards": [shortened(one, top_k) for one in cards], "groups": grouped(cards, top_k, text)}


def card(services: Services, text: Text, ask: Ask | None, classifier_id: str, options: Options) -> dict[str, Any]:
    """One network's part of the figure: its title, what it knows, and its answer or what went wrong."""
    shown: dict[str, Any] = {"id": classifier_id, "title": "", "rows": [], "message": "", "knows": None}
    try:
        classifier = services.catalogue.get(classifier_id)
        names = class_names(classifier.classes, text.language)
        shown |= {"title": title(services, classifier, text), "knows": knows(names, text)}
        if ask is not None:
            shown |= answer(ask(classifier, options), names, text)
    except REFUSALS as error:
        shown["message"] = sentence(error, text)
    return shown


def predict(services: Services, path: Path, classifier: Classifier, options: Options) -> Prediction:
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
