"""ImageNet's networks that are not here yet: what they are called, and fetching one on a click, with progress."""

from __future__ import annotations

from collections.abc import Iterator

from ...data.errors import DataError
from ...inference.catalogue import FIRST_CHOICE
from ...inference.imagenet import PRETRAINED, Pretrained
from ...services import Services
from ..errors import sentence
from ..text import Text
from ..watched import watched


def choices(services: Services, text: Text) -> list[tuple[str, str]]:
    """(words with the size, id) of every network that can be fetched, the smallest first."""
    missing = sorted(services.catalogue.missing(), key=lambda one: one.size_bytes)
    return [
        (text("fetch.choice", network=one.spec.title, megabytes=megabytes(one.size_bytes)), one.id) for one in missing
    ]


def best_missing(services: Services) -> Pretrained | None:
    """The ImageNet model that is offered beside an answer; None as soon as any is here."""
    missing = services.catalogue.missing()
    if len(missing) < len(PRETRAINED):
        return None
    return next(one for one in missing if one.depth == FIRST_CHOICE[0])


def offer(best: Pretrained, text: Text) -> str:
    """The sentence that offers it."""
    classes, size = best.spec.num_classes, megabytes(best.size_bytes)
    return text("offer.words", model=best.spec.title, classes=classes, megabytes=size)


def fetched(services: Services, text: Text, wanted: str) -> Iterator[tuple[str, bool]]:
    """(sentence to show, whether the network is here now), twice a second until the download ends either way."""
    found: Pretrained | None = next((one for one in services.catalogue.missing() if one.id == wanted), None)
    if found is None:  # somebody else has fetched it meanwhile
        yield text("fetch.here"), True
        return
    try:
        for done, _ in watched(lambda report: services.catalogue.fetch(found, report)):
            so_far = {"done": megabytes(done), "total": megabytes(found.size_bytes)}
            yield text("fetch.progress", network=found.spec.title, **so_far), False
    except DataError as error:
        yield sentence(error, text), False
        return
    yield text("fetch.done", network=found.spec.title), True


def megabytes(count: int) -> str:
    """Bytes as megabytes for people."""
    return f"{count / 1e6:.1f}"
