"""What the part on the inside of a model shows of measurements over blocks: values of charts, and sentences.

Pure functions of what was measured. It must not make components.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ....inference.classifier import Classifier
from ....inside.recorded import read_record
from ....inside.removal import RemovalCurve, Score
from ....inside.responses import Responses
from ....runs.folder import RunError
from ....services import Services
from ...components.dots import line
from ...percent import percent
from ...runs import chart_style, network_title, title
from ...text import Text

MANY = 8  # blocks, of which the first tick has no room beside that of no block


@dataclass(frozen=True)
class Line:
    """A model with what was recorded of it."""

    id: str
    title: str
    style: str
    depth: int
    removal: RemovalCurve
    responses: Responses | None


def statistics(classifier: Classifier) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and std that a model's images are normalised by."""
    return classifier.preprocess.mean, classifier.preprocess.std


def recorded_runs(services: Services, text: Text) -> list[Line]:
    """The published runs of which measurements are recorded, shallow ones first."""
    lines = []
    for run in services.runs.list():
        try:
            record = read_record(run)
        except RunError:  # a damaged file is no reason to show nothing of the others
            continue
        if record:
            spec = run.config.model
            style = chart_style(spec)
            lines.append(Line(run.id, network_title(run, text), style, spec.depth, record.removal, record.responses))
    return sorted(lines, key=lambda one: (one.depth, one.style == "plain", one.style))


def line_of(services: Services, classifier: Classifier, curve: RemovalCurve, text: Text) -> Line:
    """A curve that was measured now."""
    return Line(classifier.id, title(services, classifier, text), "spare1", classifier.spec.depth, curve, None)


def added(curve: RemovalCurve | None, piece: RemovalCurve) -> RemovalCurve:
    """The curve over the images of both."""
    if curve is None:
        return piece
    rows = curve.rows + piece.rows

    def mean(one: float, other: float) -> float:
        return (one * curve.rows + other * piece.rows) / rows

    pairs = zip(curve.accuracies, piece.accuracies, strict=True)
    accuracies = tuple(mean(*pair) for pair in pairs)
    return RemovalCurve(mean(curve.accuracy, piece.accuracy), curve.blocks, accuracies, rows)


def accuracy(trained: Score, cut: Score, rows: int, text: Text) -> str:
    """Accuracy as trained and with cuts, over so many of `rows` images."""
    words = text(
        "inside.accuracy",
        count=cut.rows,
        trained=percent(trained.accuracy, 1, text.language),
        cut=percent(cut.accuracy, 1, text.language),
    )
    return words if cut.rows == rows else f"{words} {text('inside.counting', done=cut.rows, all=rows)}"


def removal(lines: Sequence[Line], live: Line | None, text: Text) -> dict[str, Any]:
    """The value of `dots`: for each depth a panel, accuracy without each block in turn."""
    everything = [*lines, *([live] if live else [])]
    depths = sorted({one.removal.blocks for one in everything}, key=len)
    panels = []
    for blocks in depths:
        group = [one for one in everything if one.removal.blocks == blocks]
        panels.append(_panel(blocks, group, text))
    rows = {one.removal.rows for one in everything}
    table: list[list[Any]] = [[text("inside.model"), text("inside.block"), text("inside.removal.accuracy")]]
    for one in everything:
        table.append([one.title, text("inside.removal.nothing"), one.removal.accuracy])
        table += [[one.title, *pair] for pair in zip(one.removal.blocks, one.removal.accuracies, strict=True)]
    note = text("inside.removal.note", rows=", ".join(f"{count:,}" for count in sorted(rows)))
    return {
        "title": text("inside.removal.chart"),
        "note": note if everything else "",
        "panels": panels,
        "table": table,
        "seconds": 0,
        "empty": text("inside.removal.none"),
    }


def _panel(blocks: tuple[str, ...], group: Sequence[Line], text: Text) -> dict[str, Any]:
    places = range(1, len(blocks) + 1)
    lines = []
    for one in group:
        points = [(0, 100 * one.removal.accuracy)]
        points += [(place, 100 * value) for place, value in zip(places, one.removal.accuracies, strict=True)]
        lines.append(line(one.style, points, name=one.title, marked=True))
    said = [
        [place, _without(text("inside.removal.without", block=block), group, place - 1, text)]
        for place, block in enumerate(blocks, 1)
    ]
    start = [0, _without(text("inside.removal.all"), group, None, text)]
    names = [one.title for one in group]
    return {
        "title": text("inside.removal.panel", blocks=len(blocks)),
        "unit": text("inside.removal.unit"),
        "x": [0, len(blocks)],
        "ticks": [[0, text("inside.removal.nothing")], *_stages(blocks)[len(blocks) >= MANY :]],
        "log": False,
        "lines": lines,
        "places": [start, *said],
        "said": text("inside.removal.hint") if names else "",
    }


