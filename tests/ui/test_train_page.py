"""The tab Train in a real browser: from the start of a run to a classified picture, and what can go wrong."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hands import type_into, unfold
from made_runs import NASTY, photograph, shapes_dataset
from pages import whole_page
from PIL import Image
from playwright.sync_api import expect

from resnet_demo.places import PROJECT
from resnet_demo.runs.files import LOG
from resnet_demo.runs.folder import RunFolder
from resnet_demo.services import Services
from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser
ENGLISH = LANGUAGES["en"]
LONG = 20_000  # steps: no machine is at their end before the test is, and few enough for not being compiled


@pytest.fixture
def train(visit):
    """The tab, opened by its address; options are those of `visit`."""

    def open_tab(query: str = "", **options):
        page = visit(tab=f"train{query}", **options)
        opened(page, query)
        return page

    return open_tab


@pytest.fixture
def public(places, tmp_path):
    """A server for strangers, with runs of its own; its services and its address."""
    from dataclasses import replace

    services = Services.create(replace(places, runs=tmp_path / "runs"), local=False)
    with whole_page(services) as address:
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


def finishes(page) -> None:
    """Wait until the run has finished and its buttons and fields say so too, which are filled anew by that."""
    state(page, "finished")
    expect(page.locator("#run-stop")).to_be_hidden()


def start(page) -> None:
    """Start a run and wait until the page shows it: another one may have been looked at, and this one may be short."""
    shown = page.locator("#curves .body")
    before = shown.get_attribute("data-run")
    page.locator("#train-start").click()
    expect(shown).not_to_have_attribute("data-run", before or "")


def newest(services: Services) -> RunFolder:
    return max(services.runs.list(), key=lambda run: (run.path / "config.json").stat().st_mtime_ns)


def test_from_the_start_of_a_run_to_a_classified_picture(train, services):
    page = train(query(length=LONG))
    start(page)
    state(page, "running")
    reaches(page, 5)
    run = newest(services)
    before = page.locator("#curves .charts path").first.get_attribute("d")
    reaches(page, 20)
    page.wait_for_function(  # charts are drawn after the words
        "before => document.querySelector('#curves .charts path').getAttribute('d') !== before", arg=before
    )

    page.reload()  # a closed laptop: the page finds the run again
    state(page, "running")
    reaches(page, 25)
    assert newest(services).id == run.id
    page.locator("#run-stop").click()
    state(page, "stopped")
    stopped = run.last_turn().step
    assert 25 <= stopped < LONG

    config = run.path / "config.json"  # so that the end is near
    config.write_text(config.read_text().replace(f'"length": {LONG}', f'"length": {stopped + 30}'))
    page.locator("#run-resume").click()
    state(page, "finished")
    assert run.last_turn().status == "finished" and run.last_turn().step == stopped + 30
    expect(page.locator("#matrix-validation h3, #matrix-validation .title").first).to_contain_text("Validation set")
    page.locator("#run-mistakes img").first.wait_for()

    page.locator("#run-classify").click()
    page.locator("#run .token", has_text=re.compile(r"ResNet-8 A · shapes, \d{4}")).wait_for()
    page.locator("#samples button[title^='star']").click()
    page.locator("#result .best strong").first.wait_for()


def bottom(page, part: str) -> float:
    box = page.locator(part).bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize(("width", "height", "presents"), [(1440, 900, False), (1280, 720, True), (390, 844, False)])
def test_before_the_first_run_a_recorded_one_and_a_start_are_in_sight(visit, public, width, height, presents):
    page = visit(tab="train", address=public[1], width=width, height=height)
    if presents:
        page.locator(".present-switch").first.click()
    expect(page.locator("#run-head h2")).to_have_text("A recorded run: ResNet-8 on shapes")
    page.locator("#curves .charts path[d]").first.wait_for()
    expect(page.locator("#run-again")).to_have_text(ENGLISH("train.like"))
    for part in ("#run-replay", "#run-again", "#curves .legend"):
        expect(page.locator(part)).to_be_in_viewport()
    if width == 390:  # the run, then the form, then the rest of the run
        assert bottom(page, "#run-buttons") < page.locator("#train-data").bounding_box()["y"]
        assert bottom(page, "#train-start") < page.locator("#runs").bounding_box()["y"]
    else:
        assert bottom(page, "#curves .charts") <= height
    if not presents and width > 390:
        assert bottom(page, "#train-start") <= height
    page.locator("#run-again").click()
    expect(page.locator("#run-head h2")).to_have_text("ResNet-8 A")
    for part in ("#run-head h2", "#run-stop", "#curves .legend"):
        expect(page.locator(part)).to_be_in_viewport()
    page.close()  # before its server ends


def test_a_wrong_value_is_said_beside_its_field_and_nothing_starts(train, services):
    page = train(query())
    before = len(services.runs.list())
    type_into(page.locator("#train-length input"), "-3")
    page.keyboard.press("Tab")
    expect(page.locator("#train-length")).to_contain_text("✗ a whole number from 1 to 10,000,000")
    page.locator("#train-start").click()
    page.get_by_role("alert").filter(has_text="Nothing was started").wait_for()
    assert len(services.runs.list()) == before
    page.locator("#train-length input").fill("20")
    page.keyboard.press("Tab")
    expect(page.locator("#train-length")).not_to_contain_text("✗")


def test_a_link_fills_somebody_elses_form_and_starts_nothing(train, services):
    page = train(query(depth=20, shortcut="C", lr=0.05))
    before = len(services.runs.list())
    expect(page.locator("#train-depth input")).to_have_value("20")
    expect(page.locator("#train-shortcut input:checked")).to_have_value("C")
    page.locator("#train-link .ask").click()
    expect(page.locator("#train-link input")).to_have_value(re.compile("^http"))
    address = page.locator("#train-link input").input_value()
    assert page.locator("#train-link img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 50
    theirs = page.context.new_page()
    theirs.goto(address)
    opened(theirs)
    expect(theirs.locator("#train-depth input")).to_have_value("20")
    expect(theirs.locator("#train-shortcut input:checked")).to_have_value("C")
    assert len(services.runs.list()) == before


def test_a_worker_that_is_killed_ends_its_run_with_advice_and_the_page_goes_on(train, services):
    page = train(query(length=LONG))
    start(page)
    reaches(page, 3)
    run = newest(services)
    (entry,) = services.manager.queue.training()
    os.kill(entry.task.pid, signal.SIGKILL)
    state(page, "failed")
    expect(page.locator("#curves .reason")).to_contain_text("SIGKILL")
    assert run.state() == "failed"
    page.locator("#run-resume").wait_for()
    page.get_by_role("tab", name="Classify").click()
    page.locator("#samples button").first.click()
    page.locator("#result .best strong").first.wait_for()


def test_name_note_delete_and_undo(train, services):
    page = train(query(length=20))
    start(page)
    finishes(page)
    run = newest(services)
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


def test_a_run_travels_as_a_zip(train, services):
    page = train(query(length=20))
    start(page)
    finishes(page)
    run = newest(services)
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


def test_on_a_low_screen_what_was_asked_for_is_brought_into_view(train):
    page = train(query(length=30), height=560)
    head = page.locator("#run-head h2")
    page.locator("#train-start").evaluate("button => button.scrollIntoView({block: 'start'})")
    expect(head).not_to_be_in_viewport()
    page.locator("#train-start").click()
    expect(head).to_be_in_viewport()
    finishes(page)
    expect(page.locator("#runs tbody tr").first).to_contain_text("finished")  # drawn anew: no row to click meanwhile
    page.locator("#runs").scroll_into_view_if_needed()
    expect(head).not_to_be_in_viewport()
    page.locator("#runs tbody tr").first.click()
    expect(head).to_be_in_viewport()
    page.locator("#run-buttons").scroll_into_view_if_needed()
    page.locator("#run-confusion").click()  # another tab begins at its top
    expect(page.locator("#tabs > .tab-wrapper")).to_be_in_viewport()
    expect(page.locator("#confusion-head h2")).to_contain_text("ResNet-8 A · shapes")


def test_a_published_run_is_replayed_as_recorded(train):
    page = train(query())
    page.locator("#runs tbody tr", has_text="recorded").first.click()
    expect(page.locator("#run-head h2")).to_have_text("A recorded run: ResNet-8 on shapes")
    page.locator("#run-replay").click()
    expect(page.locator("#curves .recorded")).to_be_visible()
    expect(page.locator("#curves .recorded")).to_have_text("recorded")


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


def test_strangers_cannot_reach_each_others_runs_and_a_link_only_shows(visit, public):
    services, address = public
    asked = query(length=LONG)
    mine = visit(tab=f"train{asked}", address=address)
    opened(mine, asked)
    start(mine)
    reaches(mine, 2)
    run = newest(services)
    expect(mine.locator("#runs tbody tr", has_text="training")).to_have_count(1)

    theirs = visit(tab="train", address=address)
    theirs.locator("#runs tbody tr").first.wait_for()
    theirs.locator("#run-classify").wait_for()  # the buttons have come
    expect(theirs.locator("#runs tbody tr", has_text="training")).to_have_count(0)
    expect(theirs.locator("#run-stop")).to_be_hidden()

    shared = visit(tab=f"train&run={run.id}", address=address)
    reaches(shared, 3)
    expect(shared.locator("#run-head .facts")).to_contain_text("not yours")
    shared.locator("#run-confusion").wait_for()  # the buttons have come
    expect(shared.locator("#run-stop")).to_be_hidden()
    expect(shared.locator("#manage")).to_be_hidden()
    shared.get_by_role("tab", name="Classify").click()
    shared.locator("#run input").click()
    shared.locator("[role=option]").first.wait_for()
    expect(shared.locator("[role=option]", has_text=re.compile(r", \d{4}-"))).to_have_count(0)

    mine.reload()
    state(mine, "running")
    mine.locator("#run-stop").click()
    state(mine, "stopped")


def serve(environment: dict[str, str]) -> tuple[subprocess.Popen, str]:
    """app.py in a process of its own, and its address."""
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
    )
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return process, found[0]
    raise AssertionError("the page did not start")


def test_a_server_that_is_killed_leaves_runs_that_can_be_resumed(visit, places, tmp_path):
    environment = {
        **os.environ,
        "RESNET_DEMO_RUNS": str(tmp_path / "runs"),
        "RESNET_DEMO_CACHE": str(places.cache),
        "RESNET_DEMO_WEIGHTS": str(places.weights),
    }
    first, address = serve(environment)
    second = None
    try:
        asked = query(length=LONG)
        page = visit(tab=f"train{asked}", address=address)
        opened(page, asked)
        start(page)
        reaches(page, 3)
        page.close()
        first.kill()
        first.wait()
        (folder,) = (path for path in (tmp_path / "runs").iterdir() if (path / LOG).is_file())
        run = RunFolder(folder)
        until = time.monotonic() + 60
        while run.state() != "interrupted":  # the worker ends as soon as it sees that nobody is there
            assert time.monotonic() < until, run.state()
            time.sleep(0.1)
        second, address = serve(environment)
        page = visit(tab=f"train&run={run.id}", address=address)
        state(page, "interrupted")
        page.locator("#run-resume").click()
        state(page, "running")
        page.locator("#run-stop").click()
        state(page, "stopped")
        page.close()
    finally:
        for process in (first, second):
            if process:
                process.kill()
                process.wait()


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_in_chinese_nothing_overflows(train, dark):
    page = train(query(), width=390, height=844, language="zh", dark=dark)
    page.locator("#run-head h2").wait_for()
    page.wait_for_function("document.documentElement.scrollWidth <= 390")
