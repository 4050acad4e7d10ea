"""The sections on published runs in a browser: tables, charts of seeds, latency, verdicts, recordings, gradients."""

from __future__ import annotations

import csv
import io
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hands import unfold
from made_published import make_published
from made_recorded import make_recorded
from made_runs import NASTY
from PIL import Image
from playwright.sync_api import expect
from test_languages import left_over

from resnet_demo.places import Places
from resnet_demo.services import Services
from resnet_demo.ui.text import LANGUAGES

SHORT = {"A": (800, 802, 804), "B": (850, 853, 854), "C": (801, 799, 809), "none": (760, 764, 759)}
DOTS = "#published-dots"
PARTS = {  # of a section, each of which gets its share of the answer by itself
    "published": (
        "#published-findings li", "#published-numbers td", f"{DOTS} svg text", "#published-verdicts article",
        "#published-pairs td", "#published-networks td",
    ),
    "depth": ("#depth-duel svg text", "#depth-ends td", "#depth-course svg text", "#depth-replay label"),
}  # fmt: skip
FOLDS = {"published": ("#published-statistics",), "depth": ("#depth-recorded", "#depth-gradients")}


@pytest.fixture(scope="module")
def scene(tmp_path_factory, few_shapes):
    """The address of a page with the two sections and what they lead to."""
    from parts_page import parts_page

    from resnet_demo.ui import classify, confusion
    from resnet_demo.ui.compare import depth, published
    from resnet_demo.ui.compare.depth import gradients

    root = tmp_path_factory.mktemp("published")
    places = Places(data=None, cache=few_shapes(root / "cache"), runs=root / "runs", weights=root / "weights")
    for key, seeds in SHORT.items():
        for seed, right in enumerate(seeds):
            make_published(
                places.weights, f"{key}-{seed}", shortcut=key, seed=seed, right=right, epochs=5.0, data=NASTY
            )
        if key != "C":
            make_published(places.weights, f"{key}-long", shortcut=key, right=seeds[0] + 50, epochs=30.0)
    for name in ("resnet20", "resnet56", "plain20", "plain56"):
        make_recorded(places.weights, name, fingerprint="recorded", epochs=20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradients, "SPECS", tuple(product(gradients.NORMS, ("resnet8", "plain8"))))
        patch.setattr(gradients, "IMAGES", 16)
        parts = {"classify": classify, "confusion": confusion, "published": published, "depth": depth}
        with parts_page(Services.create(places, local=True), **parts) as address:
            yield address


@pytest.fixture
def show(visit, scene):
    """`show(part, **options of visit)` opens one of the two sections and returns the page once it is filled.

    page: on which it is opened instead of on one of its own.
    """

    def open_part(part: str = "published", page=None, **options):
        page = page or visit(address=scene, **options)
        page.get_by_role("tab", name=part, exact=True).click()
        for folded in FOLDS[part]:
            unfold(page, folded)
        for one in PARTS[part]:
            page.locator(one).first.wait_for()
        return page

    return open_part


def rows(page, table: str) -> list[list[str]]:
    return [row.locator("th, td").all_inner_texts() for row in page.locator(f"{table} tbody tr").all()]


def downloaded(page, kind: str, place: str = DOTS) -> Path:
    with page.expect_download() as saved:
        page.locator(f"{place} .tools button", has_text=kind).click()
    return Path(saved.value.path())


