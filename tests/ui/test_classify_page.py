"""The tab Classify in a real browser."""

from __future__ import annotations

import csv
import re

import pytest
from hands import rest, unfold
from made_runs import NASTY, make_untrained_run, photograph, shapes_dataset
from PIL import Image
from playwright.sync_api import expect

from resnet_demo.data import shapes
from resnet_demo.data.errors import DataError
from resnet_demo.inference.catalogue import Catalogue

pytestmark = pytest.mark.browser
EMPTY = re.compile("^Choose one of the samples")


@pytest.fixture
def page(visit):
    """The page once it has its list of networks."""
    page = visit()
    rest(page)
    return page


def upload(page, *files: tuple[str, bytes]) -> None:
    payload = [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in files]
    page.locator("#picture input[type=file]").first.set_input_files(payload)


def add_network(page, words: str) -> None:
    page.locator("#run input").click()
    page.locator("[role=option]", has_text=words).first.click()
    page.keyboard.press("Escape")
    page.locator("#run .token", has_text=words).wait_for()


def only_network(page, words: str) -> None:
    add_network(page, words)
    page.locator("#run .token", has_not_text=words).locator(".token-remove").click()


def answer(page):
    best = page.locator("#result .best strong").first
    best.wait_for()
    rest(page)
    return best.inner_text()


def take(page, name: str, file: str = "") -> None:
    """Click a sample and wait until it is the image, whose answer is then on its way."""
    sample(page, name).click()
    page.locator(f"#picture img[src*='/{file or name}.']").wait_for()
    page.wait_for_timeout(1000)  # by then it has been asked for
    rest(page)


def sample(page, name: str):
    return page.locator(f"#samples button[title^='{name}']")


def test_an_uploaded_picture_gets_a_label_from_a_network_that_says_what_it_knows(page):
    known = shapes_dataset(10, 10).classes
    expect(page.locator("#result .knows b")).to_have_text(", ".join(known))
    upload(page, ("holiday.jpg", photograph()))
    assert answer(page) in known
    rows = page.locator("#result tbody tr").all_inner_texts()
    percents = [float(re.search(r"([\d.]+) %", row).group(1)) for row in rows]
    assert len(rows) == 5 and percents == sorted(percents, reverse=True) and 50 < sum(percents) < 101
    seen = page.locator("#heatmap .over img").first
    assert seen.evaluate("image => image.decode().then(() => image.naturalWidth)") == 32
    assert seen.evaluate("e => getComputedStyle(e).imageRendering") == "pixelated"


def test_on_the_chinese_page_the_answer_is_chinese(visit):
    page = visit(language="zh")
    take(page, "五角星", "star")
    assert answer(page) in shapes.CLASSES_ZH
    assert page.locator("#result .knows b").inner_text() == "、".join(shapes.CLASSES_ZH)
    page.locator("#heatmap h2", has_text="支持").wait_for()


def test_a_text_file_called_jpg_is_answered_by_a_sentence_and_the_page_goes_on(page):
    upload(page, ("notes.jpg", b"not a picture at all"))
    alert = page.locator("#result [role=alert]")
    alert.wait_for()
    assert "notes.jpg" in alert.inner_text() and "accepted are JPEG" in alert.inner_text()
    assert page.locator("#result .answer").count() == 0
    take(page, "circle")
    assert answer(page)
    assert alert.count() == 0


def test_names_of_classes_and_files_stay_text(page):
    only_network(page, "· own,")
    expect(page.locator("#result .knows b")).to_have_text([f"cat, {NASTY}"])
    upload(page, ("<img src=x onerror=alert(3)>${alert(4)}.jpg", b"broken"))
    page.locator("#result [role=alert]").wait_for()
    page.locator("#picture [aria-label='Clear']").click()
    page.locator("#result [role=alert]").wait_for(state="hidden")
    upload(page, ("whole.jpg", photograph()), ("${alert(5)}<img src=x onerror=alert(6)>.jpg", photograph(seed=1)))
    page.locator("#batch tbody tr").nth(1).wait_for()
    assert page.locator("#batch tbody img").count() == 2
    rest(page)
    page.locator("#batch tbody tr").nth(1).click()
    assert answer(page) in ("cat", NASTY)
    assert set(page.locator("#result tbody th").all_inner_texts()) == {"cat", NASTY}
    page.locator("#result button.class", has_text="alert").click()
    page.locator("#heatmap h2", has_text=NASTY).wait_for()
    assert page.locator("#heatmap .over img").count() == 2


