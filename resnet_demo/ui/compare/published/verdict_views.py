"""Verdicts on each pair of variants from their seeds, and tests of single models, in words and as tables.

It must not make components.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from html import escape
from statistics import fmean
from typing import Any

from ....metrics.paired import MOST_SEEDS, PairedTest
from ....runs.comparison.published import LEAST_SEEDS, LEVEL, Comparison, NetworksTest, Variant, Verdict, verdicts
from ...components.prose import articles
from ...text import Text
from .views import set_name, sets

Verdicts = Mapping[str, tuple[Verdict, ...]]  # by set, the primary one first


def verdicts_by_set(comparison: Comparison) -> Verdicts:
    """The verdicts on each set that is shown."""
    return {name: verdicts(comparison, name) for name in sets(comparison)}


def findings(comparison: Comparison, verdicts: Iterable[Verdict], text: Text) -> str:
    """A line for each pair, the clearest and largest difference first, and one on what the variants cost, as HTML."""
    found = [(verdict, _difference_of(comparison, verdict)) for verdict in verdicts]
    found.sort(key=lambda one: (not one[0].separated, -abs(one[1])))
    costs = text("answer.comma").join(
        text("comparison.cost", name=_key(variant.key, text), parameters=f"{variant.parameters:,}")
        for variant in comparison.variants
    )
    return listed([*(_finding(*one, text) for one in found), text("comparison.costs", costs=costs)])


def listed(sentences: Iterable[str]) -> str:
    """Sentences as HTML for `prose`."""
    return f'<ul class="findings">{"".join(f"<li>{escape(one)}</li>" for one in sentences)}</ul>'


def _finding(verdict: Verdict, difference: float, text: Text) -> str:
    """Which of a pair is better, and by how much on average over the seeds that both have; difference: of a share."""
    better, worse = (verdict.second, verdict.first) if difference > 0 else (verdict.first, verdict.second)
    key = {True: "beats", False: "same", None: "untested"}[verdict.separated]
    seeds = text("comparison.seed" if len(verdict.seeds) == 1 else "comparison.seeds", n=len(verdict.seeds))
    words = {"better": _key(better, text), "worse": _key(worse, text), "points": f"{100 * abs(difference):.1f}"}
    return text(f"comparison.finding.{key}", seeds=seeds, **words)


def _difference_of(comparison: Comparison, verdict: Verdict) -> float:
    """The mean of second minus first over the seeds that both have; 0 without any."""
    first, second = (comparison.variant(key) for key in (verdict.first, verdict.second))

    def of(variant: Variant, seed: int) -> float:
        return variant.accuracy[verdict.on][variant.seeds.index(seed)]

    return fmean([of(second, seed) - of(first, seed) for seed in verdict.seeds] or [0.0])


def verdict_articles(by_set: Verdicts, text: Text) -> str:
    """A verdict in words for each pair, as HTML; one sentence where no pair has enough seeds."""
    primary, *others = by_set.values()
    if not any(verdict.test for verdict in primary):
        n = max(len(verdict.seeds) for verdict in primary)
        words = text("comparison.verdict.few.all", n=n, least=LEAST_SEEDS)
        return articles([(text("comparison.verdict.none"), words, "")])
    beside = others[0] if others else (None,) * len(primary)
    return articles(_article(one, other, text) for one, other in zip(primary, beside, strict=True))


def verdict_note(comparison: Comparison, by_set: Verdicts, text: Text) -> str:
    """How the verdicts were computed; nothing where there are none."""
    tested = sum(verdict.test is not None for verdict in by_set[comparison.primary])
    if not tested:
        return ""
    rows = comparison.variants[0].runs[0].published_manifest()["accuracy"][comparison.primary]["n"]
    return text("comparison.verdicts.note", set=set_name(comparison.primary, text), rows=rows, pairs=tested)


def verdict_table(by_set: Verdicts, text: Text) -> dict[str, Any]:
    """The same as a table: a row for each pair; no rows where there is no verdict."""
    primary = next(iter(by_set.values()))
    columns: list[dict[str, Any]] = [{"key": "pair", "title": text("comparison.column.pair")}]
    for one in by_set:
        heading = text("comparison.column.difference", set=set_name(one, text))
        columns += [
            {"key": one, "title": heading, "numeric": True},
            {"key": f"p-{one}", "title": text("comparison.column.p"), "numeric": True},
        ]
    columns += [{"key": key, "title": text(f"comparison.column.{key}")} for key in ("verdict", "needed")]
    if not any(verdict.test for verdict in primary):
        return {"columns": columns, "rows": []}
    rows = []
    for at, verdict in enumerate(primary):
        row: dict[str, Any] = {
            "pair": pair(verdict, text),
            "verdict": _verdict_word(verdict, text),
            "needed": _range(verdict.seeds_needed, text) if verdict.seeds_needed else "–",
        }
        for one, verdicts_on in by_set.items():
            row |= {one: _difference(verdicts_on[at].test, text), f"p-{one}": _p(verdicts_on[at].p_holm, text)}
        rows.append(row)
    return {"columns": columns, "rows": rows}


def models_table(tests: tuple[NetworksTest, ...], text: Text) -> dict[str, Any]:
    """McNemar's test of the two models of a seed: a row for each pair."""
    keys = ("pair", "seed", "only_first", "only_second", "p", "words")
    numeric = {"seed", "only_first", "only_second", "p"}
    columns = [{"key": key, "title": text(f"comparison.column.{key}"), "numeric": key in numeric} for key in keys]
    rows = []
    for test in tests:
        words = text("comparison.networks.same")
        if test.p_holm < LEVEL:
            better = test.first if test.only_first > test.only_second else test.second
            words = text("comparison.networks.better", better=_key(better, text))
        rows.append(
            {
                "pair": pair(test, text),
                "seed": test.seed,
                "only_first": test.only_first,
                "only_second": test.only_second,
                "p": _p(test.p_holm, text),
                "words": words,
            }
        )
    return {"columns": columns, "rows": rows}


