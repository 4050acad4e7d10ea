"""Many pictures: a table with a row for each picture and network, filled while the visitor watches.

One bad file gets its sentence in its row and never costs the others. It keeps no picture, only thumbnails.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from ...inference.classify import classify
from ...services import Services
from ..components.address import data_address
from ..errors import REFUSALS, sentence
from ..percent import answer_percent
from ..runs import title
from ..shared.answers import MOST_NETWORKS, Options
from ..text import Text
from ..text.classes import class_names
from ..uploads import opened

THUMBNAIL = 48  # pixels
MOST_PICTURES = 200
BEST = 3
UPDATE_SECONDS = 0.4


def tables(
    services: Services, text: Text, paths: Sequence[str], ids: Sequence[str], options: Options
) -> Iterator[tuple[dict[str, Any], int]]:
    """(table so far, pictures done), a few times a second and at the end."""
    rows: list[dict[str, Any]] = []
    shown = time.monotonic()
    for done, path in enumerate(paths[:MOST_PICTURES], 1):
        rows += picture_rows(services, text, path, ids[:MOST_NETWORKS], options)
        if done < len(paths[:MOST_PICTURES]) and time.monotonic() - shown > UPDATE_SECONDS:
            yield {"columns": columns(text, several=len(ids) > 1), "rows": list(rows)}, done
            shown = time.monotonic()
    yield {"columns": columns(text, several=len(ids) > 1), "rows": rows}, len(paths[:MOST_PICTURES])


def columns(text: Text, several: bool) -> list[dict[str, Any]]:
    """The headings; the network's only where there are several."""
    return [
        {"key": "picture", "title": text("batch.picture"), "image": True},
        {"key": "file", "title": text("batch.file")},
        *([{"key": "network", "title": text("run.label")}] if several else []),
        {"key": "best", "title": text("batch.first"), "wrap": True},
        {"key": "confidence", "title": text("batch.confidence"), "numeric": True},
        {"key": "second", "title": text("batch.second")},
        {"key": "third", "title": text("batch.third")},
    ]


def picture_rows(
    services: Services, text: Text, path: str, ids: Sequence[str], options: Options
) -> list[dict[str, Any]]:
    """A row for each network, of a picture that is decoded once."""
    row = {"picture": "", "file": Path(path).name}
    try:
        image = opened(path)
    except REFUSALS as error:  # one row for each network here too: a row's number tells its picture
        return [row | {"best": f"✗ {sentence(error, text)}"} for _ in ids]
    row["picture"] = thumbnail(image)
    return [row | network_row(services, text, image, one, options) for one in ids]


def network_row(
    services: Services, text: Text, image: Image.Image, classifier_id: str, options: Options
) -> dict[str, Any]:
    """What one network says, as cells."""
    try:
        classifier = services.catalogue.get(classifier_id)
        found = classify(image, classifier, services.store, BEST, options.temperature, options.crop)
    except REFUSALS as error:
        return {"best": f"✗ {sentence(error, text)}"}
    names = class_names(found.classes, text.language)
    best = dict(zip(("best", "second", "third"), (names[i] for i in found.indices), strict=False))
    confidence = {"text": answer_percent(found.confidence, text), "sort": round(found.confidence, 4)}
    return best | {"confidence": confidence, "network": title(services, classifier, text)}


def thumbnail(image: Image.Image) -> str:
    """A small picture for the table, as a `data:` address."""
    small = image.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    return data_address(small)


def progress(text: Text, done: int, total: int) -> str:
    """The sentence below the table."""
    if done < min(total, MOST_PICTURES):
        return text("batch.progress", done=done, total=min(total, MOST_PICTURES))
    if total > MOST_PICTURES:
        return text("batch.too_many", total=total, most=MOST_PICTURES)
    return text("batch.done", total=total)
