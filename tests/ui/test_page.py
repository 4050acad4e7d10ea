"""The page in a real browser."""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pytest
from made_runs import NASTY, make_untrained_run, shapes_dataset
from PIL import Image

pytestmark = pytest.mark.browser


def upload(page, name: str, content: bytes, kind: str = "image/jpeg") -> None:
    page.locator("#picture input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def photo(width: int = 500, height: int = 400) -> bytes:
    pixels = np.random.RandomState(0).randint(0, 256, (height // 20, width // 20, 3)).astype(np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).resize((width, height)).save(buffer, "jpeg")
    return buffer.getvalue()


def choose_run(page, words: str) -> None:
    page.locator("#run input").click()
    page.locator("[role=option]", has_text=words).click()


def answer(page):
    best = page.locator("#result .best strong")
    best.wait_for()
    return best.inner_text()


def test_an_uploaded_picture_gets_a_label_from_a_network_that_says_what_it_knows(page):
    known = shapes_dataset(10, 10).classes
    assert page.locator("#result .message").inner_text().startswith("Choose one of the test pictures")
    assert page.locator("#result .knows b").inner_text() == ", ".join(known)
    upload(page, "holiday.jpg", photo())
    assert answer(page) in known
    rows = page.locator("#result tbody tr").all_inner_texts()
    assert len(rows) == len(known)
    percents = [float(re.search(r"([\d.]+) %", row).group(1)) for row in rows]
    assert percents == sorted(percents, reverse=True) and 99 < sum(percents) < 101.5
    assert page.locator("#result .view img").evaluate("image => image.naturalWidth") == 32
    assert page.locator("#result .view img").evaluate("e => getComputedStyle(e).imageRendering") == "pixelated"


def test_a_text_file_called_jpg_is_answered_by_a_sentence_and_the_page_goes_on(page):
    upload(page, "notes.jpg", b"not a picture at all")
    alert = page.locator("#result [role=alert]")
    alert.wait_for()
    assert "notes.jpg" in alert.inner_text() and "accepted are JPEG" in alert.inner_text()
    assert page.locator("#result .answer").is_hidden()
    page.locator("#samples button").first.click()
    assert answer(page)
    assert alert.count() == 0


def test_names_of_classes_and_files_stay_text(page):
    choose_run(page, "own")
    page.get_by_text("onerror").first.wait_for()
    assert page.locator("#result .knows b").inner_text() == f"cat, {NASTY}"
    upload(page, "<img src=x onerror=alert(3)>${alert(4)}.jpg", b"broken")
    page.locator("#result [role=alert]").wait_for()
    upload(page, "whole.jpg", photo())
    assert answer(page) in ("cat", NASTY)
    assert set(page.locator("#result tbody th").all_inner_texts()) == {"cat", NASTY}
    assert page.locator("#result img").count() == 1


def test_a_sample_is_shown_to_a_network_that_was_trained_on_such_pictures(page):
    choose_run(page, "own")
    page.get_by_text("onerror").first.wait_for()
    page.locator("#samples button").nth(2).click()
    assert answer(page) in shapes_dataset(10, 10).classes
    assert "shapes" in page.locator("#run input").input_value()


def test_a_run_trained_meanwhile_can_be_chosen_without_a_restart(page, places):
    make_untrained_run(places.runs, "meanwhile", classes=("early", "late"))
    page.locator("#samples button").nth(4).click()
    answer(page)
    page.locator("#run input").click()
    page.locator("[role=option]").nth(2).wait_for()
    choices = page.locator("[role=option]")
    assert choices.count() == 3 and "published" in choices.nth(0).inner_text()
    choices.nth(1).click()
    page.get_by_text("early, late").wait_for()
    assert answer(page) in ("early", "late")


def test_clearing_the_picture_clears_the_answer(page):
    page.locator("#samples button").nth(1).click()
    answer(page)
    page.locator("#picture [aria-label='Remove Image']").click()
    page.locator("#result .answer").wait_for(state="hidden")
    assert page.locator("#result .message").inner_text().startswith("Choose one of the test pictures")


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_nothing_overflows_and_the_answer_comes_first(visit, dark):
    page = visit(width=390, height=844, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#samples button").nth(3).click()
    answer(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    result, picture = (page.locator(f"#{name}").bounding_box() for name in ("result", "picture"))
    assert result["y"] < picture["y"]
    assert page.locator("#result .best").evaluate("e => e.getBoundingClientRect().top") < 844


def test_it_is_used_with_the_keyboard_alone(page):
    page.locator("#samples button").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    answer(page)
    for _ in range(20):
        if page.evaluate("document.activeElement.classList.contains('copy')"):
            break
        page.keyboard.press("Tab")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("Enter")
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(copied) == 10 and abs(sum(float(line.split("\t")[1]) for line in copied) - 1) < 0.01
