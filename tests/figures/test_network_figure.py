"""The drawings, read back: what stands in them must be what `describe` says."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

from resnet_demo.cli import main
from resnet_demo.figures.block import block_figure, different
from resnet_demo.figures.network import NARROW, WIDE, network_figure
from resnet_demo.figures.svg import PRINT, breadth, stylesheet, tag, wrapped
from resnet_demo.figures.words import WORDS
from resnet_demo.models import ModelSpec, describe
from resnet_demo.models.anatomy import parts, stages
from resnet_demo.places import Places
from resnet_demo.ui.text import LANGUAGES

SVG = "{http://www.w3.org/2000/svg}"
CHINESE = LANGUAGES["zh"].part("figure")
NETWORKS = [
    ("resnet50", {}),
    ("resnet50", {"shortcut": "A", "stride_in": "1x1"}),
    ("resnet152", {"shortcut": "C"}),
    ("resnet34", {"shortcut": "none"}),
    ("resnet20", {}),
    ("resnet110", {"shortcut": "B"}),
    ("resnet164", {"shortcut": "A"}),
    ("resnet8", {"norm": "none", "in_channels": 1}),
    ("resnet11", {}),
]
LAYOUTS = [(WORDS, WIDE), (WORDS, NARROW), (CHINESE, WIDE), (CHINESE, NARROW)]


def spec_of(name, options):
    return ModelSpec.from_name(name, **options)


def read(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    return root


def all_with(root, look: str) -> list[ElementTree.Element]:
    """Elements with all these classes."""
    return [node for node in root.iter() if set(look.split()) <= set(node.get("class", "").split())]


def texts(root) -> list[str]:
    return [node.text for node in root.iter(f"{SVG}text")]


def block(name, place, **options):
    return {part.name: part for part in parts(describe(ModelSpec.from_name(name, **options)))}[place]


@pytest.mark.parametrize(("name", "options"), NETWORKS)
@pytest.mark.parametrize(("words", "columns"), LAYOUTS)
def test_the_drawing_has_the_blocks_and_totals_of_the_description(name, options, words, columns):
    description = describe(spec_of(name, options))
    root = read(network_figure(description, words, columns=columns))
    drawn = [node for node in all_with(root, "part") if node.get("data-stage").startswith("layer")]
    blocks = [part for part in parts(description) if part.position is not None]
    assert sum(int(node.get("data-count")) for node in drawn) == len(blocks)
    for role in ("Conv Block", "Identity Block", "Plain Block"):
        shown = sum(int(node.get("data-count")) for node in drawn if node.get("data-role") == role)
        assert shown == sum(part.role == role for part in blocks)
    said = " ".join(texts(root))
    assert f"{description.parameters:,}" in said and f"{description.multiply_adds:,}" in said
    for stage, members in stages(parts(description)):
        assert stage == "head" or "×".join(map(str, members[-1].output_shape)) in said


@pytest.mark.parametrize(("name", "options"), NETWORKS)
@pytest.mark.parametrize(("words", "columns"), LAYOUTS)
def test_nothing_is_written_beyond_the_edges(name, options, words, columns):
    """By our own cautious estimate of how wide letters are; on a phone a drawing is 350 pixels wide."""
    root = read(network_figure(describe(spec_of(name, options)), words, columns=columns))
    width, height = float(root.get("width")), float(root.get("height"))
    assert width <= (790 if columns == WIDE else 350)

    def check(node, dx, dy):
        if move := re.match(r"translate\(([\d.]+) ([\d.]+)\)", node.get("transform", "")):
            dx, dy = dx + float(move[1]), dy + float(move[2])
        if node.tag == f"{SVG}text":
            half = breadth(node.text) / (2 if "middle" in node.get("class", "") else 1)
            x, y = float(node.get("x")) + dx, float(node.get("y")) + dy
            assert x + half <= width + 1 and 8 < y < height, node.text
        for child in node:
            check(child, dx, dy)

    check(root, 0, 0)


def test_forms_and_colours_tell_the_blocks_apart():
    root = read(network_figure(describe(ModelSpec.from_name("resnet50"))))
    for node in all_with(root, "part"):
        outline = [child for child in node if "box" in child.get("class", "").split()]
        if node.get("data-role") == "Conv Block":
            assert [(child.tag, child.get("class")) for child in outline] == [(f"{SVG}path", "box conv")]
        elif node.get("data-role") == "Identity Block":
            looks = [(child.tag, child.get("class"), child.get("rx")) for child in outline]
            assert looks == [(f"{SVG}rect", "box", "7")] * len(looks)
    plain = read(network_figure(describe(ModelSpec.from_name("plain20"))))
    assert len([node for node in all_with(plain, "box plain") if node.get("height") != "14"]) == 9


@pytest.mark.parametrize(("shortcut", "special", "identities"), [("A", 2, 7), ("B", 2, 7), ("C", 9, 0), ("none", 0, 0)])
def test_shortcuts_are_arcs_with_the_line_of_their_option(shortcut, special, identities):
    root = read(network_figure(describe(ModelSpec.from_name("resnet20", shortcut=shortcut))))
    arcs = [arc for node in all_with(root, "part") for arc in all_with(node, "arc")]
    assert sum(shortcut in arc.get("class").split() for arc in arcs) == special
    assert sum(arc.get("class") == "arc" for arc in arcs) == identities
    assert len(arcs) == special + identities


def test_strides_and_what_flows_stand_at_the_wires():
    root = read(network_figure(describe(ModelSpec.from_name("resnet50"))))
    strides = [node.get("data-block") for node in all_with(root, "part") for word in texts(node) if word == "/2"]
    assert strides == ["stem", "stem", "layer2.0", "layer3.0", "layer4.0"]
    for shape in ("3×224×224", "64×56×56", "256×56×56", "512×28×28", "1024×14×14", "2048×7×7"):
        assert shape in texts(root)


def test_long_stages_are_piles_until_they_are_unfolded():
    description = describe(ModelSpec.from_name("resnet152"))
    folded = read(network_figure(description))
    assert [node.get("data-stage") for node in all_with(folded, "fold")] == ["layer2", "layer3"]
    assert {"× 7", "× 35"} <= set(texts(folded)) and len(all_with(folded, "part")) == 2 + 3 + 2 + 2 + 3
    some = read(network_figure(description, unfolded=["layer3"]))
    names = [node.get("data-block") for node in all_with(some, "part") if node.get("data-stage") == "layer3"]
    assert names == [f"layer3.{index}" for index in range(36)] and "× 7" in texts(some)
    assert not all_with(read(network_figure(describe(ModelSpec.from_name("resnet50")))), "fold")
    deepest = network_figure(describe(ModelSpec.from_name("resnet1202")))
    assert len(deepest) < 40_000  # as fast to show as a small one


def test_a_part_can_be_read_out():
    root = read(network_figure(describe(ModelSpec.from_name("resnet50"))))
    titles = {node.get("data-block"): node.find(f"{SVG}title").text for node in all_with(root, "part")}
    work = 56 * 56 * 256 * 128 + 28 * 28 * (9 * 128 * 128 + 128 * 512 + 256 * 512)
    assert titles["layer2.0"] == (
        "Stage 2, block 1 of 4, Conv Block (layer2.0): 256×56×56 → 512×28×28, shortcut: 1×1 convolution, "
        f"379,392 parameters, {work:,} multiply-adds"
    )
    assert "64×56×56" in titles["stem"] and "2,049,000 parameters" in titles["head"]
    piles = read(network_figure(describe(ModelSpec.from_name("resnet152"))))
    pile = next(node for node in all_with(piles, "part") if node.get("data-block") == "layer3.1")
    assert "blocks 2 to 36 of 36" in pile.find(f"{SVG}title").text


def test_a_drawing_in_chinese_has_no_english_left():
    for name, options in NETWORKS:
        svg = network_figure(describe(spec_of(name, options)), CHINESE, columns=NARROW)
        spoken = [*texts(read(svg)), *(node.text for node in read(svg).iter(f"{SVG}title"))]
        for said in spoken:
            assert not re.search(r"[A-Za-z]{2}", re.sub(r"ResNet|Plain|ReLU|layer\d|CIFAR", "", said)), said
    assert set(CHINESE) == set(WORDS)
    fields = re.compile(r"{\w+}")
    for key, words in WORDS.items():
        assert set(fields.findall(words)) >= set(fields.findall(CHINESE[key])), key


def test_words_are_text_whatever_they_say():
    hostile = {**WORDS, "stage": '<b>{number}</b> & "quoted"', "Conv Block": "<script>"}
    root = read(network_figure(describe(ModelSpec.from_name("resnet20")), hostile))
    assert '<b>1</b> & "quoted"' in texts(root) and not list(root.iter("script"))
    assert tag("g", title="\"'<&") == '<g title="&quot;\'&lt;&amp;"/>'


def test_a_drawing_stands_by_itself():
    """White paper, its own colours, nothing fetched; options as everywhere in the project."""
    svg = network_figure(describe(ModelSpec.from_name("resnet20")))
    root = read(svg)
    assert root.find(f"{SVG}style").text == stylesheet() and "var(" not in svg
    assert not re.search(r"(href|src|url\()", svg)
    assert all_with(root, "paper")[0].get("width") == root.get("width")
    from resnet_demo.figures.style import SERIES

    for option, key in (("A", "A"), ("B", "B"), ("C", "C"), ("none", "plain")):
        assert PRINT[key].lower() == SERIES[option]["color"].lower()


def test_lines_break_where_they_may():
    assert wrapped("one two three", 50) == ["one two", "three"]
    assert wrapped("一二三，四五六", 60) == ["一二三，", "四五六"]
    assert wrapped("", 10) == [""]


def layers_marked(svg):
    return [node.get("data-layer") for node in all_with(read(svg), "layer changed") if node.get("data-layer")]


@pytest.mark.parametrize("words", [WORDS, CHINESE])
@pytest.mark.parametrize("shortcut", ["A", "B", "C", "none"])
@pytest.mark.parametrize("place", ["layer2.0", "layer2.1"])
def test_a_block_has_its_layers_shapes_and_shortcut(words, shortcut, place):
    part = block("resnet50", place, shortcut=shortcut)
    root = read(block_figure(part, shortcut, words))
    assert [node.get("data-layer") for node in all_with(root, "layer") if node.get("data-layer")] == [
        row.name for row in part.convolutions
    ]
    said = texts(root)
    for shape in (part.input_shape, part.output_shape, *(row.output_shape for row in part.convolutions)):
        assert "×".join(map(str, shape)) in said
    assert said.count(words["relu"]) == 3  # between the convolutions, and after the addition
    ways = [node.get("data-way") for node in all_with(root, "shortcut")]
    assert ways == ([] if shortcut == "none" else [part.way]) and not all_with(root, "changed")
    assert len(all_with(root, "sum")) == (shortcut != "none")


def test_v1_and_v15_differ_in_two_layers_and_in_what_flows_between_them():
    first, second = (block("resnet50", "layer2.0", stride_in=stride) for stride in ("1x1", "3x3"))
    assert different(second, first) == {
        "layer2.0.conv1", "layer2.0.conv1.shape", "layer2.0.bn1.shape", "layer2.0.conv2"
    }  # fmt: skip
    svg = block_figure(second, "B", reference=first)
    assert layers_marked(svg) == ["layer2.0.conv1", "layer2.0.conv2"]
    assert [node.text for node in all_with(read(svg), "changed small")] == ["128×56×56"]
    assert different(first, first) == set()
    assert different(block("resnet50", "layer1.0"), block("resnet50", "layer1.0", stride_in="1x1")) == set()


def test_shortcuts_are_all_that_differs_between_a_b_c_and_plain():
    first = block("resnet20", "layer2.0", shortcut="A")
    for shortcut in ("B", "C", "none"):
        other = block("resnet20", "layer2.0", shortcut=shortcut)
        root = read(block_figure(other, shortcut, reference=first))
        assert len(all_with(root, "shortcut changed")) == 1 and not all_with(root, "layer changed")
    inside = [block("resnet20", "layer2.1", shortcut=shortcut) for shortcut in ("A", "B", "C")]
    assert different(inside[1], inside[0]) == set() != different(inside[2], inside[0])


def test_stem_and_head_are_no_blocks():
    with pytest.raises(ValueError, match="the stem is none"):
        block_figure(block("resnet20", "stem"), "A")


def test_the_command_line_draws_the_same(capsys):
    places = Places.from_environment()
    assert main(["describe", "resnet50", "--format", "svg"], places) == 0
    assert capsys.readouterr().out == network_figure(describe(ModelSpec.from_name("resnet50"))) + "\n"
    assert main(["describe", "resnet110", "--format", "svg", "--unfolded"], places) == 0
    assert len(all_with(read(capsys.readouterr().out), "part")) == 54 + 2
    assert main(["describe", "resnet20", "--format", "svg", "--part", "layer2.0"], places) == 0
    assert capsys.readouterr().out == block_figure(block("resnet20", "layer2.0"), "A") + "\n"


@pytest.mark.parametrize("given", [["--format", "svg", "--part", "stem"], ["--part", "layer1.0"]])
def test_the_command_line_draws_blocks_alone(given, capsys):
    assert main(["describe", "resnet20", *given], Places.from_environment()) == 2
    assert "--part" in capsys.readouterr().err
