"""The tab Teach in a real browser: images from a camera, which sees a film, and from files, become a model."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from io import BytesIO

import pytest
from film import flags, write_film
from managed import make_places
from parts_page import parts_page
from PIL import Image
from playwright.sync_api import expect
from provide_browser import FLAGS, find_browser
from shown import picture

from resnet_demo.places import PROJECT
from resnet_demo.services import Services
from resnet_demo.ui import classify, teach, train

pytestmark = pytest.mark.browser
PATIENCE = 200_000  # ms
TRACKS = "window.tracks = []; const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
TRACKS += "navigator.mediaDevices.getUserMedia = async what => { const stream = await ask(what);"
TRACKS += "tracks.push(...stream.getTracks()); return stream; };"
FREE = "() => tracks.length > 0 && tracks.every(track => track.readyState === 'ended')"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server with the models that ship with the project: this tab and those that it leads to."""
    places = replace(make_places(tmp_path_factory.mktemp("teach")), weights=PROJECT / "weights")
    with closing(Services.create(places, local=True)) as services:
        with parts_page(services, classify=classify, train=train, teach=teach) as address:
            yield address


@pytest.fixture(scope="module")
def filming(browser, tmp_path_factory):
    """A second browser, with a camera that sees upright bars."""
    bars = [Image.open(BytesIO(picture(0, number))) for number in range(6)]
    film = write_film(tmp_path_factory.mktemp("film") / "bars.y4m", bars, each=2)
    second = browser.browser_type.launch(executable_path=find_browser(camera=True), args=[*FLAGS, *flags(film)])
    yield second
    second.close()


@pytest.fixture
def opened(filming, address):
    """`opened()` is the tab on a phone, which may not use its camera yet; no page may raise an error."""
    contexts, complaints = [], []

    def open_page():
        context = filming.new_context(viewport={"width": 390, "height": 800}, locale="en-US")
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(TRACKS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}?tab=teach")
        page.locator("#teacher .one").nth(1).wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def files(kind: int, count: int) -> list[dict]:
    return [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": picture(kind, n)} for n in range(count)]


def taken(one) -> int:
    return one.locator(".thumbs button").count()


def test_what_files_and_the_camera_once_it_may_be_used_show_is_learned_and_answered_live(opened):
    page = opened()
    page.locator("#teacher .start").click()
    expect(page.locator("#teacher .told.error")).to_contain_text("Images from files work without it.")
    page.locator("#teacher .add").click()
    one = page.locator("#teacher .one").nth(2)
    broken = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"not an image"}
    one.locator("input[type=file]").set_input_files([*files(2, 2), broken])
    expect(one.locator(".count")).to_have_text("2 images")
    expect(page.locator("#teacher .sent.error")).to_have_text(re.compile("cannot read these as images: notes.jpg"))
    one.get_by_role("button", name="Remove class").click()
    expect(page.locator("#teacher .one")).to_have_count(2)
    expect(page.locator("#teacher .remove").first).to_be_disabled()

    page.context.grant_permissions(["camera"])
    classes = page.locator("#teacher .one")
    for number, name in enumerate(("upright", "level")):
        classes.nth(number).locator(".name").fill(name)
    expect(page.locator("#teacher .train")).to_be_disabled()
    page.locator("#teacher .start").click()
    expect(page.locator("#teacher video")).to_be_visible()

    hold = classes.nth(0).get_by_role("button", name="Hold to take images of upright")
    hold.focus()
    page.keyboard.down("Space")
    expect(classes.nth(0).locator(".thumbs button").nth(9)).to_be_attached()
    page.keyboard.up("Space")
    page.wait_for_function("() => !document.querySelector('#teacher .taking')")
    count = taken(classes.nth(0))
    page.wait_for_timeout(600)
    assert taken(classes.nth(0)) == count  # nothing is taken once it is released
    expect(page.locator("#teacher .need")).to_have_text("“level” has 0 images; each class needs at least 5.")

    classes.nth(1).locator("input[type=file]").set_input_files(files(1, 11))
    expect(classes.nth(1).locator(".count")).to_have_text("11 images")
    page.get_by_role("button", name="Delete image 3 of level").click()
    expect(classes.nth(1).locator(".count")).to_have_text("10 images")
    page.locator("#teacher .train").click()

    expect(page.locator("#teach-said")).to_contain_text("is shown as unsure", timeout=PATIENCE)
    expect(page.locator("#teacher .bars li").first).to_contain_text("upright", timeout=PATIENCE)
    expect(page.locator("#teacher .verdict")).to_have_text(re.compile("^(upright|Unsure, perhaps none of these)$"))
    expect(page.locator("#teacher .train")).to_have_text("Train again")
    page.locator("#teach-train").click()
    expect(page.locator("#run-head")).to_contain_text("level, upright")
    page.wait_for_function(FREE)
