"""The frame around the tabs in a real browser: header, languages, addresses, light and dark, the presenter's page."""

from __future__ import annotations

import re

import pytest
from hands import TWO_FRAMES
from playwright.sync_api import expect
from small_page import NAMES, idle_services, small_page

from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser
FOOTER = {"en": "Use via API", "zh": "通过 API 使用"}  # Gradio's own words


@pytest.fixture(scope="module")
def idle(tmp_path_factory):
    """Services without any network."""
    return idle_services(tmp_path_factory.mktemp("idle"))


@pytest.fixture(scope="module")
def small(idle):
    """The address of a server with three small tabs."""
    with small_page(idle) as address:
        yield address


@pytest.fixture
def open_small(visit, small):
    """`visit` for that server."""
    return lambda **options: ready(visit(address=small, **options))


def ready(page):
    """The page once its tabs are there and its header has its words and hears keys."""
    page.locator("[role=tab]").first.wait_for()
    page.locator("#header .present-switch[aria-pressed]").wait_for()
    return page


def again(page, address: str = ""):
    """Another page of the same visitor, at `address` or where the first one is."""
    other = page.context.new_page()
    other.goto(address or page.url)
    return ready(other)


def expect_chosen(page, name: str) -> None:
    expect(page.locator("[role=tab][aria-selected=true]")).to_have_text(name)


def expect_stays(page, name: str) -> None:
    """After a key that must not turn the tabs."""
    page.evaluate(TWO_FRAMES)
    expect_chosen(page, name)


def expect_dark(page, dark: bool) -> None:
    heading = expect(page.locator("h1"))
    (heading.to_have_css if dark else heading.not_to_have_css)("color", "rgb(244, 244, 245)")
    expect(page.locator("#header .dark-switch")).to_have_attribute("aria-pressed", str(dark).lower())


# --- header and languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_header_says_what_and_where_and_is_used_with_the_keyboard_alone(open_small, idle, language):
    page, text = open_small(language=language), LANGUAGES[language]
    header = page.locator("#header")
    expect(header.get_by_role("heading", level=1)).to_have_text(text("page.title"))
    expect(page).to_have_title(text("page.title"))
    expect(header).to_contain_text(text("page.sentence"))
    expect(page.locator("#about")).to_contain_text(text("page.device", device=idle.device.split(",")[0]))
    assert page.evaluate("document.documentElement.lang") == text.locale
    for name in ("dark", "present"):
        switch = header.get_by_role("button", name=text(f"header.{name}"))
        expect(switch).to_have_attribute("aria-pressed", "false")
    expect(header.get_by_role("link")).to_have_count(1)
    expect(page.locator(".nav-holder")).to_be_hidden()
    expect(page.locator("footer")).to_contain_text(FOOTER[language])

    names = []
    for _ in range(4):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    other = LANGUAGES["zh" if language == "en" else "en"]("page.language")
    assert names == [text("header.lesson"), other, text("header.dark"), text("header.present")]
    page.keyboard.press("Space")
    page.wait_for_function("document.documentElement.classList.contains('presenting')")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 800})  # all tabs can be reached on a phone
    expect(page.get_by_role("tab")).to_have_text(NAMES)  # of what is visible
    page.wait_for_function("document.documentElement.scrollWidth <= 390")


def test_a_language_that_was_chosen_stays_and_the_tab_with_it(open_small, small):
    page = open_small(tab="two")
    expect(again(page, f"{small}zh")).to_have_title(LANGUAGES["zh"]("page.title"))  # which an address asks for
    page.locator("#header .language").click()
    page.wait_for_url("**/zh?tab=two")
    expect_chosen(page, "two")
    expect(page).to_have_title(LANGUAGES["zh"]("page.title"))
    returning = again(page, f"{small}?tab=three")
    returning.wait_for_url("**/zh?tab=three")
    returning.locator("#header .language").click()
    returning.wait_for_url(f"{small}?tab=three")
    expect(again(page, small)).to_have_title(LANGUAGES["en"]("page.title"))


