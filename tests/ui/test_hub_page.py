"""Saving to the Hub in a browser: signing in as on a Space, saving, loading again, and no token on the page."""

from __future__ import annotations

import re

import pytest
from hub_api import as_the_hub
from made_runs import make_trained_run
from pages import page_of
from playwright.sync_api import expect
from small_page import idle_services

from resnet_demo.hub.access import Access, OAuth
from resnet_demo.ui import classify, train

pytestmark = pytest.mark.browser
SECRET = "hf_a-token-that-nobody-sees"


@pytest.fixture
def space(monkeypatch, tmp_path):
    """(the stand-in for the Hub, the address of a server where visitors sign in there)."""
    with as_the_hub(monkeypatch, tmp_path / "home") as hub:
        hub.add_account(SECRET, "ada")
        hub.signed_in = SECRET
        services = idle_services(tmp_path)
        access = Access(OAuth("client", "client-secret", hub.address, "set below"))
        object.__setattr__(services, "hub", access)
        make_trained_run(services.places.weights, "trained", evaluate=True)
        with page_of(services, classify, train) as address:
            access.oauth = OAuth("client", "client-secret", hub.address, address.rstrip("/"))
            yield hub, address


def test_a_visitor_signs_in_saves_and_loads(visit, space):
    hub, address = space
    page = visit(address=address, width=390, tab="train")
    hub_save = page.locator("#hub-save")
    hub_save.get_by_role("button", name="Save to the Hub").first.click()
    expect(page.locator("#hub-repository")).to_be_hidden()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in with Hugging Face").click()
    page = opened.value
    assert re.search(r"[?&]tab=train", page.url)
    page.locator("#hub-save").get_by_role("button", name="Save to the Hub").first.click()
    expect(page.locator("#hub-who")).to_contain_text("Signed in as ada.")
    expect(page.get_by_label("Repository")).to_have_value("ada/resnet8-a-shapes")
    page.locator("#hub-save-button").click()
    link = page.locator("#hub-saved").get_by_role("link", name="ada/resnet8-a-shapes")
    expect(link).to_have_attribute("href", f"{hub.address}/ada/resnet8-a-shapes")
    assert hub.repo("ada/resnet8-a-shapes").private
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(f"document.documentElement.scrollWidth <= {width}")

    page.locator("#hub-load").get_by_role("button", name="Load from the Hub").click()
    page.get_by_label("Model on the Hub").fill("ada/resnet8-a-shapes")
    page.locator("#hub-load").get_by_label("Use my account (for a private model)").check()
    page.locator("#hub-load-button").click()
    expect(page.locator("#hub-load-said")).to_contain_text("ResNet-8 has been loaded")
    expect(page.locator("#run-top h2")).to_have_text("resnet8-a-shapes")

    kept = page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")
    cookies = str(page.context.cookies())
    assert SECRET not in page.content() + kept + cookies + page.url
    assert all(cookie["httpOnly"] for cookie in page.context.cookies() if cookie["name"].startswith("resnet_demo"))
