"""A run in a visitor's own account, in a browser: signing in as on a Space, the cost, the job, no token on the page."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hub_api import as_the_hub
from hub_jobs import add_jobs
from managed import make_places, wait_until
from pages import page_of
from playwright.sync_api import expect

from resnet_demo.hub.access import Access, OAuth
from resnet_demo.runs.jobs import follow, parcel
from resnet_demo.services import Services
from resnet_demo.ui import classify, train

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.name == "nt", reason="the stand-in's image has a shell"),
]
SECRET = "hf_a-token-that-nobody-sees"


def test_a_visitor_signs_in_sees_the_cost_and_trains_in_a_job(visit, monkeypatch, tmp_path, few_shapes, warm_python):
    monkeypatch.setattr(follow, "LOOK_SECONDS", 0.3)
    monkeypatch.setattr(parcel, "PACKAGES", ("torch",))
    cache = few_shapes(tmp_path / "cache")
    with as_the_hub(monkeypatch, tmp_path / "home") as hub:
        variables = {"RESNET_DEMO_JOB_SECONDS": "0.3", "RESNET_DEMO_CACHE": str(cache)}
        jobs = add_jobs(hub, tmp_path / "jobs", warm_python, **variables)
        hub.add_account(SECRET, "ada", created_only=True)
        hub.signed_in = SECRET
        services = Services.create(replace(make_places(tmp_path), cache=cache))
        access = Access(OAuth("client", "client-secret", hub.address, "set below"))
        object.__setattr__(services, "hub", access)
        with page_of(services, classify, train) as address:
            access.oauth = OAuth("client", "client-secret", hub.address, address.rstrip("/"))
            try:
                follow_a_job(visit(address=address, width=390, tab="train"), hub, jobs)
            finally:
                jobs.close()


def follow_a_job(page, hub, jobs) -> None:
    start = page.locator("#train-start")
    expect(start).to_have_text("Start training")
    choose_account(page)
    expect(page.locator("#jobs-hardware")).to_be_hidden()
    with page.context.expect_page() as opened:
        page.locator("#jobs-sign-in").click()
    page = opened.value
    choose_account(page)
    start = page.locator("#train-start")
    expect(page.locator("#jobs-cost")).to_contain_text("$0.40 an hour, so at most $0.20")
    expect(start).to_have_text("Train, for at most $0.20")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 and not jobs.jobs
    page.get_by_label("Duration").first.fill("3000")
    start.click()
    expect(page.locator("#run-head")).to_contain_text("in a Hugging Face job (t4-small)")
    expect(page.locator("#run-top")).to_contain_text("Stop")
    wait_until(lambda: page.wait_for_timeout(200) or "Step" in page.locator("#train").inner_text())
    assert len(jobs.jobs) == 1 and jobs.jobs[0].spec["secrets"] == {"HF_TOKEN": SECRET}
    page.locator("#run-stop").click()
    expect(page.locator("#run-resume")).to_be_visible()
    expect(page.locator("#jobs-resume")).to_have_text("Resume the run shown there, for at most $0.20")
    assert not hub.store.repos
    kept = page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")
    assert SECRET not in page.content() + kept + str(page.context.cookies()) + page.url


def choose_account(page) -> None:
    page.locator("#train-elsewhere").get_by_role("button", name="Where it trains").click()
    page.get_by_label("hardware of your Hugging Face account (costs money)").check()
    expect(page.locator("#jobs-who")).to_contain_text("private repository")
