"""The differences between the networks of a race, in a browser: at equal steps, with their noise, and taken away."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from difference_page import RaceScene, difference_page
from hands import TWO_FRAMES, type_into
from made_runs import NASTY
from playwright.sync_api import expect
from renewed import renew

from resnet_demo.engine.events import Resumed
from resnet_demo.runs.queue.manager import Status
from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser

LOSS, ACCURACY = ".chart.loss", ".chart.accuracy"
LINES = "svg => [...svg.querySelectorAll(':scope > svg > g:nth-child(5) > path')].map(path => path.getAttribute('d'))"
LENGTH = f"({LINES})(document.querySelector('{LOSS} > svg'))[0].split('L').length - 1"
BANDS = "svg => [...svg.querySelectorAll(':scope > svg > g:nth-child(2) > path')].map(path => path.getAttribute('d'))"


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    scene = RaceScene(tmp_path_factory.mktemp("differences"))
    with difference_page(scene):
        yield scene


@pytest.fixture(scope="module")
def kept(stay, scene):
    """The page that stays open."""
    return stay(address=scene.address)


@pytest.fixture
def show(visit, kept, scene):
    """`show(value, **options of visit)` shows these runs: on the page that stays open, begun anew, and with options on
    another; `show.again(page, value)` gives it others."""

    def again(page, *runs: dict) -> None:
        box = page.locator("#value textarea, #value input")
        type_into(box, json.dumps({"runs": runs}))
        box.press("Enter")

    def open_page(*runs: dict, **options):
        page = visit(address=scene.address, **options) if options else kept
        if page is kept:
            renew(page, ".difference .empty")
        page.locator(".difference .empty").wait_for(state="attached")
        again(page, *runs)
        return page

    open_page.again = again
    return open_page


def member(run, title: str, style: str) -> dict:
    return {"id": run.id, "title": title, "style": style}


def noisy(seed: int, mean: float = 0.0):
    """By how much a run is ahead at each step; known numbers."""
    table = np.random.RandomState(seed).normal(mean, 0.05, 3000)
    return lambda step: float(table[step])


def running(scene, name: str, step: int, every: int = 2, **options):
    run = scene.add(name, **options)
    run.start()
    run.go_to(step, every)
    return run


def reported(scene, run) -> list[list]:
    """The run's reports as the page gets them."""
    return scene.tails.poll({"runs": {run.id: 0}})[run.id]["points"]


def latest(page, chart: str = LOSS) -> list[tuple[float, float]]:
    """(mean, two standard errors) of each run as they are written below a chart."""
    texts = page.locator(f"{chart} .latest span").all_inner_texts()
    found = [re.search(r"([+−]?[\d.]+) ± ([\d.]+)", words).groups() for words in texts]
    return [(float(mean.replace("−", "-")), float(error)) for mean, error in found]


def saved(page, name: str) -> bytes:
    with page.expect_download() as found:
        page.get_by_role("button", name=name, exact=True).click()
    return Path(found.value.path()).read_bytes()


def table(page) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(saved(page, "CSV").decode("utf-8-sig"))))


def test_nothing_is_compared_before_two_have_reported(show, scene):
    first, second = running(scene, "lonely", 20), scene.add("late")
    scene.queue["late"] = Status("queued", 1)
    page = show(member(first, "A", "A"), member(second, "B", "B"))
    expect(page.locator(".difference .empty")).to_be_visible()
    second.start()
    second.go_to(20)
    del scene.queue["late"]
    expect(page.locator(".difference .body")).to_be_visible()
    expect(page.locator(".difference .empty")).to_be_hidden()


def test_lines_and_bands_are_means_and_standard_errors_of_equal_steps(show, scene):
    first, second = running(scene, "even", 100), running(scene, "odd", 100, ahead=noisy(1, 0.1))
    page = show(member(first, "ResNet-8 A", "A"), member(second, "ResNet-8 B", "B"))
    page.locator(f"{LOSS} .latest span").wait_for()
    losses = np.array([row[4] for row in reported(scene, second)]) - [row[4] for row in reported(scene, first)]
    window = losses[-20:]
    ((mean, error),) = latest(page)
    assert mean == pytest.approx(window.mean(), abs=0.006)
    assert error == pytest.approx(2 * window.std(ddof=1) / np.sqrt(20), abs=0.006)
    rows = [row for row in table(page) if row["event"] == "report"]
    assert [int(row["step"]) for row in rows] == list(range(2, 101, 2))
    np.testing.assert_allclose([float(row["loss"]) for row in rows], losses, atol=1e-5)
    assert [row["mean_loss"] for row in rows[:2]] == ["", ""]  # too few for an error
    for at in (2, 10, 49):
        window = losses[max(0, at - 19) : at + 1]
        assert float(rows[at]["mean_loss"]) == pytest.approx(window.mean(), abs=1e-5)
        assert float(rows[at]["error_loss"]) == pytest.approx(window.std(ddof=1) / np.sqrt(len(window)), abs=1e-5)
    (line, _), (band,) = page.locator(f"{LOSS} > svg").evaluate(LINES), page.locator(f"{LOSS} > svg").evaluate(BANDS)
    assert line.count("L") == 47 and band.count("L") == 2 * 48 - 1 and band.endswith("z")


