"""The tab Networks: what can be chosen, and what its components are given, as functions."""

from __future__ import annotations

import inspect
import re
import xml.etree.ElementTree as ElementTree
from functools import cache

import pytest

from resnet_demo.models import ModelSpec, blocks, create_model, describe, list_models
from resnet_demo.models.anatomy import parts
from resnet_demo.ui.networks.architecture import paper
from resnet_demo.ui.shared import block_comparison as compare
from resnet_demo.ui.shared import model_views as views
from resnet_demo.ui.shared.model_choice import (
    FAMILIES,
    SHORTCUTS,
    Choice,
    address,
    beginning,
    depth_choices,
    depths,
    from_address,
)
from resnet_demo.ui.shared.model_choice import blocks as blocks_of
from resnet_demo.ui.text import LANGUAGES

ENGLISH, CHINESE = LANGUAGES["en"], LANGUAGES["zh"]
described = cache(describe)


def spec(name, **options):
    return ModelSpec.from_name(name, **options)


def cells(value, key):
    return [row.get(key) for row in value["rows"]]


# --- what can be chosen


@pytest.mark.parametrize("family", FAMILIES)
def test_whatever_is_chosen_makes_a_network(family):
    """Every depth with every block it has; the other controls need no depth to be tried."""
    usual = beginning(family)
    for depth in depths(family):
        for block in blocks_of(family, depth):
            choice = Choice(family, depth, block, "B", "1x1", usual.input_size, usual.num_classes).settled()
            made = choice.spec()
            assert (made.depth, made.block, made.family.name) == (depth, block, family)
            assert made.stride_in == ("1x1" if block == "bottleneck" else "3x3")
    assert [depth for _, depth in depth_choices(family)] == list(depths(family))


def test_all_networks_that_can_be_named_can_be_chosen_and_drawn():
    for name in list_models():
        choice = from_address({"network": name})
        made = choice.spec()
        assert made == spec(name)
        value = views.diagram_value(made, CHINESE)
        for layout in ("wide", "narrow"):
            drawn = ElementTree.fromstring(value[layout])
            groups = [node for node in drawn.iter() if node.get("data-block", "").startswith("layer")]
            assert sum(int(node.get("data-count")) for node in groups) == sum(made.stage_blocks)


def test_only_stages_unfold():
    made = spec("resnet152")
    assert views.toggled(made, (), "layer3") == ("layer3",)
    assert views.toggled(made, ("layer2", "layer3"), "layer3") == ("layer2",)
    assert views.toggled(made, ("layer2",), "<script>") == ("layer2",)
    folded, unfolded = (views.diagram_value(made, ENGLISH, stages)["wide"] for stages in ((), ("layer3",)))
    assert len(unfolded) > 2 * len(folded)


def test_depths_show_the_sum_they_are():
    labels = {depth: label for label, depth in depth_choices("cifar")}
    assert labels[20] == "20 = 6·3 + 2 = 9·2 + 2" and labels[32] == "32 = 6·5 + 2" and labels[29] == "29 = 9·3 + 2"
    assert [label for label, _ in depth_choices("imagenet")] == ["18", "34", "50", "101", "152"]


def test_choices_that_do_not_fit_are_settled():
    assert Choice("cifar", 50, "basic", "A", "1x1").settled() == Choice("cifar", 50, "basic", "A", "3x3")
    assert Choice("cifar", 29, "basic", "A", "3x3", 32, 10).settled().block == "bottleneck"
    assert Choice("imagenet", 20).settled().depth == 50
    strange = Choice("x", -3, "y", "z", "w", None, None).settled()
    assert (strange.family, strange.depth, strange.block, strange.shortcut) == ("imagenet", 50, "bottleneck", "B")


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize(
    ("size", "classes", "field"),
    [(31, 10, "input_size"), (1025, 10, "input_size"), (None, 10, "input_size"), (64.5, 10, "input_size"),
     (64, 1, "num_classes"), (64, 100_001, "num_classes"), (64, None, "num_classes")],
)  # fmt: skip
def test_a_number_out_of_bounds_gets_a_sentence(text, size, classes, field):
    sentence = Choice(input_size=size, num_classes=classes).problem(text)
    assert text(f"networks.{field}") in sentence and ("1024" in sentence.replace(",", "") or "100,000" in sentence)
    assert Choice().problem(text) is None


