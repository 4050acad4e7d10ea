"""The form of the tab Train without a browser: bounds, presets, the configuration it makes, links that fill it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_demo.engine.config import PRESETS, TrainConfig
from resnet_demo.services import Services
from resnet_demo.ui.shared import form_link as link
from resnet_demo.ui.shared import training_form as forms
from resnet_demo.ui.shared.training_form import BOUNDS, DEPTHS, NUMBERS, Form, first_form
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.train.form_views import NAMES, form_properties
from resnet_demo.ui.train.layout import FIRST_DATA

ENGLISH = LANGUAGES["en"]


@pytest.fixture(scope="module")
def form(tmp_path_factory) -> Form:
    from small_page import idle_services

    return first_form(idle_services(tmp_path_factory.mktemp("idle")))


def test_the_tab_begins_with_shapes_whatever_data_is_here(tmp_path, monkeypatch):
    from small_page import idle_services

    monkeypatch.setattr(forms, "is_available", lambda services, data: True)
    services = idle_services(tmp_path)
    assert first_form(services, FIRST_DATA).data == "shapes" and first_form(services).data == "cifar10"


def test_the_form_begins_with_a_network_that_learns_shapes_in_half_a_minute(form):
    assert (form.data, form.depth, form.unit, form.preset) == ("shapes", 8, "seconds", "demo")
    assert form.settled() == form and not form.problems(ENGLISH)
    config = form.config()
    assert isinstance(config, TrainConfig) and config.model.name == "resnet8" and config.length == 30


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [None, float("nan"), -1, 1e12, "7", True])
def test_a_wrong_number_has_a_sentence_of_its_own_with_the_range(form, name, value):
    found = replace(form, **{name: value}).problems(ENGLISH)
    assert set(found) == {name} and "from" in found[name]


def test_only_whole_numbers_where_there_are_no_halves(form):
    assert set(replace(form, batch_size=64.5, lr=0.5).problems(ENGLISH)) == {"batch_size"}
    assert set(replace(form, unit="steps", length=2.5).problems(ENGLISH)) == {"length"}
    assert not replace(form, unit="epochs", length=2.5).problems(ENGLISH)
    assert replace(form, batch_size=64.0, unit="steps", length=20.0).config().length == 20


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_fills_in_its_recipe_and_leaves_the_network(form, preset):
    filled = forms.with_preset(replace(form, depth=20, seed=7), preset)
    made, recipe = filled.config(), PRESETS[preset]
    assert made.model.name == "resnet20" and made.seed == 7 and made.preset == preset
    for name, value in recipe.items():
        assert getattr(made, name) == value, name


def test_what_the_fields_say_already_is_left_as_it_is(form):
    wanted = replace(form, depth=20, seed=7)
    every = form_properties(wanted, ENGLISH)
    assert set(every) == set(NAMES) and all("value" in properties for properties in every.values())
    left = form_properties(wanted, ENGLISH, form)
    assert {name for name, properties in left.items() if "value" in properties} == {"depth", "seed"}
    assert "choices" in left["block"] and "info" in left["lr"]  # what may be chosen is said all the same


@given(st.data())
def test_every_form_without_problems_makes_a_configuration(form, data):
    family = data.draw(st.sampled_from(sorted(DEPTHS)))
    values = {
        "family": family,
        "depth": data.draw(st.sampled_from(DEPTHS[family])),
        "block": data.draw(st.sampled_from(("basic", "bottleneck"))),
        "shortcut": data.draw(st.sampled_from(("A", "B", "C", "none"))),
        "size": data.draw(st.sampled_from(forms.SIZES)),
    }
    for name, bound in BOUNDS.items():
        values[name] = data.draw(st.sampled_from((bound.low, bound.high)))
    filled = replace(form, **values).settled()
    assert not filled.problems(ENGLISH)
    made = filled.config()
    assert made.model.depth == filled.depth and made.model.block == filled.block
    again = forms.for_config(made)
    assert again.config().model == made.model and again.config().augmentation == made.augmentation


def test_a_link_fills_the_form_and_nothing_else_does(form):
    wanted = replace(form, depth=20, shortcut="C", lr=0.05, seed=3, unit="epochs", length=2, flip=False).settled()
    assert forms.from_address(wanted.address(form), form, ("shapes",)) == wanted
    assert forms.from_address({}, form, ("shapes",)) == form
    nonsense = {part.name: "${alert(1)}" for part in fields(Form)} | {"lr": "nan", "batch_size": "1e99"}
    assert forms.from_address(nonsense, form, ("shapes",)) == form
    assert "data" not in replace(form, data="own:1234").address(form), "own pictures are nobody else's"


def test_the_address_of_a_link_is_that_of_the_page(form):
    shown = link.shown("http://127.0.0.1:7860/zh?tab=x#y", {"tab": "train", "shortcut": "A"})
    assert shown["address"] == "http://127.0.0.1:7860/zh?tab=train&shortcut=A"
    assert shown["code"].startswith("data:image/svg+xml")
    for bad in ("javascript:alert(1)", "", "file:///etc/passwd", None):
        assert link.shown(bad, {"tab": "train"}) == {}


def test_services_of_strangers_have_limits(tmp_path):
    from small_page import idle_services

    services = idle_services(tmp_path)
    assert isinstance(services, Services) and not services.local
