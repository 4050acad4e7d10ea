"""A race's form and what is said of a race, without a page."""

from __future__ import annotations

import pytest
from made_race import make_race

from resnet_demo.engine.events import RunFinished
from resnet_demo.engine.reasons import because
from resnet_demo.library.visitors import Visitor
from resnet_demo.places import Places
from resnet_demo.services import Services
from resnet_demo.ui.compare.race import form, views
from resnet_demo.ui.compare.race.form import RaceForm, beginning
from resnet_demo.ui.shared.training_form import first_form
from resnet_demo.ui.text import LANGUAGES

ENGLISH, CHINESE = LANGUAGES["en"], LANGUAGES["zh"]
DIVERGED = RunFinished("failed", 60, 3.0, **because("ended.loss", step=60, lr=100.0))


@pytest.fixture
def services(tmp_path):
    return Services.create(
        Places(data=None, cache=tmp_path / "cache", runs=tmp_path / "runs", weights=tmp_path / "weights"), local=True
    )


@pytest.fixture
def first(services):
    return first_form(services)


def asked(**changes) -> RaceForm:
    usual = {
        "variants": ["none", "A"], "data": "shapes", "depth": 20, "length": 30, "unit": "steps", "batch_size": 16,
        "lr": 0.1, "seed": 7,
    }  # fmt: skip
    return RaceForm(**usual | changes).settled()


def test_an_entry_makes_configurations_that_differ_in_their_shortcuts_alone(first):
    plain, with_a = asked().configs(first)[::-1]
    assert [config.model.shortcut for config in (with_a, plain)] == ["A", "none"]
    assert (with_a.model.depth, with_a.length, with_a.unit, with_a.batch_size) == (20, 30, "steps", 16)
    assert (with_a.lr, with_a.seed, with_a.race) == (0.1, 7, "")
    assert with_a.to_dict() | {"model": None} == plain.to_dict() | {"model": None}
    assert form.form_of([with_a, plain]) == asked()


def test_an_entry_is_settled_and_judged():
    assert asked(variants=["C", "x", "A", "A"], depth=21, unit="years").variants == ("A", "C")
    assert asked(variants=None).variants == () and asked(depth=21).depth == 8
    assert form.DEPTHS[0] == 8 and form.DEPTHS[-1] == 110 and 56 in form.DEPTHS
    assert asked().problems(ENGLISH) == {}
    wrong = asked(variants=["B"], length=-1, lr=None, seed=1.5).problems(ENGLISH)
    assert set(wrong) == {"variants", "length", "lr", "seed"} and "at least two" in wrong["variants"]


def test_the_race_to_begin_with_is_one_with_shortcuts_and_one_without():
    usual = beginning()
    assert usual.variants == ("A", "none") and usual.unit == "steps"
    assert usual.problems(ENGLISH) == {}


def test_a_race_is_found_by_its_id_and_by_nothing_else(services):
    runs = make_race(services.places.runs, "race-1", ("none", "C", "A"))
    assert [run.config.model.shortcut for run in views.race_of(services, "race-1")] == ["A", "C", "none"]
    for nothing in ("", None, 3, "race-2", runs[0].id, "../race-1", ["race-1"]):
        assert views.race_of(services, nothing) == ()
    assert views.races(services, Visitor()) == [] and views.latest(services, Visitor()) == ()
    owner = Visitor({run.id: "" for run in runs})
    assert [one.id for one in views.latest(services, owner)] == [run.id for run in runs[::-1]]
    assert views.choices(services, (), owner, ENGLISH)[0][1] == "race-1"
    shared = views.race_of(services, "race-1")
    assert [race for _, race in views.choices(services, shared, Visitor(), ENGLISH)] == ["race-1"]


def test_the_table_says_where_each_is(services):
    race = tuple(make_race(services.places.runs, "race-1", ("A", "C")))
    statuses = views.statuses(services, race)
    assert not views.is_active(statuses) and not views.has_failed(statuses)
    value = views.table(services, race, statuses, ENGLISH)
    row = value["rows"][1]
    assert row["network"] == "ResNet-8 C" and row["state"] == "finished" and row["step"] == 100
    assert row["validation_accuracy"]["sort"] == pytest.approx(0.506, abs=0.01)
    assert set(row) == {column["key"] for column in value["columns"]}
    assert views.has_epochs(services, race) and views.table(services, (), {}, ENGLISH) is None


def test_one_that_fails_is_said_and_does_not_speak_for_the_race(services):
    race = tuple(make_race(services.places.runs, "race-1", ("A", "C"), {"A": DIVERGED}))
    statuses = views.statuses(services, race)
    assert views.has_failed(statuses)
    assert [run["title"] for run in views.curves(services, race, ENGLISH)["runs"]] == ["ResNet-8 C", "ResNet-8 A"]
    assert "ResNet-8 A: The loss had values" in views.failures(race, statuses, ENGLISH)
    assert "训练发散了" in views.failures(race, statuses, CHINESE)
    assert not views.can_resume(race, statuses)  # what diverged would do so again


def test_equality_is_what_the_logs_say(services):
    root = services.places.runs
    equal = tuple(make_race(root, "race-1"))
    said = views.equal(equal, ENGLISH)
    assert "23 of 23 shared tensors identical bit for bit" in said and "2 of 2 checksums" in said
    assert "23 个" in views.equal(equal, CHINESE)
    unequal = tuple(make_race(root, "race-2", other_values="C"))
    assert "22 of 23 shared" in views.equal(unequal, ENGLISH)
    early = RunFinished("stopped", 20, 1.0)
    stopped = tuple(make_race(root, "race-3", ("A", "B"), {"A": early, "B": early}))
    assert "checked at the end of the first epoch" in views.equal(stopped, ENGLISH)
    assert views.equal(equal[:1], ENGLISH) == ENGLISH("race.equal.none") and views.equal((), ENGLISH) == ""


def test_a_shared_race_can_be_looked_at_only(services):
    race = tuple(make_race(services.places.runs, "race-1"))
    assert ENGLISH("race.only_look") in views.head(services, race, Visitor(), ENGLISH)["facts"]
    assert ENGLISH("race.only_look") not in views.head(services, race, Visitor(local=True), ENGLISH)["facts"]
