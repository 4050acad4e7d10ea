"""The tab Networks in a real browser: click-through, keyboard, phone, dark, languages, downloads."""

from __future__ import annotations

import csv
import io
import re
import threading
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from hands import rest, type_into
from parts_page import parts_page
from PIL import Image
from playwright.sync_api import expect

from resnet_demo.models import ModelSpec, describe
from resnet_demo.ui import networks as networks_tab
from resnet_demo.ui.networks.architecture import handlers as tab
from resnet_demo.ui.shared import model_views as views
from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser


RESNET20 = ModelSpec.from_name("resnet20")


@pytest.fixture(scope="module")
def address(services):
    """The address of a page with this tab alone."""
    with parts_page(services, networks=networks_tab) as address:
        yield address


@pytest.fixture
def networks(visit, address):
    """The tab, opened by its address, once all is there; options are those of `visit`."""

    def open_tab(query: str = "networks", **options):
        page = visit(tab=query, address=address, **options)
        for part in ("#diagram svg", "#kind label", "#layers td", "#compared svg", "#numbers td", "#table6 td"):
            page.locator(part).first.wait_for()
        return page

    return open_tab


def part(page, name):
    return page.locator(f"#diagram .part[data-block='{name}']")


def choose(page, control: str, words: str) -> None:
    page.locator(f"#{control}").get_by_text(words, exact=True).click()


def choose_depth(page, depth: int) -> None:
    type_into(page.locator("#depth input"), str(depth))
    page.locator("[role=option]", has_text=str(depth)).first.click()


def drawn(page, parameters: str) -> None:
    page.locator("#diagram .facts", has_text=parameters).wait_for()


def download(page, button) -> tuple[str, bytes]:
    with page.expect_download() as found:
        button.click()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


def test_a_click_opens_a_block_and_leads_through_the_network_and_blocks_are_compared_as_asked(networks):
    page = networks()
    expect(page.locator("#compared figure")).to_have_count(4)
    choose(page, "compare-kind", "v1 and v1.5")
    page.locator("#compared figcaption", has_text="v1.5").wait_for()
    assert page.locator("#compared figure").count() == 2 and page.locator("#compared .layer.changed rect").count() == 2
    expect(page.locator("#compared-idea")).to_contain_text("torchvision")
    choose(page, "compare-place", "keeps them (Identity Block)")
    page.locator("#compared svg[aria-label='Identity Block layer2.1']").first.wait_for()
    expect(page.locator("#numbers thead button")).to_have_text(["Counted", "v1", "v1.5"])

    drawn(page, "25,557,032")
    assert page.locator("#block .block").is_hidden()
    part(page, "layer2.0").click()
    panel = page.locator("#block")
    panel.get_by_role("heading", name="Conv Block layer2.0").wait_for()
    assert part(page, "layer2.0").get_attribute("aria-expanded") == "true"
    formula = panel.locator(".formula").inner_text()
    assert "Wₛ x" in formula and formula.count("512×28×28") == 3
    assert "256×56×56" in panel.locator(".way").inner_text()
    assert "379,392" in panel.locator("tfoot").inner_text() and panel.locator("svg .layer[data-layer]").count() == 3
    assert "class Bottleneck(Block):" in panel.locator("pre").first.inner_text()
    panel.get_by_role("button", name="Next part").click()
    panel.get_by_role("heading", name="Identity Block layer2.1").wait_for()
    assert part(page, "layer2.1").get_attribute("aria-expanded") == "true"
    choose(page, "ways", "C: 1×1 convolution in every block")  # the block stays open while the network changes
    panel.locator(".way", has_text="although the shapes are equal").wait_for()
    panel.get_by_role("button", name="Close").click()
    panel.locator(".block").wait_for(state="hidden")
    page.locator("#layers tbody tr", has_text="layer4.1.conv2").click()
    panel.get_by_role("heading", name="Identity Block layer4.1").wait_for()


def test_choices_redraw_and_stand_in_the_address(networks):
    page = networks()
    choose(page, "family", "Small images (CIFAR)")
    drawn(page, "269,722")
    expect(page.locator("#depth input")).to_have_value(re.compile("^20 "))  # what is typed before is overwritten
    choose_depth(page, 110)
    drawn(page, "1,727,962")
    expect(page.locator("#stride")).to_be_hidden()
    expect(page.locator("#kind label")).to_have_count(2)  # 110 = 6·18 + 2 = 9·12 + 2
    choose(page, "kind", "Bottleneck")
    page.locator("#stride").wait_for()
    choose(page, "ways", "None (plain network)")
    page.locator("#diagram h2", has_text="Plain-110").wait_for()
    page.wait_for_url("**network=plain110&block=bottleneck")
    rest(page)
    page.reload()
    page.locator("#diagram h2", has_text="Plain-110").wait_for()
    expect(page.locator("#ways input:checked")).to_have_attribute("value", "none")


def test_a_number_out_of_bounds_is_a_sentence_and_what_is_typed_before_an_answer_stays(networks, monkeypatch):
    page, settings = networks(), tab.Handlers.settings
    type_into(page.locator("#input-size input"), "5")
    page.get_by_role("alert").filter(has_text="Input size (px) must be").wait_for()
    drawn(page, "4,089,184,256")
    page.locator("#input-size input").fill("320")
    page.locator("#diagram .wrong").wait_for(state="hidden")
    page.locator("#diagram svg", has_text="3×320×320").wait_for()

    def slow(*given):
        time.sleep(1)
        return settings(*given)

    monkeypatch.setattr(tab.Handlers, "settings", slow)
    choose(page, "ways", "C: 1×1 convolution in every block")
    type_into(page.locator("#input-size input"), "4")
    page.locator("#input-size input").fill("448")
    choose(page, "ways", "None (plain network)")
    page.locator("#diagram h2", has_text="Plain-50").wait_for()
    page.locator("#diagram svg", has_text="3×448×448").wait_for()
    expect(page.locator("#input-size input")).to_have_value("448")
    expect(page.locator("#ways input:checked")).to_have_attribute("value", "none")


