"""What the part on the inside of a model shows: values of components, made of what was measured.

Pure functions of files, models and words. It must not depend on a component's Python module or make components.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ....figures.marks import shape_text
from ....inference import explain
from ....inference.classifier import Classifier
from ....inference.classify import classify
from ....inside.activations import Activation, Activations
from ....inside.receptive_field import ReceptiveField
from ....metrics.ranking import softmax
from ....models.anatomy import Part
from ....services import Services
from ...components.address import PIXELATED_UP_TO, data_address, view_address
from ...percent import percent
from ...shared import answers
from ...shared import heat_maps as heat_maps
from ...shared.model_views import described, stage_name
from ...text import Text
from ...text.classes import class_names
from ...uploads import opened

TILES = 8  # channels of a part that are shown at once, the most active
COLOURS = "viridis"
FILTERS = "conv1"  # as state dicts call it


def answer(services: Services, classifier: Classifier, path: Path, cuts: Sequence[str], text: Text) -> dict[str, Any]:
    """The value of `result`: what the model answers as it was trained and, where something is cut, beside it."""
    image, count = opened(path), len(classifier.classes)
    predictions = {
        name: (words, classify(image, classifier, services.store, count, cuts=without))
        for name, words, without in states(cuts, text)
    }
    return answers.side_by_side(predictions, classifier, text)


def states(cuts: Sequence[str], text: Text) -> list[tuple[str, str, Sequence[str]]]:
    """(id, title, what is cut) of the model as it was trained and, where something is cut, with that."""
    trained: tuple[str, str, Sequence[str]] = ("trained", text("inside.trained"), ())
    return [trained, ("cut", text("inside.cut", count=len(cuts)), cuts)] if cuts else [trained]


def heat(
    services: Services, classifier: Classifier, image: Image.Image, cuts: Sequence[str], index: int | None, text: Text
) -> dict[str, Any]:
    """The value of `overlays`: where the model finds evidence for a class, by default its answer, with and without the
    cuts."""
    if index is None or not 0 <= index < len(classifier.classes):
        index = classify(image, classifier, services.store, 1).indices[0]
    items = []
    shown: dict[str, Any] = {}
    for _, words, without in states(cuts, text):
        heat_map = explain.heat_map(image, classifier, services.store, index, cuts=without)
        shown = heat_maps.shown(services, text, classifier, heat_map, index, heat_map.method)
        items.append(heat_maps.item(shown) | {"title": words})
    return {"message": "", "title": shown["title"], "caption": shown["caption"], "items": items}


def flow(
    classifier: Classifier, inside: Activations, filters: np.ndarray, cuts: Sequence[str], text: Text
) -> dict[str, Any]:
    """The value of `flow`: the most active channels of each part, in one scale for each stage; the first filters."""
    parts = {part.name: part for part in described(classifier.spec)[1]}
    stages: list[dict[str, Any]] = []
    for stage, members in groupby(inside.parts, key=lambda one: stage_of(one.name)):
        group = list(members)
        top = float(max(one.maps.max() for one in group))
        stages.append(
            {
                "title": stage_name(stage, text),
                "range": text("inside.range", top=f"{top:.2f}"),
                "parts": [_part(one, parts.get(one.name), top, text) for one in group],
            }
        )
    stages[0]["parts"].insert(0, _filters(filters, text))
    share = softmax(inside.logits)
    best, names = int(share.argmax()), class_names(classifier.classes, text.language)
    answer = text("inside.named", name=names[best], value=percent(float(share[best]), 1, text.language))
    return {"model": classifier.id, "cuts": list(cuts), "answer": answer, "stages": stages}


def stage_of(part: str) -> str:
    """The stage that a part is drawn in: max pooling belongs to the stem."""
    stage = part.partition(".")[0]
    return stage if stage.startswith("layer") else "stem"


def _part(one: Activation, part: Part | None, top: float, text: Text) -> dict[str, Any]:
    is_block = part is not None and part.position is not None
    order = one.order[:TILES]
    return {
        "name": one.name,
        "words": text(f"inside.{one.name}") if not is_block else one.name,
        "shape": shape_text(one.maps.shape),
        "zeros": text("inside.zeros", share=percent(one.zeros, 0, text.language)),
        "shortcut": part.way if part and is_block and part.way != "none" else "",
        "branch": is_block,
        "strip": strip(one.maps[order], top),
        "tiles": len(order),
    }


def _filters(filters: np.ndarray, text: Text) -> dict[str, Any]:
    count, _, height, width = filters.shape
    return {
        "name": FILTERS, "words": text("inside.filters"), "shape": f"{count} × {height}×{width}", "zeros": "",
        "shortcut": "", "branch": False, "strip": filter_strip(filters[:TILES]), "tiles": min(TILES, count),
    }  # fmt: skip


def filter_channels(inside: Activations, filters: np.ndarray, text: Text) -> dict[str, Any]:
    """The value of `channels` for the filters of the stem."""
    count, _, height, width = filters.shape
    return {
        "name": FILTERS, "title": text("inside.filters.all", count=count, height=height, width=width),
        "note": text("inside.filters.about"), "strip": filter_strip(filters), "channels": list(range(count)),
        "height": height, "width": width, "view": view_address(inside.view),
        "pixelated": inside.view.width <= PIXELATED_UP_TO, "field": None,
    }  # fmt: skip


def filter_strip(filters: np.ndarray) -> str:
    """Filters (n, channels, k, k) on top of each other, each from its lowest weight (dark) to its highest (bright), in
    colour where it has three channels, as a `data:` address."""
    low, high = (pick(filters, axis=(1, 2, 3), keepdims=True) for pick in (np.min, np.max))
    pixels = np.rint(255 * (filters - low) / np.maximum(high - low, 1e-12)).astype(np.uint8)
    column = pixels.transpose(0, 2, 3, 1).reshape(-1, filters.shape[3], filters.shape[1])
    return data_address(Image.fromarray(column if column.shape[2] == 3 else column[..., 0]))


def channels(inside: Activations, name: str, text: Text) -> dict[str, Any]:
    """The value of `channels`: all channels of a part, {} where the network has no such part."""
    one = next((part for part in inside.parts if part.name == name), None)
    if one is None:
        return {}
    count, height, width = one.maps.shape
    return {
        "name": name,
        "title": text("inside.channels", part=name, count=count),
        "note": text("inside.channels.about", top=f"{one.maps.max():.2f}", height=height, width=width),
        "strip": strip(one.maps[one.order], float(one.maps.max())),
        "channels": one.order.tolist(),
        "height": height,
        "width": width,
        "view": view_address(inside.view),
        "pixelated": inside.view.width <= PIXELATED_UP_TO,
        "field": None,
    }


def field(seen: ReceptiveField, text: Text) -> dict[str, Any]:
    """What of the image a unit sees: the value of "field" of `channels`."""
    height, width = seen.effective.shape
    box = seen.clipped
    half = np.sort(seen.effective.ravel())[::-1].cumsum()
    share = float((half < 0.5 * half[-1]).sum() + 1) / half.size if not seen.blank else 0.0
    words = text(
        "inside.field", row=seen.row, column=seen.column, height=seen.box.height, width=seen.box.width,
        rows=height, columns=width,
    )  # fmt: skip
    more = (
        text("inside.field.blank") if seen.blank else text("inside.field.share", share=percent(share, 1, text.language))
    )
    return {
        "box": [box.left / width, box.top / height, box.width / width, box.height / height],
        "map": None if seen.blank else data_address(heat_maps.coloured(np.sqrt(seen.effective))),
        "words": f"{words} {more}",
    }


def strip(maps: np.ndarray, top: float) -> str:
    """Channels (C, h, w) on top of each other, 0 … top, as a `data:` address."""
    values = np.clip(maps / top, 0, 1) if top > 0 else np.zeros_like(maps)
    return data_address(heat_maps.coloured(values.reshape(-1, maps.shape[2]), COLOURS))
