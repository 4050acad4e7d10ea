"""Degradation: which runs belong together, what is said of them, and what a measured norm looks like to people."""

from __future__ import annotations

import json
import math

import pytest
from made_recorded import make_recorded

from resnet_demo.inference.gradients import LayerNorms
from resnet_demo.models import ModelSpec
from resnet_demo.runs.comparison import depths as recorded
from resnet_demo.runs.comparison.published import comparisons
from resnet_demo.runs.folder import RunFolder
from resnet_demo.ui.compare.depth import views
from resnet_demo.ui.text import LANGUAGES

EN = LANGUAGES["en"]
NETWORKS = ("resnet20", "resnet56", "plain20", "plain56")


def found(root):
    return recorded.recorded(RunFolder(path) for path in sorted(root.iterdir()))


def names(members):
    return [one.run.config.model.name for one in members]


@pytest.fixture
def four(tmp_path):
    for name in NETWORKS:
        make_recorded(tmp_path, name, slow=150.0 if name == "plain56" else 60.0)
    return found(tmp_path)


def test_residual_networks_come_first_and_each_has_a_look_of_its_own(four):
    assert names(four) == list(NETWORKS)
    assert [one.style for one in four] == ["A", "spare2", "plain", "spare3"]


def test_the_deepest_pair_is_what_the_answer_and_its_chart_are_about(four):
    pair = recorded.deepest_pair(four)
    assert names(pair) == ["resnet56", "plain56"]
    ends = [f"{90 * math.exp(-200 / slow):.1f} %" for slow in (60, 150)]
    answer = views.answer(pair, EN)
    assert f"ResNet-56 A {ends[0]}" in answer and f"Plain-56 still gets {ends[1]}" in answer
    value = views.duel(pair, EN)
    (panel,) = value["panels"]
    assert [line["style"] for line in panel["lines"]] == ["A", "plain"] and value["seconds"] > 0


def test_without_a_depth_that_both_have_there_is_no_pair(four):
    assert recorded.deepest_pair(four[:2]) is recorded.deepest_pair(()) is None
    assert names(recorded.deepest_pair((four[0], four[1], four[2]))) == ["resnet20", "plain20"]


def test_what_was_trained_otherwise_does_not_belong_to_them(four, tmp_path):
    make_recorded(tmp_path, "resnet110", epochs=3)
    make_recorded(tmp_path, "resnet32", lr=0.05)
    make_recorded(tmp_path, "resnet44", fingerprint="others")
    assert names(found(tmp_path)) == list(NETWORKS)


def test_seed_and_threads_are_no_other_recipe_and_the_first_seed_is_shown(four, tmp_path):
    make_recorded(tmp_path, "resnet32", seed=4, threads=2)
    make_recorded(tmp_path, "plain20", seed=3)
    members = found(tmp_path)
    assert names(members) == ["resnet20", "resnet32", "resnet56", "plain20", "plain56"]
    assert [one.run.config.seed for one in members] == [0, 4, 0, 0, 0]


def test_networks_without_normalisation_are_a_group_of_their_own(four, tmp_path):
    for name in NETWORKS:
        make_recorded(tmp_path, name, epochs=1, lr=1e-5, norm="none")
    runs = [RunFolder(path) for path in sorted(tmp_path.iterdir())]
    members = recorded.recorded(runs, "none")
    assert names(found(tmp_path)) == names(members) == list(NETWORKS)
    assert {one.run.config.model.norm for one in members} == {"none"} and {one.steps for one in members} == {100}
    assert [panel["title"] for panel in views.course(members, EN, ("norm", "training"))["panels"]] == [
        EN("degradation.chart.norm"), EN("degradation.chart.training")
    ]  # fmt: skip
    assert "epochs: 1," in views.unnormalised(members, EN) and "1e-05" in views.unnormalised(members, EN)
    assert EN("run.unnormalised", network="Plain-20") in views.heading(members, EN)
    assert not [one for one in comparisons(runs) if one.variants[0].spec.norm == "none"]


def test_without_two_plain_depths_there_is_nothing_to_show(tmp_path):
    for name in ("resnet20", "resnet56", "plain20"):
        make_recorded(tmp_path, name)
    assert found(tmp_path) == ()


