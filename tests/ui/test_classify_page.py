"""The tab Classify in a real browser."""

from __future__ import annotations

import csv
import re

import pytest
from hands import rest, unfold
from made_runs import NASTY, make_untrained_run, photograph, shapes_dataset
from parts_page import parts_page
from PIL import Image
from playwright.sync_api import expect

from resnet_demo.data import shapes
from resnet_demo.data.decode import decode
from resnet_demo.data.errors import DataError
from resnet_demo.inference.catalogue import Catalogue
from resnet_demo.inference.classifier import from_run
from resnet_demo.inference.classify import classify as classified
from resnet_demo.runs.folder import RunFolder
from resnet_demo.ui import classify
from resnet_demo.ui.shared.samples import SAMPLES

pytestmark = pytest.mark.browser
EMPTY = re.compile("^Choose one of the samples")

SLOW = """
const {fetch} = window, wait = delay => new Promise(done => setTimeout(done, delay));
window.fetch = async (address, options) => {
  const answer = await fetch(address, options);
  if (!String(address.url ?? address).includes('queue/data')) return answer;
  const slow = new TransformStream({async transform(chunk, to) {
    for (const message of chunk.split(/(?<=\\n\\n)/)) {
      await wait(/process_completed|close_stream/.test(message) ? 500 : 0);
      to.enqueue(message);
    }
  }});
  const body = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(slow);
  return new Response(body.pipeThrough(new TextEncoderStream()), answer);
};
"""


@pytest.fixture(scope="module")
def address(services):
    """The address of a page with this tab alone."""
    with parts_page(services, classify=classify) as address:
        yield address


@pytest.fixture
def opened(visit, address):
    """The tab once it has its list of networks; options are those of `visit`."""

    def open_tab(**options):
        page = visit(address=address, **options)
        rest(page)
        return page

    return open_tab


@pytest.fixture
def page(opened):
    return opened()


def upload(page, *files: tuple[str, bytes]) -> None:
    payload = [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in files]
    page.locator("#picture input[type=file]").first.set_input_files(payload)


def add_network(page, words: str) -> None:
    page.locator("#run input").click()
    page.locator("[role=option]", has_text=words).first.click()
    page.keyboard.press("Escape")
    page.locator("#run .token", has_text=words).wait_for()


def only_network(page, words: str) -> None:
    add_network(page, words)
    page.locator("#run .token", has_not_text=words).locator(".token-remove").click()


def answer(page):
    best = page.locator("#result .best strong").first
    best.wait_for()
    rest(page)
    return best.inner_text()


def take(page, name: str, file: str = "") -> None:
    """Click a sample and wait until it is the image, whose answer is then on its way."""
    with page.expect_request(is_change):
        sample(page, name).click()
    page.locator(f"#picture img[src*='/{file or name}.']").wait_for()
    rest(page)


def is_change(request) -> bool:
    """Whether the page asks because something has changed, as an image does after the click on a sample."""
    return "/queue/join" in request.url and request.post_data_json.get("event_data") is None


def sample(page, name: str):
    return page.locator(f"#samples button[title^='{name}']")


