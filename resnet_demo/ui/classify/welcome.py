"""What the page shows before anybody has clicked: a small network with its shortcuts, and what they are for.

Values of `components.welcome`, made when the page is built from the networks and the published runs. It must not make
components.
"""

from __future__ import annotations

from statistics import fmean
from typing import Any

from ...data.errors import DataError
from ...models import ModelSpec
from ...runs.comparison.depths import Recorded, deepest_pair, recorded
from ...runs.folder import RunError
from ...services import Services
from ..runs import data_title, network_title
from ..shared.model_views import described
from ..text import Text

SMALL = "cifar-resnet20"


def value(services: Services, text: Text) -> dict[str, Any]:
    """What `components.welcome` shows."""
    return {"blocks": blocks(text), "curves": curves(services, text)}


def blocks(text: Text) -> dict[str, Any]:
    """The blocks of a small network: of each its stage, whether its shortcut keeps dimensions, and a sentence."""
    spec = ModelSpec.from_name(SMALL)
    parts = [part for part in described(spec)[1] if part.position is not None]
    items = []
    for number, part in enumerate(parts, 1):
        keeps = part.input_shape == part.output_shape
        shapes = {"before": shape(part.input_shape), "after": shape(part.output_shape)}
        words = text("welcome.keeps" if keeps else "welcome.changes", number=number, **shapes)
        items.append({"stage": part.stage, "keeps": keeps, "words": words})
    return {"title": text("welcome.blocks", layers=spec.depth, shortcuts=len(parts)), "network": SMALL, "items": items}


def shape(sizes: tuple[int, ...]) -> str:
    """16 × 32 × 32: channels, height, width."""
    return " × ".join(str(size) for size in sizes)


def curves(services: Services, text: Text) -> dict[str, Any] | None:
    """The training errors of the deepest recorded residual network and of the plain one of its depth; None where no
    such runs are here."""
    try:
        pair = deepest_pair(recorded(services.runs.list()))
        if not pair:
            return None
        lines = [line(one, text) for one in pair]
    except (RunError, DataError):  # a damaged run is not shown here; Train says what is wrong with it
        return None
    first = pair[0].run
    return {
        "about": text(
            "welcome.curves.about",
            layers=first.config.model.depth,
            epochs=f"{first.published_manifest()['epochs']:g}",
            data=data_title(first.config.data, text),
        ),
        "lines": lines,
    }


def errors(services: Services, text: Text) -> dict[str, str] | None:
    """The last training errors of those two networks in words: "plain" and "residual"."""
    shown = curves(services, text)
    return shown and {"plain" if one["plain"] else "residual": one["last"] for one in shown["lines"]}


def line(one: Recorded, text: Text) -> dict[str, Any]:
    """A curve: the training error in percent at equal distances, and the error of the last epoch in words."""
    errors = [round(error, 2) for error in one.parts(lambda report: 100 * (1 - report.accuracy), fmean)]
    return {
        "title": network_title(one.run, text),
        "plain": one.run.config.model.shortcut == "none",
        "errors": [error if error == error else None for error in errors],
        "last": text("welcome.error", percent=100 * (1 - one.epochs[-1].train_accuracy)),
    }
