"""What the tab says of the shortcuts A, B and C is what the networks' own modules do: compared with plain reckoning."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from resnet_demo.models import ModelSpec, build_model
from resnet_demo.models.blocks import PadShortcut
from resnet_demo.ui.compare.shortcuts import example, example_views, views
from resnet_demo.ui.compare.shortcuts.example import NUMBERS, OPTIONS, PLACES, NotANumber, compute
from resnet_demo.ui.text import LANGUAGES

TEXT = LANGUAGES["en"]
SOME = np.random.RandomState(0).uniform(-9, 9, (2, 4, 4)).astype(np.float32)


def typed(x=NUMBERS, weights=None, **more):
    """What a page sends."""
    return {
        "x": example_views.spelled(x),
        "weights": None if weights is None else example_views.spelled(np.array(weights)),
        **more,
    }


def test_option_a_takes_every_second_number_and_puts_zeros_on_both_sides():
    found = compute("A", "conv", SOME)
    plain = np.zeros((4, 2, 2), np.float32)
    plain[1:3] = SOME[:, [0, 2]][:, :, [0, 2]]
    np.testing.assert_array_equal(found.out, plain)
    np.testing.assert_array_equal(found.kept, plain[1:3])
    assert found.zeros == (0, 3) and found.parameters == 0 and found.weights is None and np.isnan(found.change)


@pytest.mark.parametrize(("option", "place"), [("B", "conv"), ("C", "conv"), ("C", "identity")])
def test_a_projection_is_a_weighted_sum_over_the_channels_of_each_pixel_that_is_read(option, place):
    outputs, stride = example.outputs_and_stride(place)
    weights = np.random.RandomState(1).normal(size=(outputs, 2)).astype(np.float32)
    found = compute(option, place, SOME, weights)
    plain = np.einsum("kc,cij->kij", weights.astype(float), SOME[:, ::stride, ::stride].astype(float))
    np.testing.assert_allclose(found.out, plain, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(found.weights, weights)
    assert found.parameters == weights.size + 2 * outputs  # and weight and bias of batch normalisation
    normalised = plain / np.sqrt(1 + 1e-5)  # fresh statistics: mean 0, variance 1, epsilon of batch normalisation
    assert found.change == pytest.approx(np.abs(normalised - plain).max(), rel=0.05)


@pytest.mark.parametrize("option", ["A", "B"])
def test_where_dimensions_are_kept_a_and_b_add_x_as_it_is(option):
    found = compute(option, "identity", SOME)
    np.testing.assert_array_equal(found.out, SOME)
    assert found.shortcut == "" and found.parameters == 0


def test_b_can_do_what_a_does_and_c_the_identity():
    same = compute("B", "conv", SOME, example.prepared("same", "conv"))
    np.testing.assert_array_equal(same.out, compute("A", "conv", SOME).out)
    np.testing.assert_array_equal(compute("C", "identity", SOME, example.prepared("same", "identity")).out, SOME)


@pytest.mark.parametrize("option", OPTIONS)
def test_the_small_shortcut_is_the_one_of_the_network(option):
    block = build_model(ModelSpec.from_name("resnet20", shortcut=option), 0).get_submodule("layer2.0")
    small = compute(option, "conv", NUMBERS, example.prepared("sums", "conv"))
    kind = "PadShortcut" if isinstance(block.downsample, PadShortcut) else "Conv2d"
    assert kind in small.shortcut
    if option == "A":
        x = torch.arange(16 * 4 * 4.0).view(1, 16, 4, 4)
        out = block.downsample(x)[0].numpy()
        assert not out[:8].any() and not out[24:].any()  # eight channels of zeros on either side
        np.testing.assert_array_equal(out[8:24], x[0, :, ::2, ::2].numpy())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_numbers_that_were_computed(language, option, place):
    text = LANGUAGES[language]
    value = example_views.edited(typed(SOME.round(2), option=option, place=place), text)
    x = SOME.round(2)
    weights = example.prepared("sums", place) if example.has_weights(option, place) else None
    found = compute(option, place, x, weights)
    shown = np.array([[[float(n.replace("−", "-")) for n in line] for line in part] for part in value["out"]])
    np.testing.assert_allclose(shown, found.out, rtol=1e-3, atol=1e-3)
    for k, i, j in np.ndindex(found.out.shape):
        assert example_views.spell(float(found.out[k, i, j])) in value["reads"][k][i][j]
    assert value["module"] == found.shortcut and value["zeros"] == list(found.zeros)
    assert f"{found.parameters}" in value["words"][0]


def test_a_number_of_the_result_says_what_it_is_made_of():
    copied = example_views.edited(typed(option="A", place="conv"), TEXT)
    assert copied["reads"][1][1][0] == ("Channel 2, row 2, column 1 = 9: copied from channel 1, row 3, column 1 of x.")
    assert "filled with zeros" in copied["reads"][0][0][0]
    summed = example_views.edited(typed(weights=[[1, 2], [0, 0], [0, 1], [-1, 0.5]], option="B", place="conv"), TEXT)
    assert summed["reads"][3][0][1].endswith("(−1) · 3 + 0.5 · 30 = 12")


def test_what_is_no_number_is_said_with_its_place():
    asked = typed(option="B", place="conv", weights=np.ones((4, 2)))
    asked["x"][1][2][3] = "abc${alert(1)}"
    wrong = example_views.edited(asked, TEXT)
    assert wrong["wrong"] == ["x", 1, 2, 3]
    assert "Channel 2, row 3, column 4" in wrong["error"] and "“abc${alert(1)}”" in wrong["error"]
    asked = typed(option="B", place="conv", weights=np.ones((4, 2)))
    asked["weights"][2][1] = "1e9"
    wrong = example_views.edited(asked, TEXT)
    assert wrong["wrong"] == ["weights", 2, 1] and "from channel 2 to channel 3" in wrong["error"]


@pytest.mark.parametrize("given", ["nan", "inf", "", "1,5", None, [], "1000"])
def test_only_numbers_within_bounds_are_read(given):
    with pytest.raises(NotANumber):
        example.read([["1"], [given]], (2, 1), "x")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"option": "D", "place": "conv"},
        {"option": "A", "place": "conv", "x": "1"},
        {"option": "A", "place": "conv", "x": [[["1"] * 4] * 4]},
    ],
)
def test_what_nobody_can_have_typed_begins_anew(asked):
    assert example_views.edited(asked, TEXT) == example_views.beginning(TEXT) | {"turn": 0}


def test_prepared_weights_are_filled_in():
    asked = typed(option="C", place="identity", weights=np.zeros((2, 2)), fill="same", seed=0)
    assert example_views.edited(asked, TEXT)["weights"] == [["1", "0"], ["0", "1"]]
    first, second = (
        example_views.edited(asked | {"fill": "initial", "seed": seed}, TEXT)["weights"] for seed in (0, 1)
    )
    assert first != second


def test_the_cards_have_the_costs_of_the_networks():
    cards = views.cards(TEXT)["cards"]
    counted = []
    for option, card in zip(OPTIONS, cards, strict=True):
        model = build_model(ModelSpec.from_name("resnet20", shortcut=option), 0)
        found = sum(p.numel() for name, p in model.named_parameters() if ".downsample." in name)
        convolutions = sum(isinstance(m, torch.nn.Conv2d) and "downsample" in n for n, m in model.named_modules())
        assert f"{convolutions} 1×1 convolutions" in card["fact"] and f"{found:,} parameters" in card["fact"]
        counted.append(found)
        assert [figure["name"] for figure in card["figures"]] == list(views.DRAWN)
        assert "16×32×32 → 32×16×16" in card["figures"][0]["caption"]
    assert counted == sorted(counted) and counted[0] == 0


def test_a_panel_begins_with_the_code_of_the_shortcut():
    for option, title in (("A", "class PadShortcut"), ("B", "function make_shortcut")):
        value = views.panel(option, "layer2.0", TEXT)
        assert value["sources"][0]["title"] == title and f"shortcut {option}" in value["place"]
    assert views.panel("A", "stem", TEXT)["sources"]
    assert views.panel("D", "layer2.0", TEXT) is None and views.panel("A", "layer9.0", TEXT) is None


def test_the_table_names_both_blocks_and_the_network():
    table = views.costs(TEXT)
    assert len(table["rows"]) == 6 and [column["key"] for column in table["columns"]][1:] == [
        f"network{at}" for at in range(4)
    ]
    whole = table["rows"][4]
    for at, option in enumerate((*OPTIONS, "none")):
        name = "plain20" if option == "none" else "resnet20"
        model = build_model(ModelSpec.from_name(name, shortcut=None if option == "none" else option), 0)
        assert whole[f"network{at}"]["sort"] == sum(p.numel() for p in model.parameters())
