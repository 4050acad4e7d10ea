"""One picture through all variants, in a real browser: samples, uploads, the gallery, heat maps, downloads."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from compared_runs import make_compared_runs
from hands import unfold
from made_runs import photograph
from parts_page import parts_page
from playwright.sync_api import expect

from resnet_demo.places import Places
from resnet_demo.services import Services
from resnet_demo.ui.compare import agreement
from resnet_demo.ui.compare.agreement import gallery
from resnet_demo.ui.compare.agreement.comparisons import PublishedComparisons

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def made(tmp_path_factory, few_shapes):
    """Services with published runs of A, B and plain on shapes, and the address of the part."""
    root = tmp_path_factory.mktemp("agreement-page")
    places = Places(data=None, cache=few_shapes(root / "cache"), runs=root / "runs", weights=root / "weights")
    make_compared_runs(root / "sources", places.weights)
    services = Services.create(places, local=True)
    with parts_page(services, agreement=agreement) as address:
        yield services, address


@pytest.fixture
def opened(visit, made):
    """The part, once its gallery is there; options are those of `visit`."""

    def open_part(**options):
        page = visit(address=made[1], tab="agreement", **options)
        page.locator("#agreement-sides .answers > span").first.wait_for()  # of the first sample
        return page

    return open_part


def answered(page) -> list[str]:
    page.locator("#agreement-overlays figure").nth(3).wait_for()  # the picture and three maps: all is there
    return page.locator("#agreement-sides .answers > span").all_inner_texts()


def test_a_sample_is_shown_to_all_networks(opened):
    page = opened()
    expect(page.locator("#agreement-samples button")).to_have_count(10)  # shapes, for nothing else was compared
    page.locator("#agreement-samples button").first.click()
    assert len(answered(page)) == 3
    bars = page.locator("#agreement-sides .rows > .bars")
    assert bars.count() == 10 and bars.first.locator(".track").count() == 3
    with page.expect_download() as found:
        page.locator("#agreement-sides").get_by_role("button", name="Download CSV").click()
    rows = list(csv.reader(io.StringIO(Path(found.value.path()).read_text(encoding="utf-8-sig"))))
    assert rows[0] == ["class", "A", "B", "plain"] and len(rows) == 11
    np.testing.assert_allclose(np.array([row[1:] for row in rows[1:]], float).sum(0), 1, atol=1e-4)
    name = page.locator("#agreement-sides .class").nth(2).inner_text()
    page.locator("#agreement-sides .class").nth(2).click()
    page.locator("#agreement-overlays h2", has_text=name).wait_for()


def test_the_gallery_opens_a_picture_that_one_network_alone_has_right(opened, made):
    page = opened()
    unfold(page, "#agreement-gallery")
    published = PublishedComparisons(made[0].runs)
    (key,) = published.comparisons()
    found = published.gallery(key)
    who = max(found.keys, key=lambda one: len(found.only(one)))
    page.locator("#agreement-only").get_by_label(f"{who}: {len(found.only(who))}").check()
    page.locator("#agreement-strip .note", has_text=f"Only {who} is right").wait_for()
    expect(page.locator("#agreement-strip img")).to_have_count(min(gallery.PAGE, len(found.only(who))))
    page.locator("#agreement-strip button").first.click()
    page.locator("#agreement-sides .truth", has_text="Label in the test set").wait_for()
    texts = answered(page)
    marks = page.locator("#agreement-sides .answers .right")
    assert marks.count() == 1 and marks.locator("..").locator(".key").inner_text() == who
    assert len(texts) == 3


def test_an_upload_is_answered_or_refused_in_a_sentence(opened):
    page = opened()
    field = page.locator("#agreement-upload input[type=file], input#agreement-upload, [data-testid*=upload]").first
    field.set_input_files({"name": "${alert(1)}.jpg", "mimeType": "image/jpeg", "buffer": photograph()})
    assert len(answered(page)) == 3
    field.set_input_files({"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"not an image"})
    page.locator("#agreement-sides [role=alert]").wait_for()
    expect(page.locator("#agreement-overlays .drawn")).to_be_hidden()


def test_a_phone_needs_no_sideways_scrolling(opened):
    page = opened(width=390, dark=True, language="zh")
    page.locator("#agreement-samples button").first.click()
    assert len(answered(page)) == 3
    assert page.evaluate("document.documentElement.scrollWidth") == 390
