"""What is shown of recorded runs of several depths, and of gradients that are measured here.

It must not make components.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import Any

from ....inference.gradients import LayerNorms
from ....runs.comparison.depths import PARTS, PLAIN, RESIDUAL, Recorded
from ....runs.comparison.published import SHORT
from ...components.dots import line
from ...runs import chart_line, data_title, network_title
from ...text import Text
from .gradients import NORMS

PLAYED_SECONDS = 12  # for a whole recording, however long the training took
Pair = tuple[Recorded, Recorded]  # a residual model and the plain one of its depth


def answer(pair: Pair, text: Text) -> str:
    """The training errors that both ended with."""
    residual, plain = (
        {"model": network_title(one.run, text), "error": _error(one.epochs[-1].train_accuracy, text)["text"]}
        for one in pair
    )
    return text(
        "degradation.answer",
        plain=plain["model"], plain_error=plain["error"], residual=residual["model"], error=residual["error"],
    )  # fmt: skip


def duel(pair: Pair, text: Text) -> dict[str, Any]:
    """The training errors of both over the steps, as a chart that plays; what short runs do not show below it."""
    members = [replace(one, style=style) for one, style in zip(pair, ("A", "plain"), strict=True)]
    run = members[0].run
    title = text(
        "degradation.duel", data=data_title(run.config.data, text), epochs=f"{run.published_manifest()['epochs']:g}"
    )
    shown = course(members, text, ("training",))
    return shown | {"title": title, "note": caution(members, text, "short"), "seconds": PLAYED_SECONDS}


def heading(members: Sequence[Recorded], text: Text) -> str:
    """Which runs are shown."""
    names = text("degradation.chart.between").join(network_title(one.run, text) for one in members)
    first = members[0].run
    epochs = f"{first.published_manifest()['epochs']:g}"
    return text("degradation.runs", networks=names, epochs=epochs, data=data_title(first.config.data, text))


def unnormalised(members: Sequence[Recorded], text: Text) -> str:
    """Which runs without batch normalisation are shown, and how low their learning rate is."""
    config = members[0].run.config
    epochs, rate = f"{members[0].run.published_manifest()['epochs']:g}", f"{config.lr:g}"
    return text("degradation.without.words", data=data_title(config.data, text), epochs=epochs, rate=rate)


def caution(members: Sequence[Recorded], text: Text, length: str = "long") -> str:
    """What short runs do not show, in a "long" or a "short" version; "" for long runs."""
    epochs = members[0].run.published_manifest()["epochs"]
    return text(f"degradation.slow.{length}", epochs=f"{epochs:g}") if epochs <= SHORT else ""


def final_errors(members: Sequence[Recorded], text: Text) -> dict[str, Any]:
    """A row for each network: its final errors, training first."""
    rows = [
        {
            "network": network_title(one.run, text),
            "pass": _error(one.epochs[-1].train_accuracy, text),
            "validation": _error(one.epochs[-1].validation_accuracy, text),
            "norm": number(median(report.grad_norm for report in one.reports)),
            "steps": one.steps,
            "seeds": one.run.config.seed,
        }
        for one in members
        if one.epochs and one.reports
    ]
    return {"columns": _columns(("network", "pass", "validation", "norm", "steps", "seeds"), text), "rows": rows}


def course(
    members: Sequence[Recorded], text: Text, panels: Sequence[str] = ("training", "validation", "norm")
) -> dict[str, Any]:
    """Training error, validation error and gradient norm over the steps, for `components.dots`.

    panels: which of them are drawn, in their order.
    """
    courses = [Course.of(one, text) for one in members]
    steps = max(one.steps for one in members)
    drawn = {
        "training": _over_parts("training", courses, steps, text),
        "validation": _over_epochs(courses, steps, text),
        "norm": _over_parts("norm", courses, steps, text),
    }
    table: list[list[Any]] = [["network", "step", "training_error", "grad_norm", "validation_error"]]
    for one in courses:
        parts = zip(_middles(steps), one.training, one.norm, strict=True)
        table += [[one.name, step, _finite(error), _finite(norm), None] for step, error, norm in parts]
        table += [[one.name, step, None, None, _finite(error)] for step, error in one.validation]
    return {
        "title": text("degradation.chart"),
        "note": text("degradation.chart.note", reports=PARTS),
        "panels": [drawn[panel] for panel in panels],
        "table": table,
    }


@dataclass(frozen=True)
class Course:
    """How a run went: errors in percent and gradient norms.

    training, norm: one value for each of PARTS stretches. validation: (step, error) at the end of each epoch.
    """

    name: str
    style: str
    training: list[float]
    norm: list[float]
    validation: list[tuple[int, float]]

    @classmethod
    def of(cls, one: Recorded, text: Text) -> Course:
        """The course of a recorded run."""
        return cls(
            name=network_title(one.run, text),
            style=one.style,
            training=one.parts(lambda report: 100 * (1 - report.accuracy), fmean),
            norm=one.parts(lambda report: report.grad_norm, median),
            validation=[(epoch.step, 100 * (1 - epoch.validation_accuracy)) for epoch in one.epochs],
        )


def _middles(steps: int) -> list[int]:
    """The step in the middle of each stretch."""
    return [round((part + 0.5) * steps / PARTS) for part in range(PARTS)]


def _over_parts(key: str, courses: Sequence[Course], steps: int, text: Text) -> dict[str, Any]:
    """A panel with a value for each stretch: "training" or "norm"."""
    at, values = _middles(steps), {one.name: getattr(one, key) for one in courses}
    lines = [line(one.style, zip(at, values[one.name], strict=True), name=one.name) for one in courses]
    places = [
        _place(key, step, {name: course[part] for name, course in values.items()}, text) for part, step in enumerate(at)
    ]
    return _panel(key, steps, lines, places, text, log=key == "norm")


def _over_epochs(courses: Sequence[Course], steps: int, text: Text) -> dict[str, Any]:
    """The panel with a value for each end of an epoch."""
    lines = [line(one.style, one.validation, name=one.name, marked=True) for one in courses]
    ends = sorted({step for one in courses for step, _ in one.validation})
    places = [
        _place("validation", step, {one.name: dict(one.validation).get(step, math.nan) for one in courses}, text)
        for step in ends
    ]
    return _panel("validation", steps, lines, places, text)


def _place(key: str, step: int, values: dict[str, float], text: Text) -> list[Any]:
    """A step, and the values of the models there in words."""
    words = text("degradation.chart.between").join(
        text("degradation.chart.value", network=name, value=_value(key, value, text))
        for name, value in values.items()
        if math.isfinite(value)
    )
    return [step, text("degradation.chart.place", step=f"{step:,}", values=words)]


def _value(key: str, value: float, text: Text) -> str:
    """A gradient norm, or an error in percent."""
    return f"{value:.3g}" if key == "norm" else text("degradation.percent", value=f"{value:.1f}")


def _panel(
    key: str, steps: int, lines: list[dict[str, Any]], places: list[list[Any]], text: Text, log: bool = False
) -> dict[str, Any]:
    return {
        "title": text(f"degradation.chart.{key}"),
        "unit": text("degradation.chart.unit"),
        "x": [0, steps],
        "ticks": None,
        "log": log,
        "lines": lines,
        "places": places,
        "said": text("degradation.chart.said"),
    }


def curve(one: Recorded, text: Text) -> dict[str, Any]:
    """A recorded run as a line of the curves."""
    return chart_line(one.run, text) | {"title": network_title(one.run, text), "style": one.style, "paper": None}


def norms_chart(measured: Sequence[LayerNorms], text: Text) -> dict[str, Any]:
    """Gradient norms by layer, with and without batch normalisation side by side."""
    table: list[list[Any]] = [["network", "normalisation", "layer", "name", "gradient_norm", "signal"]]
    for one in measured:
        for at, (name, gradient, signal) in enumerate(zip(one.layers, one.gradients, one.signals, strict=True), 1):
            table.append([one.spec.title, one.spec.norm, at, name, _finite(gradient), _finite(signal)])
    panels = [_norms_panel([one for one in measured if one.spec.norm == norm], norm, text) for norm in NORMS]
    return {
        "title": text("degradation.norms.chart"),
        "note": text("degradation.norms.chart.note"),
        "panels": [panel for panel in panels if panel["lines"]],
        "table": table,
    }


def norms_table(measured: Sequence[LayerNorms], text: Text) -> dict[str, Any]:
    """A row for each measured network."""
    rows = [
        {
            "network": one.spec.title,
            "norm_of": text(f"degradation.norm.{one.spec.norm}"),
            "loss": number(one.loss),
            "total": number(one.total),
            "first": number(one.gradients[0]),
            "last": number(one.gradients[-1]),
            "signal": number(one.signals[-2]),
        }
        for one in measured
    ]
    return {"columns": _columns(("network", "norm_of", "loss", "total", "first", "last", "signal"), text), "rows": rows}


def _norms_panel(measured: Sequence[LayerNorms], norm: str, text: Text) -> dict[str, Any]:
    styles = {True: iter(PLAIN), False: iter(RESIDUAL)}
    lines = [
        line(next(styles[one.spec.shortcut == "none"]), enumerate(one.gradients, 1), name=one.spec.title)
        for one in measured
    ]
    deepest = max((len(one.layers) for one in measured), default=2)

    def read(at: int) -> str:
        values = [
            text(
                "degradation.norms.value", network=one.spec.title, value=f"{one.gradients[at]:.3g}", name=one.layers[at]
            )
            for one in measured
            if at < len(one.layers)
        ]
        return text("degradation.norms.place", layer=at + 1, values=text("degradation.chart.between").join(values))

    return {
        "title": text(f"degradation.norms.{norm}"),
        "unit": text("degradation.norms.unit"),
        "x": [1, deepest],
        "ticks": None,
        "log": True,
        "lines": lines,
        "places": [[at + 1, read(at)] for at in range(deepest if measured else 0)],
        "said": text("degradation.norms.said"),
    }


def number(value: float) -> dict[str, Any]:
    """A measured number with three digits; a dash where there is none, ∞ where it overflowed."""
    if not math.isfinite(value):
        return {"text": "–" if math.isnan(value) else "∞"}
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return {"text": f"{value:,.{digits}f}" if digits <= 5 else f"{value:.2e}", "sort": float(f"{value:.6g}")}


def _error(accuracy: float, text: Text) -> dict[str, Any]:
    percent = 100 * (1 - accuracy)
    return {"text": text("degradation.percent", value=f"{percent:.1f}"), "sort": round(percent, 4)}


def _finite(value: float) -> float | None:
    """A number for a file; None where it is not finite."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def _columns(keys: tuple[str, ...], text: Text) -> list[dict[str, Any]]:
    plain = ("network", "norm_of")
    return [{"key": key, "title": text(f"degradation.column.{key}"), "numeric": key not in plain} for key in keys]
