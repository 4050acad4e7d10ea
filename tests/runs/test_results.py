"""The table of the published runs: one row for each network trained in full, short runs and further seeds apart."""

from __future__ import annotations

from made_published import make_published
from made_runs import make_untrained_run

from resnet_demo.runs.comparison.results import SEVERAL, results_table
from resnet_demo.runs.index import RunIndex


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def test_no_run_is_no_table(tmp_path):
    make_untrained_run(tmp_path, "unpublished")
    assert results_table(RunIndex([tmp_path]).list()) == ""


def test_full_runs_stand_alone(tmp_path):
    make_published(tmp_path, "a", epochs=3)
    make_published(tmp_path, "c", shortcut="C", epochs=3, right=803)
    table = results_table(RunIndex([tmp_path]).list())
    head, _, first, second = rows(table)
    assert SEVERAL not in table and head[0] == "network" and head[-2:] == ["n", "paper"]
    assert first[0] == "ResNet-8, shortcut A" and second[0] == "ResNet-8, shortcut C" and second[-2:] == ["1", "–"]
    assert first[5].startswith("80.00 % [") and second[5].startswith("80.30 % [")


def test_short_runs_and_further_seeds_have_a_table_of_their_own(tmp_path):
    for seed, right in enumerate((800, 810, 805)):
        make_published(tmp_path, f"full-{seed}", seed=seed, right=right, epochs=30)
    make_published(tmp_path, "short-b", shortcut="B", epochs=5, right=600)
    for seed, right in ((4, 610), (2, 620)):
        make_published(tmp_path, f"short-c-{seed}", shortcut="C", seed=seed, epochs=5, right=right, weights=False)
    first, second = results_table(RunIndex([tmp_path]).list()).split(SEVERAL)
    assert [row[0] for row in rows(first)[2:]] == ["ResNet-8, shortcut A"]
    assert rows(first)[2][5].startswith("80.00 % [")  # the first seed, whose weights are there
    found = {row[0]: row[3:] for row in rows(second)[2:]}
    assert found["ResNet-8, shortcut A"][0] == "30" and found["ResNet-8, shortcut A"][2] == "80.50 ± 0.50 %"
    assert found["ResNet-8, shortcut B"][::2] == ["5", "60.00 %", "1"]  # one seed has no deviation
    assert found["ResNet-8, shortcut C"][2:] == ["61.50 ± 0.71 %", "61.50 ± 0.71 %", "2"] and len(found) == 3
