"""Where a network looks: what the heat map's figure shows. It knows layers by name and no page."""

from __future__ import annotations

from dataclasses import dataclass
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
    """Which evidence in which picture a visitor asked about. path: of the upload. index: the class."""

    path: str
    classifier_id: str
    index: int
    crop: str = "centre"


def figure(services: Services, text: Text, question: Question, method: str, layer: str | None) -> dict[str, Any]:
    """The heat map over the picture as the network saw it, or the sentence that says why there is none."""
    try:
        classifier = services.catalogue.get(question.classifier_id)
        path = Path(question.path)
        found = cached_answer(
            services,
            path,
            classifier,
            ("heat", question.index, method, layer, question.crop),
            lambda: explain.heat_map(
                decode(path), classifier, services.store, question.index, method, layer, question.crop
            ),
        )
    except REFUSALS as error:
        return {"message": sentence(error, text), "layers": [], "layer": None}
    return shown(services, text, classifier, found, question.index, method)


def shown(
    services: Services, text: Text, classifier: Classifier, found: explain.HeatMap, index: int, method: str
) -> dict[str, Any]:
    """What the figure shows of a heat map for the class `index`."""
    label = class_names(classifier.classes, text.language)[index]
    height, width = found.values.shape
    return {
        "message": "",
        "layers": layer_choices(classifier.spec, text) if found.layer else [],
        "layer": found.layer,
        "title": text("heat.title", label=label),
        "network": title(services, classifier, text),
        "view": view_address(found.view),
        "pixelated": found.view.width <= PIXELATED_UP_TO,
        "map": data_address(coloured(found.values)),
        "note": text("heat.blank") if found.blank else "",
        "caption": text(f"heat.about.{method}", layer=found.layer, height=height, width=width),
    }


def coloured(values: np.ndarray) -> Image.Image:
    """A map of values 0 … 1, (h, w), as a picture of h by w pixels; the page enlarges it smoothly."""
    from matplotlib import colormaps  # wanted by a click only, and slow to import

    return Image.fromarray(colormaps[COLOURS](values, bytes=True)[..., :3].copy())


def layer_choices(spec: ModelSpec, text: Text) -> list[tuple[str, str]]:
    """(words, name) of every layer whose maps can be shown: the stages, then their blocks."""
    found = []
    for layer in explain.layers(spec):
        stage, _, block = layer.removeprefix("layer").partition(".")
        words = text("heat.block", stage=stage, block=int(block) + 1) if block else text("heat.stage", stage=stage)
        found.append((words, layer))
    return found
