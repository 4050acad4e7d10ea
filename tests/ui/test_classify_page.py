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
EMPTY = re.compile("^Choose one of the sample pictures")


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


def sample(page, name: str):
    return page.locator(f"#samples button[title^='{name}']")


def test_an_uploaded_picture_gets_a_label_from_a_network_that_says_what_it_knows(page):
    known = shapes_dataset(10, 10).classes
    expect(page.locator("#result .message").first).to_have_text(EMPTY)
    expect(page.locator("#result .knows b")).to_have_text(", ".join(known))
    upload(page, ("holiday.jpg", photograph()))
    assert answer(page) in known
    rows = page.locator("#result tbody tr").all_inner_texts()
    percents = [float(re.search(r"([\d.]+) %", row).group(1)) for row in rows]
    assert len(rows) == 5 and percents == sorted(percents, reverse=True) and 50 < sum(percents) < 101
    assert page.locator("#result .view img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 32
    assert page.locator("#result .view img").evaluate("e => getComputedStyle(e).imageRendering") == "pixelated"


def test_on_the_chinese_page_the_answer_is_chinese(visit):
    page = visit(language="zh")
    sample(page, "五角星").click()
    assert answer(page) in shapes.CLASSES_ZH
    assert page.locator("#result .knows b").inner_text() == "、".join(shapes.CLASSES_ZH)
    page.locator("#result button.class").first.click()
    page.locator("#heatmap h3", has_text="支持").wait_for()


def test_a_text_file_called_jpg_is_answered_by_a_sentence_and_the_page_goes_on(page):
    upload(page, ("notes.jpg", b"not a picture at all"))
    alert = page.locator("#result [role=alert]")
    alert.wait_for()
    assert "notes.jpg" in alert.inner_text() and "accepted are JPEG" in alert.inner_text()
    assert page.locator("#result .answer").count() == 0
    sample(page, "circle").click()
    assert answer(page)
    assert alert.count() == 0


def test_names_of_classes_and_files_stay_text(page):
    only_network(page, "on own,")
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
    page.locator("#heatmap h3", has_text=NASTY).wait_for()
    assert page.locator("#result img").count() == 1


def test_several_networks_answer_side_by_side(page):
    add_network(page, "on own,")
    sample(page, "star").click()
    answer(page)
    expect(page.locator("#run .token")).to_have_count(1)  # a sample of shapes is for those that know such pictures
    add_network(page, "on own,")
    page.locator("#result .card").nth(1).wait_for()
    page.locator("#result .card").nth(1).locator(".best").wait_for()
    rest(page)
    titles = page.locator("#result .card h3").all_inner_texts()
    assert "published" in titles[0] and "own" in titles[1]
    assert set(page.locator("#result .card").nth(1).locator("tbody th").all_inner_texts()) == {"cat", NASTY}


def test_a_sample_is_shown_to_a_network_that_was_trained_on_such_pictures(page):
    only_network(page, "on own,")
    expect(page.locator("#result .knows b")).to_have_text([f"cat, {NASTY}"])
    sample(page, "star").click()
    assert answer(page) in shapes.CLASSES
    expect(page.locator("#run .token")).to_contain_text("shapes")


def test_a_run_trained_meanwhile_can_be_chosen_without_a_restart(page, places, services):
    make_untrained_run(places.runs, "meanwhile", classes=("early", "late"))
    sample(page, "triangle").click()
    answer(page)
    page.locator("#run input").click()
    choices = page.locator("[role=option]")
    expect(choices).to_have_count(len(services.catalogue.ready()))
    expect(choices.nth(0)).to_contain_text("published")
    choices.nth(1).click()  # the newest
    page.get_by_text("early, late").wait_for()


def test_a_click_on_a_class_shows_where_the_evidence_is(page):
    sample(page, "heart").click()
    best = answer(page)
    page.locator("#result button.class").first.click()
    page.locator("#heatmap h3", has_text=f"“{best}”").wait_for()
    over = page.locator("#heatmap .over")
    assert over.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 8
    page.locator("#heatmap input[type=range]").fill("20")
    assert over.evaluate("image => image.style.opacity") == "0.2"
    page.locator("#layer input").click()
    page.locator("[role=option]", has_text="stage 1").first.click()
    page.locator("#heatmap .caption", has_text="layer1, 32 × 32").wait_for()
    page.locator("#method input").click()
    page.locator("[role=option]", has_text="saliency").click()
    page.locator("#heatmap .caption", has_text="Simonyan").wait_for()
    with page.expect_download() as download:
        page.locator("#heatmap button").click()
    assert Image.open(download.value.path()).size == (896, 896)
    sample(page, "cross").click()
    page.locator("#heatmap").wait_for(state="hidden")
    rest(page)
    page.locator("#result .track").nth(1).click()  # the bar of a class stands for it
    page.locator("#heatmap h3").wait_for()


def test_a_batch_with_a_bad_file_gives_a_table_to_take_away(page):
    upload(page, ("a.jpg", photograph()), ("bad.jpg", b"bad"), ("c.jpg", photograph(seed=2)))
    rows = page.locator("#batch tbody tr")
    rows.nth(2).wait_for()
    page.locator("#result .message", has_text="3 pictures. Choose a row").wait_for()
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
    sample(page, "moon").click()
    answer(page)
    unfold(page, "#options")
    page.get_by_label("number input for Classes shown").fill("3")
    page.keyboard.press("Tab")
    page.wait_for_function("document.querySelectorAll('#result tbody tr').length === 3")
    page.get_by_label("number input for Temperature").fill("10")
    page.keyboard.press("Tab")
    page.locator("#result .note").wait_for()


def test_clearing_the_picture_clears_the_answer(page):
    sample(page, "oval").click()
    answer(page)
    page.locator("#picture [aria-label='Clear']").click()
    page.locator("#result .answer").wait_for(state="hidden")
    expect(page.locator("#result .message")).to_have_text(EMPTY)


def test_weights_that_cannot_be_fetched_are_said_in_a_sentence(page, monkeypatch):
    def offline(self, pretrained, report):
        raise DataError("download.checksum", name="ResNet-18")

    monkeypatch.setattr(Catalogue, "fetch", offline)
    unfold(page, "#fetch")
    page.get_by_role("button", name="Fetch its weights").click()
    page.get_by_text("What was downloaded as ResNet-18 is not the file").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_nothing_overflows_and_the_answer_comes_first(visit, dark):
    page = visit(width=390, height=844, dark=dark)
    page.wait_for_function("document.documentElement.scrollWidth <= 390")
    sample(page, "moon").click()
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
    page.locator("#heatmap h3").wait_for()


def reach(page, name: str, key: str = "Tab") -> None:
    """Press `key` until the focus is on a button of this class."""
    for _ in range(60):
        if page.evaluate(f"document.activeElement.classList.contains('{name}')"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} cannot be reached with {key}")
