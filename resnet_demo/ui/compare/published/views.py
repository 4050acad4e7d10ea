"""What the page shows of a comparison of published runs: its title, the table of costs and the chart of the seeds.

Verdicts are made by `verdict_views`. It must not make components.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....benchmarks.latency import Latency
from ....runs.comparison.published import Comparison, Variant
from ...components.dots import dot, line
from ...runs import data_title, network_title
from ...text import Text

APART = 0.09  # of the distance of two variants: between the marks of two seeds
WIDE = 0.3  # half of the line of a mean


def title(comparison: Comparison, text: Text) -> str:
    """The title of a comparison in a list."""
    counts = sorted({variant.n for variant in comparison.variants})
    n = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]}–{counts[-1]}"
    data, epochs = data_title(comparison.data, text), f"{comparison.epochs:g}"
    return text("comparison.title", depth=comparison.depth, data=data, epochs=epochs, n=n)


def sets(comparison: Comparison) -> tuple[str, ...]:
    """The primary set, and the other one where there is one."""
    return tuple(filter(None, (comparison.primary, comparison.other)))


def set_name(name: str, text: Text) -> str:
    """The name of an evaluation set."""
    return text(f"comparison.set.{name}")


def name(variant: Variant, text: Text) -> str:
    """The name of a variant's model: "ResNet-20 A"."""
    return network_title(variant.runs[0], text)


def costs(comparison: Comparison, text: Text, measured: Mapping[str, Latency] | None = None) -> dict[str, Any]:
    """A row for each variant: cost, accuracy by set, seeds. measured: latencies by variant, once there are some."""
    heads = ("network", "parameters", "work", "size", "latency", *sets(comparison), "n", "weights")
    columns = [
        {
            "key": key,
            "title": text("comparison.column.accuracy", set=set_name(key, text))
            if key in sets(comparison)
            else text(f"comparison.column.{key}"),
            "numeric": key not in ("network", "weights"),
        }
        for key in heads
    ]
    rows = [
        {
            "network": name(variant, text),
            "parameters": variant.parameters,
            "work": variant.multiply_adds,
            "size": {"text": text("comparison.size", kilobytes=variant.bytes / 1000), "sort": variant.bytes},
            "latency": latency((measured or {}).get(variant.key), text),
            "n": variant.n,
            "weights": weights(variant, text),
            **{
                one: {"text": accuracy(variant, one, text), "sort": round(variant.mean(one), 6)}
                for one in sets(comparison)
            },
        }
        for variant in comparison.variants
    ]
    return {"columns": columns, "rows": rows}


def latency(measured: Latency | None, text: Text) -> dict[str, Any]:
    """A latency with its range; a dash where it was not measured."""
    if measured is None:
        return {"text": "–"}
    words = text("comparison.latency", median=measured.median, low=measured.low, high=measured.high)
    return {"text": words, "sort": round(measured.median, 4)}


def accuracy(variant: Variant, on: str, text: Text) -> str:
    """Mean accuracy, with its standard deviation where there is one."""
    if variant.n < 2:
        return text("comparison.accuracy", mean=share(variant.mean(on)))
    return text("comparison.accuracy.std", mean=share(variant.mean(on)), std=share(variant.std(on)))


def weights(variant: Variant, text: Text) -> str:
    """How many of the seeds have their weights here and can classify."""
    here = sum(run.has_weights() for run in variant.runs)
    return text("comparison.weights", here=here, n=variant.n) if here else text("comparison.weights.none")


def share(value: float) -> str:
    """0.8736 as "87.36"."""
    return f"{100 * value:.2f}"


def chart(comparison: Comparison, text: Text) -> dict[str, Any]:
    """The chart of the seeds, a dot each, for `components.dots`: a panel for each set."""
    several = any(variant.n > 1 for variant in comparison.variants)
    head = ["variant", "seed", "set", "accuracy"]
    rows = [
        [name(variant, text), seed, one, round(value, 6)]
        for one in sets(comparison)
        for variant in comparison.variants
        for seed, value in zip(variant.seeds, variant.accuracy[one], strict=True)
    ]
    return {
        "title": text("comparison.chart", title=title(comparison, text)),
        "note": "" if several else text("comparison.one"),
        "panels": [_panel(comparison, one, several, text) for one in sets(comparison)],
        "table": [head, *rows],
    }


def _panel(comparison: Comparison, on: str, several: bool, text: Text) -> dict[str, Any]:
    variants = comparison.variants
    lines: list[dict[str, Any]] = []
    for at, variant in enumerate(variants):
        values = [100 * value for value in variant.accuracy[on]]
        lines += [
            dot(variant.key, at + APART * (seed - (len(values) - 1) / 2), value) for seed, value in enumerate(values)
        ]
        if variant.n > 1:
            mean, std = 100 * variant.mean(on), 100 * variant.std(on)
            lines.append(line(variant.key, [(at - WIDE, mean), (at + WIDE, mean)], solid=True))
            lines.append(line(variant.key, [(at + WIDE, mean - std), (at + WIDE, mean + std)], bold=False, solid=True))
    return {
        "title": text("comparison.chart.panel", set=set_name(on, text)),
        "unit": "",
        "x": [-0.5, len(variants) - 0.5],
        "ticks": [[at, text(f"comparison.key.{variant.key}")] for at, variant in enumerate(variants)],
        "log": False,
        "lines": lines,
        "places": [[at, _place(variant, on, text)] for at, variant in enumerate(variants)],
        "said": text("comparison.chart.said" if several else "comparison.chart.said.one"),
    }


def _place(variant: Variant, on: str, text: Text) -> str:
    pairs = zip(variant.seeds, variant.accuracy[on], strict=True)
    seeds = text("comparison.chart.between").join(
        text("comparison.chart.seed", seed=seed, value=share(value)) for seed, value in pairs
    )
    words = {"network": name(variant, text), "seeds": seeds}
    if variant.n < 2:
        return text("comparison.chart.place", **words)
    return text("comparison.chart.place.mean", **words, mean=share(variant.mean(on)), std=share(variant.std(on)))
