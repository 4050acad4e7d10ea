"""A race in a real browser: started, watched, left and found again, stopped, resumed, and shown to others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hands import TWO_FRAMES, unfold
from made_race import lengthen, make_race
from made_runs import write_weights
from managed import Puppets, wait_until
from playwright.sync_api import expect
from race_page import race_page

from resnet_demo.engine.events import RunFinished, RunStarted, StepMetrics
from resnet_demo.engine.reasons import because
from resnet_demo.runs.files import STOP
from resnet_demo.runs.folder import RunFolder
from resnet_demo.services import Services
from resnet_demo.ui.compare.race import views
from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser
ENGLISH = LANGUAGES["en"]
FAILED = RunFinished("failed", 60, 3.0, **because("ended.loss", step=60, lr=100.0))
CURVES, DIFFERENCES = (
    f"{part} .chart.loss > svg > svg > g:nth-child({group}) > path"
    for part, group in (("#race-curves", 4), ("#race-difference", 5))
)
LONG = 100_000  # steps: no machine is at their end before the test is


@pytest.fixture(scope="module")
def made(places, tmp_path_factory):
    """A server of one's own, for whoever sits at this machine: its services and its address."""
    services = Services.create(replace(places, runs=tmp_path_factory.mktemp("races")), local=True)
    with race_page(services) as address:
        yield services, address
    services.manager.close()


@pytest.fixture
def public(places, tmp_path):
    """A server for strangers, whose races train as the test says: services, address, what carries them out."""
    puppets = Puppets()
    services = Services.create(replace(places, runs=tmp_path / "runs"), executor=puppets)
    with race_page(services) as address:
        yield services, address, puppets
    services.manager.close()


@pytest.fixture
def open_race(visit, made):
    """The section, of the module's server or another; options are those of `visit`."""

    def open_page(race: str = "", address: str = "", **options):
        page = visit(tab=f"compare{f'&race={race}' if race else ''}", address=address or made[1], **options)
        page.locator("#race-start").wait_for()
        page.locator("#race-head h2").wait_for()
        return page

    return open_page


def fill(page, *variants: str, **numbers: object) -> None:
    """A small race on shapes."""
    if not page.locator("#race-settings button.label-wrap.open").count():
        unfold(page, "#race-settings")
    expect(page.locator("#race-variants input")).to_have_count(4)
    for box in page.locator("#race-variants input").all():
        box.set_checked(any(box.evaluate("node => node.parentElement.innerText").startswith(one) for one in variants))
    for name, value in (("data", "shapes"), ("unit", "steps"), ("depth", "8")):
        page.locator(f"#race-{name} input").click()
        page.locator(f"li[role=option][aria-label='{value}']").click()
        expect(page.locator(f"#race-{name} input")).to_have_value(value)
    for name, value in ({"length": LONG, "batch_size": 16} | numbers).items():
        page.locator(f"#race-{name} input").fill(str(value))
        page.keyboard.press("Tab")


def state(page, name: str) -> None:
    words = ENGLISH.words[f"curves.state.{name}"].partition(" ")[0].rstrip(":")
    expect(page.locator("#race-curves .state b")).to_contain_text(words)


def reaches(page, step: int) -> None:
    page.wait_for_function(
        """least => Number((document.querySelector('#race-curves .state')?.textContent.match(/Step ([\\d,]+)/)?.[1]
          ?? '0').replaceAll(',', '')) >= least""",
        arg=step,
    )


def lines(page, selector: str, count: int, before: Sequence[str] = ()) -> list[str]:
    """The lines of a chart, once there are so many, and those in training are others than `before`.

    Curves and differences each ask for themselves what is new, and draw it a frame after their words.
    """
    found = page.wait_for_function(
        """([selector, count, before]) => {
          const found = [...document.querySelectorAll(selector)].map(path => path.getAttribute('d'));
          return found.length === count && found.every((line, i) => i % 2 || line && line !== before[i]) && found;
        }""",
        arg=[selector, count, list(before)],
    )
    return found.json_value()


def newest(services: Services) -> list:
    """The members of the latest race, if there is one."""
    runs = [run for run in services.runs.list() if run.config.race]
    if not runs:
        return []
    latest = max(runs, key=lambda run: (run.path / "config.json").stat().st_mtime_ns)
    return list(views.race_of(services, latest.config.race))


def report(step: int) -> StepMetrics:
    return StepMetrics(step, step / 50, step / LONG, step / 20, 2.0, 0.3, 0.1, 1.0, 900.0)


