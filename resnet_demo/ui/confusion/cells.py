"""The pictures of one cell, page by page, and where the network looks in one of them. No component."""

from __future__ import annotations

from typing import Any

from ...inference import explain
from ...library.answers import Answers, pictures
from ...services import Services
from ..components.address import PIXELATED_UP_TO, data_address
from ..shared import heat_maps as heat
from ..text import Text
from ..text.classes import class_names

PAGE = 24  # pictures at a time


def strip(services: Services, found: Answers, cell: tuple[int, int] | None, page: int, text: Text) -> dict[str, Any]:
    """A page of the pictures in a cell, the most confident first, or why there are none to see."""
    if cell is None:
        return {}
    members = found.cell(*cell)
    names = class_names(found.classes, text.language)
    words = {"true": names[cell[0]], "predicted": names[cell[1]], "count": f"{len(members):,}"}
    there = pictures(services, found)
    if there.split is None:
        return {"note": text(f"confusion.cell.{there.why}", **words), "items": []}
    shown = members[page * PAGE : (page + 1) * PAGE]
    if len(members) > PAGE:
        last = min(len(members), (page + 1) * PAGE)
        note = text("confusion.cell.page", first=page * PAGE + 1, last=last, **words)
    else:
        note = text("confusion.cell", **words)
    return {
        "note": note,
        "pixelated": there.split.images.shape[1] <= PIXELATED_UP_TO,
        "items": [
            {
                "source": data_address(there.split.picture(int(found.rows[at]))),
                "true": words["true"],
                "predicted": words["predicted"],
                "probability": None if found.confidence is None else float(found.confidence[at]),
                "index": int(at),
            }
            for at in shown
        ],
    }


def pages(found: Answers, cell: tuple[int, int] | None) -> int:
    """How many pages a cell has."""
    return 0 if cell is None else -(-len(found.cell(*cell)) // PAGE)


def looked(services: Services, found: Answers, at: int, text: Text) -> tuple[dict[str, Any], dict[str, Any]]:
    """Heat maps of one picture for its true and its predicted class; the classes are those of the network itself."""
    there = pictures(services, found)
    if there.split is None or not found.network:
        return {}, {}
    classifier = services.catalogue.get(found.network)
    image = there.split.picture(int(found.rows[at])).convert("RGB")

    def one(index: int) -> dict[str, Any]:
        drawn = explain.heat_map(image, classifier, services.store, int(index))
        return heat.shown(services, text, classifier, drawn, int(index), "grad-cam")

    true = one(found.labels[at])
    return true, true if found.labels[at] == found.predicted[at] else one(found.predicted[at])
