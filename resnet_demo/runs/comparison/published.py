"""Published networks that differ in nothing but their shortcuts and their seeds, side by side, and what their seeds
say about each pair.

Reads manifests, and predictions where single networks are compared. Must not depend on training or on words of a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from ...engine.config import TrainConfig
from ...engine.evaluate import Predictions
from ...metrics.paired import PairedTest, holm, mcnemar_exact, paired_t, seeds_needed, std_interval
from ...models import ModelSpec
from ...models.describe import describe
from ...models.registry import empty_state
from ..folder import RunError, RunFolder
from ..records import Manifest

KEYS = ("A", "B", "C", "plain")
LEVEL = 0.05  # of all pairs of a comparison together
LEAST_SEEDS = 3  # for a verdict
EFFECT, POWER = 0.005, 0.8  # half a point of accuracy, to be seen four times in five
SHORT = 10  # epochs


@dataclass(frozen=True, eq=False)
class Variant:
    """One network of a comparison, trained from several seeds.

    key: one of KEYS. runs, seeds: in the order of the seeds, each seed once. parameters; multiply_adds: of one picture;
    bytes: of the weights in half precision, as they are published. accuracy: by set, 0 … 1, one number a seed.
    """

    key: str
    spec: ModelSpec
    runs: tuple[RunFolder, ...]
    seeds: tuple[int, ...]
    parameters: int
    multiply_adds: int
    bytes: int
    accuracy: Mapping[str, tuple[float, ...]]

    @property
    def n(self) -> int:
        """How many seeds."""
        return len(self.seeds)

    def mean(self, name: str) -> float:
        """Mean accuracy over the seeds on the set `name`."""
        return float(np.mean(self.accuracy[name]))

    def std(self, name: str) -> float:
        """Standard deviation over the seeds (n - 1) on the set `name`; NaN for one seed."""
        return float(np.std(self.accuracy[name], ddof=1)) if self.n > 1 else float("nan")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two or more variants of equal depth, data and recipe, in the order of KEYS.

    depth, block, data: of all. epochs, steps: how long each was trained. primary: the set on which verdicts are given,
    fixed beforehand: all test rows. other: the set shown beside it, "" for none. sets: what all runs were evaluated on.
    short: a short run beside longer ones on the same data.
    """

    depth: int
    block: str
    data: str
    fingerprint: str
    epochs: float
    steps: int
    primary: str
    other: str
    sets: tuple[str, ...]
    variants: tuple[Variant, ...]
    short: bool

    @property
    def pairs(self) -> tuple[tuple[Variant, Variant], ...]:
        """Every two variants, in order."""
        return tuple(combinations(self.variants, 2))

    def variant(self, key: str) -> Variant:
        """The variant called `key`; KeyError if it is not among them."""
        return {variant.key: variant for variant in self.variants}[key]


@dataclass(frozen=True)
class Verdict:
    """What the seeds say about two variants on one set.

    first, second: their keys. seeds: those that both have; test: paired by them, second less first, its interval at
    1 - LEVEL / pairs (Bonferroni); None below LEAST_SEEDS. p_holm: adjusted over the pairs that were tested. separated:
    whether p_holm is below LEVEL, None where there is no verdict; then `reason` is "few" (seeds) or "constant": all
    seeds differ by the same number and nothing shows the noise. seeds_needed: how many seeds find EFFECT with POWER at
    the level LEVEL / pairs, for the ends of the 95 % interval of the differences' standard deviation; a number above
    metrics.paired.MOST_SEEDS means more than that.
    """

    first: str
    second: str
    on: str
    seeds: tuple[int, ...]
    test: PairedTest | None
    p_holm: float
    separated: bool | None
    seeds_needed: tuple[int, int] | None
    reason: str = ""


@dataclass(frozen=True)
class NetworksTest:
    """McNemar's exact test of two single networks, those of one seed, on `rows` pictures that both have seen.

    It is about these two networks, not about what they are built of. only_first, only_second: pictures that one of them
    alone has right. p: of this pair. p_holm: adjusted over the pairs of the comparison.
    """

    first: str
    second: str
    on: str
    seed: int
    rows: int
    only_first: int
    only_second: int
    p: float
    p_holm: float