def test_a_network_has_an_address_that_leads_back():
    for made in (
        spec("resnet50"),
        spec("resnet20", shortcut="C"),
        spec("cifar-resnet56", block="bottleneck", stride_in="1x1"),
        spec("plain34"),
    ):
        assert from_address({key: what for key, what in address(made).items() if what}).spec() == made
    assert address(spec("resnet50")) == {"network": "resnet50", "block": "", "shortcut": "", "stride_in": ""}
    for asked in ({}, {"network": "resnet51"}, {"network": "<script>"}, {"network": None}, {"network": "r" * 999}):
        assert from_address(asked) is None
    assert from_address({"network": "resnet18", "shortcut": "${x}", "stride_in": "1x1"}).spec() == spec("resnet18")


# --- what is shown


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
def test_totals_bars_and_layers_are_those_of_the_description(text):
    made = spec("resnet50")
    description = describe(made)
    facts = [number for _, number, _ in views.diagram_value(made, text)["facts"]]
    assert facts == ["25,557,032", "4,089,184,256", "50", "16", "4", "12"]
    bars = views.bars_value(made, text)
    for key, total in (("parameters", description.parameters), ("multiply_adds", description.multiply_adds)):
        assert sum(cell["sort"] for cell in cells(bars, key)) == total
        assert sum(cell["bar"] for cell in cells(bars, key)) == pytest.approx(1, abs=1e-3)
    assert cells(bars, "blocks") == [None, 3, 4, 6, 3, None]
    layers = views.layers_value(made, text)
    assert cells(layers, "layer") == [row.name for row in description.rows]
    assert sum(cells(layers, "parameters")) == description.parameters
    assert all(cell for row in layers["rows"] for key, cell in row.items() if key in ("kind", "role"))
    assert views.part_of_layer(made, 0) == "stem" and views.part_of_layer(made, 10**6) is None
    at = cells(layers, "layer").index("layer3.2.conv1")
    assert views.part_of_layer(made, at) == "layer3.2"


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("shortcut", SHORTCUTS)
def test_a_block_says_its_formula_with_the_shapes_of_the_module(text, shortcut):
    made = spec("resnet20", shortcut=shortcut)
    for name, given, out in (("layer2.0", "16×32×32", "32×16×16"), ("layer2.1", "32×16×16", "32×16×16")):
        value = views.block_value(made, name, text)
        terms = {"A": text("block.padding"), "B": "Wₛ x", "C": "Wₛ x", "none": None}
        term = "x" if name == "layer2.1" and shortcut in "AB" else terms[shortcut]
        shortcut_terms = [["+", ""], [term, out]] if term else []
        assert value["formula"] == [
            ["y", out], ["=", ""], ["ReLU(", ""], ["F(x)", out], *shortcut_terms, [")", ""]
        ]  # fmt: skip
        assert "W₂ σ(W₁ x)" in value["chain"] and (given in value["way"] or given == out)
        module = create_model("resnet20", shortcut=shortcut).get_submodule(name)
        assert value["total"][-2] == f"{sum(weights.numel() for weights in module.parameters()):,}"
    assert views.block_value(made, "layer9.9", text) is None
    assert views.block_value(made, "stem", text)["before"] is None
    assert views.block_value(made, "head", text)["after"] is None


def test_a_bottleneck_has_three_weights_and_no_way_is_left_unsaid():
    assert "W₃ σ(W₂ σ(W₁ x))" in views.block_value(spec("resnet50"), "layer1.0", ENGLISH)["chain"]
    ways = {
        re.sub(r"\d+×\d+×\d+", "", views.block_value(spec("resnet50", shortcut=shortcut), name, ENGLISH)["way"])
        for shortcut in SHORTCUTS
        for name in ("layer1.0", "layer1.1", "layer2.0")
    }
    assert len(ways) == 6


