"""The part on the inside of a model in a real browser: clicks, keyboard, painting, what leads there and back."""

from __future__ import annotations

import re

import pytest
from hands import rest, unfold
from parts_page import parts_page
from playwright.sync_api import expect

from resnet_demo.ui import classify, networks

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(services):
    """The address of a page with Classify, which leads here, and Networks."""
    with parts_page(services, classify=classify, networks=networks) as address:
        yield address


def test_an_answer_leads_inside_where_shortcuts_are_cut(visit, address):
    page = visit(address=address)
    rest(page)
    page.locator("#result .best strong").wait_for()
    page.locator("#look-inside").click()
    page.locator("#inside-flow .tiles i").first.wait_for()
    assert "part=inside" in page.url
    trained = page.locator("#inside-result .best").first.inner_text()
    expect(page.locator("#inside-result .card")).to_have_count(1)

    page.locator("#inside-flow .shortcut").nth(1).click()
    expect(page.locator("#inside-result .card")).to_have_count(2)
    expect(page.locator("#inside-flow .shortcut").nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#inside-accuracy .notice")).to_contain_text("test images")
    page.wait_for_url(re.compile(r"cuts=layer2\.0\.shortcut"))
    expect(page.locator("#inside-heat .over img + img")).to_have_count(2)
    expect(page.locator("#inside-flow .state")).to_contain_text("1 cut")

    page.locator("#inside-flow .branch").first.click()
    page.wait_for_url(re.compile(r"cuts=layer2\.0\.shortcut%2Clayer1\.0\.branch"))
    rest(page)
    page.reload()  # the address holds the cuts
    expect(page.locator("#inside-flow [aria-pressed=true]")).to_have_count(2)
    expect(page.locator("#inside-result .card")).to_have_count(2)
    page.locator("#inside-flow .all").click()
    expect(page.locator("#inside-result .card")).to_have_count(1)
    assert page.locator("#inside-result .best").first.inner_text() == trained
    page.locator("#inside-flow .undo").click()
    expect(page.locator("#inside-flow [aria-pressed=true]")).to_have_count(2)


def test_a_part_is_opened_by_keyboard_a_unit_shows_its_field_and_painting_moves_the_bars_on_a_phone(visit, address):
    page = visit(tab="networks&part=inside&image=star", address=address)
    page.locator("#inside-flow .tiles i").first.wait_for()
    page.locator("#inside-flow .tiles").first.focus()
    for _ in range(4):  # filters, stem, then shortcut, branch and tiles of a block
        page.keyboard.press("ArrowRight")
    expect(page.locator("#inside-flow .tiles:focus")).to_have_attribute("data-part", "layer1.0")
    page.keyboard.press("Enter")
    expect(page.locator("#inside-channels h3")).to_contain_text("layer1.0")
    page.locator("#inside-channels .large").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#inside-channels .words")).to_contain_text("can see")
    expect(page.locator("#inside-channels .box")).to_be_visible()
    page.locator("#inside-channels .shut").click()
    expect(page.locator("#inside-channels .channels")).to_be_hidden()

    page.set_viewport_size({"width": 390, "height": 844})
    unfold(page, "#evidence-fold")
    page.locator("#evidence-curves .panel path[d]").first.wait_for()
    canvas = page.locator("#evidence-brush canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 120, steps=8)
    page.mouse.up()
    expect(page.locator("#evidence-painted .card")).to_have_count(2)
    page.locator("#evidence-brush button").click()
    expect(page.locator("#evidence-painted .card")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
