"""What is shown of a tested heat map: values of components. It must not make components."""

from __future__ import annotations

from typing import Any

from PIL import Image

from ....inference.classifier import Classifier
from ....inference.classify import Prediction
from ....inside.faithfulness import Faithfulness, SanityCheck
from ...components.address import PIXELATED_UP_TO, data_address, view_address
from ...components.dots import line
from ...shared import answers as shown
from ...shared.heat_maps import coloured
from ...text import Text
from ...text.classes import class_names


def image(view: Image.Image, painted: Image.Image | None = None) -> dict[str, Any]:
    """The value of `brush`."""
    return {
        "view": view_address(view),
        "painted": view_address(painted) if painted else None,
        "pixelated": view.width <= PIXELATED_UP_TO,
        "width": view.width,
        "height": view.height,
    }


def answers(before: Prediction, after: Prediction | None, classifier: Classifier, text: Text) -> dict[str, Any]:
    """The value of `result`: the answer to the image, and to the painted one beside it."""
    predictions = {"original": (text("evidence.original"), before)}
    if after:
        predictions["painted"] = (text("evidence.painted"), after)
    return shown.side_by_side(predictions, classifier, text)


def curves(measured: Faithfulness, classifier: Classifier, index: int, text: Text) -> dict[str, Any]:
    """The value of `dots`: the probability of the class while pixels are deleted and inserted."""
    label = class_names(classifier.classes, text.language)[index]
    panels = []
    for name in ("deletion", "insertion"):
        pairs = {"map": ("A", name), "random": ("plain", f"{name}_random")}
        lines, values = [], {}
        for kind, (style, curve) in pairs.items():
            area = measured.area(curve)
            probabilities = getattr(measured, curve)
            values[kind] = probabilities
            points = [(100 * x, 100 * y) for x, y in zip(measured.fractions, probabilities, strict=True)]
            lines.append(line(style, points, name=text(f"evidence.{kind}")))
            values[f"{kind}_area"] = area
        places = [
            [float(100 * x), text("evidence.place", share=100 * x, map=100 * a, random=100 * b)]
            for x, a, b in zip(measured.fractions, values["map"], values["random"], strict=True)
        ]
        areas = text("evidence.areas", map=values["map_area"], random=values["random_area"])
        panels.append(
            {
                "title": text(f"evidence.{name}", label=label), "unit": text(f"evidence.{name}.unit"), "x": [0, 100],
                "ticks": None, "log": False, "lines": lines, "places": places, "said": areas,
            }
        )  # fmt: skip
    names = ("deletion", "insertion", "deletion_random", "insertion_random")
    table: list[list[Any]] = [["fraction", *names]]
    table += [
        list(row)
        for row in zip(measured.fractions.tolist(), *(getattr(measured, name).tolist() for name in names), strict=True)
    ]
    return {
        "title": text("evidence.chart"), "note": text("evidence.note"), "panels": panels, "table": table,
        "seconds": 0, "empty": "",
    }  # fmt: skip


def sanity(check: SanityCheck, text: Text) -> dict[str, Any]:
    """The value of `overlays`: the map, and that with a randomized last layer."""
    items = []
    for name in ("own", "randomized"):
        one = getattr(check, name)
        items.append(
            {
                "title": text(f"evidence.map.{name}"), "label": "", "note": text("heat.blank") if one.blank else "",
                "view": view_address(one.view), "pixelated": one.view.width <= PIXELATED_UP_TO,
                "map": data_address(coloured(one.values)),
            }
        )  # fmt: skip
    return {
        "message": "",
        "title": text("evidence.sanity.title"),
        "caption": text("evidence.sanity.caption"),
        "items": items,
    }


def correlation(check: SanityCheck, text: Text) -> str:
    """How alike the two maps are."""
    if check.correlation is None:
        return text("evidence.correlation.none")
    return text("evidence.correlation", value=check.correlation)