def test_several_networks_answer_side_by_side(page):
    add_network(page, "· own,")
    take(page, "star")
    answer(page)
    expect(page.locator("#run .token")).to_have_count(1)  # a sample of shapes is for those that know such pictures
    add_network(page, "· own,")
    page.locator("#result .card").nth(1).wait_for()
    page.locator("#result .card").nth(1).locator(".best").wait_for()
    rest(page)
    titles = page.locator("#result .card h2").all_inner_texts()
    assert "shapes" in titles[0] and "own" in titles[1]
    assert set(page.locator("#result .card").nth(1).locator("tbody th").all_inner_texts()) == {"cat", NASTY}


def test_a_sample_is_shown_to_a_network_that_was_trained_on_such_pictures(page):
    only_network(page, "· own,")
    expect(page.locator("#result .knows b")).to_have_text([f"cat, {NASTY}"])
    take(page, "star")
    assert answer(page) in shapes.CLASSES
    expect(page.locator("#run .token")).to_contain_text("shapes")


def test_a_run_trained_meanwhile_can_be_chosen_without_a_restart(page, places, services):
    make_untrained_run(places.runs, "meanwhile", classes=("early", "late"))
    take(page, "triangle")
    answer(page)
    page.locator("#run input").click()
    choices = page.locator("[role=option]")
    expect(choices).to_have_count(len(services.catalogue.ready()))
    expect(choices.nth(0)).to_contain_text("shapes")
    choices.nth(1).click()  # the newest
    page.get_by_text("early, late").wait_for()


def test_the_best_class_has_its_heat_map_and_a_click_on_another_one_gets_it(page):
    take(page, "heart")
    best = answer(page)
    page.locator("#heatmap h2", has_text=f"“{best}”").wait_for()
    other = page.locator("#result button.class").nth(1)
    other.click()
    page.locator("#heatmap h2", has_text=f"“{other.inner_text()}”").wait_for()
    over = page.locator("#heatmap .over img + img")
    assert over.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 8
    page.locator("#heatmap input[type=range]").fill("20")
    assert over.evaluate("image => image.style.opacity") == "0.2"
    unfold(page, "#heat-options")
    page.locator("#layer input").click()
    page.locator("[role=option]", has_text="stage 1").first.click()
    page.locator("#heatmap summary").click()
    page.locator("#heatmap .caption", has_text="32 × 32 feature maps of layer1").wait_for()
    page.locator("#method input").click()
    page.locator("[role=option]", has_text="saliency").click()
    page.locator("#heatmap .caption", has_text="Simonyan").wait_for()
    with page.expect_download() as download:
        page.locator("#heatmap button").click()
    assert Image.open(download.value.path()).size == (928, 928)
    take(page, "cross")
    page.locator("#heatmap h2", has_text=f"“{answer(page)}”").wait_for()
    rest(page)
    page.locator("#result .track").nth(2).click()  # the bar of a class stands for it
    page.locator("#heatmap h2", has_text=page.locator("#result button.class").nth(2).inner_text()).wait_for()


def test_the_page_opens_with_an_answer_and_keeps_what_was_shown_last(visit):
    page = visit()
    page.locator("#heatmap .over img + img").wait_for()  # nothing was clicked
    rest(page)
    take(page, "star")
    best = answer(page)
    page.locator("#heatmap h2", has_text=f"“{best}”").wait_for()
    rest(page)
    page.reload()
    page.locator("#picture img").wait_for()
    page.locator("#heatmap h2", has_text=f"“{best}”").wait_for()


def test_below_the_answer_are_blocks_to_click_and_doors_to_other_tabs(page):
    blocks = page.locator("#welcome .row button")
    expect(blocks).to_have_count(9)
    blocks.nth(3).click()
    expect(page.locator("#welcome .words")).to_contain_text("16 × 32 × 32 to 32 × 16 × 16")
    page.locator("#welcome .doors a").nth(2).click()
    expect(page.locator("#tabs > .tab-wrapper [role=tab][aria-selected=true]")).to_have_text("Networks")
    page.locator("#diagram svg").first.wait_for()


