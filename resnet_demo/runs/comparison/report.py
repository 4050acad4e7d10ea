"""A comparison for terminals, files and programs: one dictionary of all numbers, and from it Markdown, JSON and CSV.

Its sentences are English; the page has words of its own. What does not exist is null in JSON, an empty cell in CSV and
"–" in Markdown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ...metrics.paired import MOST_SEEDS
from ...metrics.report import as_json, escaped, unarmed
from .paper import REPORTED, Reported
from .published import (
    EFFECT,
    LEAST_SEEDS,
    LEVEL,
    POWER,
    Comparison,
    NetworksTest,
    Variant,
    Verdict,
    networks_test,
    verdicts,
)
from .results import as_markdown, network_title

NOTES = (
    "Accuracy: mean ± standard deviation (n - 1) over n seeds; one seed has neither a deviation nor a verdict.",
    f"Verdicts: t-tests of differences paired by seed, p by Holm over the pairs, separated below {LEVEL:g}; intervals "
    "by Bonferroni. Within noise says that these seeds do not tell the two apart, not that they are equal.",
    "Seeds that would see half a point: for one pair, at the level of its interval, by the 95 % interval (chi-square) "
    "of the standard deviation of the differences.",
    "These two networks: McNemar's exact test of two single networks on one set of pictures; not about other seeds.",
)


def report(compared: Iterable[Comparison]) -> dict[str, Any]:
    """Everything about the comparisons as JSON has it: no NaN, null instead. RunError as of `networks_test`."""
    return {
        "notes": list(NOTES),
        "level": LEVEL,
        "effect": EFFECT,
        "power": POWER,
        "comparisons": [_comparison(one) for one in compared],
        "reported": [asdict(one) | {"sentence": reported_sentence(one)} for one in REPORTED],
    }


def markdown(made: Mapping[str, Any]) -> str:
    """The report to be read."""
    lines = ["# Shortcut options compared", ""]
    for one in made["comparisons"]:
        sets = [name for name in (one["primary"], one["other"]) if name]
        table = as_markdown([_row(variant, sets) for variant in one["variants"]])
        lines += [f"## {escaped(one['title'])}", "", table.rstrip()]
        for name in sets:
            label = "the primary set, fixed beforehand" if name == one["primary"] else "beside it"
            lines += ["", f"Verdicts on {name} ({label}):", ""]
            lines += [f"- {sentence}" for sentence in _verdict_lines(one["verdicts"][name])]
        if one["networks"]:
            lines += ["", f"These two networks, on {one['primary']}:", ""]
            lines += [f"- {test['sentence']}" for test in one["networks"]]
        lines.append("")
    if not made["comparisons"]:
        lines += ["No two published networks differ in their shortcut alone.", ""]
    lines += ["## Published by others", "", *(f"- {one['sentence']}" for one in made["reported"]), ""]
    return "\n".join([*lines, *(f"{note}  " for note in made["notes"][:-1]), made["notes"][-1], ""])


def accuracies_csv(made: Mapping[str, Any]) -> str:
    """A row for each network, set and seed; accuracies from 0 to 1."""
    costs = ("parameters", "multiply_adds", "bytes")
    rows = [
        {"comparison": one["title"], "network": variant["network"], "option": variant["key"], "epochs": one["epochs"]}
        | {"set": name, "seed": seed, "accuracy": value, "run": run, **{cost: variant[cost] for cost in costs}}
        for one in made["comparisons"]
        for variant in one["variants"]
        for name, accuracy in variant["accuracy"].items()
        for seed, run, value in zip(variant["seeds"], variant["runs"], accuracy["values"], strict=True)
    ]
    return _csv(rows, "comparison", "network", "option", *costs, "epochs", "set", "seed", "accuracy", "run")


def verdicts_csv(made: Mapping[str, Any]) -> str:
    """A row for each pair and set; differences as shares, second less first."""
    needed = ("seeds_needed_low", "seeds_needed_high")
    rows = [
        {**verdict, "comparison": one["title"], **dict(zip(needed, verdict["seeds_needed"] or (), strict=False))}
        for one in made["comparisons"]
        for several in one["verdicts"].values()
        for verdict in several
    ]
    return _csv(
        rows, "comparison", "first", "second", "on", "n", "difference", "std", "low", "high", "confidence", "p",
        "p_holm", "separated", *needed, "sentence",
    )  # fmt: skip


def files(made: Mapping[str, Any]) -> dict[str, bytes]:
    """The report as files, by name."""
    texts = {
        "comparison.md": markdown(made),
        "comparison.json": as_json(made),
        "accuracies.csv": accuracies_csv(made),
        "verdicts.csv": verdicts_csv(made),
    }
    return {name: text.encode() for name, text in texts.items()}


def title(comparison: Comparison) -> str:
    """ "ResNet-20 A, B, C and Plain-20, cifar10, 30 epochs"."""
    residual = [variant for variant in comparison.variants if variant.key != "plain"]
    plain = [variant.spec.title for variant in comparison.variants if variant.key == "plain"]
    names = [f"{residual[0].spec.title} {', '.join(variant.key for variant in residual)}"] if residual else []
    short = " (short runs)" if comparison.short else ""
    return f"{' and '.join([*names, *plain])}, {comparison.data}, {comparison.epochs:g} epochs{short}"


def verdict_sentence(verdict: Verdict) -> str:
    """What the seeds say about two variants, in one or two sentences."""
    first, second, test = verdict.first, verdict.second, verdict.test
    if test is None:
        return (
            f"{first} and {second}: no verdict; both have {_count(len(verdict.seeds), 'seed')}, and a verdict takes "
            f"{LEAST_SEEDS}."
        )
    if verdict.separated is None or verdict.seeds_needed is None:
        return (
            f"{first} and {second}: no verdict; the difference is {_points(test.difference)} in each of {test.n} "
            "seeds, which shows no noise to compare it with."
        )
    word = "separated" if verdict.separated else "within noise"
    confidence = f"{100 * test.confidence:.1f}".removesuffix(".0")
    needed = " to ".join(dict.fromkeys(map(_seeds, verdict.seeds_needed)))
    return (
        f"{first} and {second}: {word}. {second} less {first} is {_points(test.difference)} ({confidence} % interval "
        f"{_points(test.low, '')} to {_points(test.high)}, p {_p(verdict.p_holm)} by Holm, {test.n} seeds). Half a "
        f"point would be seen with {100 * POWER:.0f} % power by {needed} seeds."
    )


def networks_sentence(test: NetworksTest) -> str:
    """What one set of pictures says about two single networks."""
    return (
        f"{test.first} and {test.second}, seed {test.seed}: of {test.rows:,} pictures {test.only_first:,} are right "
        f"with {test.first} alone and {test.only_second:,} with {test.second} alone: p {_p(test.p)} "
        f"(p {_p(test.p_holm)} by Holm)."
    )


def reported_sentence(one: Reported) -> str:
    """A published number with its source."""
    option = "" if one.key == "plain" else f" {one.key}"
    errors = f"{100 * one.top1:.2f} % error" if one.top5 is None else f"{_percent(one.top1)} top-1 error"
    if one.top5 is not None:
        errors += f", {_percent(one.top5)} top-5"
    return f"{one.network}{option} on {one.data}: {errors} ({one.source})."


def _comparison(one: Comparison) -> dict[str, Any]:
    sets = [name for name in (one.primary, one.other) if name]
    shared = ("depth", "block", "data", "fingerprint", "epochs", "steps", "short", "primary", "other")
    return {
        "title": title(one),
        **{name: getattr(one, name) for name in shared},
        "variants": [_variant(variant) for variant in one.variants],
        "verdicts": {name: [_verdict(verdict) for verdict in verdicts(one, name)] for name in sets},
        "networks": [asdict(test) | {"sentence": networks_sentence(test)} for test in networks_test(one)],
    }


def _variant(variant: Variant) -> dict[str, Any]:
    return {
        "key": variant.key,
        "network": network_title(variant.spec),
        "parameters": variant.parameters,
        "multiply_adds": variant.multiply_adds,
        "bytes": variant.bytes,
        "n": variant.n,
        "seeds": list(variant.seeds),
        "runs": [run.id for run in variant.runs],
        "weights": [run.has_weights() for run in variant.runs],
        "accuracy": {
            name: {"values": list(values), "mean": variant.mean(name), "std": _known(variant.std(name))}
            for name, values in variant.accuracy.items()
        },
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    test = verdict.test
    numbers = {
        name: _known(getattr(test, name)) if test else None
        for name in ("difference", "std", "low", "high", "p", "confidence")
    }
    needed = verdict.seeds_needed
    return {
        "first": verdict.first,
        "second": verdict.second,
        "on": verdict.on,
        "seeds": list(verdict.seeds),
        "n": len(verdict.seeds),
        **numbers,
        "p_holm": _known(verdict.p_holm),
        "separated": verdict.separated,
        "reason": verdict.reason,
        "seeds_needed": needed and [count if count <= MOST_SEEDS else None for count in needed],  # null: more
        "sentence": verdict_sentence(verdict),
    }


def _row(variant: Mapping[str, Any], sets: Sequence[str]) -> dict[str, object]:
    def shown(accuracy: Mapping[str, Any]) -> str:
        spread = "" if accuracy["std"] is None else f" ± {100 * accuracy['std']:.2f}"
        return f"{100 * accuracy['mean']:.2f}{spread} %"

    kept = sum(variant["weights"])
    return {
        "network": variant["network"],
        "parameters": f"{variant['parameters']:,}",
        "multiply-adds": f"{variant['multiply_adds']:,}",
        "size": f"{variant['bytes'] / 1000:,.0f} kB",
        **{name: shown(variant["accuracy"][name]) for name in sets},
        "n": variant["n"],
        "seeds": ", ".join(map(str, variant["seeds"])),
        "weights": "yes" if kept == variant["n"] else f"{kept} of {variant['n']}" if kept else "no",
    }


def _verdict_lines(compared: Sequence[Mapping[str, Any]]) -> list[str]:
    """The sentences of the verdicts, or one for all where no pair has enough seeds."""
    if all(verdict["reason"] == "few" for verdict in compared):
        most = max(verdict["n"] for verdict in compared)
        return [f"No verdict: no pair has more than {_count(most, 'seed')}, and a verdict takes {LEAST_SEEDS}."]
    return [verdict["sentence"] for verdict in compared]


def _csv(rows: Sequence[Mapping[str, Any]], *columns: str) -> str:
    """These columns as CSV: no cell is a formula, and empty where there is no number."""
    import pandas as pd

    safe = [{key: unarmed(cell) if isinstance(cell, str) else cell for key, cell in row.items()} for row in rows]
    table = pd.DataFrame(safe, columns=columns, dtype=object)  # of whole numbers with gaps it would make fractions
    return "\ufeff" + table.to_csv(index=False, lineterminator="\r\n")  # the mark of UTF-8, for spreadsheets


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _points(difference: float, unit: str = " points") -> str:
    return f"{100 * difference:+.2f}{unit}".replace("-", "−")


def _p(value: float) -> str:
    return "< 0.0001" if value < 1e-4 else f"= {value:.2g}"


def _seeds(count: int) -> str:
    return f"{count:,}" if count <= MOST_SEEDS else f"more than {MOST_SEEDS:,}"


def _count(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
