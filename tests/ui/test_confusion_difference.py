"""The tab Confusion in a real browser: differences, classes marked in matrix and table, many classes, evaluating again.

Its runs are made, not trained: their answers are drawn from a seed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hands import type_into, unfold
from made_answered import two_epoch_run
from made_runs import NASTY
from pages import page_of
from playwright.sync_api import expect
from small_page import small_tab

from resnet_demo.data.datasets import load_dataset
from resnet_demo.engine.events import EpochDone
from resnet_demo.services import Services
from resnet_demo.ui import classify, confusion
from resnet_demo.ui.confusion.cell_views import PAGE
from resnet_demo.ui.events import FILLS_STATE
from resnet_demo.ui.shared.confusion_link import difference_of
from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser


def sender(frame) -> None:
    """A tab that sends its visitors to a difference."""
    import gradio as gr

    button = gr.Button("compare them", elem_id="send")
    there = [frame.tabs, frame.shared["confusion"]]
    button.click(lambda: difference_of("first", "second"), None, there, **FILLS_STATE)


@pytest.fixture(scope="module")
def made(places, tmp_path_factory, all_shapes):
    """Services with three runs on shapes, one of them on other files, and their address."""
    root = tmp_path_factory.mktemp("difference")
    places = replace(places, cache=all_shapes(root / "cache"))
    dataset = load_dataset("shapes", cache=places.cache)
    for seed, run_id in enumerate(("first", "second")):
        two_epoch_run(root / "weights", run_id, dataset, seed)
    two_epoch_run(root / "weights", "elsewhere", replace(dataset, fingerprint="other files"), 2)
    services = Services.create(replace(places, weights=root / "weights", runs=root / "runs"), local=True)
    tab = small_tab("sender")
    tab.build = sender
    with pytest.MonkeyPatch.context() as patch:
        for text in LANGUAGES.values():
            patch.setitem(text.words, "sender.tab", "sender")
        with page_of(services, classify, confusion, tab) as address:
            yield services, address, dataset


@pytest.fixture
def opened(visit, made):
    """The tab, opened; options are those of `visit`."""

    def open_tab(query: str = "", **options):
        page = visit(tab=f"confusion{query}", address=made[1], **options)
        page.locator("#confusion-matrix canvas").wait_for()
        return page

    return open_tab


def only_one_right(made, step_of_this: int, step_of_other: int) -> tuple[int, int]:
    """(only this epoch of `first` is right, only the other one) on its validation pictures."""
    services, _, dataset = made
    run = services.runs.get("first")
    truth = np.asarray(dataset.train.labels)[dataset.split_rows(run.config.split_seed)[1]]
    events = {event.step: event for event in run.events() if isinstance(event, EpochDone)}
    this, other = (run.epoch_record(events[step]).validation == truth for step in (step_of_this, step_of_other))
    return int((this & ~other).sum()), int((other & ~this).sum())


def test_two_epochs_of_a_run_are_set_against_each_other(opened, made):
    page = opened("&run=first&set=epoch&step=20&other=first&other_set=epoch&other_step=10")
    this, other = only_one_right(made, 20, 10)
    told = page.locator("#confusion-told")
    expect(told).to_contain_text(f"only the other is right on {other:,}, only this one on {this:,}")
    expect(page.locator("#confusion-head .facts")).to_contain_text("epoch 2")
    strip = page.locator("#confusion-alone-pictures")
    expect(strip.locator("img")).to_have_count(PAGE)
    expect(strip.locator(".note")).to_have_text(f"1 to {PAGE} of {this:,}, most confident mistakes first")
    expect(strip.locator(".one").first.locator(".answer")).to_have_count(2)
    expect(strip.locator(".one").first.locator(".answer.wrong")).to_contain_text("other: ✗")
    page.locator("#confusion-alone-pages button:visible").click()
    expect(strip.locator(".note")).to_contain_text(f"{PAGE + 1} to {2 * PAGE}")
    page.locator("#confusion-alone label").nth(1).click()
    expect(strip.locator(".note")).to_contain_text(f"of {other:,}")
    expect(strip.locator(".one").first.locator(".answer.wrong")).to_contain_text("this: ✗")
    page.locator("#confusion-other-epoch input").click()
    page.locator("[role=option]", has_text="2").click()
    expect(told).to_contain_text("only the other is right on 0, only this one on 0")
    page.locator("#confusion-switch label").nth(1).click()
    expect(page.locator("#confusion-cell img").first).to_be_visible()
    expect(told).to_be_empty()
    expect(strip).to_be_hidden()


def marked(page, name: str) -> None:
    """Wait until the row of this class is marked in the table, and seen inside the table's frame."""
    expect(page.locator("#confusion-classes tr[aria-current] th")).to_have_text(name)
    page.wait_for_function("""() => {
      const row = document.querySelector('#confusion-classes tr[aria-current]').getBoundingClientRect();
      const frame = document.querySelector('#confusion-classes .frame').getBoundingClientRect();
      return row.top >= frame.top && row.bottom <= frame.bottom + 1;
    }""")


