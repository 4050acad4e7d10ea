"""The tab Confusion in a real browser: ready counts, slices of an uploaded file, precision-recall and ROC curves."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hands import rest, unfold
from made_runs import NASTY, make_trained_run
from pages import page_of
from playwright.sync_api import expect

from resnet_demo.services import Services
from resnet_demo.ui import classify, confusion

pytestmark = pytest.mark.browser
COUNTS = f'true / predicted,cat,"{NASTY}",owl\ncat,50,3,1\n"{NASTY}",9,41,2\nowl,0,4,60\n'
SHARES = ("0.3,0.7", "0.8,0.2", "0.9,0.1")
LINES = [f"{n}.png,{'cat' if n % 2 else 'dog'},{SHARES[n % 3]},{'front' if n % 4 else NASTY},{n}" for n in range(60)]
SLICED = "\n".join(["id,y_true,cat,dog,camera,age", *LINES])


@pytest.fixture(scope="module")
def made(places, tmp_path_factory):
    """The address of a page with one evaluated run on shapes."""
    root = tmp_path_factory.mktemp("confusion")
    make_trained_run(root / "weights", "first", evaluate=True)
    services = Services.create(replace(places, weights=root / "weights", runs=root / "runs"), local=True)
    with page_of(services, classify, confusion) as address:
        yield address


@pytest.fixture
def opened(visit, made):
    """The tab, opened; options are those of `visit`."""

    def open_tab(query: str = "&run=first", **options):
        page = visit(tab=f"confusion{query}", address=made, **options)
        page.locator("#confusion-matrix canvas").wait_for()
        rest(page)
        return page

    return open_tab


def bring(page, content: str, name: str) -> None:
    """Bring a file, in place of the one before."""
    before = page.locator("#bring-file button[aria-label]")
    if before.count():
        shown = page.locator("#confusion-head h2").inner_text()
        before.last.click()
        expect(page.locator("#confusion-head h2")).not_to_have_text(shown)
    if not page.locator("#bring-predictions button.label-wrap.open").count():
        unfold(page, "#bring-predictions")
    file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("#bring-file input[type=file]").set_input_files(file)
    expect(page.locator("#confusion-head h2")).to_have_text(name)
    rest(page)


def test_on_a_phone_in_chinese_curves_fit_and_ready_counts_are_read_either_way(opened):
    page = opened("&run=first&curve=*", width=390, height=844, language="zh", dark=True)
    expect(page.locator("#confusion-curves-chart .panel > svg")).to_have_count(2)
    expect(page.locator("#confusion-curves-chart .legend")).to_contain_text("微平均")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    bring(page, COUNTS, "counts.csv")
    expect(page.locator("#bring-said")).to_contain_text("行读作")
    expect(page.locator("#confusion-head .facts")).to_contain_text("151")
    expect(page.locator("#confusion-pairs tbody tr").first).to_contain_text("9")
    expect(page.locator("#confusion-pairs tbody tr").first.locator("th")).to_have_text(NASTY)
    expect(page.locator("#confusion-sure .note")).not_to_be_empty()
    expect(page.locator("#confusion-curves")).to_be_hidden()
    said = page.locator("#bring-said").inner_text()
    page.locator("#bring-transposed input").press("Space")
    expect(page.locator("#bring-said")).not_to_have_text(said)
    expect(page.locator("#confusion-pairs tbody tr").first.locator("th")).to_have_text("cat")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(f"document.documentElement.scrollWidth <= {width}")
    assert page.locator("#confusion img[src='x']").count() == 0


def test_curves_are_read_and_kept_in_the_address_and_files_are_compared_and_sliced(opened):
    page = opened()
    unfold(page, "#confusion-curves")
    charts = page.locator("#confusion-curves-chart .panel > svg")
    expect(charts).to_have_count(2)
    expect(charts.first).to_be_in_viewport(ratio=1)
    page.wait_for_url(re.compile(r"curve=\*|curve=%2A"))
    row = page.locator("#confusion-areas tbody tr").nth(4)
    name = row.locator("th").inner_text()
    row.click()
    expect(page.locator("#confusion-curves-chart .title")).to_have_text(f"{name} against the rest")
    expect(charts.first).to_be_in_viewport(ratio=1)
    charts.last.press("ArrowRight")
    expect(page.locator("#confusion-curves-chart .readout").last).to_contain_text(re.compile(r"Threshold .*: recall"))
    page.wait_for_url(re.compile(f"curve={name}"))
    page.goto(page.url)
    expect(page.locator("#confusion-curves-chart .title")).to_have_text(f"{name} against the rest")
    page.locator("#confusion-classes tbody tr").nth(1).click()
    other = page.locator("#confusion-classes tbody tr").nth(1).locator("th").inner_text()
    expect(page.locator("#confusion-curves-chart .title")).to_have_text(f"{other} against the rest")
    page.locator("#confusion-curves button.label-wrap").first.click()
    page.wait_for_url(lambda url: "curve=" not in url)

    bring(page, COUNTS, "first.csv")
    bring(page, COUNTS.replace("50", "40"), "second.csv")
    unfold(page, "#confusion-difference")
    page.locator("#confusion-other input").click()
    page.locator("#confusion-other [role=option]", has_text="first.csv").click()
    expect(page.locator("#confusion-told")).to_contain_text("percentage points")
    expect(page.locator("#confusion-changes tbody tr")).to_have_count(3)

    bring(page, SLICED, "cameras.csv")
    expect(page.locator("#bring-said")).to_contain_text("camera, age")
    page.locator("#confusion-slice-column input").click()
    page.locator("#confusion-slice-column [role=option]", has_text="camera").click()
    rows = page.locator("#confusion-slice-values tbody tr")
    expect(rows).to_have_count(3)
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        rows.nth(0).press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#confusion-head .facts")).to_contain_text("camera = front")
        expect(page.locator("#confusion-head .facts")).to_contain_text("of 45")
        expect(rows.nth(2)).to_have_attribute("aria-current", "true")
        expect(page.locator("#confusion-matrix .frame")).to_be_in_viewport()
        page.wait_for_url(re.compile("slice=camera&slice_value=front"))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("#confusion img[src='x']").count() == 0
        rows.nth(0).click()
        expect(page.locator("#confusion-head .facts")).to_contain_text("of 60")
        expect(page.locator("#confusion-head .facts")).not_to_contain_text("camera")