def test_reports_that_lie_differently_are_compared_over_equal_steps(show, scene):
    """As in long histories, or after one of them had to catch up."""
    first, second = running(scene, "often", 80, every=2), running(scene, "seldom", 80, every=8)
    page = show(member(first, "A", "A"), member(second, "B", "B"))
    page.locator(f"{LOSS} .latest span").wait_for()
    rows = [row for row in table(page) if row["event"] == "report"]
    assert [int(row["step"]) for row in rows] == list(range(8, 81, 8))
    often, seldom = reported(scene, first), reported(scene, second)
    expected = [seldom[i][4] - np.mean([row[4] for row in often[4 * i : 4 * i + 4]]) for i in range(10)]
    np.testing.assert_allclose([float(row["loss"]) for row in rows], expected, atol=1e-5)


def test_they_grow_in_place_and_what_a_checkpoint_took_back_is_gone(show, scene):
    first, second = running(scene, "one", 40), running(scene, "two", 40, ahead=noisy(2))
    page = show(member(first, "A", "A"), member(second, "B", "B"))
    page.locator(f"{LOSS} .latest span").wait_for()
    path = page.locator(f"{LOSS} > svg")
    path.evaluate("svg => { svg.mine = true; }")
    before = path.evaluate(LINES)[0].count("L")
    for run in (first, second):
        run.go_to(80)
    page.wait_for_function(f"least => {LENGTH} > least", arg=before)
    assert path.evaluate("svg => svg.mine")
    cursors = [asked["runs"][first.id] for asked in scene.asked if first.id in asked["runs"]]
    assert cursors == sorted(cursors) and len(set(cursors)) > 1
    second.log(Resumed(60, {}, "a machine"))
    second.step = 60
    page.wait_for_function(f"most => {LENGTH} <= most", arg=27)
    assert max(int(row["step"]) for row in table(page) if row["event"] == "report") == 60


def test_another_reference_and_another_window(show, scene):
    runs = [running(scene, name, 100, ahead=noisy(seed, mean)) for name, seed, mean in (("a", 3, 0), ("b", 4, 0.2))]
    third = running(scene, "c", 100, ahead=noisy(5, 0.4))
    page = show(member(runs[0], "A", "A"), member(runs[1], "B", "B"), member(third, "C", "C"))
    page.locator(f"{LOSS} .latest span").first.wait_for()
    (b, wide), (c, _) = latest(page)
    words = page.locator(f"{LOSS} .latest span").first.inner_text()
    assert b == pytest.approx(-0.2, abs=0.05) and c == pytest.approx(-0.4, abs=0.05)
    page.locator(".less select").select_option(label="C")
    expect(page.locator(f"{LOSS} > svg text").first).to_have_text("Loss − loss of C")
    (a, _), (b, _) = latest(page)
    assert a == pytest.approx(0.4, abs=0.05) and b == pytest.approx(0.2, abs=0.05)
    page.locator(".less select").select_option(label="A")
    expect(page.locator(f"{LOSS} .latest span").first).to_have_text(words)
    page.locator(".size input").evaluate("node => { node.value = 5; node.dispatchEvent(new Event('input')); }")
    expect(page.locator(".difference .hint")).to_contain_text("last 5 reports")
    expect(page.locator(f"{LOSS} .latest span").first).not_to_have_text(words)
    assert latest(page)[0][1] != wide


def test_they_are_read_by_keyboard_and_zoomed_as_the_curves_are(show, scene):
    first, second = running(scene, "read", 100), running(scene, "zoomed", 100, ahead=noisy(6))
    page = show(member(first, "A", "A"), member(second, "B", "B"))
    page.locator(f"{ACCURACY} .latest span").wait_for()
    page.locator(f"{ACCURACY} > svg").focus()
    page.keyboard.press("End")
    expect(page.locator(f"{ACCURACY} .tip")).to_contain_text("step 100")
    page.keyboard.press("+")
    expect(page.locator(".reset")).to_be_enabled()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".reset")).to_be_disabled()


def test_names_stay_text_on_the_page_and_in_files(show, scene):
    first, second = running(scene, "nasty", 60), running(scene, "formula", 60)
    page = show(member(first, NASTY, "A"), member(second, "=1+1", "B"))
    expect(page.locator(f"{LOSS} > svg text").first).to_contain_text("${alert(1)}<img")
    assert page.locator(".difference img").count() == 0
    rows = table(page)
    assert {row["run"] for row in rows} == {"'=1+1"} and {row["less"] for row in rows} == {NASTY}
    drawing = ElementTree.fromstring(saved(page, "SVG").decode())
    words = [node.text for node in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert any(NASTY in (text or "") for text in words) and any("2 standard errors" in (text or "") for text in words)
    assert saved(page, "PNG").startswith(b"\x89PNG")


def test_a_phone_in_chinese(show, scene):
    first, second = running(scene, "phone", 60), running(scene, "other", 60)
    page = show(member(first, "A", "A"), member(second, "B", "B"), width=390, language="zh")
    title = LANGUAGES["zh"]("difference.less.loss", run="A")
    expect(page.locator(f"{LOSS} > svg text").first).to_have_text(title)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(TWO_FRAMES)
        page.wait_for_function("document.documentElement.scrollWidth <= 390")