def test_the_first_visit_is_in_the_language_of_the_browser_unless_the_address_has_one(open_small, small):
    chinese = open_small(language="zh")
    expect(again(chinese, f"{small}?tab=two")).to_have_url(f"{small}zh?tab=two")
    chinese.locator("#header .language").click()  # English, chosen by somebody with a Chinese browser
    chinese.wait_for_url(small)
    expect(again(chinese, small)).to_have_url(small)


# --- addresses of tabs


def test_a_tab_has_an_address(open_small):
    page = open_small(tab="two")
    expect_chosen(page, "two")
    page.evaluate("window.kept = true")
    page.get_by_role("tab", name="three").click()
    page.wait_for_url("**/?tab=three")
    expect(page.locator("#output-three")).to_be_visible()
    assert page.evaluate("window.kept")
    page.get_by_role("tab", name="one").click()
    page.wait_for_url("**/?tab=one")


def test_an_address_of_no_tab_opens_the_first_which_needs_none(open_small, small):
    page = open_small()
    page.locator("#output-one").wait_for()
    expect(page).to_have_url(small)
    for bad in ("four", "", "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "__proto__"):
        page.goto(f"{small}?tab={bad}")
        page.locator("#output-one").wait_for()
        expect_chosen(page, "one")


# --- light and dark


def test_the_page_follows_the_system_until_light_or_dark_is_chosen(open_small):
    page = open_small(dark=True)
    expect_dark(page, True)
    page.emulate_media(color_scheme="light")
    expect_dark(page, False)
    page.emulate_media(color_scheme="dark")
    expect_dark(page, True)

    page.locator("#header .dark-switch").focus()
    page.keyboard.press("Enter")
    expect_dark(page, False)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
        page.evaluate(TWO_FRAMES)  # Gradio has heard of it
    returning = again(page)
    for one in (page, returning):
        expect_dark(one, False)
    expect(returning.locator("body")).not_to_have_css("background-color", "rgb(14, 14, 16)")


# --- the presenter's page


def test_the_presenters_page_has_large_type_and_no_controls_and_stays_for_the_session(open_small):
    page = open_small(width=1280, height=720)
    slider, keys, words = page.locator("#slider-one"), page.locator("#header .keys"), page.locator("#output-one p")
    expect(slider).to_be_visible()
    expect(keys).to_be_hidden()
    page.get_by_role("button", name=LANGUAGES["en"]("header.present")).click()
    expect(words).to_have_css("font-size", "24px")
    expect(keys).to_be_visible()
    expect(slider).to_be_hidden()
    page.get_by_role("button", name="Controls").click()
    expect(slider).to_be_visible()

    page.reload()
    expect(ready(page).locator("#header .present-switch")).to_have_attribute("aria-pressed", "true")
    page.emulate_media(color_scheme="dark")
    expect_dark(page, True)
    expect(words).to_have_css("font-size", "24px")
    page.keyboard.press("Escape")
    expect(slider).to_be_visible()
    expect(words).not_to_have_css("font-size", "24px")


def test_keys_turn_the_tabs_and_fill_the_screen_only_while_presenting_and_belong_to_what_has_the_focus(open_small):
    page, full = open_small(), "!!document.fullscreenElement"
    for key in ("PageDown", "ArrowRight", "f"):
        page.keyboard.press(key)
    page.locator("#header .present-switch").click()
    expect_stays(page, "one")
    assert not page.evaluate(full)
    for key, name in (
        ("PageDown", "two"), ("ArrowRight", "three"), ("PageDown", "three"), ("ArrowLeft", "two"), ("PageUp", "one"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect_stays(page, name)
        expect(page).to_have_url(re.compile(rf"/\?tab={name}$"))
    page.keyboard.press("f")
    page.wait_for_function(full)
    page.keyboard.press("f")
    page.wait_for_function(f"!({full})")

    page.locator("#header .controls-switch").click()
    slider = page.locator("#slider-one input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("6")
    expect_stays(page, "one")
    box = page.locator("#box-one textarea, #box-one input").first
    box.focus()
    page.keyboard.type("off")
    expect(box).to_have_value("off")
    assert not page.evaluate("!!document.fullscreenElement")
    page.keyboard.press("PageDown")  # a clicker is understood wherever the focus was left
    page.locator("#output-two").wait_for()
    expect_chosen(page, "two")