def test_of_two_groups_the_longer_one_is_shown(four, tmp_path):
    for name in NETWORKS:
        make_recorded(tmp_path, name, epochs=4)
    assert {one.steps for one in found(tmp_path)} == {400}


def test_short_runs_are_called_slow_and_long_ones_are_not(four, tmp_path):
    said = views.caution(four, EN)
    assert said.startswith("This is slow optimization, not degradation after convergence") and "2 epochs" in said
    assert views.duel(recorded.deepest_pair(four), EN)["note"] == views.caution(four, EN, "short")
    for name in NETWORKS:
        make_recorded(tmp_path, name, epochs=11)
    assert views.caution(found(tmp_path), EN) == ""


def test_the_table_has_the_training_error_first(four):
    table = views.final_errors(four, EN)
    assert [column["key"] for column in table["columns"]][:3] == ["network", "pass", "validation"]
    deep = table["rows"][3]
    error = 90 * math.exp(-200 / 150)
    assert deep["network"] == "Plain-56" and deep["pass"]["sort"] == pytest.approx(error, rel=1e-4)
    assert deep["validation"]["sort"] == pytest.approx(2 + error, rel=1e-4) and deep["norm"]["text"] == "2.01"


def test_the_course_is_that_of_the_log(four):
    value = views.course(four, EN)
    training, validation, norm = value["panels"]
    assert training["title"].startswith("Training error")
    for one, line in zip(four, training["lines"], strict=True):
        slow = 150 if one.run.config.model.name == "plain56" else 60
        for step, error in line["points"]:
            assert error == pytest.approx(90 * math.exp(-step / slow), rel=0.08)
    assert [step for step, _ in validation["lines"][0]["points"]] == [100, 200] and validation["lines"][0]["marked"]
    assert norm["log"] and norm["lines"][0]["points"][-1][1] == pytest.approx(2.98, abs=0.05)
    assert validation["places"][1][1].startswith("Step 200: ResNet-20 A 5.2 %, ResNet-56 A")
    json.dumps(value, allow_nan=False)


def test_a_part_without_reports_is_a_gap_and_no_zero(tmp_path):
    for name in NETWORKS:
        make_recorded(tmp_path, name)
    log = found(tmp_path)[0].run.path / "events.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join(line for line in lines if not 20 <= json.loads(line).get("step", 0) < 60), encoding="utf-8")
    points = views.course(found(tmp_path), EN)["panels"][0]["lines"][0]["points"]
    assert any(error is None for _, error in points) and not any(error == 0 for _, error in points)


def test_the_file_names_network_and_step(four):
    head, *rows = views.course(four, EN)["table"]
    assert head == ["network", "step", "training_error", "grad_norm", "validation_error"]
    assert len(rows) == 4 * (recorded.PARTS + 2)


# --- what is measured here


def norms(name, norm, value=1.0):
    spec = ModelSpec.from_name(name, norm=norm)
    layers = tuple(f"layer{at}" for at in range(spec.depth))
    return LayerNorms(spec, layers, (value,) * spec.depth, (0.5,) * spec.depth, 2.3, value * 4)


def test_networks_with_and_without_normalisation_are_side_by_side():
    value = views.norms_chart([norms("resnet20", "batch"), norms("plain8", "batch"), norms("plain8", "none")], EN)
    first, second = value["panels"]
    assert [line["name"] for line in first["lines"]] == ["ResNet-20", "Plain-8"] and first["x"] == [1, 20]
    assert [line["style"] for line in second["lines"]] == ["plain"] and first["log"] and second["log"]
    assert first["places"][7][1].count("Plain-8") == 1 and "Plain-8" not in first["places"][8][1]


def test_what_overflowed_is_no_number_in_files_and_charts():
    found = [norms("plain8", "none", math.inf), norms("plain8", "batch", math.nan)]
    json.dumps(views.norms_chart(found, EN), allow_nan=False)
    json.dumps(views.norms_table(found, EN), allow_nan=False)
    assert [row["first"]["text"] for row in views.norms_table(found, EN)["rows"]] == ["∞", "–"]


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (183100.4, "183,100"), (5932.1, "5,932"), (12.345, "12.3"), (0.0186, "0.0186"), (3e-9, "3.00e-09")],
)
def test_numbers_have_three_digits(value, said):
    assert views.number(value)["text"] == said