def test_an_image_and_several_are_answered_and_what_is_none_is_a_sentence(page):
    known = shapes_dataset(10, 10).classes
    expect(page.locator("#result .knows b")).to_have_text(", ".join(known))
    upload(page, ("holiday.jpg", photograph()))
    assert answer(page) in known
    rows = page.locator("#result tbody tr").all_inner_texts()
    percents = [float(re.search(r"([\d.]+) %", row).group(1)) for row in rows]
    assert len(rows) == 5 and percents == sorted(percents, reverse=True) and 50 < sum(percents) < 101
    seen = page.locator("#heatmap .over img").first
    assert seen.evaluate("image => image.decode().then(() => image.naturalWidth)") == 32
    assert seen.evaluate("e => getComputedStyle(e).imageRendering") == "pixelated"

    page.locator("#picture [aria-label='Clear']").click()
    page.locator("#result .answer").wait_for(state="hidden")
    expect(page.locator("#result .message")).to_have_text(EMPTY)

    upload(page, ("notes.jpg", b"not a picture at all"))
    alert = page.locator("#result [role=alert]")
    alert.wait_for()
    assert "notes.jpg" in alert.inner_text() and "accepted are JPEG" in alert.inner_text()
    assert page.locator("#result .answer").count() == 0
    take(page, "circle")
    assert answer(page)
    assert alert.count() == 0

    upload(page, ("a.jpg", photograph()), ("bad.jpg", b"bad"), ("c.jpg", photograph(seed=2)))
    rows = page.locator("#batch tbody tr")
    rows.nth(2).wait_for()
    page.locator("#result .message", has_text="3 images. Choose a row").wait_for()
    rest(page)
    assert "bad.jpg" in rows.nth(1).inner_text() and "✗" in rows.nth(1).inner_text()
    with page.expect_download() as download:
        page.locator("#batch button", has_text="CSV").click()
    lines = list(csv.DictReader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert [line["File"] for line in lines] == ["a.jpg", "bad.jpg", "c.jpg"]
    assert lines[0]["Class"] in shapes.CLASSES and 0 < float(lines[2]["Probability"]) <= 1
    rows.nth(2).click()
    assert answer(page) == lines[2]["Class"] and page.locator("#result .file").inner_text() == "c.jpg"


def test_nothing_is_lost_that_is_asked_while_another_answer_is_on_its_way(visit, address, services):
    page = visit(address=address)
    first, network = answer(page), from_run(RunFolder(services.places.weights / "trained"))
    known = [one for one in SAMPLES if one.data == "shapes"]
    answers = {one.name: classified(decode(one.path), network, services.store).labels[0] for one in known}
    name = next(name for name, label in answers.items() if label != first)
    page.add_init_script(SLOW)
    with page.expect_response(re.compile("queue/data")):
        page.reload()
    upload(page, ("notes.jpg", b"not an image"))  # the opening's answer has been given, and has not arrived
    page.locator("#result [role=alert]").wait_for()
    page.locator("#picture img[src*='notes.jpg']").wait_for(state="attached")
    sample(page, name).click()  # while the server ends the stream of answers, and the page has not heard of it
    assert answer(page) == answers[name]


def test_networks_with_other_classes_answer_their_names_stay_text_and_samples_choose_those_that_know_them(page):
    only_network(page, "· own,")
    expect(page.locator("#result .knows b")).to_have_text([f"cat, {NASTY}"])
    upload(page, ("<img src=x onerror=alert(3)>${alert(4)}.jpg", b"broken"))
    page.locator("#result [role=alert]").wait_for()
    page.locator("#picture [aria-label='Clear']").click()
    page.locator("#result [role=alert]").wait_for(state="hidden")
    upload(page, ("whole.jpg", photograph()), ("${alert(5)}<img src=x onerror=alert(6)>.jpg", photograph(seed=1)))
    page.locator("#batch tbody tr").nth(1).wait_for()
    assert page.locator("#batch tbody img").count() == 2
    rest(page)
    page.locator("#batch tbody tr").nth(1).click()
    assert answer(page) in ("cat", NASTY)
    assert set(page.locator("#result tbody th").all_inner_texts()) == {"cat", NASTY}
    page.locator("#result button.class", has_text="alert").click()
    page.locator("#heatmap h2", has_text=NASTY).wait_for()
    assert page.locator("#heatmap .over img").count() == 2

    take(page, "star")  # such images are known to another network
    assert answer(page) in shapes.CLASSES
    expect(page.locator("#run .token")).to_contain_text("shapes")
    add_network(page, "· own,")
    page.locator("#result .card").nth(1).wait_for()
    page.locator("#result .card").nth(1).locator(".best").wait_for()
    rest(page)
    titles = page.locator("#result .card h2").all_inner_texts()
    assert "shapes" in titles[0] and "own" in titles[1]
    assert set(page.locator("#result .card").nth(1).locator("tbody th").all_inner_texts()) == {"cat", NASTY}
    take(page, "moon")
    answer(page)
    expect(page.locator("#run .token")).to_have_count(1)


def test_networks_that_came_meanwhile_can_be_chosen_and_those_that_cannot_be_fetched_say_why(
    page, places, services, monkeypatch
):
    make_untrained_run(places.runs, "meanwhile", classes=("early", "late"))
    take(page, "triangle")
    answer(page)
    page.locator("#run input").click()
    choices = page.locator("[role=option]")
    expect(choices).to_have_count(len(services.catalogue.ready()))
    expect(choices.nth(0)).to_contain_text("shapes")
    choices.nth(1).click()  # the newest
    page.get_by_text("early, late").wait_for()

    def offline(self, pretrained, report):
        raise DataError("download.checksum", name="ResNet-18")

    monkeypatch.setattr(Catalogue, "fetch", offline)
    unfold(page, "#fetch")
    page.get_by_role("button", name="Download weights").click()
    page.get_by_text("What was downloaded as ResNet-18 is not the file").wait_for()
    page.locator("#offer button").click()
    page.locator("#offer", has_text="What was downloaded as").wait_for()


def test_the_keyboard_alone_is_enough(page):
    sample(page, "circle").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    answer(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reach(page, "copy")
    page.evaluate(  # it is said for a moment only
        """() => {
          const button = document.activeElement, said = window.said = [];
          new MutationObserver(() => said.push(button.textContent)).observe(button, {childList: true});
        }"""
    )
    page.keyboard.press("Enter")
    page.wait_for_function("window.said.includes('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(copied) == 5 and 0.5 < sum(float(line.split("\t")[1]) for line in copied) < 1.01
    reach(page, "class", "Shift+Tab")
    page.keyboard.press("Enter")
    page.locator("#heatmap h2").wait_for()


def test_every_class_has_a_heat_map_and_options_change_maps_and_answers(page):
    take(page, "heart")
    best = answer(page)
    page.locator("#heatmap h2", has_text=f"“{best}”").wait_for()
    other = page.locator("#result button.class").nth(1)
    other.click()
    page.locator("#heatmap h2", has_text=f"“{other.inner_text()}”").wait_for()
    over = page.locator("#heatmap .over img + img")
    assert over.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 8
    page.locator("#heatmap input[type=range]").fill("20")
    assert over.evaluate("image => image.style.opacity") == "0.2"
    unfold(page, "#heat-options")
    page.locator("#layer input").click()
    page.locator("[role=option]", has_text="stage 1").first.click()
    page.locator("#heatmap summary").click()
    page.locator("#heatmap .caption", has_text="32 × 32 feature maps of layer1").wait_for()
    page.locator("#method input").click()
    page.locator("[role=option]", has_text="saliency").click()
    page.locator("#heatmap .caption", has_text="Simonyan").wait_for()
    with page.expect_download() as download:
        page.locator("#heatmap button").click()
    assert Image.open(download.value.path()).size == (928, 928)
    take(page, "cross")
    page.locator("#heatmap h2", has_text=f"“{answer(page)}”").wait_for()
    rest(page)
    page.locator("#result .track").nth(2).click()  # the bar of a class stands for it
    page.locator("#heatmap h2", has_text=page.locator("#result button.class").nth(2).inner_text()).wait_for()

    unfold(page, "#options")
    page.get_by_label("number input for Classes shown").fill("3")
    page.keyboard.press("Tab")
    page.wait_for_function("document.querySelectorAll('#result tbody tr').length === 3")
    page.get_by_label("number input for Temperature").fill("10")
    page.keyboard.press("Tab")
    page.locator("#result .note").wait_for()


def test_on_a_phone_the_answer_comes_first_fits_and_stays_when_the_page_is_opened_again(opened):
    page = opened(width=390, height=844)
    page.locator("#heatmap .over img + img").wait_for()  # nothing was clicked
    page.wait_for_function("document.documentElement.scrollWidth <= 390")
    take(page, "star")
    best = answer(page)
    page.locator("#heatmap h2", has_text=f"“{best}”").wait_for()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("document.documentElement.scrollWidth <= 390")
        page.wait_for_function(
            """() => {
              const [result, picture, best] = ['#result', '#picture', '#result .best']
                .map(part => document.querySelector(part).getBoundingClientRect().top);
              return result < picture && best < 844;
            }"""
        )
    rest(page)
    page.reload()
    page.locator("#picture img").wait_for()
    page.locator("#heatmap h2", has_text=f"“{best}”").wait_for()


def test_on_the_chinese_page_the_answer_is_chinese(opened):
    page = opened(language="zh")
    take(page, "五角星", "star")
    assert answer(page) in shapes.CLASSES_ZH
    assert page.locator("#result .knows b").inner_text() == "、".join(shapes.CLASSES_ZH)
    page.locator("#heatmap h2", has_text="支持").wait_for()


def test_doors_below_the_answer_and_the_lesson_lead_from_tab_to_tab(visit, server):
    page = visit()
    blocks = page.locator("#welcome .row button")
    expect(blocks).to_have_count(9)
    blocks.nth(3).click()
    expect(page.locator("#welcome .words")).to_contain_text("16 × 32 × 32 to 32 × 16 × 16")
    chosen = page.locator("#tabs > .tab-wrapper [role=tab][aria-selected=true]")
    page.locator("#welcome .doors a").nth(2).click()
    expect(chosen).to_have_text("Networks")
    page.locator("#diagram svg").first.wait_for()

    page.locator("#header .lesson-switch").click()
    expect(chosen).to_have_text("Compare")
    expect(page.locator("#lesson .answer")).to_be_hidden()
    page.locator("#lesson summary").click()
    expect(page.locator("#lesson .answer")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(chosen).to_have_text("Networks")
    assert "lesson=2" in page.url and page.locator("#lesson .back").is_enabled()
    page.goto(f"{server}?lesson=6")
    page.locator("#lesson h2").wait_for()
    expect(chosen).to_have_text("Networks")
    page.locator("#inside-flow .tiles").first.wait_for()
    expect(page.locator("#lesson h2")).to_have_text(re.compile("without one of its shortcuts"))
    page.locator("#lesson .end").click()
    expect(page.locator("#lesson .lesson")).to_be_hidden()
    assert "lesson" not in page.url


def reach(page, name: str, key: str = "Tab") -> None:
    """Press `key` until the focus is on a button of this class."""
    for _ in range(60):
        if page.evaluate(f"document.activeElement.classList.contains('{name}')"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} cannot be reached with {key}")