def test_another_tab_opens_a_difference_in_one_click_whether_or_not_the_tab_was_open(visit, made):
    page = visit(tab="sender", address=made[1])
    told = page.locator("#confusion-told")
    page.locator("#send").click()
    expect(told).to_contain_text(f"Of {len(made[2].test):,} images")
    expect(page.locator("#confusion-matrix .frame")).to_be_in_viewport(ratio=1)

    page.locator("#confusion-other input").click()
    page.locator("[role=option]", has_text="none").click()
    expect(told).to_be_empty()
    page.locator("#confusion-matrix [role=gridcell]").focus()
    page.keyboard.press("Control+Home")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#confusion-classes tr[aria-current] th")).to_have_text(made[2].classes[3])
    page.locator("#confusion-matrix .names .label").nth(7).click()
    marked(page, made[2].classes[7])

    page.get_by_role("tab", name="sender").click()
    page.locator("#send").click()
    expect(told).to_contain_text("percentage points")
    expect(page.locator("#confusion-matrix .frame")).to_be_in_viewport(ratio=1)
    expect(told).to_contain_text(f"Of {len(made[2].test):,} images")


def bring(page, classes: list[str], count: int = 4) -> None:
    """Own predictions of so many rows a class, each class taken once for the next one."""
    lines = ["y_true,y_pred"]
    for at, name in enumerate(classes):
        lines += [f'"{name}","{name}"'] * (count - 1) + [f'"{name}","{classes[(at + 1) % len(classes)]}"']
    if page.locator("#bring-file button[aria-label]").count():  # of the file before
        page.locator("#bring-file button[aria-label]").last.click()
        expect(page.locator("#confusion-head h2")).not_to_have_text("many.csv")
    else:
        unfold(page, "#bring-predictions")
    file = {"name": "many.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    page.locator("#bring-file input[type=file]").set_input_files(file)
    expect(page.locator("#confusion-head h2")).to_have_text("many.csv")


def test_a_run_is_evaluated_on_the_files_here_then_a_hundred_classes_are_drawn_and_of_more_a_part(opened, made):
    page = opened("&run=elsewhere")
    expect(page.locator("#confusion-remedy")).to_contain_text("differ from those that were classified")
    page.locator("#confusion-again").click()
    expect(page.locator("#confusion-head h2")).to_contain_text("evaluated here")
    expect(page.locator("#confusion-head .facts")).to_contain_text(f"of {len(made[2].test):,}")
    page.locator("#confusion-pairs tbody tr").first.click()
    page.locator("#confusion-cell img").first.wait_for()
    expect(page.locator("#confusion-again")).to_be_hidden()
    page.locator("#confusion-cell button").first.click()
    page.locator("#confusion-heat figure").nth(1).wait_for()

    classes = [f"class {at:03}" for at in range(99)] + [NASTY]
    bring(page, classes)
    expect(page.locator("#confusion-classes tbody tr")).to_have_count(100)
    expect(page.locator("#confusion-matrix [role=grid]")).to_have_attribute("aria-rowcount", "101")
    page.locator("#confusion-matrix input[type=search]").fill("class 077")
    marked(page, "class 077")
    expect(page.locator("#confusion-matrix .readout")).to_contain_text("Recall 75.0 %")
    assert page.locator("#confusion img[src='x']").count() == 0

    bring(page, [f"class {at:03}" for at in range(150)])
    note = page.locator("#confusion-matrix .note")
    expect(note).to_contain_text("The 100 most confused of 150 classes")
    type_into(page.locator("#confusion-only textarea, #confusion-only input"), "class 01, class 149")
    page.keyboard.press("Enter")
    expect(note).to_contain_text("11 of 150 classes")
    page.locator("#confusion-matrix [role=gridcell]").focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    expect(page.locator("#confusion-cell")).to_contain_text("True class 149, predicted class 149: 3")
    marked(page, "class 149")
    page.locator("#confusion-classes tbody tr").nth(100).click()
    expect(page.locator("#confusion-only textarea, #confusion-only input")).to_have_value("class 100")
    expect(note).to_contain_text("3 of 150 classes")
