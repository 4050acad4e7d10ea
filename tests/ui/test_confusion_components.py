"""What stands beside the confusion matrix: charts of confidence with a threshold, and a slider over recorded epochs."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from confidence_page import VALUES, confidence_page, made_answers, made_value
from hands import TWO_FRAMES, type_into
from made_runs import NASTY
from PIL import Image
from renewed import renew
from test_matrix import WATCHED

from resnet_demo.metrics.calibration import reliability

CHARTS = ("reliability", "histogram", "coverage")
BARS = """svg => [...svg.querySelectorAll(':scope > svg > g:nth-child(2) > path')].map(path => {
    const [, top, bottom] = path.getAttribute('d').match(/^M\\S+ (\\S+)H\\S+?V([\\d.-]+)/).map(Number);
    return {top, bottom, stroke: path.getAttribute('stroke')};
})"""
RIGHT, WRONG = "var(--body-text-color)", "#D55E00"


# --- what goes to the page


def test_a_value_is_plain_numbers_and_knows_no_nan():
    value = made_value(50)
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    empty = [count == 0 for count in value["reliability"]["count"]]
    assert any(empty) and empty == [accuracy is None for accuracy in value["reliability"]["accuracy"]]
    assert value["coverage"]["rows"] == 50 and value["coverage"]["answered"][0] == 50
    assert isinstance(value["reliability"]["ece"], float) and made_value(0)["reliability"]["ece"] is None


# --- the charts


@pytest.fixture(scope="module")
def scene():
    """The one server of these tests."""
    with confidence_page() as found:
        yield found


@pytest.fixture(scope="module")
def kept(stay, scene):
    """The page that stays open."""
    return stay(address=scene.address)


@pytest.fixture
def show(visit, kept, scene):
    """`show(name, **options of visit)` shows one of the values, without a name the first one: on the page that stays
    open, begun anew, and with options on another."""

    def open_page(name: str = "", **options):
        page = visit(address=scene.address, **options) if options else kept
        page.locator("#confidence .panel.coverage svg text").first.wait_for()
        page.locator("#hostile").wait_for()
        if page is kept:
            renew(page, "#confidence .panel.coverage")
            page.locator("#confidence .panel.coverage svg text").first.wait_for()
        scene.told.clear()
        if name:
            choose(page, name)
        return page

    return open_page


def choose(page, name: str) -> None:
    page.locator(f"#{name}").evaluate("button => button.click()")  # without moving the pointer
    page.locator("#confidence .title", has_text=VALUES[name]["title"]).wait_for()
    page.evaluate(TWO_FRAMES)


def readout(page, chart: str) -> str:
    return page.locator(f"#confidence .panel.{chart} .readout").inner_text().replace("\xa0", " ")


def point_at(page, chart: str, share: float) -> tuple[float, float]:
    """Where on the screen a share of the axis lies, at half height."""
    plot = page.locator(f"#confidence .panel.{chart} > svg > g > path").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


def wait_until(page, condition) -> None:
    for _ in range(600):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came")


@pytest.mark.browser
def test_the_charts_say_what_was_reckoned(show):
    page = show()
    found, value = reliability(*made_answers()), made_value()
    accuracy = np.sum(value["histogram"]["right"]) / 4000
    assert f"error {100 * found.ece:.1f} %" in readout(page, "reliability")
    assert f"{100 * accuracy:.1f} %" in readout(page, "reliability")
    right, wrong = (np.sum(value["histogram"][kind]) for kind in ("right", "wrong"))
    assert readout(page, "histogram") == f"{right:,} correct, {wrong:,} wrong"
    assert readout(page, "coverage").startswith("Confidence 0.0 % or above: 4,000 of 4,000 answered (100.0 %)")
    for chart in CHARTS:
        svg = page.locator(f"#confidence .panel.{chart} > svg")
        assert svg.get_attribute("role") == "img" and readout(page, chart) in svg.get_attribute("aria-label")


@pytest.mark.browser
def test_bars_are_as_high_as_their_numbers(show):
    page = show()
    found, value = reliability(*made_answers()), made_value()
    filled = found.count > 0
    bars = page.locator("#confidence .panel.reliability > svg").evaluate(BARS)
    right, gaps = ([bar for bar in bars if bar["stroke"] == kind] for kind in (RIGHT, WRONG))
    assert len(right) == len(gaps) == filled.sum()
    heights = np.array([bar["bottom"] - bar["top"] for bar in right])
    assert np.allclose(heights / heights.max(), found.accuracy[filled] / found.accuracy[filled].max(), atol=0.01)
    distance = np.abs(found.accuracy - found.confidence)[filled]
    drawn = np.array([bar["bottom"] - bar["top"] for bar in gaps]) * found.accuracy[filled].max() / heights.max()
    assert np.allclose(drawn, distance, atol=0.01)
    bars = page.locator("#confidence .panel.histogram > svg").evaluate(BARS)
    for kind, stroke in (("right", RIGHT), ("wrong", WRONG)):
        heights = np.array([bar["bottom"] - bar["top"] for bar in bars if bar["stroke"] == stroke])
        counts = np.array([count for count in value["histogram"][kind] if count])
        assert np.allclose(heights / heights.max(), counts / counts.max(), atol=0.01)


@pytest.mark.browser
def test_logarithmic_counts_show_the_rare_ones(show):
    page = show()
    histogram = page.locator("#confidence .panel.histogram > svg")

    def lowest() -> float:
        return min(bar["bottom"] - bar["top"] for bar in histogram.evaluate(BARS))

    before = lowest()
    button = page.get_by_role("button", name="Logarithmic scale")
    button.click()
    page.wait_for_function("document.querySelector('.panel.histogram > svg').textContent.includes('1,000')")
    assert button.get_attribute("aria-pressed") == "true" and lowest() > before + 5
    choose(page, "again")
    assert button.get_attribute("aria-pressed") == "true" and lowest() > 5  # a new value leaves the scale


@pytest.mark.browser
def test_a_bin_is_read_by_pointer_and_by_keyboard(show):
    page = show()
    found = made_value()
    idle = readout(page, "histogram")
    page.mouse.move(*point_at(page, "histogram", 0.975))
    right, wrong = (found["histogram"][kind][-1] for kind in ("right", "wrong"))
    assert readout(page, "histogram") == f"95 to 100 %: {right:,} correct, {wrong:,} wrong"
    page.mouse.move(5, 5)
    assert readout(page, "histogram") == idle
    page.mouse.move(*point_at(page, "reliability", 0.01))
    assert readout(page, "reliability") == "0 to 6.7 %: no images"
    page.mouse.move(5, 5)
    page.locator("#confidence .panel.reliability > svg").focus()
    page.keyboard.press("End")
    last = found["reliability"]
    expected = (
        f"93.3 to 100 %: {last['count'][-1]:,} images, confidence {100 * last['confidence'][-1]:.1f} %, "
        f"accuracy {100 * last['accuracy'][-1]:.1f} %"
    )
    assert readout(page, "reliability") == expected
    assert page.locator("#confidence .said").inner_text() == expected
    page.keyboard.press("ArrowLeft")
    assert readout(page, "reliability").startswith("86.7 to 93.3 %")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")  # nothing further
    first = next(i for i, count in enumerate(last["count"]) if count)
    assert readout(page, "reliability").startswith(f"{round(100 * first / 15, 1):g} to")
    page.keyboard.press("Escape")
    assert readout(page, "reliability").startswith("Expected calibration error")


@pytest.mark.browser
def test_the_threshold_is_dragged_and_told(show, scene):
    page = show()
    x, y = point_at(page, "coverage", 0.5)
    page.mouse.move(x, y)
    page.mouse.down()
    assert "Confidence 50.0 % or above" in readout(page, "coverage")
    page.mouse.move(*point_at(page, "coverage", 0.8), steps=5)
    page.mouse.up()
    page.mouse.move(x, y)  # no longer held
    coverage = made_value()["coverage"]
    answered, right = coverage["answered"][80], coverage["right"][80]
    assert readout(page, "coverage") == (
        f"Confidence 80.0 % or above: {answered:,} of 4,000 answered ({answered / 40:.1f} %), "
        f"accuracy {100 * right / answered:.1f} %"
    )
    slider = page.get_by_role("slider", name="Answer at this confidence or above")
    assert slider.get_attribute("aria-valuetext") == readout(page, "coverage")
    wait_until(page, lambda: {"value": 0.8} in scene.of("threshold"))  # requests may overtake each other
    slider.focus()
    page.keyboard.press("ArrowRight")
    wait_until(page, lambda: {"value": 0.81} in scene.of("threshold"))
    page.keyboard.press("End")
    assert readout(page, "coverage").startswith("Confidence 100.0 % or above")
    wait_until(page, lambda: {"value": 1.0} in scene.of("threshold"))  # nothing is left for the next test
    assert len(scene.of("threshold")) < 15


@pytest.mark.browser
def test_a_new_value_leaves_the_threshold_unless_it_sends_it(show, scene):
    page = show()
    slider = page.get_by_role("slider", name="Answer at this confidence or above")
    slider.fill("60")
    wait_until(page, lambda: scene.of("threshold") == [{"value": 0.6}])
    choose(page, "again")
    assert "Confidence 60.0 % or above" in readout(page, "coverage")
    choose(page, "noted")
    choose(page, "sent")
    assert "Confidence 90.0 % or above" in readout(page, "coverage")
    slider.fill("30")
    choose(page, "repeated")  # what was sent before
    assert "Confidence 30.0 % or above" in readout(page, "coverage")
    choose(page, "again")
    assert "Confidence 30.0 % or above" in readout(page, "coverage")
    wait_until(page, lambda: scene.of("threshold") == [{"value": 0.6}, {"value": 0.3}])  # only what the visitor did


@pytest.mark.browser
def test_where_there_is_nothing_it_says_so(show):
    page = show("nobody")
    assert page.locator("#confidence .empty").inner_text() == "There are no probabilities to show."
    assert not page.locator("#confidence .drawn").is_visible()
    choose(page, "noted")
    assert "keeps no probabilities" in page.locator("#confidence .note").inner_text()
    assert not page.locator("#confidence .empty").is_visible()
    choose(page, "few")
    assert page.locator("#confidence .drawn").is_visible()
    page.get_by_role("slider", name="Answer at this confidence or above").fill("100")
    assert readout(page, "coverage").endswith("0 of 3 answered (0.0 %), accuracy –")


@pytest.mark.browser
def test_what_is_taken_away_is_whole_and_hostile_names_stay_text(show):
    page = show("hostile", dark=True)
    assert page.locator("#confidence .title").inner_text() == NASTY
    page.get_by_role("slider", name="Answer at this confidence or above").fill("70")

    def download(kind: str) -> Path:
        with page.expect_download() as found:
            page.get_by_role("button", name=f"Download {kind}").click()
        assert re.fullmatch(rf"[\w.-]+-confidence\.{kind.lower()}", found.value.suggested_filename)
        return Path(found.value.path())

    source = download("SVG").read_text(encoding="utf-8")
    assert "var(" not in source and "currentColor" not in source and "class=" not in source
    root = ElementTree.fromstring(source)
    words = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert NASTY in words and f"=1+1 {NASTY}" in words
    assert not list(root.iter("{http://www.w3.org/2000/svg}image")) and "<img" not in source
    assert any(line.startswith("Confidence 70.0 % or above") for line in words)
    assert any(line.startswith("Expected calibration error") for line in words)
    with Image.open(download("PNG")) as image:
        assert image.width > 2000 and image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24)}
        assert {(213, 94, 0), (0, 114, 178)} <= colours
    rows = list(csv.DictReader(io.StringIO(download("CSV").read_bytes().decode("utf-8-sig"))))
    value = made_value()
    assert [row["chart"] for row in rows] == ["reliability"] * 15 + ["histogram"] * 20 + ["coverage"] * 101
    bins = [row for row in rows if row["chart"] == "reliability"]
    assert [int(row["count"]) for row in bins] == value["reliability"]["count"]
    assert [float(row["accuracy"]) if row["accuracy"] else None for row in bins] == value["reliability"]["accuracy"]
    assert [int(row["wrong"]) for row in rows if row["chart"] == "histogram"] == value["histogram"]["wrong"]
    assert [int(row["answered"]) for row in rows if row["chart"] == "coverage"] == value["coverage"]["answered"]
    assert "NaN" not in json.dumps(rows)


@pytest.mark.browser
def test_on_a_phone_in_chinese_everything_fits(show):
    page = show(width=390, height=844, language="zh")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "期望校准误差" in readout(page, "reliability")
    boxes = [page.locator(f"#confidence .panel.{chart} > svg").bounding_box() for chart in CHARTS]
    assert all(box["width"] > 300 and box["x"] + box["width"] <= 390 for box in boxes)
    assert boxes[0]["y"] < boxes[1]["y"] < boxes[2]["y"]


# --- the slider over epochs


EPOCHS = [[50 * i, float(i)] for i in range(1, 6)]


@pytest.fixture
def scrub(show):
    """`scrub(value, **options of visit)` opens the page with it; `scrub.again(page, value)` gives it another value."""

    def again(page, value: dict) -> None:
        box = page.locator("#epochs textarea, #epochs input")
        type_into(box, json.dumps(value))
        box.press("Enter")

    def open_page(value: dict, **options):
        page = show(**options)
        again(page, value)
        return page

    open_page.again = again
    return open_page


def at(page, words: str) -> None:
    page.wait_for_function("words => document.querySelector('#scrubber .at').textContent === words", arg=words)


@pytest.mark.browser
def test_an_epoch_is_chosen_by_hand_and_told_once(scrub, scene):
    page = scrub({"run": "a", "epochs": EPOCHS})
    at(page, "Epoch 5 of 5, step 250")
    slider = page.get_by_role("slider", name="Epoch shown")
    slider.focus()
    page.keyboard.press("Home")
    at(page, "Epoch 1 of 5, step 50")
    wait_until(page, lambda: scene.of("epoch") == [{"run": "a", "step": 50}])
    page.keyboard.press("ArrowRight")
    at(page, "Epoch 2 of 5, step 100")
    assert slider.get_attribute("aria-valuetext") == "Epoch 2 of 5, step 100"
    wait_until(page, lambda: scene.of("epoch")[1:] == [{"run": "a", "step": 100}])
    scrub.again(page, {"run": "b", "epochs": EPOCHS[:3]})  # another run: at its end, and nobody is told
    at(page, "Epoch 3 of 3, step 150")
    scrub.again(page, {"run": "b", "epochs": EPOCHS[:3], "step": 100})
    at(page, "Epoch 2 of 3, step 100")
    scrub.again(page, {"run": "b", "epochs": EPOCHS[:2] + EPOCHS[3:], "step": 100})
    at(page, "Epoch 2 of 5, step 100")
    slider.focus()
    page.keyboard.press("End")
    wait_until(page, lambda: scene.of("epoch")[2:] == [{"run": "b", "step": 250}])


@pytest.mark.browser
def test_it_plays_to_the_end_and_a_hand_stops_it(scrub, scene):
    page = scrub({"run": "a", "epochs": EPOCHS})
    at(page, "Epoch 5 of 5, step 250")
    button = page.locator("#scrubber .play")
    for watched in (button, page.locator("#scrubber .at")):
        watched.evaluate(WATCHED)
    button.click()
    wait_until(page, lambda: sorted(told["step"] for told in scene.of("epoch")) == [50, 100, 150, 200, 250])
    page.locator("#scrubber .play", has_text="Play").wait_for()
    seen, places = page.evaluate("watched"), [f"Epoch {i} of 5, step {50 * i}" for i in range(1, 6)]
    assert [one for one in seen if one in places] == places
    assert [one for one in seen if one not in places] == ["❚❚ Pause", "▶ Play"]
    button.click()
    wait_until(page, lambda: len(scene.of("epoch")) > 5)
    page.get_by_role("slider", name="Epoch shown").fill("3")
    at(page, "Epoch 4 of 5, step 200")
    page.locator("#scrubber .play", has_text="Play").wait_for()
    page.evaluate("() => new Promise(done => setTimeout(done, 1000))")  # its next epoch would have come before
    at(page, "Epoch 4 of 5, step 200")
    wait_until(page, lambda: {"run": "a", "step": 200} in scene.of("epoch")[5:])  # nothing is left for the next test


@pytest.mark.browser
def test_it_goes_with_a_run_when_it_stands_at_its_end(scrub, scene):
    page = scrub({"run": "live", "epochs": [], "running": True, "note": "It begins soon."})
    page.locator("#scrubber .empty", has_text="It begins soon.").wait_for()
    assert not page.locator("#scrubber .play").is_visible()
    scrub.again(page, {"run": "live", "epochs": EPOCHS[:1], "running": True})
    at(page, "Epoch 1 of 1, step 50; following the run")
    assert page.locator("#scrubber .play").is_disabled()
    wait_until(page, lambda: scene.of("epoch") == [{"run": "live", "step": 50}])
    scrub.again(page, {"run": "live", "epochs": EPOCHS[:3], "running": True})
    at(page, "Epoch 3 of 3, step 150; following the run")
    wait_until(page, lambda: scene.of("epoch")[1:] == [{"run": "live", "step": 150}])
    page.get_by_role("slider", name="Epoch shown").fill("1")
    wait_until(page, lambda: scene.of("epoch")[2:] == [{"run": "live", "step": 100}])
    scrub.again(page, {"run": "live", "epochs": EPOCHS[:4], "running": True})
    at(page, "Epoch 2 of 4, step 100")  # whoever looks back stays
    page.get_by_role("slider", name="Epoch shown").fill("3")
    at(page, "Epoch 4 of 4, step 200; following the run")
    wait_until(page, lambda: len(scene.of("epoch")) == 4)
    scrub.again(page, {"run": "live", "epochs": EPOCHS[:2], "running": True})  # resumed from a checkpoint
    at(page, "Epoch 2 of 2, step 100; following the run")
    wait_until(page, lambda: scene.of("epoch")[4:] == [{"run": "live", "step": 100}])
    scrub.again(page, {"run": "live", "epochs": EPOCHS[:2], "running": False})
    at(page, "Epoch 2 of 2, step 100")
    scrub.again(page, {"run": "other", "epochs": []})
    page.locator("#scrubber .empty", has_text="No epoch has been recorded yet.").wait_for()
    assert len(scene.of("epoch")) == 5


@pytest.mark.browser
def test_the_slider_speaks_chinese_on_a_phone(scrub):
    page = scrub({"run": "a", "epochs": EPOCHS, "running": True}, width=390, height=844, language="zh")
    at(page, "第 5 轮，共 5 轮，第 250 步；跟随训练更新")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#scrubber .play").inner_text() == "▶ 播放"