def test_what_is_chosen_before_the_tab_has_its_first_answer_is_not_set_back_by_it(visit, address, monkeypatch):
    asked, begun, released = tab.from_address, threading.Event(), threading.Event()

    def slow(*given):
        begun.set()
        assert released.wait(60)
        return asked(*given)

    monkeypatch.setattr(tab, "from_address", slow)
    page = visit(tab="networks", address=address)
    assert begun.wait(60)
    choose(page, "ways", "None (plain network)")
    page.locator("#diagram h2", has_text="Plain-50").wait_for()
    released.set()
    page.locator("#table6 td").first.wait_for()  # the tab's first answer is there
    expect(page.locator("#ways input:checked")).to_have_attribute("value", "none")
    expect(page.locator("#diagram h2")).to_have_text(re.compile("Plain-50"))


def test_the_keyboard_alone_reads_and_opens_the_diagram(networks):
    page = networks()
    page.locator("#diagram [tabindex='0']").first.focus()
    readout = page.locator("#diagram .readout")
    assert readout.inner_text().startswith("Stem:")
    for key, said in (
        ("ArrowRight", "Stage 1, block 1 of 3, Conv Block"),
        ("ArrowRight", "Stage 1, block 2 of 3, Identity Block"),
        ("ArrowDown", "Stage 2, block 2 of 4"),
        ("ArrowUp", "Stage 1, block 2 of 3"),
        ("End", "Head:"),
        ("Home", "Stem:"),
        ("ArrowRight", "Stage 1, block 1"),
    ):
        page.keyboard.press(key)
        assert readout.inner_text().startswith(said)
        assert page.evaluate("document.activeElement.dataset.words") == readout.inner_text()
    assert page.locator("#diagram .figure [tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Conv Block layer1.0").wait_for()
    page.keyboard.press("Escape")
    page.locator("#block .block").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.dataset.block") == "layer1.0"
    choose_depth(page, 152)  # whose long stages are folded
    drawn(page, "60,192,808")
    assert page.locator("#diagram .part").count() == 12
    page.locator("#diagram .fold[data-stage='layer3']").click()
    part(page, "layer3.35").wait_for()
    assert page.locator("#diagram .part").count() == 12 - 2 + 36
    page.locator("#diagram .fold[data-stage='layer3']").focus()
    page.keyboard.press("Enter")
    part(page, "layer3.35").wait_for(state="detached")
    assert page.evaluate("document.activeElement.dataset.stage") == "layer3"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_a_phone_is_in_its_language_and_has_the_colours_of_the_page(networks, language):
    page, text = networks("networks&network=resnet152", width=390, height=844, language=language), LANGUAGES[language]
    drawn(page, "60,192,808")
    page.wait_for_function("""() => {  // the narrow drawing, at its own size
      const svg = document.querySelector('#diagram svg'), box = svg.getBoundingClientRect();
      return box.right <= 390 && box.width / svg.viewBox.baseVal.width > 0.95;
    }""")
    part(page, "layer2.0").click()
    page.locator("#block svg").wait_for()
    page.locator("#compared svg").first.wait_for()
    box, controls = page.locator("#diagram .part .box").first, page.locator("#networks .controls")
    inks = set()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("dark => document.body.classList.contains('dark') === dark", arg=theme == "dark")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        inks.add(box.evaluate("node => getComputedStyle(node).stroke"))
    assert len(inks) == 2
    expect(box).to_have_css("fill", page.evaluate("getComputedStyle(document.body).backgroundColor"))
    expect(controls).to_have_css("position", "static")  # in view only where they stand beside the drawing
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(controls).to_have_css("position", "sticky")
    for key in ("networks.depth", "networks.paper", "idea.cause.text", "idea.shortcuts.where", "blocks.marked"):
        expect(page.locator("#networks")).to_contain_text(text(key), use_inner_text=True)
    expect(page.locator("#diagram svg text", has_text=text("figure.stage", number=1))).to_have_count(1)


def test_downloads_hold_what_is_shown(networks):
    page = networks("networks&network=resnet20")
    drawn(page, "269,722")
    name, data = download(page, page.get_by_role("button", name="Download SVG").first)
    assert name == "resnet20-A.svg"
    assert data.decode() == views.diagram_value(RESNET20, LANGUAGES["en"])["wide"]
    drawing = ElementTree.fromstring(data)
    name, data = download(page, page.get_by_role("button", name="Download PNG"))
    image = Image.open(io.BytesIO(data)).convert("RGB")
    sides = tuple(int(2 * float(drawing.get(side))) for side in ("width", "height"))
    assert name == "resnet20-A.png" and image.size == sides
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert (0, 114, 178) in {colour for _, colour in image.getcolors(1 << 20)}  # the arcs of option A
    name, data = download(page, page.locator("#layers .csv"))
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    rows = describe(RESNET20).rows
    assert name == "layers.csv" and [line["Layer"] for line in lines] == [row.name for row in rows]
    assert sum(int(line["Parameters"]) for line in lines) == 269_722
    name, data = download(page, page.locator("#compared button").nth(1))
    assert name == "resnet20-B-layer2.0.svg" and b"changed" in data
