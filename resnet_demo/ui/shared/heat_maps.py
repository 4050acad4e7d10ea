"""Where models find evidence for a class: the values of the component `overlays`.

It must not depend on a tab or make components.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ...data.decode import decode
from ...inference import explain
from ...inference.classifier import Classifier
from ...models import ModelSpec
from ...services import Services
from ..components.address import PIXELATED_UP_TO, data_address, view_address
from ..errors import REFUSALS, sentence
from ..runs import title
from ..text import Text
from ..text.classes import class_names
from .samples import cached_answer

COLOURS = "inferno"


@dataclass(frozen=True)
class Question:
    """The class of an uploaded image whose evidence is shown.

    path: of the upload. index: of the class. against: the class that it is compared with, as the page names it, "" for
    none; a model that does not have it, or that is asked about this very class, compares with none.
    """

    path: str
    classifier_id: str
    index: int
    crop: str = "centre"
    against: str = ""


def figures(
    services: Services, text: Text, questions: Sequence[Question], method: str, layer: str | None
) -> dict[str, Any]:
    """A heat map for each question, each over the image as its model saw it, as the value of `overlays`.

    Beside what is drawn: "explained", the classes, each once; "layer", which the maps are of, and "layers", those to
    choose from; of several models, which may have different ones, the first one's.
    """
    maps = [figure(services, text, question, method, layer) for question in questions]
    drawn = [one for one in maps if not one["message"]]
    if not drawn:
        return {"message": maps[0]["message"] if maps else "", "layers": [], "layer": None, "explained": []}
    heading = drawn[0]["title"] if len({one["label"] for one in drawn}) == 1 else text("heat.each")
    caption = next((one for one in drawn if one["compares"]), drawn[0])["caption"]  # not every model can compare
    explained = list(dict.fromkeys(one["explained"] for one in drawn))
    common = {"caption": caption, "layers": drawn[0]["layers"], "layer": drawn[0]["layer"], "explained": explained}
    return {"message": "", "title": heading, "items": [item(one) for one in maps], **common}


def as_seen(answers: Sequence[Mapping[str, Any]], text: Text) -> dict[str, Any]:
    """The image as each of these models saw it, the value of `overlays` before there are heat maps; {} for none."""
    items = [item({**one, "label": "", "message": ""}) for one in answers]
    return {"message": "", "title": text("heat.awaited"), "items": items, "caption": ""} if items else {}


def item(shown: Mapping[str, Any]) -> dict[str, Any]:
    """One of the images of `overlays`, of an answer or a heat map as `figure` gives it."""
    note = shown["message"] or shown.get("note", "")
    kept = {name: shown.get(name, "") for name in ("title", "view", "map", "pixelated", "label")}
    return kept | {"title": shown.get("network", kept["title"]), "note": note}


def figure(services: Services, text: Text, question: Question, method: str, layer: str | None) -> dict[str, Any]:
    """The heat map over the image as the model saw it, or a sentence why there is none."""
    try:
        classifier = services.catalogue.get(question.classifier_id)
        path, against = Path(question.path), compared_class(classifier, question, text)
        heat_map = cached_answer(
            services,
            path,
            classifier,
            ("heat", question.index, method, layer, question.crop, against),
            lambda: explain.heat_map(
                decode(path), classifier, services.store, question.index, method, layer, question.crop, against
            ),
        )
    except REFUSALS as error:
        return {"message": sentence(error, text), "layers": [], "layer": None}
    return shown(services, text, classifier, heat_map, question.index, method, against)


def rival_choices(names: Sequence[str], text: Text) -> list[tuple[str, str]]:
    """What a heat map can be compared with, nothing first: (words, the `against` of a question)."""
    return [(text("heat.against.none"), ""), *((name, name) for name in names)]


def compared_class(classifier: Classifier, question: Question, text: Text) -> int | None:
    """The class of a model that a question compares with; None for none."""
    names = class_names(classifier.classes, text.language)
    against = names.index(question.against) if question.against in names else None
    return None if against == question.index else against


def shown(
    services: Services,
    text: Text,
    classifier: Classifier,
    heat_map: explain.HeatMap,
    index: int,
    method: str,
    against: int | None = None,
) -> dict[str, Any]:
    """The value of the figure for a heat map of the class `index`. against: the class that it is compared with."""
    names = class_names(classifier.classes, text.language)
    height, width = heat_map.values.shape
    words = {"label": names[index]}
    label, heading = names[index], text("heat.title", **words)
    caption = text(f"heat.about.{method}", layer=heat_map.layer, height=height, width=width)
    if against is not None:
        words["against"] = names[against]
        label, heading = text("heat.rather", **words), text("heat.title.rather", **words)
        caption = text("heat.about.rather", about=caption, **words)
    return {
        "message": "",
        "layers": layer_choices(classifier.spec, text) if heat_map.layer else [],
        "layer": heat_map.layer,
        "title": heading,
        "label": label,
        "network": title(services, classifier, text),
        "view": view_address(heat_map.view),
        "pixelated": heat_map.view.width <= PIXELATED_UP_TO,
        "map": data_address(coloured(heat_map.values)),
        "explained": names[index],
        "compares": against is not None,
        "note": text("heat.blank" if against is None else "heat.blank.rather") if heat_map.blank else "",
        "caption": caption,
    }


def coloured(values: np.ndarray, colours: str = COLOURS) -> Image.Image:
    """A map of values 0 … 1, (h, w), as an image of h by w pixels with a palette; the page enlarges it."""
    image = Image.fromarray(np.rint(255 * values).astype(np.uint8), "P")
    image.putpalette(palette(colours))
    return image


@cache
def palette(colours: str) -> bytes:
    """The 256 colours of one of matplotlib's colour maps, as pillow has them."""
    from matplotlib import colormaps  # needed after a click only, and slow to import

    return colormaps[colours](np.arange(256), bytes=True)[:, :3].tobytes()


def layer_choices(spec: ModelSpec, text: Text) -> list[tuple[str, str]]:
    """(words, name) of every layer whose maps can be shown: the stages, then their blocks."""
    layers = []
    for layer in explain.layers(spec):
        stage, _, block = layer.removeprefix("layer").partition(".")
        words = text("heat.block", stage=stage, block=int(block) + 1) if block else text("heat.stage", stage=stage)
        layers.append((words, layer))
    return layers
