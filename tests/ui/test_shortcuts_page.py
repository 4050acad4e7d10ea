"""What A, B and C are, in a real browser: drawings that open, numbers that are followed, wrong ones, phone."""

from __future__ import annotations

import csv
import threading
import time

import numpy as np
import pytest
from hands import unfold
from parts_page import parts_page
from playwright.sync_api import expect
from small_page import idle_services

from resnet_demo.ui.compare import shortcuts
from resnet_demo.ui.compare.shortcuts import example_views, views
from resnet_demo.ui.compare.shortcuts.example import NUMBERS

pytestmark = pytest.mark.browser
SHOWN = (
    "[...document.querySelectorAll('#shortcuts-follow .out button')].map(node => node.textContent.replace('−', '-'))"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with parts_page(idle_services(tmp_path_factory.mktemp("shortcuts")), shortcuts=shortcuts) as found:
        yield found


@pytest.fixture
def opened(visit, address):
    """The part, once everything is drawn; options are those of `visit`."""

    def open_part(**options):
        page = visit(address=address, tab="shortcuts", **options)
        page.locator("#shortcuts-ways .card").nth(2).wait_for()
        unfold(page, "#shortcuts-try")
        page.locator("#shortcuts-follow .filled").wait_for()
        return page

    return open_part


def shows(page, numbers) -> None:
    """Wait until these numbers are the result."""
    wanted = [float(f"{number:.4g}") for number in np.ravel(numbers)]
    page.wait_for_function(f"wanted => JSON.stringify({SHOWN}.map(Number)) === JSON.stringify(wanted)", arg=wanted)


def test_a_drawing_opens_the_block_and_of_two_that_are_opened_the_second_stays(opened, monkeypatch):
    page = opened()
    panel = page.locator("#shortcuts-block")
    page.locator(".look[data-option=A][data-name='layer2.0']").click()
    panel.locator("h3", has_text="layer2.0").wait_for()
    assert "shortcut A" in panel.locator(".place").inner_text() and "16×32×32" in panel.locator(".way").inner_text()
    assert "class PadShortcut(nn.Module):" in panel.locator("pre").first.inner_text()
    page.locator(".look[data-option=C][data-name='layer2.1']").click()
    panel.locator("h3", has_text="layer2.1").wait_for()
    panel.locator(".way", has_text="although the shapes are equal").wait_for()
    expect(page.locator(".look[aria-expanded=true]")).to_have_count(1)
    expect(page.locator(".look[data-option=C][data-name='layer2.1']")).to_have_attribute("aria-expanded", "true")
    panel.get_by_role("button", name="Close").click()
    panel.locator(".block").wait_for(state="hidden")
    expect(page.locator(".look[aria-expanded=true]")).to_have_count(0)

    draw, begun, released = views.panel, threading.Event(), threading.Event()

    def slow(option, *given):
        if option == "A":
            begun.set()
            assert released.wait(60)
        return draw(option, *given)

    monkeypatch.setattr(views, "panel", slow)
    page.locator(".look[data-option=A][data-name='layer2.0']").click()
    assert begun.wait(60)
    page.locator(".look[data-option=C][data-name='layer2.1']").click()
    heading = page.locator("#shortcuts-block h3")
    expect(heading).to_contain_text("layer2.1")
    with page.expect_response("**/gradio_api/run/**"):
        released.set()
    expect(page.locator(":root.awaiting")).to_have_count(0)
    expect(heading).to_contain_text("layer2.1")
    expect(page.locator(".look[aria-expanded=true]")).to_have_count(1)
    expect(page.locator(".look[data-option=C][data-name='layer2.1']")).to_have_attribute("aria-expanded", "true")


def test_numbers_are_read_by_keyboard_taken_away_corrected_and_go_through_a_b_and_c(opened):
    page = opened()
    page.locator("#shortcuts-follow .out button[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.locator("#shortcuts-follow .read", has_text="copied from channel 1, row 1, column 3").wait_for()
    assert page.locator("#shortcuts-follow .x .lit").input_value() == "3"
    assert page.locator("#shortcuts-follow .kept .lit").inner_text() == "3"

    page.locator("#shortcuts-follow .out button").first.wait_for()
    with page.expect_download() as download:
        page.locator("#shortcuts-follow .tools button").click()
    rows = list(csv.reader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert download.value.suggested_filename == "shortcut-A.csv"
    seen = page.locator("#shortcuts-follow .out button").all_inner_texts()
    assert [row[4].replace("-", "−") for row in rows if row[0] == "out"] == [one.replace("-", "−") for one in seen]
    assert len([row for row in rows if row[0] == "x"]) == 32 and all(row[5] for row in rows if row[0] == "out")

    field = page.locator("#shortcuts-follow .x input").nth(5)
    field.fill("${alert(1)}<img src=x onerror=alert(2)>")
    page.locator("#shortcuts-follow .wrong", has_text="Channel 1, row 2, column 2").wait_for()
    assert field.get_attribute("aria-invalid") == "true" and page.locator("#shortcuts-follow img").count() == 0
    field.fill("6")
    page.locator("#shortcuts-follow .wrong").wait_for(state="hidden")
    assert field.get_attribute("aria-invalid") is None

    x = NUMBERS.copy()
    zeros, kept = np.zeros((1, 2, 2)), x[:, ::2, ::2]
    shows(page, np.concatenate([zeros, kept, zeros]))
    assert page.locator(".out figure.zero").count() == 2 and page.locator(".x input.unread").count() == 24
    page.locator("#shortcuts-follow .x input").first.fill("-7.5")
    x[0, 0, 0] = -7.5
    shows(page, np.concatenate([zeros, x[:, ::2, ::2], zeros]))
    page.locator("#shortcuts-follow input[value=B]").check()
    weights = np.array([[1, 0], [0, 1], [1, 1], [1, -1]])
    shows(page, np.einsum("kc,cij->kij", weights, x[:, ::2, ::2]))
    page.locator("#shortcuts-follow .weights input").nth(1).fill("0.5")
    shows(page, np.einsum("kc,cij->kij", np.array([[1, 0.5], [0, 1], [1, 1], [1, -1]]), x[:, ::2, ::2]))
    page.locator("#shortcuts-follow").get_by_role("button", name="Same as A").click()
    shows(page, np.concatenate([zeros, x[:, ::2, ::2], zeros]))
    page.locator("#shortcuts-follow input[value=C]").check()
    page.locator("#shortcuts-follow .words", has_text="Where dimensions change, C is the same as B").wait_for()
    page.locator("#shortcuts-follow input[value=identity]").check()
    shows(page, np.einsum("kc,cij->kij", np.array([[1, 1], [1, -1]]), x))
    page.locator("#shortcuts-follow input[value=A]").check()
    shows(page, x)


def test_choices_are_all_answered_and_late_answers_set_none_back_on_a_phone(opened, monkeypatch):
    page, edited = opened(width=390, dark=True), example_views.edited
    zeros, kept = np.zeros((1, 2, 2)), NUMBERS[:, ::2, ::2]
    first, last = np.concatenate([zeros, kept, zeros]), np.einsum("kc,cij->kij", np.array([[1, 1], [1, -1]]), NUMBERS)
    asked, turns = [], [threading.Event(), threading.Event()]
    waiting = iter(turns)

    def slow(*given):
        asked.append(given)
        time.sleep(1)
        return edited(*given)

    def in_turn(*given):
        turn = next(waiting)
        assert turn.wait(60)
        return edited(*given)

    def choose(*values: str) -> None:
        for value in values:
            page.locator(f"#shortcuts-follow input[value={value}]").check()

    monkeypatch.setattr(example_views, "edited", slow)
    choose("C", "identity")  # the second before an answer has come
    page.locator(":root.awaiting").wait_for()
    shows(page, last)
    assert len(asked) == 2
    expect(page.locator(":root.awaiting")).to_have_count(0)

    monkeypatch.setattr(example_views, "edited", edited)
    choose("A", "conv")
    shows(page, first)
    monkeypatch.setattr(example_views, "edited", in_turn)
    choose("C", "identity")
    for turn in turns:  # the first answer comes before the second request is answered
        with page.expect_response("**/gradio_api/run/**"):
            turn.set()
        for chosen in ("C", "identity"):
            expect(page.locator(f"#shortcuts-follow input[value={chosen}]")).to_be_checked()
    shows(page, last)

    monkeypatch.setattr(example_views, "edited", edited)
    choose("conv", "B")
    page.locator("#shortcuts-follow .weights").wait_for()
    page.locator(".look").first.click()
    page.locator("#shortcuts-block h3").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