def test_the_lesson_leads_from_tab_to_tab(visit, server):
    page = visit()
    chosen = page.locator("#tabs > .tab-wrapper [role=tab][aria-selected=true]")
    page.locator("#header .lesson-switch").click()
    expect(chosen).to_have_text("Compare")
    expect(page.locator("#lesson .answer")).to_be_hidden()
    page.locator("#lesson summary").click()
    expect(page.locator("#lesson .answer")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(chosen).to_have_text("Networks")
    assert "lesson=2" in page.url and page.locator("#lesson .back").is_enabled()
    page.goto(f"{server}?lesson=6")
    page.locator("#lesson h2").wait_for()
    expect(chosen).to_have_text("Networks")
    page.locator("#inside-flow .tiles").first.wait_for()
    expect(page.locator("#lesson h2")).to_have_text(re.compile("without one of its shortcuts"))
    page.locator("#lesson .end").click()
    expect(page.locator("#lesson .lesson")).to_be_hidden()
    assert "lesson" not in page.url


def test_a_batch_with_a_bad_file_gives_a_table_to_take_away(page):
    upload(page, ("a.jpg", photograph()), ("bad.jpg", b"bad"), ("c.jpg", photograph(seed=2)))
    rows = page.locator("#batch tbody tr")
    rows.nth(2).wait_for()
    page.locator("#result .message", has_text="3 images. Choose a row").wait_for()
    rest(page)
    assert "bad.jpg" in rows.nth(1).inner_text() and "✗" in rows.nth(1).inner_text()
    with page.expect_download() as download:
        page.locator("#batch button", has_text="CSV").click()
    lines = list(csv.DictReader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert [line["File"] for line in lines] == ["a.jpg", "bad.jpg", "c.jpg"]
    assert lines[0]["Class"] in shapes.CLASSES and 0 < float(lines[2]["Probability"]) <= 1
    rows.nth(2).click()
    assert answer(page) == lines[2]["Class"] and page.locator("#result .file").inner_text() == "c.jpg"


def test_options_change_the_answer(page):
    take(page, "moon")
    answer(page)
    unfold(page, "#options")
    page.get_by_label("number input for Classes shown").fill("3")
    page.keyboard.press("Tab")
    page.wait_for_function("document.querySelectorAll('#result tbody tr').length === 3")
    page.get_by_label("number input for Temperature").fill("10")
    page.keyboard.press("Tab")
    page.locator("#result .note").wait_for()


def test_clearing_the_picture_clears_the_answer(page):
    take(page, "oval")
    answer(page)
    page.locator("#picture [aria-label='Clear']").click()
    page.locator("#result .answer").wait_for(state="hidden")
    expect(page.locator("#result .message")).to_have_text(EMPTY)


def test_weights_that_cannot_be_fetched_are_said_in_a_sentence(page, monkeypatch):
    def offline(self, pretrained, report):
        raise DataError("download.checksum", name="ResNet-18")

    monkeypatch.setattr(Catalogue, "fetch", offline)
    unfold(page, "#fetch")
    page.get_by_role("button", name="Download weights").click()
    page.get_by_text("What was downloaded as ResNet-18 is not the file").wait_for()
    page.locator("#offer button").click()
    page.locator("#offer", has_text="What was downloaded as").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_nothing_overflows_and_the_answer_comes_first(visit, dark):
    page = visit(width=390, height=844, dark=dark)
    page.wait_for_function("document.documentElement.scrollWidth <= 390")
    take(page, "moon")
    answer(page)
    page.wait_for_function("document.documentElement.scrollWidth <= 390")
    page.wait_for_function(
        """() => {
          const [result, picture, best] = ['#result', '#picture', '#result .best']
            .map(part => document.querySelector(part).getBoundingClientRect().top);
          return result < picture && best < 844;
        }"""
    )


def test_it_is_used_with_the_keyboard_alone(page):
    sample(page, "circle").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    answer(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reach(page, "copy")
    page.evaluate(  # it is said for a moment only
        """() => {
          const button = document.activeElement, said = window.said = [];
          new MutationObserver(() => said.push(button.textContent)).observe(button, {childList: true});
        }"""
    )
    page.keyboard.press("Enter")
    page.wait_for_function("window.said.includes('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(copied) == 5 and 0.5 < sum(float(line.split("\t")[1]) for line in copied) < 1.01
    reach(page, "class", "Shift+Tab")
    page.keyboard.press("Enter")
    page.locator("#heatmap h2").wait_for()


def reach(page, name: str, key: str = "Tab") -> None:
    """Press `key` until the focus is on a button of this class."""
    for _ in range(60):
        if page.evaluate(f"document.activeElement.classList.contains('{name}')"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} cannot be reached with {key}")
