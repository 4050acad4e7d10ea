"""The tab Networks answers without a browser: what each handler fills, and what it leaves alone."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace

import pytest
from named_parts import named_parts

from resnet_demo.ui.networks.architecture.handlers import Handlers
from resnet_demo.ui.networks.architecture.layout import Parts
from resnet_demo.ui.shared.model_choice import Choice, beginning
from resnet_demo.ui.text import LANGUAGES

FIRST = beginning("imagenet")
WHAT = ("shortcuts", "conv")


@pytest.fixture
def handlers():
    controls = {field.name: field.name for field in fields(Choice)}
    return Handlers(LANGUAGES["en"], named_parts(Parts, controls=controls))


def test_a_choice_fills_all_that_is_drawn_and_sends_back_nothing_that_was_typed(handlers):
    values = handlers.choose(None, *WHAT, "imagenet", 18, "bottleneck", "B", "3x3", 224, 1000)
    assert values["shown"] == Choice("imagenet", 18, "basic", "B", "3x3", 224, 1000)
    assert values["block"]["value"] == "basic" and not values["stride_in"]["visible"]
    assert [name for name in ("depth", "shortcut", "input_size") if "value" in values[name]] == []
    assert values["figure"] and values["bars"]["rows"] and values["layers"]["rows"] and values["drawings"]["items"]
    assert values["panel"] is values["opened"] is None and values["unfolded"] == ()


@pytest.mark.parametrize(("size", "classes"), [(5, 1000), (None, 1000), (224, 0), (224.5, 1000)])
def test_numbers_that_make_no_model_leave_what_is_drawn(handlers, size, classes):
    values = handlers.choose(None, *WHAT, "imagenet", 50, "bottleneck", "B", "3x3", size, classes)
    assert "must be" in values["figure"]["wrong"]
    assert set(values) == {"figure", *(field.name for field in fields(Choice))}


def test_an_open_block_stays_open_where_the_next_model_has_it(handlers):
    values = handlers.change_family("cifar", "layer1.0", *WHAT)
    assert values["opened"] == "layer1.0" and values["panel"]
    values = handlers.change_family("cifar", "layer4.0", *WHAT)
    assert values["opened"] is values["panel"] is None


def test_an_address_names_the_model_and_the_papers_tables_come_with_it(handlers):
    event = SimpleNamespace(_data={"network": "cifar-resnet20", "shortcut": "A"})
    values = handlers.mount(event, FIRST, *WHAT)
    assert values["shown"] == Choice("cifar", 20, "basic", "A", "3x3", 32, 10)
    assert values["table1"]["rows"] and values["table6"]["rows"]
    assert handlers.mount(SimpleNamespace(_data=None), FIRST, *WHAT)["shown"] == FIRST


def test_a_block_is_opened_stepped_through_and_closed(handlers):
    opened = handlers.open_part(SimpleNamespace(value="layer2.0"), FIRST)
    assert opened["opened"] == "layer2.0" and opened["panel"]
    assert handlers.step(SimpleNamespace(name="layer2.1"), FIRST)["opened"] == "layer2.1"
    assert handlers.open_layer(SimpleNamespace(index=0), FIRST)["opened"] == "stem"
    for nothing in (None, "layer9.0", 3, ["layer2.0"]):
        assert handlers.open_part(SimpleNamespace(value=nothing), FIRST) == {"panel": None, "opened": None}
    assert handlers.close_part() == {"panel": None, "opened": None}


def test_a_stage_is_unfolded_and_folded_again(handlers):
    values = handlers.fold(SimpleNamespace(stage="layer3"), FIRST, ())
    assert values["unfolded"] == ("layer3",) and values["figure"]
    assert handlers.fold(SimpleNamespace(stage="layer3"), FIRST, ("layer3",))["unfolded"] == ()


def test_another_comparison_fills_its_drawings_numbers_and_idea(handlers):
    values = handlers.compare(FIRST, "blocks", "identity")
    assert set(values) == {"drawings", "numbers", "idea"} and values["drawings"]["items"]
