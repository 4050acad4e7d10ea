"""Published comparisons in words and tables: what is said follows from the seeds, and nothing is said without them."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from made_published import make_published
from made_runs import write_weights

from resnet_demo.benchmarks.latency import Latency
from resnet_demo.metrics.paired import MOST_SEEDS
from resnet_demo.runs.comparison.published import comparisons, networks_test
from resnet_demo.runs.folder import RunFolder
from resnet_demo.ui.compare.published import papers, verdict_views, views
from resnet_demo.ui.text import LANGUAGES

EN, ZH = LANGUAGES["en"], LANGUAGES["zh"]
# right answers of 1000, seed by seed; B is better than A in every seed, C is not
RIGHT = {"A": (800, 802, 804, 802), "B": (850, 853, 854, 851), "C": (801, 799, 809, 797)}


def made(root, right=RIGHT, **options):
    """The one comparison of made runs."""
    for key, seeds in right.items():
        for seed, count in enumerate(seeds):
            make_published(root, f"{key}-{seed}", shortcut=key, seed=seed, right=count, **options)
    (found,) = comparisons(RunFolder(path) for path in sorted(root.iterdir()))
    return found


@pytest.fixture
def several(tmp_path):
    return made(tmp_path)


@pytest.fixture
def one_seed(tmp_path):
    return made(tmp_path, {"A": (800,), "B": (850,)})


def cells(table, key):
    return [row[key]["text"] if isinstance(row[key], dict) else row[key] for row in table["rows"]]


# --- the table of costs and accuracies


def test_accuracies_are_means_and_standard_deviations_over_seeds(several):
    table = views.costs(several, EN)
    shares = np.array(RIGHT["A"]) / 10
    assert cells(table, "test")[0] == f"{shares.mean():.2f} ± {shares.std(ddof=1):.2f} %"
    assert table["rows"][0]["test"]["sort"] == pytest.approx(shares.mean() / 100)
    assert cells(table, "n") == [4, 4, 4] and cells(table, "network") == ["ResNet-8 A", "ResNet-8 B", "ResNet-8 C"]
    assert [column["key"] for column in table["columns"]][5:7] == [
        "test",
        "test-lossless",
    ]  # the one that decides first


def test_one_seed_has_no_deviation_and_no_verdict(one_seed):
    assert cells(views.costs(one_seed, EN), "test") == ["80.00 %", "85.00 %"]
    chart = views.chart(one_seed, EN)
    assert "n = 1" in chart["note"] and not any("±" in place for _, place in chart["panels"][0]["places"])
    assert "standard deviation" not in str(chart["panels"])
    verdicts = verdict_views.verdicts_by_set(one_seed)
    assert verdict_views.verdict_table(verdicts, EN)["rows"] == []
    assert verdict_views.verdict_note(one_seed, verdicts, EN) == ""
    said = verdict_views.verdict_articles(verdicts, EN)
    assert (
        said.count("<article") == 1
        and "n = 1" in said
        and "clear difference" not in said
        and "within noise" not in said
    )


def test_weights_that_are_not_here_are_said_to_be_missing(several):
    assert cells(views.costs(several, EN), "weights") == ["none"] * 3
    write_weights(several.variant("B").runs[0], seed=0)
    assert cells(views.costs(several, EN), "weights") == ["none", "1 of 4 seeds", "none"]


def test_latency_stands_in_its_row_once_it_is_measured(several):
    assert cells(views.costs(several, EN), "latency") == ["–"] * 3
    table = views.costs(several, EN, {"B": Latency((2.0, 9.0, 3.0))})
    assert cells(table, "latency") == ["–", "3.00 ms (2.00 to 9.00)", "–"]
    assert table["rows"][1]["latency"]["sort"] == 3.0


def test_a_comparison_says_how_many_seeds_it_has(several, tmp_path):
    assert views.title(several, EN) == "Depth 8, shapes, 12 epochs, n = 4"
    assert views.title(made(tmp_path / "more", {"A": (1, 2), "B": (3,)}), EN).endswith("n = 1–2")


# --- the chart


def test_each_seed_is_a_dot_and_means_are_lines(several):
    chart = views.chart(several, EN)
    panel = chart["panels"][0]
    dots = [line for line in panel["lines"] if line["marked"]]
    means = [line for line in panel["lines"] if not line["marked"] and line["bold"]]
    whiskers = [line for line in panel["lines"] if not line["marked"] and not line["bold"]]
    assert [dot["points"][0][1] for dot in dots if dot["style"] == "C"] == pytest.approx([80.1, 79.9, 80.9, 79.7])
    assert [line["points"][0][1] for line in means] == pytest.approx([np.mean(one) / 10 for one in RIGHT.values()])
    ends = np.array([[y for _, y in line["points"]] for line in whiskers])
    assert (ends[:, 1] - ends[:, 0]) / 2 == pytest.approx([np.std(one, ddof=1) / 10 for one in RIGHT.values()])
    assert len({tuple(dot["points"][0]) for dot in dots}) == 12  # none hides another
    assert len(chart["panels"]) == 2 and "lossless" in chart["panels"][1]["title"]


def test_the_file_of_the_chart_has_every_seed(several):
    head, *rows = views.chart(several, EN)["table"]
    assert head == ["variant", "seed", "set", "accuracy"] and len(rows) == 2 * 12
    assert rows[1] == ["ResNet-8 A", 1, "test", 0.802]


# --- verdicts


def test_a_difference_in_every_seed_is_separated_and_noise_is_not(several):
    table = verdict_views.verdict_table(verdict_views.verdicts_by_set(several), EN)
    verdicts = dict(zip(cells(table, "pair"), cells(table, "verdict"), strict=True))
    assert verdicts == {"A and B": "clear difference", "A and C": "within noise", "B and C": "clear difference"}
    assert cells(table, "test")[0].startswith("+5.00 (+4") and table["rows"][0]["test"]["sort"] == pytest.approx(5.0)
    assert cells(table, "p-test")[0] == "< 0.001" and float(cells(table, "p-test")[1]) > 0.05
    assert re.fullmatch(r"\d+ to \d+|\d+ to more than 1,000", cells(table, "needed")[1])


def test_verdicts_are_sentences_that_say_which_is_better(several):
    said = verdict_views.verdict_articles(verdict_views.verdicts_by_set(several), EN)
    assert said.count("<article") == 3
    first, second, third = (re.sub("<[^>]*>", " ", part) for part in said.split("<article")[1:])
    assert (
        "A and B: clear difference" in first and "B is better than A." in first and "n = 4 seeds: 0, 1, 2, 3" in first
    )
    assert "A and C: within noise" in second and "within the noise between seeds" in second and "better" not in second
    assert "B is better than C." in third and "C − B: −" in third
    assert "On the lossless test images alone" in first  # beside the set that decides


def test_few_seeds_and_constant_differences_have_no_verdict(tmp_path):
    found = made(tmp_path, {"A": (800, 801, 802), "B": (810, 811, 812), "C": (805, 806)})
    table = verdict_views.verdict_table(verdict_views.verdicts_by_set(found), EN)
    assert cells(table, "verdict") == ["not tested"] * 3 and cells(table, "needed") == ["–"] * 3
    assert cells(table, "test") == ["+1.00", "–", "–"] and cells(table, "p-test") == ["–"] * 3
    said = verdict_views.verdict_articles(verdict_views.verdicts_by_set(found), EN)
    assert "+1.00 points in every seed" in said and "Too few seeds in common: 2" in said


def test_seeds_needed_are_a_range_with_an_end():
    assert verdict_views._range((MOST_SEEDS + 1, MOST_SEEDS + 1), EN) == "more than 1,000"


@pytest.mark.parametrize(("p", "said"), [(0.0004, "< 0.001"), (0.0314, "0.031"), (1.0, "1.000"), (math.nan, "–")])
def test_p_is_written_as_people_read_it(p, said):
    assert verdict_views._p(p, EN)["text"] == said


# --- single networks


def test_two_networks_are_tested_apart_from_their_seeds(one_seed):
    tests = networks_test(one_seed)
    table = verdict_views.models_table(tests, EN)
    (row,) = table["rows"]
    assert row["only_second"] - row["only_first"] == 50 and row["seed"] == 0
    assert row["words"] == "B is right more often"  # although there is no verdict on B
    assert "1,000" in verdict_views.models_note(tests, EN) and "another seed" in verdict_views.models_note(tests, EN)


def test_equal_networks_show_no_difference(tmp_path):
    (row,) = verdict_views.models_table(networks_test(made(tmp_path, {"A": (800,), "B": (800,)})), EN)["rows"]
    assert row["words"] == "no difference shown"


# --- papers


@pytest.mark.parametrize("text", [EN, ZH], ids=["en", "zh"])
def test_published_numbers_are_those_of_the_papers(text):
    imagenet = {cells(papers.imagenet(text), "network")[i]: row for i, row in enumerate(papers.imagenet(text)["rows"])}
    assert [imagenet[f"ResNet-34 {key}"]["top1"]["sort"] for key in "ABC"] == [25.03, 24.52, 24.19]
    assert [imagenet[f"ResNet-34 {key}"]["top5"]["sort"] for key in "ABC"] == [7.76, 7.46, 7.40]
    assert [imagenet["Plain-34"][top]["text"].replace(" ", "") for top in ("top1", "top5")] == ["28.54%", "10.02%"]
    deep = papers.deep(text)
    assert cells(deep, "network") == ["ResNet-110 A", "ResNet-110 C"] and [
        error.replace(" ", "") for error in cells(deep, "error")
    ] == [
        "6.61%",
        "12.22%",
    ]