@pytest.mark.parametrize(
    ("made", "names"),
    [
        (spec("resnet20"), ["BasicBlock", "Block", "PadShortcut", "make_shortcut"]),
        (spec("resnet50"), ["Bottleneck", "Block", "make_shortcut"]),
    ],
)
def test_the_source_is_that_of_the_module_to_the_letter(made, names):
    sources = views.block_value(made, "layer2.0", ENGLISH)["sources"]
    assert [source["title"].split()[-1] for source in sources] == names
    for source, name in zip(sources, names, strict=True):
        text = "".join(words for _, words in source["code"])
        assert text == inspect.getsource(getattr(blocks, name)).rstrip("\n")
        assert {"word", "quiet", ""} == {kind for kind, _ in source["code"]}
        assert ["word", "def"] in source["code"] and source["from"].endswith("blocks.py")


def test_the_papers_tables_agree_with_our_counts():
    first = paper.table_1(ENGLISH)["rows"]
    assert [row["paper_work"]["sort"] for row in first] == [1.8e9, 3.6e9, 3.8e9, 7.6e9, 11.3e9]
    for row in first:
        assert row["our_work"] == pytest.approx(row["paper_work"]["sort"], rel=0.02)
    assert first[2]["our_parameters"] == 25_557_032 and first[2]["our_work_v15"] == 4_089_184_256
    assert "our_work_v15" not in first[0]  # basic blocks have no 1x1 for the stride
    second = paper.table_6(ENGLISH)["rows"]
    assert [row["error"]["text"] for row in second] == [
        "8.75 %", "7.51 %", "7.17 %", "6.97 %", "6.43 (6.61 ± 0.16) %", "7.93 %"
    ]  # fmt: skip
    for row in second:
        assert row["our_parameters"] == pytest.approx(row["paper_parameters"]["sort"], rel=0.02)
    assert second[0]["our_parameters"] == 269_722


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("kind", compare.KINDS)
@pytest.mark.parametrize(
    "made",
    [
        spec("resnet50"),
        spec("resnet18", shortcut="A"),
        spec("resnet20"),
        spec("plain56"),
        spec("resnet29"),
        spec("resnet110", shortcut="C"),
    ],
    ids=lambda made: made.name,
)
def test_comparisons_vary_one_thing(made, kind, text):
    specs = compare.variants(made, kind)
    field = {"shortcuts": "shortcut", "blocks": "block", "strides": "stride_in"}[kind]
    values = {"shortcuts": SHORTCUTS, "blocks": ("basic", "bottleneck"), "strides": ("1x1", "3x3")}[kind]
    assert tuple(getattr(one, field) for one in specs) == values
    for one in specs:
        assert (one.family, one.input_size, one.num_classes) == (made.family, made.input_size, made.num_classes)
    if kind != "blocks":
        others = {tuple(sorted((one.to_dict() | {field: "", "name": ""}).items())) for one in specs}
        assert len(others) == 1
    for place in compare.PLACES:
        found = compare.compared(made, kind, place, text)
        items, rows = found.figures["items"], found.table["rows"]
        assert len(items) == len(specs) == len(found.table["columns"]) - 1
        marked = [item["drawing"].count('class="shortcut changed"') + item["drawing"].count('class="layer changed"')
                  for item in items]  # fmt: skip
        assert marked[0] == 0
        assert any(marked[1:]) == (kind != "strides" or place == "conv")  # v1 and v1.5 differ where there is a stride
        for column, one in enumerate(specs):
            assert rows[2][f"network{column}"]["sort"] == described(one).parameters


def test_a_network_without_identity_blocks_is_told_so():
    assert all(part.role != "Identity Block" for part in parts(describe(spec("resnet11"))))
    found = compare.compared(spec("resnet11"), "shortcuts", "identity", ENGLISH)
    assert not found.figures["items"] and "resnet-11" in found.figures["note"].lower()
    assert not found.table["rows"]
