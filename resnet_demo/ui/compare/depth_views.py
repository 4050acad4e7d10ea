"""Plain and residual networks of several depths: which published runs belong together, and what is shown of them and of
gradients measured here. No component."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import fmean, median
from typing import Any

from ...engine.events import EpochDone, StepMetrics
from ...inference.gradients import LayerNorms
from ...runs.comparison import SHORT
from ...runs.folder import RunFolder
from ..components.dots import line
from ..runs import chart_line, data_title, network_title
from ..text import Text

PARTS = 40  # of a run, for which one value each is drawn
RESIDUAL, PLAIN = ("A", "spare2", "spare1"), ("plain", "spare3", "spare4")  # looks, from the shallowest network on
NORMS = ("batch", "none")


@dataclass(frozen=True, eq=False)
class Recorded:
    """One published run of the section, with its look in the charts."""

    run: RunFolder
    style: str

    @cached_property
    def reports(self) -> list[StepMetrics]:
        """What it reported while training."""
        return [event for event in self.run.events() if isinstance(event, StepMetrics)]

    @cached_property
    def epochs(self) -> list[EpochDone]:
        """Its epochs."""
        return [event for event in self.run.events() if isinstance(event, EpochDone)]

    @property
    def steps(self) -> int:
        """How long it was trained."""
        return self.run.manifest["steps"]

    def parts(self, of: Callable[[StepMetrics], float], mean: Callable[[list[float]], float]) -> list[float]:
        """One value for each of PARTS equal stretches of the run; NaN where nothing was reported."""
        found: list[list[float]] = [[] for _ in range(PARTS)]
        for report in self.reports:
            found[min(PARTS - 1, (report.step - 1) * PARTS // self.steps)].append(of(report))
        return [mean(values) if values else math.nan for values in found]


def recorded(runs: Iterable[RunFolder], norm: str = "batch") -> tuple[Recorded, ...]:
    """The published runs of equal recipe that show plain networks of two depths or more beside residual ones.

    norm: "batch" or "none", the normalisation of all of them. One run a network, of its first seed; residual ones with
    the first of A, B, C that there is. Of several such groups the one that was trained longest; nothing where there is
    none.
    """
    groups: dict[Any, list[RunFolder]] = {}
    for run in runs:
        spec = run.config.model
        if run.manifest and spec.family.name == "cifar" and spec.block == "basic" and spec.norm == norm:
            groups.setdefault(_in_common(run), []).append(run)
    made = [_members(members) for members in groups.values()]
    made = [members for members in made if sum(_is_plain(one.run) for one in members) > 1]
    return max(made, key=lambda members: (len({_is_plain(one.run) for one in members}), members[0].steps), default=())


def _in_common(run: RunFolder) -> Any:
    """What runs of different networks and seeds share when they were trained alike."""
    config = run.config
    model = replace(config.model, name="plain20", shortcut="none")
    left_out = {"seed": 0, "length": 1.0, "unit": "epochs", "threads": 0, "compile": False, "checkpoint_seconds": 30.0}
    alike = replace(config, model=model, preset="", parent="", **left_out)
    return alike, run.manifest["precision"], run.manifest["steps"]


def _members(runs: Sequence[RunFolder]) -> tuple[Recorded, ...]:
    """Residual networks before plain ones, shallow before deep."""
    first: dict[tuple[bool, int], RunFolder] = {}
    for run in sorted(runs, key=lambda run: (run.config.model.shortcut, run.config.seed)):
        first.setdefault((_is_plain(run), run.config.model.depth), run)
    looks = {False: iter(RESIDUAL), True: iter(PLAIN)}
    styled = [(run, next(looks[plain], None)) for (plain, _), run in sorted(first.items())]
    return tuple(Recorded(run, style) for run, style in styled if style)


def _is_plain(run: RunFolder) -> bool:
    return run.config.model.shortcut == "none"


# --- recorded runs


def heading(members: Sequence[Recorded], text: Text) -> str:
    """Which runs they are."""
    names = text("degradation.chart.between").join(network_title(one.run, text) for one in members)
    first = members[0].run
    epochs = f"{first.manifest['epochs']:g}"
    return text("degradation.runs", networks=names, epochs=epochs, data=data_title(first.config.data, text))


def without(members: Sequence[Recorded], text: Text) -> str:
    """What runs without normalisation are, and how small their steps are."""
    config = members[0].run.config
    epochs, rate = f"{members[0].run.manifest['epochs']:g}", f"{config.lr:g}"
    return text("degradation.without.words", data=data_title(config.data, text), epochs=epochs, rate=rate)


def caution(members: Sequence[Recorded], text: Text) -> str:
    """What short runs do not show; nothing of long ones."""
    epochs = members[0].run.manifest["epochs"]
    return text("degradation.slow", epochs=f"{epochs:g}") if epochs <= SHORT else ""


def ends(members: Sequence[Recorded], text: Text) -> dict[str, Any]:
    """A row for each network: its errors at the end, training first."""
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
    """Training error, validation error and gradient norm over the steps, for `components.dots`; panels: which of them,
    and in which order."""
    names = {one.run.id: network_title(one.run, text) for one in members}
    steps = max(one.steps for one in members)
    at = [round((part + 0.5) * steps / PARTS) for part in range(PARTS)]
    errors = {one.run.id: one.parts(lambda report: 100 * (1 - report.accuracy), fmean) for one in members}
    norms = {one.run.id: one.parts(lambda report: report.grad_norm, median) for one in members}
    passed = {
        one.run.id: [(epoch.step, 100 * (1 - epoch.validation_accuracy)) for epoch in one.epochs] for one in members
    }

    def panel(key: str, lines: list[dict[str, Any]], places: list[list[Any]], log: bool = False) -> dict[str, Any]:
        said = text("degradation.chart.said")
        unit, title = text("degradation.chart.unit"), text(f"degradation.chart.{key}")
        return {"title": title, "unit": unit, "x": [0, steps], "ticks": None, "log": log, "lines": lines,
                "places": places, "said": said}  # fmt: skip

    def read(values: dict[str, float], form: str) -> str:
        known = {run: value for run, value in values.items() if math.isfinite(value)}
        return text("degradation.chart.between").join(
            text("degradation.chart.value", network=names[run], value=form.format(value))
            for run, value in known.items()
        )

    def place(step: int, values: dict[str, float], form: str) -> list[Any]:
        return [step, text("degradation.chart.place", step=f"{step:,}", values=read(values, form))]

    def over_parts(key: str, values: dict[str, list[float]], form: str, log: bool = False) -> dict[str, Any]:
        lines = [line(one.style, zip(at, values[one.run.id], strict=True), name=names[one.run.id]) for one in members]
        places = [place(step, {run: found[i] for run, found in values.items()}, form) for i, step in enumerate(at)]
        return panel(key, lines, places, log)

    ended = sorted({step for found in passed.values() for step, _ in found})
    validation = panel(
        "validation",
        [line(one.style, passed[one.run.id], name=names[one.run.id], marked=True) for one in members],
        [
            place(step, {run: dict(found).get(step, math.nan) for run, found in passed.items()}, "{:.1f} %")
            for step in ended
        ],
    )
    table = [["network", "step", "training_error", "grad_norm", "validation_error"]]
    for one in members:
        run = one.run.id
        for step, error, norm in zip(at, errors[run], norms[run], strict=True):
            table.append([names[run], step, _kept(error), _kept(norm), None])
        table += [[names[run], step, None, None, _kept(error)] for step, error in passed[run]]
    drawn = {
        "training": over_parts("training", errors, "{:.1f} %"),
        "validation": validation,
        "norm": over_parts("norm", norms, "{:.3g}", log=True),
    }
    return {
        "title": text("degradation.chart"),
        "note": text("degradation.chart.note", reports=PARTS),
        "panels": [drawn[panel] for panel in panels],
        "table": table,
    }


def curve(one: Recorded, text: Text) -> dict[str, Any]:
    """A recorded run as the curves know it."""
    return chart_line(one.run, text) | {"title": network_title(one.run, text), "style": one.style, "paper": None}


# --- norms that were measured here


def norms_chart(found: Sequence[LayerNorms], text: Text) -> dict[str, Any]:
    """Gradient norms by layer, with and without batch normalisation side by side."""
    table = [["network", "normalisation", "layer", "name", "gradient_norm", "signal"]]
    for one in found:
        for at, (name, gradient, signal) in enumerate(zip(one.layers, one.gradients, one.signals, strict=True), 1):
            table.append([one.spec.title, one.spec.norm, at, name, _kept(gradient), _kept(signal)])
    panels = [_norms_panel([one for one in found if one.spec.norm == norm], norm, text) for norm in NORMS]
    return {
        "title": text("degradation.norms.chart"),
        "note": text("degradation.norms.chart.note"),
        "panels": [panel for panel in panels if panel["lines"]],
        "table": table,
    }


def norms_table(found: Sequence[LayerNorms], text: Text) -> dict[str, Any]:
    """A row for each network that was measured."""
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
        for one in found
    ]
    return {"columns": _columns(("network", "norm_of", "loss", "total", "first", "last", "signal"), text), "rows": rows}


def _norms_panel(found: Sequence[LayerNorms], norm: str, text: Text) -> dict[str, Any]:
    looks = {True: iter(PLAIN), False: iter(RESIDUAL)}
    lines = [
        line(next(looks[one.spec.shortcut == "none"]), enumerate(one.gradients, 1), name=one.spec.title)
        for one in found
    ]
    deepest = max((len(one.layers) for one in found), default=2)

    def read(at: int) -> str:
        values = [
            text(
                "degradation.norms.value", network=one.spec.title, value=f"{one.gradients[at]:.3g}", name=one.layers[at]
            )
            for one in found
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
        "places": [[at + 1, read(at)] for at in range(deepest if found else 0)],
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


def _kept(value: float) -> float | None:
    """A number for a file; nothing where there is none."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def _columns(keys: tuple[str, ...], text: Text) -> list[dict[str, Any]]:
    plain = ("network", "norm_of")
    return [{"key": key, "title": text(f"degradation.column.{key}"), "numeric": key not in plain} for key in keys]
