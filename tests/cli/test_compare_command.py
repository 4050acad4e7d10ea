"""The command `compare` and the report that it prints: right numbers, plain sentences, names that stay text."""

from __future__ import annotations

import csv
import io
import json

import pytest
from made_published import make_published
from made_runs import NASTY

from resnet_demo.cli import main
from resnet_demo.metrics.paired import PairedTest
from resnet_demo.places import Places
from resnet_demo.runs.comparison.published import NetworksTest, Verdict, comparisons, verdicts
from resnet_demo.runs.comparison.report import networks_sentence, report, title, verdict_sentence
from resnet_demo.runs.index import RunIndex

RIGHT = {"A": (800, 804, 797), "B": (831, 836, 828), "none": (700, 760, 745)}


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    root = tmp_path_factory.mktemp("compare")
    for shortcut, counts in RIGHT.items():
        for seed, right in enumerate(counts):
            name = f"{shortcut}-{seed}"
            make_published(root / "weights", name, shortcut=shortcut, seed=seed, right=right, weights=seed == 0)
        make_published(root / "weights", f"{shortcut}-short", shortcut=shortcut, right=600, epochs=2, weights=False)
    return Places(data=None, cache=root, runs=root / "runs", weights=root / "weights")


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_table_and_the_verdicts_are_printed(places, capsys):
    assert main(["compare"], places) == 0
    said = capsys.readouterr().out
    assert "## ResNet-8 A, B and Plain-8, shapes, 12 epochs\n" in said
    assert "## ResNet-8 A, B and Plain-8, shapes, 2 epochs (short runs)\n" in said
    assert "| ResNet-8, shortcut B |" in said and "| 83.17 ± 0.40 % |" in said and "| 60.00 % |" in said
    assert "- A and B: separated. B less A is +3.13 points (98.3 % interval +2." in said
    assert "- B and plain: within noise. plain less B is −9.67 points" in said
    assert "No verdict: no pair has more than 1 seed, and a verdict takes 3." in said
    assert "A and B, seed 0: of 1,000 pictures " in said and "ResNet-110 C on CIFAR-10: 12.22 % error" in said
    assert "nan" not in said.lower()


def test_files_are_written(places, tmp_path, capsys):
    assert main(["compare", "--out", str(tmp_path / "out"), "--format", "json"], places) == 0
    printed = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    files = {path.name: path.read_bytes().decode() for path in (tmp_path / "out").iterdir()}
    assert set(files) == {"comparison.md", "comparison.json", "accuracies.csv", "verdicts.csv"}
    assert json.loads(files["comparison.json"]) == printed
    long, short = printed["comparisons"]
    assert (long["short"], short["short"], short["primary"]) == (False, True, "test")
    assert short["variants"][0]["accuracy"]["test"] == {"values": [0.6], "mean": 0.6, "std": None}
    verdict = short["verdicts"]["test"][0]
    assert (verdict["reason"], verdict["separated"], verdict["p"], verdict["seeds_needed"]) == ("few", None, None, None)
    rows = table(files["accuracies.csv"])
    seen = [float(row["accuracy"]) for row in rows if row["run"].startswith("B-") and row["set"] == "test"]
    assert seen == [0.831, 0.836, 0.828, 0.6]
    rows = table(files["verdicts.csv"])
    assert len(rows) == 2 * 2 * 3 and rows[0]["separated"] == "True" and rows[-1]["p"] == ""


def test_nothing_to_compare(tmp_path, capsys):
    assert main(["compare"], Places(data=None, cache=tmp_path, runs=tmp_path, weights=tmp_path / "none")) == 0
    assert "No two published networks" in capsys.readouterr().out


def test_hostile_names_stay_text(tmp_path, capsys):
    for shortcut in "AB":
        make_published(tmp_path, f"={shortcut}", shortcut=shortcut, data=NASTY)
    places = Places(data=None, cache=tmp_path, runs=tmp_path / "runs", weights=tmp_path)
    assert main(["compare", "--out", str(tmp_path / "out")], places) == 0
    assert "<img" not in capsys.readouterr().out
    rows = table((tmp_path / "out" / "accuracies.csv").read_bytes().decode())
    assert rows[0]["run"] == "'=A"


def made(p: float, separated: bool | None = False, **changes) -> Verdict:
    test = PairedTest(5, -0.0002, 0.004, -0.0061, 0.0057, p, 0.95)
    values = {"seeds": (0, 1, 2, 3, 4), "p_holm": p, "separated": separated, "seeds_needed": (4, 1001), **changes}
    return Verdict("A", "C", "test", test=test, **values)


def test_sentences():
    assert verdict_sentence(made(0.912)) == (
        "A and C: within noise. C less A is −0.02 points (95 % interval −0.61 to +0.57 points, p = 0.91 by Holm, 5 "
        "seeds). Half a point would be seen with 80 % power by 4 to more than 1,000 seeds."
    )
    assert "separated. C less A" in verdict_sentence(made(1e-6, True)) and "p < 0.0001" in verdict_sentence(
        made(1e-6, True)
    )
    assert "power by 3 seeds" in verdict_sentence(made(0.5, seeds_needed=(3, 3)))
    constant = made(float("nan"), None, seeds_needed=None, reason="constant")
    assert verdict_sentence(constant) == (
        "A and C: no verdict; the difference is −0.02 points in each of 5 seeds, which shows no noise to compare it "
        "with."
    )
    few = Verdict("A", "C", "test", (0, 1), None, float("nan"), None, None, "few")
    assert verdict_sentence(few) == "A and C: no verdict; both have 2 seeds, and a verdict takes 3."
    assert networks_sentence(NetworksTest("A", "plain", "test", 3, 10_000, 622, 1354, 1e-18, 0.2)) == (
        "A and plain, seed 3: of 10,000 pictures 622 are right with A alone and 1,354 with plain alone: p < 0.0001 "
        "(p = 0.2 by Holm)."
    )


def test_the_report_says_what_the_functions_say(places):
    found = comparisons(RunIndex([places.weights]).list())
    one = report(found)["comparisons"][0]
    assert one["title"] == title(found[0])
    for ours, theirs in zip(one["verdicts"]["test"], verdicts(found[0]), strict=True):
        assert (ours["p_holm"], ours["low"], ours["separated"]) == (theirs.p_holm, theirs.test.low, theirs.separated)
        assert ours["sentence"] == verdict_sentence(theirs)