def test_a_race_from_start_to_end(open_race, made):
    services, _ = made
    page = open_race()
    expect(page.locator("#race-head h2")).to_have_text(ENGLISH("race.empty"))
    fill(page, "B", length=-3)
    expect(page.locator("#race-length")).to_contain_text("✗ a whole number from 1 to 10,000,000")
    page.locator("#race-start").click()
    page.get_by_role("alert").filter(has_text="select at least two models").wait_for()
    page.locator("#race-variants input").first.check()
    page.locator("#race-start").click()
    page.get_by_role("alert").filter(has_text="marked with ✗").wait_for()
    assert not newest(services), "what is wrong is said, and nothing starts"

    fill(page, "A", "C", "None")
    page.locator("#race-start").click()
    page.locator("#race-stop").wait_for()
    reaches(page, 6)
    race = newest(services)
    assert [run.config.model.shortcut for run in race] == ["A", "C", "none"]
    expect(page.locator("#race-curves .legend .runs button")).to_have_text(["ResNet-8 A", "ResNet-8 C", "Plain-8"])
    page.locator("#race-difference .latest span").nth(1).wait_for()
    curves, differences = lines(page, CURVES, 6), lines(page, DIFFERENCES, 4)  # by turns in training and validation
    reaches(page, 14)
    lines(page, CURVES, 6, curves)
    lines(page, DIFFERENCES, 4, differences)
    expect(page.locator("#race-equal")).to_contain_text("23 of 23 shared tensors identical bit for bit")

    page.reload()  # a closed laptop: the page finds the race again
    state(page, "running")
    reaches(page, 16)
    assert [run.id for run in newest(services)] == [run.id for run in race]
    page.locator("#race-stop").click()
    state(page, "stopped")
    expect(page.locator("#race-table tbody tr", has_text="stopped")).to_have_count(3)
    assert len({run.last_turn().step for run in race}) == 1

    lengthen(race, race[0].last_turn().step + 12)  # so that the end is near
    page.locator("#race-resume").click()
    expect(page.locator("#race-table tbody tr", has_text="finished")).to_have_count(3)
    state(page, "finished")
    expect(page.locator("#race-equal")).to_contain_text(re.compile(r"\b([1-9]\d*) of \1 checksums"))
    expect(page.locator("#race-about")).to_contain_text("n = 1")
    expect(page.locator("#race-table tbody td", has_text=re.compile(r"^[\d.]+ %$"))).to_have_count(6)
    expect(page.locator("#race-stop")).to_be_hidden()
    expect(page.locator("#race-resume")).to_be_hidden()

    page.locator("#race-confusion").click()
    expect(page.locator("#confusion-told")).to_contain_text("images that both classified")
    page.locator("#tabs > .tab-wrapper [role=tab]").last.click()
    page.locator("#race-classify").click()
    expect(page.locator("#run .token")).to_have_count(3)


def test_strangers_may_look_at_a_shared_race_and_no_more(open_race, public):
    services, address, puppets = public
    mine = open_race(address=address)
    fill(mine, "A", "B")
    mine.locator("#race-start").click()
    mine.locator("#race-stop").wait_for()
    race = wait_until(lambda: puppets.begun)[0].paths

    def log(*events) -> None:
        for path in race:
            puppets.log(path, *events)

    log(RunStarted(50, LONG, {}, "a machine", "fp32"), report(2))
    reaches(mine, 2)
    expect(mine.locator("#race-table tbody tr", has_text="training")).to_have_count(2)

    mine.locator("#race-start").click()  # another one waits behind it
    state(mine, "queued")
    expect(mine.locator("#race-curves .state b")).to_contain_text("position 1")
    mine.locator("#race-stop").click()
    state(mine, "stopped")
    expect(mine.locator("#race-stop")).to_be_hidden()  # the list of races comes with the buttons: not while it is open
    mine.locator("#race-earlier input").click()
    mine.locator("[role=option]").nth(1).click()
    state(mine, "running")

    shared = open_race(services.runs.get(race[0].name).config.race, address=address)
    log(report(3))
    reaches(shared, 3)
    expect(shared.locator("#race-head .facts")).to_contain_text("not yours")
    expect(shared.locator("#race-stop")).to_be_hidden()
    expect(shared.locator("#race-resume")).to_be_hidden()

    mine.locator("#race-stop").click()
    wait_until((race[0] / STOP).exists, "nobody asked it to stop")
    for path in race:
        write_weights(RunFolder(path), 0)
    puppets.log(race[1], RunFinished("stopped", 3, 1.0))
    puppets.end(race[0], RunFinished("stopped", 3, 1.0))
    state(mine, "stopped")
    state(shared, "stopped")
    shared.locator("#race-classify").wait_for()  # the buttons of a race that has ended have come
    expect(shared.locator("#race-resume")).to_be_hidden()


def test_a_presenter_sees_the_whole_race_at_once(open_race, made):
    make_race(made[0].places.runs, "race-presented", ("A", "B", "C", "none"))
    page = open_race("race-presented", height=720)
    page.locator("#race-difference .latest span").first.wait_for()
    page.locator(".present-switch").click()
    expect(page.locator("#race .controls")).to_be_hidden()
    expect(page.locator("#race-start")).to_be_visible()
    page.evaluate(TWO_FRAMES)
    page.wait_for_function(  # charts are drawn anew, each in its own time
        """() => {
          document.querySelector('#race-curves').scrollIntoView();
          const rows = [...document.querySelectorAll('#race-difference .latest')];
          return document.querySelector('#race-curves .state').getBoundingClientRect().top >= -1
            && rows.length === 2 && rows.every(row => row.getBoundingClientRect().bottom <= 720);
        }"""
    )


def test_on_a_phone_in_chinese_nothing_overflows(open_race, made):
    make_race(made[0].places.runs, "race-phone", ("A", "B", "C", "none"), {"C": FAILED})
    page = open_race("race-phone", width=390, height=844, language="zh")
    page.locator("#race-difference .latest span").first.wait_for()
    expect(page.locator("#race-failed")).to_contain_text("训练发散了")
    expect(page.locator("#race-table tbody tr")).to_have_count(4)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(TWO_FRAMES)
        page.wait_for_function("document.documentElement.scrollWidth <= 390")
