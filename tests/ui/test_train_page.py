"""The tab Train in a real browser: from the start of a run to a classified picture, and what can go wrong."""

from __future__ import annotations

import io
import os
import re
import signal
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hands import type_into, unfold
from made_runs import NASTY, make_trained_run, photograph, shapes_dataset
from parts_page import parts_page
from PIL import Image
from playwright.sync_api import expect

from resnet_demo.runs.folder import RunFolder
from resnet_demo.services import Services
from resnet_demo.ui import classify
from resnet_demo.ui import train as tab
from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser
ENGLISH = LANGUAGES["en"]
LONG = 20_000  # steps: no machine is at their end before the test is, and few enough for not being compiled


@pytest.fixture(scope="module")
def address(services):
    """The address of a page with this tab and Classify, whose networks it chooses."""
    with parts_page(services, classify=classify, train=tab) as address:
        yield address


@pytest.fixture
def train(visit, address):
    """The tab, opened by its address; options are those of `visit`."""

    def open_tab(query: str = "", **options):
        page = visit(tab=f"train{query}", **{"address": address} | options)
        opened(page, query)
        return page

    return open_tab


@pytest.fixture
def public(places, tmp_path):
    """A server for strangers, with runs of its own; its services and its address."""
    with closing(Services.create(replace(places, runs=tmp_path / "runs"), local=False)) as services:
        with parts_page(services, classify=classify, train=tab) as address:
            yield services, address


def query(**values: object) -> str:
    """A link that fills the form with a small run on shapes."""
    small = {"data": "shapes", "unit": "steps", "length": 60, "batch_size": 16, "precision": "fp32"} | values
    return "".join(f"&{name}={value}" for name, value in small.items())


def opened(page, query: str = "") -> None:
    """Wait until the tab has been filled: the run that is looked at, and the form as `query` asks."""
    page.locator("#curves .state b").wait_for()
    if asked := re.search(r"&length=(\d+)", query):
        expect(page.locator("#train-length input")).to_have_value(asked[1])


def state(page, name: str) -> None:
    """Wait until the run that is looked at is in this state."""
    expect(page.locator("#curves .state b")).to_contain_text(ENGLISH(f"curves.state.{name}").partition("{")[0][:8])


def reaches(page, step: int) -> None:
    """Wait until the curves have come so far."""
    page.wait_for_function(
        """least => Number((document.querySelector('#curves .state')?.textContent.match(/Step ([\\d,]+)/)?.[1] ?? '0')
          .replaceAll(',', '')) >= least""",
        arg=step,
    )


def start(page) -> None:
    """Start a run and wait until the page shows it: another one may have been looked at, and this one may be short."""
    shown = page.locator("#curves .body")
    before = shown.get_attribute("data-run")
    page.locator("#train-start").click()
    expect(shown).not_to_have_attribute("data-run", before or "")


def newest(services: Services) -> RunFolder:
    return max(services.runs.list(), key=lambda run: (run.path / "config.json").stat().st_mtime_ns)


def test_from_the_start_of_a_run_to_a_classified_picture(train, services):
    """On a low screen, where what was asked for is brought into view; its worker is killed, and it is resumed."""
    page = train(query(length=LONG), address="", height=560)
    head = page.locator("#run-head h2")
    page.locator("#train-start").evaluate("button => button.scrollIntoView({block: 'start'})")
    expect(head).not_to_be_in_viewport()
    start(page)
    expect(head).to_be_in_viewport()
    state(page, "running")
    reaches(page, 5)
    run = newest(services)
    before = page.locator("#curves .charts path").first.get_attribute("d")
    reaches(page, 20)
    page.wait_for_function(  # charts are drawn after the words
        "before => document.querySelector('#curves .charts path').getAttribute('d') !== before", arg=before
    )

    (entry,) = services.manager.queue.training()
    os.kill(entry.task.pid, signal.SIGKILL)
    state(page, "failed")
    expect(page.locator("#curves .reason")).to_contain_text("SIGKILL")
    assert run.state() == "failed"
    reached = run.last_turn().step
    assert 20 <= reached < LONG
    config = run.path / "config.json"  # so that the end is near
    config.write_text(config.read_text().replace(f'"length": {LONG}', f'"length": {reached + 30}'))
    page.locator("#run-resume").click()
    state(page, "finished")
    assert run.last_turn().status == "finished" and run.last_turn().step == reached + 30
    expect(page.locator("#matrix-validation h3, #matrix-validation .title").first).to_contain_text("Validation set")
    page.locator("#run-mistakes img").first.wait_for()

    row = page.locator("#runs tbody tr").first
    expect(row).to_contain_text("finished")  # drawn anew: no row to click meanwhile
    row.scroll_into_view_if_needed()
    expect(head).not_to_be_in_viewport()
    row.click()
    expect(head).to_be_in_viewport()
    page.locator("#run-buttons").scroll_into_view_if_needed()
    page.locator("#run-confusion").click()  # another tab begins at its top
    expect(page.locator("#tabs > .tab-wrapper")).to_be_in_viewport()
    expect(page.locator("#confusion-head h2")).to_contain_text("ResNet-8 A · shapes")

    page.get_by_role("tab", name="Train").click()
    page.locator("#run-classify").click()
    page.locator("#run .token", has_text=re.compile(r"ResNet-8 A · shapes, \d{4}")).wait_for()
    page.locator("#samples button[title^='star']").click()
    page.locator("#result .best strong").first.wait_for()