def comparisons(runs: Iterable[RunFolder]) -> tuple[Comparison, ...]:
    """The comparisons that published runs allow, full-length ones first; runs without a manifest are left out.

    Those are compared that were trained alike in all but the shortcut and the seed: data and fingerprint, depth and
    block, recipe, precision and number of steps. What has no batch normalisation learns too little to be compared.
    """
    groups = grouped(runs)
    longest = longest_by_data(groups)
    made = [_comparison(members, longest) for members in groups if members[0].config.model.norm == "batch"]
    made = [one for one in made if len(one.variants) > 1]
    return tuple(sorted(made, key=lambda one: (one.short, one.data, one.depth, -one.epochs)))


def grouped(runs: Iterable[RunFolder]) -> list[list[RunFolder]]:
    """The published runs by what they have in common but for shortcut and seed, in the order in which they come."""
    groups: dict[str, list[RunFolder]] = {}
    for run in runs:
        if manifest := run.manifest:
            groups.setdefault(_in_common(run.config, manifest), []).append(run)
    return list(groups.values())


def variants_of(members: Sequence[RunFolder], sets: Sequence[str]) -> tuple[Variant, ...]:
    """The runs of one group by shortcut, each seed once."""
    by_key: dict[str, dict[int, RunFolder]] = {}
    for run in members:
        by_key.setdefault(key_of(run.config.model), {}).setdefault(run.config.seed, run)
    return tuple(_variant(key, by_key[key], sets) for key in KEYS if key in by_key)


def sets_in_common(members: Sequence[RunFolder]) -> tuple[str, ...]:
    """The sets that all of these published runs were evaluated on."""
    first, *others = [run.published_manifest()["accuracy"] for run in members]
    return tuple(name for name in first if all(name in other for other in others))


def longest_by_data(groups: Iterable[Sequence[RunFolder]]) -> dict[str, float]:
    """The most epochs of any of these runs, by the fingerprint of their data."""
    longest: dict[str, float] = {}
    for members in groups:
        data = members[0].config.fingerprint
        longest[data] = max(longest.get(data, 0), members[0].published_manifest()["epochs"])
    return longest


def is_short(epochs: float, longest: float) -> bool:
    """Whether a run is short: of few epochs, on data on which the longest run had more."""
    return epochs <= SHORT and epochs < longest


def key_of(spec: ModelSpec) -> str:
    """One of KEYS."""
    return "plain" if spec.shortcut == "none" else spec.shortcut


def costs(spec: ModelSpec) -> dict[str, int]:
    """The parameters, multiply_adds and bytes of a `Variant`; the bytes are in half precision, counters in full."""
    description, tensors = describe(spec), empty_state(spec).values()
    size = sum(tensor.numel() * 2 if tensor.is_floating_point() else tensor.nbytes for tensor in tensors)
    return {"parameters": description.parameters, "multiply_adds": description.multiply_adds, "bytes": size}


def verdicts(comparison: Comparison, on: str = "") -> tuple[Verdict, ...]:
    """What the seeds say about every pair, on the set `on` (the primary one)."""
    on = on or comparison.primary
    common = [tuple(seed for seed in a.seeds if seed in b.seeds) for a, b in comparison.pairs]
    tested = sum(len(seeds) >= LEAST_SEEDS for seeds in common)
    level = LEVEL / max(tested, 1)
    tests: list[PairedTest | None] = []
    for (a, b), seeds in zip(comparison.pairs, common, strict=True):
        first, second = ([v.accuracy[on][v.seeds.index(seed)] for seed in seeds] for v in (a, b))
        tests.append(paired_t(first, second, confidence=1 - level) if len(seeds) >= LEAST_SEEDS else None)
    adjusted = iter(holm([test.p for test in tests if test]))
    return tuple(
        _verdict(a.key, b.key, on, seeds, test, float(next(adjusted)) if test else float("nan"), level)
        for (a, b), seeds, test in zip(comparison.pairs, common, tests, strict=True)
    )


