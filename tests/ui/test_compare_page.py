"""The parts of the tab Compare in a browser: one at a time, each at an address of its own."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from small_page import idle_services, small_tab

from resnet_demo.ui import compare
from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser
TEXT = LANGUAGES["en"]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a page with Compare and a tab beside it, without any run."""
    from pages import served

    from resnet_demo.ui import build as page

    services = idle_services(tmp_path_factory.mktemp("compare"))
    beside = SimpleNamespace(TAB="beside", build=small_tab("beside").build)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "TABS", (beside, compare))
        for text in LANGUAGES.values():
            patch.setitem(text.words, "beside.tab", "beside")
        demo = page.build(services)
    with served(demo, services) as found:
        yield found
    services.close()


@pytest.fixture
def opened(visit, address):
    """The page at a part of Compare, or wherever else; options are those of `visit`."""

    def open_page(query: str = "compare", **options):
        page = visit(address=address, tab=query, **options)
        page.locator("#tabs > .tab-wrapper [role=tab]").first.wait_for()
        return page

    return open_page


def expect_part(page, name: str) -> None:
    expect(page.get_by_role("heading", level=2, name=TEXT(f"compare.{name}.question"))).to_be_visible()
    expect(page.locator("h2.question")).to_have_count(1)  # the others are not even drawn


def test_each_part_has_an_address_and_is_loaded_when_it_is_opened(opened):
    page = opened("compare&part=four")  # there is none: it opens the first
    expect_part(page, "depth")
    expect(page).to_have_url(re.compile(r"&part=depth\b"))
    for name in ("shortcuts", "published", "race", "agreement"):
        page.get_by_role("tab", name=TEXT(f"compare.{name}"), exact=True).click()
        expect(page).to_have_url(re.compile(rf"\?tab=compare&part={name}$"))
    page.reload()
    expect_part(page, "agreement")
    page.locator("#header .language").click()
    page.wait_for_url("**/zh?tab=compare&part=agreement")
    expect(page.locator("h2.question")).to_have_text(LANGUAGES["zh"]("compare.agreement.question"))


def test_a_part_is_no_tab_other_tabs_have_no_part_and_an_old_link_to_a_race_opens_its_part(opened, address):
    page = opened("race")
    page.locator("#output-beside").wait_for()
    page.get_by_role("tab", name=TEXT("compare.tab"), exact=True).click()
    expect_part(page, "depth")
    page.get_by_role("tab", name=TEXT("compare.race"), exact=True).click()
    expect(page).to_have_url(re.compile("&part=race$"))
    page.get_by_role("tab", name="beside").click()
    expect(page).to_have_url(re.compile(r"\?tab=beside$"))
    page.get_by_role("tab", name=TEXT("compare.tab"), exact=True).click()
    expect(page).to_have_url(re.compile("tab=compare&part=race$"))
    page.get_by_role("tab", name="beside").click()
    expect(page).to_have_url(re.compile(r"\?tab=beside$"))
    page.evaluate("history.replaceState(null, '', '?tab=beside&part=published')")  # as a link within the page does
    page.get_by_role("tab", name=TEXT("compare.tab"), exact=True).click()
    expect(page.get_by_role("tab", name=TEXT("compare.published"))).to_have_attribute("aria-selected", "true")
    page.goto(f"{address}?tab=compare&race=gone")
    expect_part(page, "race")
    expect(page).to_have_url(re.compile(r"&part=race\b"))