def in_sight(page, *parts: str, whole: bool = False) -> None:
    for part in parts:
        expect(page.locator(part)).to_be_in_viewport(ratio=1 if whole else None)


def expect_above(page, upper: str, lower: str) -> None:
    """Wait until one part ends before the other begins."""
    page.wait_for_function(
        """parts => {
          const [upper, lower] = parts.map(part => document.querySelector(part).getBoundingClientRect());
          return upper.bottom < lower.top;
        }""",
        arg=[upper, lower],
    )


def test_strangers_begin_with_a_recorded_run_start_their_own_and_share_links_that_only_show(visit, public):
    services, address = public
    asked = query(length=LONG)
    mine = visit(tab=f"train{asked}", address=address, width=1440, height=900)
    opened(mine, asked)
    expect(mine.locator("#run-head h2")).to_have_text("A recorded run: ResNet-8 on shapes")
    mine.locator("#curves .charts path[d]").first.wait_for()
    expect(mine.locator("#run-again")).to_have_text(ENGLISH("train.like"))
    recorded = ("#run-replay", "#run-again", "#curves .legend")
    running = ("#run-head h2", "#run-stop", "#curves .legend")
    in_sight(mine, *recorded)
    in_sight(mine, "#curves .charts", "#train-start", whole=True)
    mine.set_viewport_size({"width": 1280, "height": 720})
    mine.locator(".present-switch").first.click()
    in_sight(mine, *recorded)
    in_sight(mine, "#curves .charts", whole=True)
    mine.keyboard.press("Escape")
    mine.set_viewport_size({"width": 390, "height": 844})  # the run, then the form, then the rest of the run
    in_sight(mine, *recorded)
    expect_above(mine, "#run-buttons", "#train-data")
    expect_above(mine, "#train-start", "#runs")

    mine.locator("#run-again").click()
    expect(mine.locator("#run-head h2")).to_have_text("ResNet-8 A")
    in_sight(mine, *running)
    for width, height in ((1440, 900), (1280, 720)):
        mine.set_viewport_size({"width": width, "height": height})
        in_sight(mine, *running)
    mine.locator(".present-switch").first.click()
    in_sight(mine, *running)
    mine.keyboard.press("Escape")
    reaches(mine, 2)
    run = newest(services)
    expect(mine.locator("#runs tbody tr", has_text="training")).to_have_count(1)

    theirs = visit(tab=f"train&run={run.id}", address=address)
    reaches(theirs, 3)
    expect(theirs.locator("#run-head .facts")).to_contain_text("not yours")
    theirs.locator("#run-confusion").wait_for()  # the buttons have come
    expect(theirs.locator("#run-stop")).to_be_hidden()
    expect(theirs.locator("#manage")).to_be_hidden()
    theirs.locator("#runs tbody tr").first.wait_for()
    expect(theirs.locator("#runs tbody tr", has_text="training")).to_have_count(0)
    theirs.get_by_role("tab", name="Classify").click()
    theirs.locator("#run input").click()
    theirs.locator("[role=option]").first.wait_for()
    expect(theirs.locator("[role=option]", has_text=re.compile(r", \d{4}-"))).to_have_count(0)

    mine.reload()  # a closed laptop: the page finds the run again
    state(mine, "running")
    assert newest(services).id == run.id
    mine.locator("#run-stop").click()
    state(mine, "stopped")
    expect(mine.locator("#run-resume")).to_be_visible()
    assert 3 <= run.last_turn().step < LONG


