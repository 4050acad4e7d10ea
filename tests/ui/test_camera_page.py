"""The live camera in a real browser, which is shown a film for what its camera sees."""

from __future__ import annotations

import re
from io import BytesIO
from types import SimpleNamespace

import pytest
from film import flags, write_film
from hands import listen, rest
from parts_page import parts_page
from PIL import Image
from playwright.sync_api import expect
from provide_browser import FLAGS, find_browser
from small_page import small_tab

from resnet_demo.ui import classify
from resnet_demo.ui.classify import live
from resnet_demo.ui.shared.samples import SAMPLES
from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser
ENGLISH = LANGUAGES["en"]
ELSEWHERE = "somewhere.test"  # a name for this machine that browsers do not take for it
TRACKS = "window.tracks = []; const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);"
TRACKS += "if (ask) navigator.mediaDevices.getUserMedia = async what => { const stream = await ask(what);"
TRACKS += "tracks.push(...stream.getTracks()); return stream; };"
HIDE = """hidden => {
  Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""
FREE = "() => tracks.length > 0 && tracks.every(track => track.readyState === 'ended')"


@pytest.fixture(scope="module")
def address(services):
    """The address of a page with the tab Classify and one beside it."""
    with parts_page(services, classify=classify, beside=small_tab("beside")) as address:
        yield address


@pytest.fixture(scope="module")
def filming(browser, tmp_path_factory):
    """A second browser, with a camera that sees samples."""
    images = [Image.open(sample.path) for sample in SAMPLES[:3]]
    film = write_film(tmp_path_factory.mktemp("film") / "film.y4m", images)
    options = [*FLAGS, *flags(film), f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1"]
    second = browser.browser_type.launch(executable_path=find_browser(camera=True), args=options)
    yield second
    second.close()


@pytest.fixture
def frames(monkeypatch):
    """What the server is asked about frames; `now` and `most`: how many at the same time."""
    asked = SimpleNamespace(frames=[], questions=[], now=0, most=0)
    answered = live.answered

    def watch(services, text, frame, question):
        asked.frames.append(frame)
        asked.questions.append(question)
        asked.now += 1
        asked.most = max(asked.most, asked.now)
        try:
            return answered(services, text, frame, question)
        finally:
            asked.now -= 1

    monkeypatch.setattr(live, "answered", watch)
    return asked


@pytest.fixture
def visit_with_camera(filming, address, frames):
    """`visit_with_camera(language=…, host=…)` opens the page there; no page may log an error."""
    contexts, complaints = [], []

    def complain(entry) -> bool:  # that a frame is refused is what some tests are about
        return entry.type == "error" and "/live?" not in entry.location["url"]

    def open_page(language: str = "en", host: str = "127.0.0.1"):
        context = filming.new_context(
            permissions=["camera"],
            viewport={"width": 1280, "height": 800},
            locale={"en": "en-US", "zh": "zh-CN"}[language],
        )
        contexts.append(context)
        context.set_default_timeout(90_000)
        context.add_init_script(TRACKS)
        page = context.new_page()
        listen(page)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda entry: complain(entry) and complaints.append(entry.text))
        page.goto(f"{address.replace('127.0.0.1', host)}{LANGUAGES[language].path}")
        page.locator("#samples button").first.wait_for()
        page.locator("#result .best strong").first.wait_for()
        rest(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def start(page) -> None:
    page.locator("#camera .start").click()
    page.locator("#result .figure.live").wait_for()
    page.locator("#camera .rate").filter(has_text=re.compile(r"\d")).wait_for()


def expect_freed(page, frames) -> None:
    """Wait until nobody uses the camera; nothing more is asked."""
    page.wait_for_function(FREE)
    assert page.evaluate("document.querySelector('#camera video').srcObject") is None
    rest(page)
    asked = len(frames.frames)
    page.wait_for_timeout(500)
    assert len(frames.frames) == asked


def expect_told(page, words: str) -> None:
    """A click on start is answered by these."""
    page.locator("#camera .start").click()
    expect(page.locator("#camera .told.error")).to_have_text(words)


def test_answers_come_without_end_and_in_place_until_the_camera_is_freed(visit_with_camera, frames):
    page = visit_with_camera()
    cat = page.locator("#heatmap .over img").first.get_attribute("src")
    start(page)
    assert not page.evaluate(FREE)
    expect(page.locator("#camera video")).to_be_visible()
    expect(page.locator("#camera .start")).to_be_hidden()
    best = page.locator("#result .best strong")
    best.evaluate("node => { window.kept = node; }")
    seen = page.locator("#heatmap .over img")
    expect(seen).to_have_count(2)
    shown = {seen.first.get_attribute("src")}
    while len(shown) < 3:  # the images of the film
        page.wait_for_timeout(100)
        shown.add(seen.first.get_attribute("src"))
    assert cat not in shown
    assert best.evaluate("node => node === window.kept")  # the figure is the same, and what it says changes
    assert re.fullmatch(r"\d+\.\d answers per second", page.locator("#camera .rate").inner_text())
    page.locator("#camera .stop").click()
    expect(page.locator("#camera .start")).to_be_visible()
    expect_freed(page, frames)
    expect(page.locator("#heatmap .over img").first).to_have_attribute("src", cat)  # the image is back
    expect(page.locator("#result .figure.live")).to_have_count(0)
    assert len(frames.frames) > 4 and frames.most == 1  # never two at the same time
    for frame in frames.frames:  # small square JPEGs
        assert frame.startswith(b"\xff\xd8\xff") and len(frame) < 40_000
    assert Image.open(BytesIO(frames.frames[-1])).size == (256, 256)

    start(page)
    assert not page.evaluate(FREE)
    page.get_by_role("tab", name="beside").click()
    expect_freed(page, frames)
    page.get_by_role("tab", name="classify").click()
    start(page)
    assert not page.evaluate(FREE)
    page.evaluate(HIDE, True)
    expect_freed(page, frames)
    page.evaluate(HIDE, False)
    start(page)
    assert not page.evaluate(FREE)
    page.locator("#samples button").nth(1).click()
    expect_freed(page, frames)
    expect(page.locator("#picture img[src*='/automobile.']")).to_be_visible()  # which is answered


def test_what_is_asked_may_change_meanwhile_and_what_goes_wrong_is_a_sentence(visit_with_camera, frames):
    page = visit_with_camera()
    start(page)
    rows, figure = page.locator("#result tbody tr"), page.locator("#heatmap .over img").first
    rows.last.hover()  # it does not move away from whoever is about to click it
    index = int(rows.last.get_attribute("data-index"))
    best, film = set(), set()
    while len(best) < 2 or len(film) < 3:  # the images of the film
        assert int(rows.last.get_attribute("data-index")) == index
        best.add(page.locator("#result .best strong").inner_text())
        film.add(figure.get_attribute("src"))
        page.wait_for_timeout(20)
    row = page.locator(f"#result tr[data-index='{index}']")
    label = row.locator("button").inner_text()
    row.locator("button").click()  # a real click, although the figure changes all the time
    expect(page.locator("#heatmap h2")).to_have_text(ENGLISH("heat.title", label=label))
    assert frames.questions[-1].classes == [index]
    row.locator("button").press("Enter")  # a class that is clicked again is explained no longer
    page.wait_for_function("""() => document.querySelector('#heatmap h2').textContent.includes(
      `“${document.querySelector('#result .best strong').textContent}”`)""")
    assert frames.questions[-1].classes == [None]

    page.locator("#camera .heat input").uncheck()
    expect(page.locator("#heatmap .drawn")).to_be_hidden()
    assert frames.questions[-1].heat is False
    page.locator("#camera .heat input").check()
    expect(page.locator("#heatmap .over img")).to_have_count(2)

    page.locator("#run input").click()
    page.locator("[role=option]:not(.selected)").last.click()
    page.keyboard.press("Escape")
    expect(page.locator("#result .card")).to_have_count(2)
    expect(page.locator("#heatmap figure")).to_have_count(2)
    expect(page.locator("#result .figure.live")).to_be_visible()
    assert len(frames.questions[-1].models) == 2

    busy = {"error": ENGLISH("camera.busy")}  # while many ask it waits and goes on
    page.route("**/live?*", lambda route: route.fulfill(status=429, json=busy, headers={"retry-after": "1"}), times=1)
    expect(page.locator("#camera .told")).to_have_text(busy["error"])
    expect(page.locator("#camera .told")).to_have_text("")
    assert not page.evaluate(FREE)
    page.route("**/live?*", lambda route: route.abort())  # a server that is gone
    expect(page.locator("#camera .told.error")).to_have_text(ENGLISH("camera.lost"))
    page.wait_for_function(FREE)
    page.context.clear_permissions()
    expect_told(page, ENGLISH("camera.refused"))
    expect(page.locator("#camera .start")).to_be_focused()
    expect(page.locator("#camera video")).to_be_hidden()


def test_a_frame_that_is_refused_stops_it_and_every_reason_is_chinese_on_the_chinese_page(
    visit_with_camera, monkeypatch
):
    page, text = visit_with_camera(language="zh"), LANGUAGES["zh"]
    start(page)
    monkeypatch.setattr(live, "MOST_BYTES", 100)
    expect(page.locator("#camera .told")).to_have_text(text("camera.large", kilobytes=0))
    page.wait_for_function(FREE)
    page.context.clear_permissions()
    expect_told(page, text("camera.refused"))
    none = "throw new DOMException('', 'NotFoundError')"
    page.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = async () => {{ {none}; }}; }}")
    expect_told(page, text("camera.none"))
    page.evaluate("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})")
    expect_told(page, text("camera.unsupported"))
    page.evaluate("Object.defineProperty(window, 'isSecureContext', {value: false})")
    expect_told(page, text("camera.insecure"))


def test_a_page_without_https_says_why_it_cannot_work_there(visit_with_camera):
    page = visit_with_camera(host=ELSEWHERE)
    assert page.evaluate("navigator.mediaDevices") is None
    expect_told(page, ENGLISH("camera.insecure"))


def test_without_a_camera_that_is_said(visit, address):
    page = visit(address=address)  # the browser of all other tests has none
    page.context.grant_permissions(["camera"])
    expect_told(page, ENGLISH("camera.none"))
    rest(page)