def _without(words: str, group: Sequence[Line], number: int | None, text: Text) -> str:
    values = [
        text(
            "inside.named",
            name=one.title,
            value=percent(one.removal.accuracy if number is None else one.removal.accuracies[number], 1, text.language),
        )
        for one in group
    ]
    return f"{words} {text('inside.comma').join(values)}"


def _stages(blocks: Sequence[str]) -> list[list[Any]]:
    """The ticks of a chart: the first block of each stage."""
    return [[place, block.partition(".")[0]] for place, block in enumerate(blocks, 1) if block.endswith(".0")]


def norms(one: Responses, many: Responses | None, text: Text) -> dict[str, Any]:
    """The value of `dots`: norms of what the shortcut carries, of F(x) and of their sum, block by block."""
    panels = [_norm_panel(one, text("inside.norms.image"), text)]
    if many:
        panels.append(_norm_panel(many, text("inside.norms.images", count=many.images), text))
    table: list[list[Any]] = [
        [text("inside.block"), *(text(f"inside.norms.{name}") for name in ("shortcut", "branch", "total"))]
    ]
    table += [[block.name, block.shortcut, block.branch, block.total] for block in one.blocks]
    return {
        "title": text("inside.norms.chart"), "note": "", "panels": panels, "table": table, "seconds": 0, "empty": "",
    }  # fmt: skip


def _norm_panel(measured: Responses, words: str, text: Text) -> dict[str, Any]:
    blocks = measured.blocks
    lines = []
    for name, style in (("shortcut", "A"), ("branch", "B"), ("total", "C")):
        points = [(place, getattr(block, name)) for place, block in enumerate(blocks, 1)]
        if all(value is not None for _, value in points):
            lines.append(line(style, points, name=text(f"inside.norms.{name}"), marked=True))
    places = [
        [
            place,
            text(
                "inside.norms.place",
                block=block.name,
                shortcut="–" if block.shortcut is None else f"{block.shortcut:.2f}",
                branch=f"{block.branch:.2f}",
                total=f"{block.total:.2f}",
            ),
        ]
        for place, block in enumerate(blocks, 1)
    ]
    names = [block.name for block in blocks]
    return {
        "title": words, "unit": text("inside.removal.unit"), "x": [1, max(2, len(blocks))],
        "ticks": _stages(names), "log": False, "lines": lines, "places": places, "said": "",
    }  # fmt: skip


def responses(one: Responses, many: Responses | None, others: Sequence[Line], model: str, text: Text) -> dict[str, Any]:
    """The value of `dots`: standard deviations of layer responses, as figure 7 of the paper has them, of this image
    and of recorded models of each depth."""
    panels = [_response_panel([(text("inside.responses.this"), "spare1", one)], text("inside.norms.image"), text)]
    by_depth: dict[int, list[tuple[str, str, Responses]]] = {}
    for other in others:
        if other.responses:
            by_depth.setdefault(other.depth, []).append((other.title, other.style, other.responses))
    for group in by_depth.values():
        count = group[0][2].images
        panels.append(_response_panel(group, text("inside.norms.images", count=count), text))
    table: list[list[Any]] = [[text("inside.layer"), text("inside.responses.std")]]
    table += [[layer, std] for layer, std in zip(one.layers, one.stds, strict=True)]
    return {
        "title": text("inside.responses.chart"), "note": text("inside.responses.note"), "panels": panels,
        "table": table, "seconds": 0, "empty": "",
    }  # fmt: skip


def _response_panel(group: Sequence[tuple[str, str, Responses]], words: str, text: Text) -> dict[str, Any]:
    longest = max(group, key=lambda each: len(each[2].layers))[2]
    lines = [
        line(style, [(place, std) for place, std in enumerate(measured.stds, 1)], name=name)
        for name, style, measured in group
    ]
    places = []
    for place, layer in enumerate(longest.layers, 1):
        values = [
            text("inside.named", name=name, value=f"{measured.stds[place - 1]:.3f}")
            for name, _, measured in group
            if place <= len(measured.stds)
        ]
        places.append([place, f"{layer}: {text('inside.comma').join(values)}"])
    return {
        "title": words, "unit": text("inside.responses.unit"), "x": [1, max(2, len(longest.layers))], "ticks": None,
        "log": False, "lines": lines, "places": places, "said": "",
    }  # fmt: skip