def test_the_form_is_filled_by_a_link_makes_one_and_says_what_is_wrong_beside_its_field(train, services):
    page = train(query(depth=20, shortcut="C", lr=0.05))
    before = len(services.runs.list())
    expect(page.locator("#train-depth input")).to_have_value("20")
    expect(page.locator("#train-shortcut input:checked")).to_have_value("C")
    page.locator("#train-link .ask").click()
    expect(page.locator("#train-link input")).to_have_value(re.compile("^http"))
    made, own = (
        dict(parse_qsl(urlsplit(one).query)) for one in (page.locator("#train-link input").input_value(), page.url)
    )
    assert made | {"data": "shapes"} == own  # as this page was opened; the form begins with `shapes`
    assert page.locator("#train-link img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 50

    type_into(page.locator("#train-length input"), "-3")
    page.keyboard.press("Tab")
    expect(page.locator("#train-length")).to_contain_text("✗ a whole number from 1 to 10,000,000")
    page.locator("#train-start").click()
    page.get_by_role("alert").filter(has_text="Nothing was started").wait_for()
    page.locator("#train-length input").fill("20")
    page.keyboard.press("Tab")
    expect(page.locator("#train-length")).not_to_contain_text("✗")

    page.locator("#runs tbody tr", has_text="recorded").first.click()
    expect(page.locator("#run-head h2")).to_have_text("A recorded run: ResNet-8 on shapes")
    page.locator("#run-replay").click()
    expect(page.locator("#curves .recorded")).to_be_visible()
    expect(page.locator("#curves .recorded")).to_have_text("recorded")
    assert len(services.runs.list()) == before


def test_a_run_is_named_deleted_brought_back_and_travels_as_a_zip(train, services):
    run = make_trained_run(services.places.runs, "travels")
    page = train("&run=travels")
    state(page, "finished")
    unfold(page, "#manage")
    page.locator("#manage-name textarea, #manage-name input").first.fill(NASTY)
    page.locator("#manage-save").click()
    expect(page.locator("#run-head h2")).to_have_text(NASTY)
    assert run.name == NASTY
    page.locator("#runs td, #runs th").filter(has_text="alert(2)").first.wait_for()
    page.locator("#manage-delete").click()
    page.locator("#manage-undo").wait_for()
    expect(page.locator("#run-head h2")).not_to_have_text(NASTY)
    assert run.id not in {one.id for one in services.runs.list()}
    page.locator("#manage-undo").click()
    expect(page.locator("#run-head h2")).to_have_text(NASTY)
    assert run.id in {one.id for one in services.runs.list()}

    expect(page.locator("#run-head .download")).to_be_visible()
    with page.expect_download() as found:
        page.locator("#run-head .download").click()
    path = Path(found.value.path())
    with zipfile.ZipFile(path) as archive:
        names = {Path(name).name for name in archive.namelist()}
    assert {"config.json", "events.jsonl", "model.safetensors"} <= names and "resume.pt" not in names
    unfold(page, "#upload-run")
    page.locator("#upload-file input[type=file]").set_input_files(
        {"name": "run.zip", "mimeType": "application/zip", "buffer": path.read_bytes()}
    )
    expect(page.locator("#upload-said")).to_contain_text("added to the table")
    again = newest(services)
    assert again.id != run.id and again.state() == "finished"


def class_zip(names: dict[str, int], extra: dict[str, bytes] | None = None) -> bytes:
    """A zip with so many pictures of plain noise in each class folder."""
    buffer = io.BytesIO()
    pictures = shapes_dataset(200, 10).train.images
    with zipfile.ZipFile(buffer, "w") as archive:
        at = 0
        for name, count in names.items():
            for index in range(count):
                file = io.BytesIO()
                Image.fromarray(pictures[at]).save(file, "png")
                archive.writestr(f"{name}/{index}.png", file.getvalue())
                at += 1
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def bring(page, content: bytes) -> None:
    unfold(page, "#own")
    page.locator("#own-file input[type=file]").set_input_files(
        {"name": "pets.zip", "mimeType": "application/zip", "buffer": content}
    )


def test_own_pictures_are_previewed_trained_on_and_classified_with(train, services):
    page = train(query(length=20))
    bring(page, class_zip({"cat": 20, NASTY.replace("/", ""): 6}, {"cat/broken.png": b"no picture"}))
    expect(page.locator("#own-said")).to_contain_text("26 images in 2 classes")
    expect(page.locator("#own-said")).to_contain_text("broken.png")
    expect(page.locator("#own-classes tbody tr")).to_have_count(2)
    expect(page.locator("#own-classes tbody img")).to_have_count(2)
    expect(page.locator("#train-data input")).to_have_value("yours: pets")
    start(page)
    state(page, "finished")
    assert set(newest(services).config.classes) == {"cat", NASTY.replace("/", "")}
    page.locator("#run-classify").click()
    expect(page.locator("#result .knows")).to_contain_text("cat")  # no other network gets the picture
    page.locator("#picture input[type=file]").first.set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    assert page.locator("#result .best strong").first.inner_text() in ("cat", NASTY.replace("/", ""))


def test_on_a_phone_in_chinese_nothing_overflows(train):
    page = train(query(), width=390, height=844, language="zh")
    page.locator("#run-head h2").wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("document.documentElement.scrollWidth <= 390")
