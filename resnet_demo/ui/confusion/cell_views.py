"""The images of one cell, page by page, and where the model looks in one of them. It must not depend on a component."""

from __future__ import annotations

from typing import Any

from ...inference import explain
from ...library.answers import Answers, pictures
from ...services import Services
from ..components.address import PIXELATED_UP_TO, data_address
from ..shared import heat_maps
from ..text import Text
from ..text.classes import class_names
from . import cells

PAGE = 12  # images at a time, as many as stand beside the matrix


def strip(services: Services, answers: Answers, cell: tuple[int, int] | str, page: int, text: Text) -> dict[str, Any]:
    """A page of the images in a cell, or of the most confident mistakes; none where they are missing."""
    members, names = cells.members(answers, cell), class_names(answers.classes, text.language)
    key, words = "confusion.surest", {"count": f"{len(members):,}"}
    if not isinstance(cell, str):
        key = "confusion.cell"
        words |= {"true": names[cell[0]], "predicted": names[cell[1]]}
        if answers.counted is not None:
            count = int(answers.matrix.counts[cell])
            return {"note": text("confusion.cell.counted", **words | {"count": f"{count:,}"}), "items": []}
    images = pictures(services, answers)
    note = text(key, **words)
    if images.split is None or answers.rows is None:  # `missing_handlers` says why, and what helps
        return {"note": note, "items": []}
    if len(members) > PAGE:
        last = min(len(members), (page + 1) * PAGE)
        note = text(f"{key}.page", first=page * PAGE + 1, last=last, **words)
    return {
        "note": note,
        "pixelated": images.split.images.shape[1] <= PIXELATED_UP_TO,
        "items": [
            {
                "source": data_address(images.split.picture(int(answers.rows[at]))),
                "true": names[answers.labels[at]],
                "predicted": names[answers.predicted[at]],
                "probability": None if answers.confidence is None else float(answers.confidence[at]),
                "index": int(at),
            }
            for at in members[page * PAGE : (page + 1) * PAGE]
        ],
    }


def page_count(members: int) -> int:
    """How many pages so many images take."""
    return -(-members // PAGE)


def explained(services: Services, answers: Answers, at: int, text: Text) -> dict[str, Any]:
    """Heat maps of one image for its true class and, for a mistake, the predicted one and this rather than that, which
    are the model's own; the value of the component `overlays`, {} where there are none."""
    images = pictures(services, answers)
    if images.split is None or answers.rows is None or not answers.network:
        return {}
    classifier = services.catalogue.get(answers.network)
    image = images.split.picture(int(answers.rows[at])).convert("RGB")

    def heat_map(index: int, against: int | None = None) -> dict[str, Any]:
        drawn = explain.heat_map(image, classifier, services.store, index, against=against)
        return heat_maps.shown(services, text, classifier, drawn, index, drawn.method, against)

    true, predicted = int(answers.labels[at]), int(answers.predicted[at])
    maps = [heat_map(true)]
    if predicted != true:
        maps += [heat_map(predicted), heat_map(predicted, true)]
    names = class_names(answers.classes, text.language)
    words = {"true": names[true], "predicted": names[predicted]}
    title = maps[0]["title"] if len(maps) == 1 else text("heat.mistake", **words)
    items = [heat_maps.item(one) | {"title": ""} for one in maps]  # the list above the matrix names the model
    return {"message": "", "title": title, "caption": maps[-1]["caption"], "items": items}
