"""The live curves in a browser: drawn in place, kept as somebody wants to see them, read, replayed and taken away."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from curves_page import Scene, curves_page
from hands import TWO_FRAMES, type_into
from made_runs import NASTY
from PIL import Image
from playwright.sync_api import expect
from renewed import renew

from resnet_demo.engine.events import Resumed
from resnet_demo.runs.queue.manager import Status
from resnet_demo.runs.tail import MOST_POINTS

pytestmark = pytest.mark.browser

LOSS, ACCURACY = ".chart.loss > svg", ".chart.accuracy > svg"
# the lines of a chart: [colour, dashes, number of points, how far to the right it comes]
LINES = """svg => [...svg.querySelectorAll(':scope > svg > g:nth-child(4) > path')].map(path => {
    const points = path.getAttribute('d').match(/[-\\d.]+ [-\\d.]+/g) || [];
    return [path.getAttribute('stroke'), path.getAttribute('stroke-dasharray'), points.length,
        points.length ? Number(points.at(-1).split(' ')[0]) : 0];
})"""
DRAWN = f"document.querySelector('{LOSS}')"
TICKS = "svg => [...svg.querySelectorAll('text')].map(node => node.textContent)"


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """The one server of these tests."""
    scene = Scene(tmp_path_factory.mktemp("curves"))
    with curves_page(scene):
        yield scene


@pytest.fixture(scope="module")
def kept(stay, scene):
    """The page that stays open."""
    return stay(address=scene.address)


@pytest.fixture
def show(visit, kept, scene):
    """`show(value, **options of visit)` shows these curves: on the page that stays open, begun anew, and with options
    on another; `show.again(page, value)` gives it others."""

    def again(page, *runs: dict, replay: str | None = None) -> None:
        box = page.locator("#value textarea, #value input")
        type_into(box, json.dumps({"runs": runs, "replay": replay}))
        box.press("Enter")

    def open_page(*runs: dict, replay: str | None = None, **options):
        page = visit(address=scene.address, **options) if options else kept
        if page is kept:
            renew(page, ".curves .empty")
        page.locator(".curves .empty").wait_for()
        again(page, *runs, replay=replay)
        page.locator(LOSS).wait_for()
        return page

    open_page.again = again
    return open_page


def shown(run, title: str = "", style: str = "A", paper: float | None = None) -> dict:
    return {"id": run.id, "title": title or run.id, "style": style, "paper": paper}


def lines(page, chart: str = LOSS) -> list:
    return page.locator(chart).evaluate(LINES)


def wait_for_state(page, words: str) -> None:
    page.locator(".state b", has_text=words).wait_for()


def wait_for_step(page, step: int) -> None:
    page.locator(".state .at", has_text=f"Step {step:,},").wait_for()
    page.evaluate(TWO_FRAMES)  # it is drawn a frame after its words


def wait_for_ticks(page, words: str, there: bool = True) -> None:
    """Wait until the chart of the loss has been drawn with this tick, or without it."""
    page.wait_for_function(f"([words, there]) => ({TICKS})({DRAWN}).includes(words) === there", arg=[words, there])


def zoom(page, chart: str = LOSS, start: float = 0.3, end: float = 0.6) -> None:
    page.evaluate(TWO_FRAMES)  # what was chosen before may have moved it
    page.locator(chart).scroll_into_view_if_needed()
    box = page.locator(chart).bounding_box()
    page.mouse.move(box["x"] + start * box["width"], box["y"] + 90)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], box["y"] + 100, steps=4)
    page.mouse.up()
    expect(page.locator(".reset")).to_be_enabled()
    page.evaluate(TWO_FRAMES)


def told(scene, name: str, run) -> list:
    """What the page was told about a run, in order: states, or steps of epochs."""
    return [
        data["state" if name == "state" else "step"]
        for kind, data in scene.told
        if kind == name and data["run"] == run.id
    ]


def wait_until(page, condition) -> None:
    while not condition():  # the test's own time limit ends it
        page.wait_for_timeout(50)


# --- growing


def test_a_run_grows_in_place_and_only_what_is_new_is_asked_for(show, scene):
    run = scene.add("growing")
    run.start()
    run.go_to(60)
    page = show(shown(run, paper=0.9125))
    wait_for_step(page, 60)
    page.evaluate("document.querySelectorAll('.chart svg, .chart path').forEach(node => { node.mine = true; })")
    first = lines(page)
    run.go_to(140)
    wait_for_step(page, 140)
    second = lines(page)
    assert second[0][2] > first[0][2] and second[0][3] > first[0][3]
    assert page.evaluate("[...document.querySelectorAll('.chart.loss svg')].every(node => node.mine)")
    assert page.evaluate("document.querySelector('.chart.loss > svg > svg > g:nth-child(4) > path').mine")
    cursors = [asked["runs"][run.id] for asked in scene.asked if run.id in asked["runs"]]
    assert cursors[0] == 0 and cursors == sorted(cursors) and len(set(cursors)) > 1
    assert "He et al. 2015: 91.25 %" in page.locator(ACCURACY).evaluate(TICKS)
    assert "500" in page.locator(LOSS).evaluate(TICKS)  # the axis is as long as the run will be
    numbers = dict(
        zip(
            page.locator(".numbers dt").all_inner_texts(),
            page.locator(".numbers dd").all_inner_texts(),
            strict=True,
        )
    )
    assert numbers["Validation accuracy"] == f"{100 * run.epoch(100).validation_accuracy:.2f} %"
    assert page.locator(".left").inner_text().startswith("Estimated time left: ")
    assert page.locator(".bar").get_attribute("aria-valuenow") == "28"
    run.finish()
    wait_for_state(page, "Finished")
    wait_until(page, lambda: told(scene, "state", run) == ["running", "finished"])
    wait_until(page, lambda: told(scene, "epoch", run) == [50, 100])


def test_what_is_chosen_survives_what_comes_in(show, scene):
    run = scene.add("chosen")
    run.start()
    run.go_to(200)
    page = show(shown(run))
    wait_for_step(page, 200)
    page.locator(".legend button", has_text="validation").click()
    page.get_by_role("button", name="Gradient norm").click()
    zoom(page, end=0.4)
    page.locator(LOSS).hover(position={"x": 200, "y": 80})
    page.locator(".chart.loss .tip").wait_for()
    before, ticks = page.locator(".chart.loss .tip").inner_text(), page.locator(LOSS).evaluate(TICKS)
    run.go_to(400)
    wait_for_step(page, 400)
    assert page.locator(".chart.loss .tip").inner_text() == before
    assert page.locator(LOSS).evaluate(TICKS) == ticks and page.locator(".reset").is_enabled()
    assert len(lines(page)) == len(lines(page, ACCURACY)) == 1
    assert page.locator(".chart.norm > svg").is_visible()
    assert page.locator(".legend button", has_text="validation").get_attribute("aria-pressed") == "false"
    page.locator(".reset").click()
    wait_for_ticks(page, "500")
    expect(page.locator(".reset")).to_be_disabled()
    zoom(page)
    wait_for_ticks(page, "500", there=False)
    page.locator(LOSS).dblclick(position={"x": 100, "y": 80})
    page.wait_for_function("document.querySelector('.reset').disabled")
    run.die()


def test_however_long_a_run_few_points_are_drawn(show, scene):
    run = scene.add("long", total=6000)
    run.start()
    run.go_to(2000)
    page = show(shown(run))
    wait_for_step(page, 2000)
    for step in (4000, 6000):
        run.go_to(step)
        wait_for_step(page, step)
        assert MOST_POINTS / 4 < lines(page)[0][2] <= MOST_POINTS
    whole = lines(page)[0][2]
    zoom(page, end=0.35)
    assert 10 < lines(page)[0][2] < whole
    run.die()


def test_what_resuming_takes_back_is_taken_off(show, scene):
    run = scene.add("resumed")
    run.start()
    run.go_to(300)
    page = show(shown(run))
    wait_for_step(page, 300)
    before = lines(page)
    run.log(Resumed(100, {}, "a machine"))
    run.step = 100
    run.go_to(120)
    wait_for_step(page, 120)
    after = lines(page)
    assert [line[3] for line in after] < [line[3] for line in before] and after[1][2] == 2
    run.die()


# --- several


def test_overlaid_runs_are_told_apart_without_colour(show, scene):
    runs = [scene.recorded(f"overlaid-{i}", total=200 + 100 * i) for i in range(5)]
    styles = ["A", "B", "plain", "A", "other"]
    page = show(*(shown(run, f"run {i}", style) for i, (run, style) in enumerate(zip(runs, styles, strict=True))))
    page.wait_for_function("document.querySelectorAll('.chart.loss > svg > svg > g:nth-child(4) > path').length === 10")
    wait_for_step(page, 200)
    drawn = lines(page)
    assert len({colour for colour, *_ in drawn}) == 5
    assert len({dashes for _, dashes, *_ in drawn}) == 5
    assert drawn[0][:2] == ["#0072B2", "none"] and drawn[2][0] == "#E69F00"
    page.locator(LOSS).hover(position={"x": 150, "y": 80})
    page.locator(".chart.loss .tip").wait_for()
    said = page.locator(".chart.loss .tip").inner_text()
    assert all(f"run {i}" in said for i in range(5)) and "validation" in said
    page.locator(".legend .runs button", has_text="run 0").click()
    page.wait_for_function("document.querySelectorAll('.chart.loss > svg > svg > g:nth-child(4) > path').length === 8")
    assert "run 0" not in page.locator(LOSS).get_attribute("aria-label")
    show.again(page, shown(runs[0], "run 0"), shown(runs[1], "run 1", "B"))
    page.wait_for_function("document.querySelectorAll('.legend .runs button').length === 2")
    assert page.locator(".legend .runs button", has_text="run 0").get_attribute("aria-pressed") == "false"


def test_one_run_has_training_solid_and_validation_dashed(show, scene):
    page = show(shown(scene.recorded("single"), style="C"))
    wait_for_step(page, 500)
    (training, validation), colours = lines(page), "#009E73"
    assert training[:2] == [colours, "none"] and validation[0] == colours and validation[1] != "none"


# --- states


def test_states_are_said_and_told(show, scene):
    run = scene.add("waiting")
    scene.queue["waiting"] = Status("queued", 2, 75.0)
    page = show(shown(run, NASTY))
    wait_for_state(page, "Queued at position 2, starts in about 1 min 15 s")
    assert NASTY in page.locator(".said").inner_text()
    scene.queue["waiting"] = Status("queued", 1)
    wait_for_state(page, "Queued at position 1")
    run.start()
    wait_for_state(page, "Starting")
    run.go_to(20)
    wait_for_state(page, "Training")
    del scene.queue["waiting"]
    run.finish("failed", "Out of memory after step 20: choose a smaller batch.")
    wait_for_state(page, "Failed")
    assert page.locator(".reason").inner_text() == "Out of memory after step 20: choose a smaller batch."
    wait_until(page, lambda: told(scene, "state", run) == ["queued", "running", "failed"])
    asked = len(scene.asked)
    page.wait_for_timeout(1500)
    assert len(scene.asked) == asked  # nothing more can come
    scene.queue["waiting"] = Status("queued", 1)
    show.again(page, {**shown(run, NASTY), "turn": 2})  # resumed
    wait_for_state(page, "Queued at position 1")
    del scene.queue["waiting"]


def test_nobody_asks_while_nobody_looks(show, scene):
    run = scene.add("unseen")
    run.start()
    run.go_to(20)
    page = show(shown(run))
    wait_for_step(page, 20)
    under_way = set()
    page.on("request", lambda request: under_way.add(request) if "component_server" in request.url else None)
    page.on("requestfinished", lambda request: under_way.discard(request))
    page.wait_for_event("requestfinished", lambda request: "component_server" in request.url)  # each later one is seen
    page.get_by_role("tab", name="two").click()
    page.get_by_text("another tab").wait_for()
    wait_until(page, lambda: not under_way)
    asked = len(scene.asked)
    run.go_to(60)
    page.wait_for_timeout(1500)
    assert len(scene.asked) == asked
    page.get_by_role("tab", name="one").click()
    wait_for_step(page, 60)
    run.die()
    wait_for_state(page, "Interrupted")


def test_a_server_that_does_not_answer_is_asked_again(show, scene):
    run = scene.add("lost")
    run.start()
    run.go_to(20)
    page = show(shown(run))
    wait_for_step(page, 20)
    page.route("**/component_server/**", lambda route: route.fulfill(status=200, body="a proxy's page"))
    wait_for_state(page, "No answer from the server")
    assert lines(page)[0][2] == 10
    run.go_to(40)
    page.unroute("**/component_server/**")
    wait_for_step(page, 40)
    wait_for_state(page, "Training")
    run.die()


def test_a_run_that_is_gone_says_so_and_no_run_says_what_to_do(show, scene):
    page = show({"id": "nobody", "title": "nobody", "style": "A"})
    wait_for_state(page, "no longer exists")
    show.again(page)
    page.locator(".empty", has_text="Start or choose a run").wait_for()
    expect(page.locator(LOSS)).to_be_hidden()


def test_the_page_is_told_what_its_address_asks_for(visit, scene):
    page = visit(address=scene.address)
    before = len(scene.told)
    page.goto(f"{scene.address}?run=abc&tab=one")
    wait_until(page, lambda: ("mount", {"run": "abc", "tab": "one"}) in scene.told[before:])


# --- replay


def test_a_recorded_run_plays_back_and_says_that_it_is_recorded(show, scene):
    run = scene.recorded("recorded", total=100, pace=2)  # long enough to be stopped by a slow hand
    page = show(shown(run), replay=run.id)
    page.locator(".recorded", has_text="recorded").wait_for()
    wait_for_state(page, "Replay")
    page.get_by_role("button", name="Pause").click()
    assert page.locator(".speed").input_value() == "1" and page.locator(".speed option").count() == 5
    slider = page.get_by_role("slider", name="Position in the recording")
    slider.fill("37.5")
    wait_for_step(page, 74)
    assert page.locator(".replay .time").inner_text() == "38 s / 50 s"
    wait_until(page, lambda: told(scene, "epoch", run)[-1:] == [50])
    assert [line[2] for line in lines(page)] == [37, 1]
    page.locator(".speed").select_option("20")
    page.get_by_role("button", name="Play").click()
    wait_for_step(page, 100)
    wait_until(page, lambda: told(scene, "epoch", run) == [50, 100])
    wait_until(page, lambda: told(scene, "state", run) == ["finished"])
    page.get_by_role("button", name="Play").wait_for()  # it stands at its end
    with page.expect_download() as found:
        page.get_by_role("button", name="SVG").click()
    assert "recorded" in Path(found.value.path()).read_text(encoding="utf-8")
    show.again(page, shown(run))
    wait_for_state(page, "Finished")
    expect(page.locator(".recorded")).to_be_hidden()
    expect(page.locator(".replay")).to_be_hidden()


# --- reading


def test_values_are_read_by_keyboard(show, scene):
    run = scene.recorded("read")
    page = show(shown(run))
    wait_for_step(page, 500)
    page.locator(LOSS).focus()
    page.keyboard.press("Home")
    page.locator(".chart.loss .tip", has_text="step 2").wait_for()
    page.keyboard.press("ArrowRight")
    page.locator(".chart.loss .tip", has_text="step 4").wait_for()
    assert "step 4" in page.locator(".said").inner_text() and page.locator(".said").get_attribute("role") == "status"
    page.keyboard.press("End")
    page.locator(".chart.loss .tip", has_text="step 500").wait_for()
    page.keyboard.press("+")
    page.wait_for_function("!document.querySelector('.reset').disabled")
    for _ in range(2):  # first what is read, then the zoom
        page.keyboard.press("Escape")
    page.wait_for_function("document.querySelector('.reset').disabled")
    label = page.locator(LOSS).get_attribute("aria-label")
    assert page.locator(LOSS).get_attribute("role") == "img"
    assert re.fullmatch(r"Loss: training: 0\.\d+; validation: 0\.\d+", label)


def test_axes_scales_and_smoothing_can_be_chosen(show, scene):
    run = scene.recorded("axes", total=1000, pace=1)
    page = show(shown(run))
    wait_for_step(page, 1000)
    page.locator(".axis select").select_option("epoch")
    page.wait_for_function("document.querySelector('.chart.loss > svg').textContent.includes('epoch')")
    assert "20" in page.locator(LOSS).evaluate(TICKS)
    page.locator(".axis select").select_option("seconds")
    page.wait_for_function("document.querySelector('.chart.loss > svg').textContent.includes('minutes')")
    assert "15" in page.locator(LOSS).evaluate(TICKS)
    assert "0.0" in page.locator(LOSS).evaluate(TICKS)
    page.get_by_role("button", name="Log scale").click()
    page.wait_for_function(f"!({TICKS})(document.querySelector('.chart.loss > svg')).includes('0.0')")
    faint = page.locator(".chart.loss > svg > svg > g:nth-child(3) > path")
    assert faint.count() == 1
    page.locator(".smoothing input").fill("0")
    page.wait_for_function("!document.querySelector('.chart.loss > svg > svg > g:nth-child(3) > path')")


# --- taking away


def test_what_is_downloaded_is_right_on_white_and_holds_every_point(show, scene):
    run, other = scene.recorded("taken", total=200), scene.recorded("other", total=100)
    title = "=1+1 <b>&"
    page = show(shown(run, title, paper=0.9), shown(other, "second", "B"), dark=True)
    wait_for_step(page, 200)

    def download(kind: str) -> Path:
        with page.expect_download() as found:
            page.get_by_role("button", name=kind, exact=True).click()
        assert found.value.suggested_filename == f"_1_1_b_-curves.{kind.lower()}"
        return Path(found.value.path())

    source = download("SVG").read_text(encoding="utf-8")
    assert "var(" not in source and "currentColor" not in source and "class=" not in source
    words = [
        "".join(node.itertext()) for node in ElementTree.fromstring(source).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert {title, "second", "training", "validation", "Loss", "Accuracy (%)"} <= set(words)
    with Image.open(download("PNG")) as image:
        assert image.width > 1500 and image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
        assert (0, 114, 178) in {colour for _, colour in image.convert("RGB").getcolors(1 << 24)}
    rows = list(csv.DictReader(io.StringIO(download("CSV").read_bytes().decode("utf-8-sig"))))
    assert {row["run"] for row in rows} == {f"'{title}", "second"}
    mine = [row for row in rows if row["run"] != "second"]
    assert len([row for row in mine if row["event"] == "report"]) == 100
    assert [row["step"] for row in mine if row["event"] == "epoch"] == ["50", "100", "150", "200"]
    assert float(mine[-1]["validation_accuracy"]) == pytest.approx(run.epoch(200).validation_accuracy, rel=1e-4)


# --- elsewhere


def test_on_a_phone_in_chinese_it_fits_and_a_finger_reads_it(show, scene):
    page = show(shown(scene.recorded("phone")), width=390, height=844, language="zh")
    page.locator(".state b", has_text="已完成").wait_for()
    page.evaluate(TWO_FRAMES)  # it is read only once it is drawn
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(LOSS).evaluate(
        """svg => {
            const box = svg.getBoundingClientRect();
            const at = {clientX: box.x + 150, clientY: box.y + 80, pointerType: 'touch', bubbles: true};
            svg.setPointerCapture = () => {};  // knows real pointers only
            for (const kind of ['down', 'up', 'leave']) svg.dispatchEvent(new PointerEvent(`pointer${kind}`, at));
        }"""
    )
    page.locator(".chart.loss .tip", has_text="训练").wait_for()
    tip, chart = page.locator(".chart.loss .tip").bounding_box(), page.locator(LOSS).bounding_box()
    assert tip["x"] >= 0 and tip["x"] + tip["width"] <= 390
    assert chart["width"] > 300