@pytest.mark.browser
def test_each_seed_is_drawn_read_and_taken_away_and_a_pair_opens_its_difference(show):
    page = show()
    first = page.locator(f"{DOTS} .panel").first
    svg, readout = first.locator("> svg"), first.locator(".readout")
    assert first.locator("svg path[d*=a]").count() == 3  # discs: the seeds of A
    assert "standard deviation" in readout.inner_text()
    svg.focus()
    for words in (
        "ResNet-8 A: seed 0 80.00 %",
        "ResNet-8 B: seed 0 85.00 %, seed 1 85.30 %, seed 2 85.40 %; mean 85.23 %",
    ):
        page.keyboard.press("ArrowRight")
        assert readout.inner_text().startswith(words) and page.locator(f"{DOTS} .said").inner_text().startswith(words)
    page.keyboard.press("End")
    assert readout.inner_text().startswith("Plain-8")
    page.keyboard.press("Escape")
    assert readout.inner_text().startswith("Each mark")
    box = svg.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.65, box["y"] + 60)
    assert readout.inner_text().startswith("ResNet-8 C")

    table = list(csv.reader(io.StringIO(downloaded(page, "CSV").read_text(encoding="utf-8-sig"))))
    assert table[0] == ["variant", "seed", "set", "accuracy"] and table[2] == ["ResNet-8 A", "1", "test", "0.802"]
    assert len(table) == 1 + 2 * 12
    drawing = ElementTree.parse(downloaded(page, "SVG")).getroot()
    words = [node.text for node in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert any(NASTY in word for word in words) and "plain" in words
    assert not any(node.tag.endswith("script") or node.tag.endswith("img") for node in drawing.iter())
    assert Image.open(downloaded(page, "PNG")).width > 900

    page.locator("#published-networks tbody tr").nth(1).click()
    page.locator("#confusion-told", has_text="Accuracy").wait_for()
    expect(page.get_by_role("tab", name="Confusion", exact=True)).to_have_attribute("aria-selected", "true")
    expect(page.locator("#confusion-told")).to_contain_text("+0.10")  # C-0 less A-0


@pytest.mark.browser
def test_duel_and_recorded_runs_are_played_and_gradients_measured(show):
    page = show("depth")
    duel, lines = page.locator("#depth-duel"), "#depth-duel .panel > svg > svg > g:nth-child(4) > path"
    expect(page.locator("#depth-answer")).to_contain_text("Plain-56 still gets")
    whole = [line.get_attribute("d") for line in page.locator(lines).all()]
    assert len(whole) == 2 and duel.get_by_role("slider").input_value() == "1"
    duel.get_by_role("button", name="Play").click()
    expect(duel.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_function(
        f"whole => document.querySelector('{lines}').getAttribute('d').length < whole", arg=len(whole[0])
    )
    expect(duel.locator(".readout")).to_contain_text("Step ")
    duel.get_by_role("slider").fill("0.5")
    expect(duel.get_by_role("button", name="Play")).to_be_visible()
    duel.get_by_role("slider").fill("1")
    page.wait_for_function(
        f"whole => [...document.querySelectorAll('{lines}')].every((line, i) => line.getAttribute('d') === whole[i])",
        arg=whole,
    )

    table = rows(page, "#depth-ends")
    assert [row[0] for row in table] == ["ResNet-20 A", "ResNet-56 A", "Plain-20", "Plain-56"]
    expect(page.locator("#depth-slow")).to_have_text("")  # 20 epochs
    expect(page.locator("#depth-course .legend span")).to_have_text([row[0] for row in table])
    page.locator("#depth-replay label", has_text="Plain-56").click()
    page.locator("#depth-curves .recorded", has_text="recorded").wait_for()
    page.locator("#depth-curves .play", has_text="Pause").click()

    page.locator("#depth-measure").click()
    page.locator("#depth-measured", has_text="Measured on").wait_for()
    page.locator("#depth-numbers td").first.wait_for()
    assert [row[:2] for row in rows(page, "#depth-numbers")] == [
        ["ResNet-8", "batch"], ["Plain-8", "batch"], ["ResNet-8", "none"], ["Plain-8", "none"],
    ]  # fmt: skip
    expect(page.locator("#depth-norms .panel")).to_have_count(2)
    expect(page.locator("#depth-measure")).to_be_enabled()
    table = list(csv.reader(io.StringIO(downloaded(page, "CSV", "#depth-norms").read_text(encoding="utf-8-sig"))))
    assert len(table) == 1 + 4 * 8 and table[1][:4] == ["ResNet-8", "batch", "1", "conv1"]


@pytest.mark.browser
def test_on_a_phone_in_chinese_nothing_overflows_and_no_english_is_left(show):
    page = None
    known = (NASTY, *LANGUAGES["zh"].words, "classify", "confusion", "published", "depth", "English", "GitHub")
    for part in PARTS:
        page = show(part, page, width=390, language="zh", dark=True)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, part
        shown = page.locator("[role=tabpanel]:visible").all_inner_texts()
        assert shown and not [word for words in shown for word in left_over(words, "zh", known)]