def models_note(tests: tuple[NetworksTest, ...], text: Text) -> str:
    """What the tests of single models are about."""
    if not tests:
        return ""
    return text("comparison.networks.note", rows=tests[0].rows, set=set_name(tests[0].on, text))


def pair(test: Verdict | NetworksTest, text: Text) -> str:
    """Two variants in words."""
    return text("comparison.pair", first=_key(test.first, text), second=_key(test.second, text))


def points(change: float) -> str:
    """A change of a share in percentage points, with its sign: 0.0031 as "+0.31"."""
    return f"{100 * change:+.2f}".replace("-", "−")


def _article(verdict: Verdict, beside: Verdict | None, text: Text) -> tuple[str, str, str]:
    """Heading, words and seeds of a pair."""
    heading = text("comparison.verdict.title", pair=pair(verdict, text), verdict=_verdict_word(verdict, text))
    source = text("comparison.verdict.source", n=len(verdict.seeds), seeds=", ".join(map(str, verdict.seeds)))
    return heading, _words(verdict, beside, text), source


def _words(verdict: Verdict, beside: Verdict | None, text: Text) -> str:
    test = verdict.test
    if test is None:
        return text("comparison.verdict.few", n=len(verdict.seeds), least=LEAST_SEEDS)
    names = {"first": _key(verdict.first, text), "second": _key(verdict.second, text)}
    if verdict.separated is None or verdict.seeds_needed is None:
        return text("comparison.verdict.constant", **names, difference=points(test.difference))
    sentences = [text("comparison.verdict.test", **names, **_numbers(test), p=_p_words(verdict.p_holm, text))]
    if verdict.separated:
        better, worse = ("second", "first") if test.difference > 0 else ("first", "second")
        sentences.append(text("comparison.verdict.better", better=names[better], worse=names[worse]))
    else:
        sentences.append(text("comparison.verdict.same"))
    if beside and beside.test:
        sentences.append(_other_set(beside, beside.test, text))
    sentences.append(text("comparison.verdict.needed", range=_range(verdict.seeds_needed, text)))
    return " ".join(sentences)


def _other_set(beside: Verdict, test: PairedTest, text: Text) -> str:
    """The same test on the other set, for information."""
    on = set_name(beside.on, text)
    if math.isnan(beside.p_holm):
        return text("comparison.verdict.other.constant", set=on, difference=points(test.difference))
    p = _p_words(beside.p_holm, text)
    return text("comparison.verdict.other", set=on, **_numbers(test), p=p)


def _numbers(test: PairedTest) -> dict[str, str]:
    return {name: points(getattr(test, name)) for name in ("difference", "low", "high")}


def _verdict_word(verdict: Verdict, text: Text) -> str:
    word = {True: "separated", False: "noise", None: "none"}[verdict.separated]
    return text(f"comparison.verdict.{word}")


def _range(needed: tuple[int, int], text: Text) -> str:
    """How many seeds are needed, from the lower to the upper end of what their noise may be."""
    low, high = (
        text("comparison.verdict.more", most=MOST_SEEDS) if number > MOST_SEEDS else f"{number:,}" for number in needed
    )
    return low if low == high else text("comparison.verdict.range", low=low, high=high)


def _difference(test: PairedTest | None, text: Text) -> dict[str, Any]:
    """A mean difference with its interval; in files the difference in points."""
    if test is None:
        return {"text": "–"}
    sort = round(100 * test.difference, 4)
    if math.isnan(test.low):
        return {"text": points(test.difference), "sort": sort}
    return {"text": text("comparison.interval", **_numbers(test)), "sort": sort}


def _p(p: float, text: Text) -> dict[str, Any]:
    return {"text": "–"} if math.isnan(p) else {"text": _p_words(p, text), "sort": float(f"{p:.4g}")}


def _p_words(p: float, text: Text) -> str:
    return text("comparison.p.small") if p < 0.001 else f"{p:.3f}"


def _key(key: str, text: Text) -> str:
    return text(f"comparison.key.{key}")
