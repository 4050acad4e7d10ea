"""The frame around the tabs in a real browser: header, languages, addresses, light and dark, the presenter's page."""

from __future__ import annotations

import pytest
from small_page import idle_services, small_page

from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser


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
    return lambda **options: visit(address=small, **options)


def again(page, address: str = ""):
    """Another page of the same visitor, at `address` or where the first one is."""
    other = page.context.new_page()
    other.goto(address or page.url)
    other.locator("[role=tab]").first.wait_for()
    return other


def chosen(page) -> str:
    page.locator("[role=tab][aria-selected=true]").wait_for()
    return page.locator("[role=tab][aria-selected=true]").inner_text()


def is_dark(page) -> bool:
    return page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(244, 244, 245)"


# --- header and languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_header_says_what_and_where_and_its_switches_have_names(open_small, idle, language):
    page, text = open_small(language=language), LANGUAGES[language]
    header = page.locator("#header")
    assert header.get_by_role("heading", level=1).inner_text() == text("page.title") == page.title()
    assert text("page.sentence") in header.inner_text()
    assert text("page.device", device=idle.device.split(",")[0]) in header.inner_text()
    assert page.evaluate("document.documentElement.lang") == text.locale
    for name in ("dark", "present"):
        assert header.get_by_role("button", name=text(f"header.{name}")).get_attribute("aria-pressed") == "false"
    assert header.get_by_role("link").count() == 1
    assert not page.locator(".nav-holder").is_visible()


def test_a_language_that_was_chosen_stays_and_the_tab_with_it(open_small, small):
    page = open_small(tab="two")
    page.locator("#header .language").click()
    page.wait_for_url("**/zh?tab=two")
    assert chosen(page) == "two" and page.title() == LANGUAGES["zh"]("page.title")
    returning = again(page, f"{small}?tab=three")
    returning.wait_for_url("**/zh?tab=three")
    returning.locator("#header .language").click()
    returning.wait_for_url(f"{small}?tab=three")
    assert again(page, small).title() == LANGUAGES["en"]("page.title")


def test_the_first_visit_is_in_the_language_of_the_browser_unless_the_address_has_one(open_small, small):
    chinese = open_small(language="zh")
    assert again(chinese, f"{small}?tab=two").url == f"{small}zh?tab=two"
    chinese.locator("#header .language").click()  # English, chosen by somebody with a Chinese browser
    chinese.wait_for_url(small)
    assert again(chinese, small).url == small
    assert again(open_small(), f"{small}zh").title() == LANGUAGES["zh"]("page.title")


def test_gradios_own_words_follow_the_page(open_small):
    footer = open_small(language="zh").locator("footer")
    footer.get_by_text("通过 API 使用").wait_for()


# --- addresses of tabs


def test_a_tab_has_an_address(open_small, small):
    page = open_small(tab="two")
    assert chosen(page) == "two"
    page.evaluate("window.kept = true")
    page.get_by_role("tab", name="three").click()
    page.wait_for_url("**/?tab=three")
    assert page.evaluate("window.kept") and page.locator("#output-three").is_visible()
    page.get_by_role("tab", name="one").click()
    page.wait_for_url("**/?tab=one")
    assert open_small().url == small


@pytest.mark.parametrize("bad", ["four", "", "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "__proto__"])
def test_an_address_of_no_tab_opens_the_first(open_small, bad):
    page = open_small(tab=bad)
    page.locator("#output-one").wait_for()
    assert chosen(page) == "one"


def test_all_tabs_can_be_reached_on_a_phone(open_small):
    page = open_small(width=390)
    assert all(tab.is_visible() for tab in page.get_by_role("tab").all())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# --- light and dark


def test_the_page_follows_the_system_until_light_or_dark_is_chosen(open_small):
    page = open_small(dark=True)
    switch = page.locator("#header .dark-switch")
    assert is_dark(page) and switch.get_attribute("aria-pressed") == "true"
    page.emulate_media(color_scheme="light")
    page.wait_for_function("!document.body.classList.contains('dark')")
    assert switch.get_attribute("aria-pressed") == "false"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.body.classList.contains('dark')")

    switch.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("!document.body.classList.contains('dark')")
    assert not is_dark(page) and switch.get_attribute("aria-pressed") == "false"
    page.emulate_media(color_scheme="light")
    page.emulate_media(color_scheme="dark")
    returning = again(page)
    for one in (page, returning):
        assert not is_dark(one)
    assert returning.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(14, 14, 16)"


# --- the presenter's page


def test_the_presenters_page_has_large_type_and_no_controls_and_stays_for_the_session(open_small):
    page = open_small(width=1280, height=720)
    assert page.locator("#slider-one").is_visible() and not page.locator("#header .keys").is_visible()
    page.get_by_role("button", name=LANGUAGES["en"]("header.present")).click()
    size = "getComputedStyle(document.querySelector('#output-one p')).fontSize"
    assert page.evaluate(size) == "24px"
    assert page.locator("#header .keys").is_visible() and page.locator("#slider-one").is_hidden()
    page.get_by_role("button", name="Controls").click()
    assert page.locator("#slider-one").is_visible()

    page.reload()
    page.locator("#output-one").wait_for()
    assert page.locator("#header .present-switch").get_attribute("aria-pressed") == "true"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"document.body.classList.contains('dark') && {size} === '24px'")
    page.keyboard.press("Escape")
    assert page.locator("#slider-one").is_visible() and page.evaluate(size) != "24px"
    open_small().locator("#slider-one").wait_for()


def test_clickers_and_arrow_keys_turn_the_tabs_only_while_presenting(open_small):
    page = open_small()
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    assert chosen(page) == "one"
    page.locator("#header .present-switch").click()
    for key, name in (
        ("PageDown", "two"), ("ArrowRight", "three"), ("PageDown", "three"), ("ArrowLeft", "two"), ("PageUp", "one"),
    ):  # fmt: skip
        page.keyboard.press(key)
        page.wait_for_url(f"**/?tab={name}" if name != "one" or "tab" in page.url else "**/")
        assert chosen(page) == name


def test_arrow_keys_belong_to_the_widget_that_has_the_focus(open_small):
    page = open_small()
    page.locator("#header .present-switch").click()
    page.locator("#header .controls-switch").click()
    slider = page.locator("#slider-one input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.input_value() == "6" and chosen(page) == "one"
    page.locator("#box-one textarea, #box-one input").first.focus()
    page.keyboard.type("off")
    assert not page.evaluate("!!document.fullscreenElement")
    page.keyboard.press("PageDown")  # a clicker is understood wherever the focus was left
    page.locator("#output-two").wait_for()
    assert chosen(page) == "two"


def test_f_fills_the_screen(open_small):
    page = open_small()
    page.keyboard.press("f")
    page.locator("#header .present-switch").click()
    assert not page.evaluate("!!document.fullscreenElement")
    page.keyboard.press("f")
    page.wait_for_function("!!document.fullscreenElement")
    page.keyboard.press("f")
    page.wait_for_function("!document.fullscreenElement")


def test_the_header_is_used_with_the_keyboard_alone(open_small):
    page = open_small()
    names = []
    for _ in range(3):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    text = LANGUAGES["en"]
    assert names == [LANGUAGES["zh"]("page.language"), text("header.dark"), text("header.present")]
    page.keyboard.press("Space")
    assert page.evaluate("document.documentElement.classList.contains('presenting')")