def networks_test(comparison: Comparison, on: str = "") -> tuple[NetworksTest, ...]:
    """For every pair the test of the two networks of their first common seed, on the set `on` (the primary one).

    Pairs without a common seed are left out. Raises RunError where predictions are not there or on other rows.
    """
    on = on or comparison.primary
    loaded: dict[str, Predictions] = {}
    tests: list[NetworksTest] = []
    for a, b in comparison.pairs:
        seeds = [seed for seed in a.seeds if seed in b.seeds]
        if seeds:
            first, second = (_predictions(v.runs[v.seeds.index(seeds[0])], on, loaded) for v in (a, b))
            if not (np.array_equal(first.rows, second.rows) and np.array_equal(first.labels, second.labels)):
                raise RunError("other_rows", first=a.key, second=b.key, seed=seeds[0], on=on)
            right = first.predicted == first.labels, second.predicted == second.labels
            only = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
            p = mcnemar_exact(*only)
            tests.append(NetworksTest(a.key, b.key, on, seeds[0], len(first.rows), *only, p, p_holm=p))
    adjusted = holm([test.p for test in tests])
    return tuple(replace(test, p_holm=float(p)) for test, p in zip(tests, adjusted, strict=True))


def _comparison(members: Sequence[RunFolder], longest: Mapping[str, float]) -> Comparison:
    config, manifest, sets = members[0].config, members[0].published_manifest(), sets_in_common(members)
    primary = "test" if "test" in sets else "validation"
    beside = "test-lossless" if "test-lossless" in sets else "validation"
    return Comparison(
        depth=config.model.depth,
        block=config.model.block,
        data=config.data,
        fingerprint=config.fingerprint,
        epochs=manifest["epochs"],
        steps=manifest["steps"],
        primary=primary,
        other=beside if beside in sets and beside != primary else "",
        sets=sets,
        variants=variants_of(members, sets),
        short=is_short(manifest["epochs"], longest[config.fingerprint]),
    )


def _in_common(config: TrainConfig, manifest: Manifest) -> str:
    """What compared runs share, as text. What changes no result, or has no meaning elsewhere, is left out."""
    values = config.to_dict()
    for name in ("seed", "length", "unit", "threads", "compile", "checkpoint_seconds", "preset", "parent", "race"):
        values.pop(name, None)
    spec = replace(config.model, shortcut="none")  # which gives it the name of the plain twin
    values |= {"model": spec.to_dict(), "precision": manifest["precision"], "steps": manifest["steps"]}
    return repr(sorted(values.items()))


def _variant(key: str, by_seed: Mapping[int, RunFolder], sets: Sequence[str]) -> Variant:
    seeds = tuple(sorted(by_seed))
    runs = tuple(by_seed[seed] for seed in seeds)
    spec = runs[0].config.model
    accuracies = [run.published_manifest()["accuracy"] for run in runs]
    return Variant(
        key=key,
        spec=spec,
        runs=runs,
        seeds=seeds,
        **costs(spec),
        accuracy={name: tuple(one[name]["correct"] / one[name]["n"] for one in accuracies) for name in sets},
    )


def _verdict(
    first: str, second: str, on: str, seeds: tuple[int, ...], test: PairedTest | None, p: float, level: float
) -> Verdict:
    if test is None or np.isnan(p):
        return Verdict(first, second, on, seeds, test, float("nan"), None, None, "constant" if test else "few")
    spread = std_interval(test.std, test.n)
    fewest, most = (max(seeds_needed(std, EFFECT, POWER, level), LEAST_SEEDS) for std in (spread.low, spread.high))
    return Verdict(first, second, on, seeds, test, p, p < LEVEL, (fewest, most))


def _predictions(run: RunFolder, on: str, loaded: dict[str, Predictions]) -> Predictions:
    if run.id not in loaded:
        loaded[run.id] = run.predictions_on(on)
    return loaded[run.id]
