"""Published runs side by side: which are compared, what the seeds say, and what single networks say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_published import CLASSES, made_predictions, make_published
from made_runs import make_untrained_run
from safetensors.torch import save_file
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower

from resnet_demo.metrics.paired import MOST_SEEDS
from resnet_demo.models import build_model
from resnet_demo.runs.comparison.published import KEYS, comparisons, costs, networks_test, verdicts
from resnet_demo.runs.files import PREDICTIONS
from resnet_demo.runs.folder import RunError
from resnet_demo.runs.index import RunIndex
from resnet_demo.ui.text import LANGUAGES

RIGHT = {  # of 1000 test rows, by seed: B is better in every seed, C is now better and now worse
    "A": (800, 804, 797, 801),
    "B": (831, 836, 828, 833),
    "C": (805, 799, 801, 796),
}


def publish(root, right=RIGHT, **changes):
    for key, counts in right.items():
        for seed, count in enumerate(counts):
            name = f"{key}-{seed}-{changes.get('epochs', 12)}"
            shortcut = "none" if key == "plain" else key
            make_published(root, name, shortcut=shortcut, seed=seed, right=count, **changes)
    return RunIndex([root]).list()


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def comparison(runs):
    (found,) = comparisons(runs)
    return found


def test_runs_of_one_recipe_are_one_comparison(comparison):
    assert [variant.key for variant in comparison.variants] == ["A", "B", "C"]
    assert (comparison.depth, comparison.block, comparison.epochs, comparison.steps) == (8, "basic", 12, 1200)
    assert (comparison.primary, comparison.other, comparison.short) == ("test", "test-lossless", False)
    variant = comparison.variant("B")
    assert variant.seeds == (0, 1, 2, 3) and [run.id for run in variant.runs] == [f"B-{s}-12" for s in range(4)]
    assert variant.accuracy["test"] == (0.831, 0.836, 0.828, 0.833)
    assert (variant.mean("test"), variant.std("test")) == pytest.approx(
        (0.832, np.std([831, 836, 828, 833], ddof=1) / 1e3)
    )
    with pytest.raises(KeyError):
        comparison.variant("plain")


def test_costs_are_those_of_the_network(comparison, tmp_path):
    variant = comparison.variant("C")
    model = build_model(variant.spec)
    assert variant.parameters == sum(p.numel() for p in model.parameters())
    half = {name: v.half() if v.is_floating_point() else v for name, v in model.state_dict().items()}
    assert variant.bytes == costs(variant.spec)["bytes"] == sum(value.nbytes for value in half.values())
    save_file(half, tmp_path / "half")
    assert 0 < (tmp_path / "half").stat().st_size - variant.bytes < 20_000  # names and shapes
    assert variant.multiply_adds > comparison.variant("A").multiply_adds > 1e6


def test_what_differs_in_more_than_the_shortcut_is_not_compared(tmp_path):
    make_published(tmp_path, "first")
    make_published(tmp_path, "alone", shortcut="B", lr=0.05)
    make_published(tmp_path, "longer", shortcut="B", epochs=13)
    make_published(tmp_path, "deeper", shortcut="B", model="resnet14")
    make_published(tmp_path, "elsewhere", shortcut="B", fingerprint="other")
    make_published(tmp_path, "without", shortcut="B", right=100, precision="bf16")
    make_untrained_run(tmp_path, "unpublished", CLASSES)
    assert comparisons(RunIndex([tmp_path]).list()) == ()
    make_published(tmp_path, "alike", shortcut="none", threads=3, preset="", parent="x", compile=True)
    (found,) = comparisons(RunIndex([tmp_path]).list())
    assert [[run.id for run in variant.runs] for variant in found.variants] == [["first"], ["alike"]]
    assert [variant.key for variant in found.variants] == ["A", "plain"] and set(KEYS) >= {"A", "plain"}


def test_a_seed_counts_once(tmp_path):
    make_published(tmp_path, "a", right=800)
    make_published(tmp_path, "b", right=700, threads=2)
    make_published(tmp_path, "c", shortcut="C")
    (found,) = comparisons(RunIndex([tmp_path]).list())
    assert found.variant("A").seeds == (0,) and found.variant("A").mean("test") == 0.8
    assert math.isnan(found.variant("A").std("test"))


def test_short_runs_are_told_from_long_ones(tmp_path):
    publish(tmp_path, {"A": (800,), "B": (800,)}, epochs=5)
    assert not comparisons(RunIndex([tmp_path]).list())[0].short  # nothing longer to be measured by
    publish(tmp_path, {"A": (900,), "C": (900,)}, epochs=30)
    publish(tmp_path, {"A": (900,), "C": (900,)}, epochs=11)
    found = comparisons(RunIndex([tmp_path]).list())
    assert [(one.epochs, one.short) for one in found] == [(30, False), (11, False), (5, True)]


def test_sets_are_those_that_all_have(tmp_path):
    make_published(tmp_path, "a", sets={"validation": 400})
    make_published(tmp_path, "b", shortcut="B")
    (found,) = comparisons(RunIndex([tmp_path]).list())
    assert (found.sets, found.primary, found.other) == (("validation",), "validation", "")


@pytest.mark.parametrize("name", ["test", "validation"])
def test_verdicts_are_those_of_scipy_and_statsmodels(comparison, name):
    found = verdicts(comparison, name)
    assert [(one.first, one.second) for one in found] == [("A", "B"), ("A", "C"), ("B", "C")]
    sides = [[comparison.variant(key).accuracy[name] for key in (one.first, one.second)] for one in found]
    p = [stats.ttest_rel(b, a).pvalue for a, b in sides]
    assert [one.test.p for one in found] == pytest.approx(p)
    assert [one.p_holm for one in found] == pytest.approx(multipletests(p, method="holm")[1])
    for one, (a, b) in zip(found, sides, strict=True):
        low, high = stats.ttest_rel(b, a).confidence_interval(1 - 0.05 / 3)
        assert (one.test.low, one.test.high) == pytest.approx((low, high))
        assert one.seeds == (0, 1, 2, 3) and one.on == name and one.reason == ""
        assert one.separated is (one.p_holm < 0.05) and 3 <= one.seeds_needed[0] <= one.seeds_needed[1]


def test_a_clear_difference_is_seen_and_noise_is_not(comparison):
    separated = {(one.first, one.second): one.separated for one in verdicts(comparison)}
    assert separated == {("A", "B"): True, ("A", "C"): False, ("B", "C"): True}
    noisy = next(one for one in verdicts(comparison) if not one.separated)
    assert noisy.test.low < 0 < noisy.test.high and noisy.seeds_needed[1] > 10


def test_seeds_are_paired_by_their_number(tmp_path):
    for seed, right in ((3, 801), (0, 790), (7, 812), (5, 500)):
        make_published(tmp_path, f"a{seed}", seed=seed, right=right)
    for seed, right in ((7, 822), (3, 812), (0, 799), (9, 999)):
        make_published(tmp_path, f"b{seed}", shortcut="B", seed=seed, right=right)
    (found,) = verdicts(comparisons(RunIndex([tmp_path]).list())[0])
    assert found.seeds == (0, 3, 7) and found.test.n == 3
    assert found.test.difference == pytest.approx((9 + 11 + 10) / 3000)
    assert found.test.confidence == 0.95 and found.p_holm == found.test.p  # one pair: nothing to adjust


def test_no_verdict_below_three_seeds(tmp_path):
    publish(tmp_path, {"A": (800, 801, 802), "B": (700, 700), "plain": (600, 650, 610)})
    found = verdicts(comparisons(RunIndex([tmp_path]).list())[0])
    for one in found:
        if "B" in (one.first, one.second):
            assert (one.test, one.separated, one.seeds_needed, one.reason) == (None, None, None, "few")
            assert math.isnan(one.p_holm) and one.seeds == (0, 1)
        else:
            assert one.test.confidence == 0.95 and one.p_holm == one.test.p and one.separated


def test_equal_differences_give_no_verdict(tmp_path):
    publish(tmp_path, {"A": (800, 813, 798), "B": (805, 818, 803), "C": (760, 770, 761)})
    same, *others = verdicts(comparisons(RunIndex([tmp_path]).list())[0])
    assert (same.separated, same.seeds_needed, same.reason) == (None, None, "constant")
    assert same.test.difference == pytest.approx(0.005) and math.isnan(same.p_holm)
    smaller = min(one.test.p for one in others)
    assert min(one.p_holm for one in others) == pytest.approx(3 * smaller)  # the pair counts all the same


def test_how_many_seeds_is_said_as_a_range(comparison):
    """From the ends of the interval of the differences' deviation, at the level of three pairs; never below a verdict's
    three seeds."""
    for one in verdicts(comparison):
        for asked, bound in zip(one.seeds_needed, (0.975, 0.025), strict=True):
            std = one.test.std * math.sqrt(3 / stats.chi2.ppf(bound, 3))
            n = max(math.ceil(TTestPower().solve_power(0.005 / std, None, 0.05 / 3, 0.8)), 3)
            assert asked == n


def test_noise_beyond_all_seeds(tmp_path):
    publish(tmp_path, {"A": (100, 900, 500), "B": (900, 100, 450)})
    (found,) = verdicts(comparisons(RunIndex([tmp_path]).list())[0])
    assert found.seeds_needed[1] == MOST_SEEDS + 1 and found.separated is False


@pytest.mark.parametrize("weights", [True, False])
def test_single_networks_by_mcnemar(tmp_path, weights):
    publish(tmp_path, {"A": (800, 700), "C": (830,), "plain": (780,)}, weights=weights)
    (comparison,) = comparisons(RunIndex([tmp_path]).list())
    found = networks_test(comparison)
    assert [(one.first, one.second, one.seed, one.rows) for one in found] == [
        ("A", "C", 0, 1000), ("A", "plain", 0, 1000), ("C", "plain", 0, 1000)
    ]  # fmt: skip
    made = {"A": 800, "C": 830, "plain": 780}
    for one in found:
        first, second = (made_predictions(1000, made[key], 0) for key in (one.first, one.second))
        right = first.logits.argmax(1) == first.labels, second.logits.argmax(1) == second.labels
        table = [[(right[0] & right[1]).sum(), (right[0] & ~right[1]).sum()], [(right[1] & ~right[0]).sum(), 0]]
        assert (one.only_first, one.only_second) == (table[0][1], table[1][0])
        assert one.p == pytest.approx(mcnemar(table, exact=True).pvalue)
    adjusted = multipletests([one.p for one in found], method="holm")[1]
    assert [one.p_holm for one in found] == pytest.approx(adjusted)


def test_networks_that_share_no_seed_or_no_rows(tmp_path):
    make_published(tmp_path, "a", seed=1)
    other = make_published(tmp_path, "b", shortcut="B", seed=2)
    assert networks_test(comparisons(RunIndex([tmp_path]).list())[0]) == ()
    make_published(tmp_path, "c", shortcut="C", seed=1, sets={"test": 990, "validation": 400})
    with pytest.raises(RunError, match="same rows") as refused:
        networks_test(comparisons(RunIndex([tmp_path]).list())[0])
    assert str(refused.value) == LANGUAGES["en"](f"error.{refused.value.code}", **refused.value.values)
    (tmp_path / "c" / PREDICTIONS).unlink()
    with pytest.raises(RunError, match="c keeps no predictions on test"):
        networks_test(comparisons(RunIndex([tmp_path]).list())[0])
    assert other.config.seed == 2
