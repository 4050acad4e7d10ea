"""The table component: sorting, copying, files, rows that open, and names that must stay text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import gradio as gr
import pytest
from made_runs import NASTY
from pages import served
from renewed import renew, renewable
from test_matrix import WATCHED

from resnet_demo.ui.components.table import table
from resnet_demo.ui.text import LANGUAGES

pytestmark = pytest.mark.browser

COLUMNS = [
    {"key": "picture", "title": "Picture", "image": True},
    {"key": "name", "title": "Name"},
    {"key": "score", "title": "Score", "numeric": True},
    {"key": "note", "title": "=Note"},
]
ROWS = [
    {"name": "layer10", "score": {"text": "9.0 %", "sort": 0.09}, "note": "=1+1", "picture": ""},
    {"name": NASTY, "score": 1200, "note": "@SUM(A1)"},
    {"name": "layer2", "score": {"text": "50 %", "sort": 0.5, "bar": 0.5}, "note": "-2"},
    {"name": "猫", "note": 'say "a,b"\n+3'},
    {"name": "layer2", "score": {"text": "50 %", "sort": 0.5}, "note": "second"},
]


@pytest.fixture(scope="module")
def address():
    """A page with one table and a place that says which row was opened."""
    with gr.Blocks(analytics_enabled=False) as demo:
        with gr.Tabs(elem_id="tabs"), gr.Tab("one", id="one"), renewable():
            value = {"columns": COLUMNS, "rows": ROWS}
            rows = table(LANGUAGES["en"], elem_id="rows", name="my <table>", value=value)
            more, said = gr.Button("more", elem_id="more"), gr.Textbox(elem_id="said")

        def opened(event: gr.SelectData) -> str:
            return f"row {event.index}: {event.value}"

        rows.select(opened, None, said, queue=False)
        added = [*ROWS, {"name": "layer1", "score": 7}]
        more.click(lambda: {"columns": COLUMNS, "rows": added}, None, rows, queue=False)
    with served(demo) as found:
        yield found


@pytest.fixture(scope="module")
def kept(stay, address):
    """The page that stays open."""
    return stay(address=address)


@pytest.fixture
def page(kept):
    """It, begun anew."""
    kept.locator("#rows tbody tr").first.wait_for()
    renew(kept, "#rows tbody tr")
    return kept


def names(page) -> list[str]:
    return page.locator("#rows tbody th").all_inner_texts()


def sort(page, title: str) -> str | None:
    """Click a heading, and how it says it is sorted."""
    page.locator("#rows thead button", has_text=title).click()
    return page.locator("#rows thead th", has_text=title).get_attribute("aria-sort")


def test_headings_sort_up_down_and_back(page):
    given = [row["name"] for row in ROWS]
    assert names(page) == given
    assert sort(page, "Score") == "ascending"
    assert names(page) == ["layer10", "layer2", "layer2", NASTY, "猫"]  # what has no number comes last
    notes = page.locator("#rows tbody td:last-child").all_inner_texts()
    assert notes.index("-2") < notes.index("second")  # equal ones as they came
    assert sort(page, "Score") == "descending"
    assert names(page) == [NASTY, "layer2", "layer2", "layer10", "猫"]
    assert sort(page, "Score") is None and names(page) == given
    sort(page, "Name")
    assert [name for name in names(page) if name.startswith("layer")] == ["layer2", "layer2", "layer10"]
    assert page.evaluate("document.activeElement.textContent") == "Name"


def test_cells_are_text_whatever_they_say(page):
    assert NASTY in names(page) and page.locator("#rows img").count() == 0
    assert page.locator("#rows tbody tr", has_text=NASTY).locator(".numeric").inner_text() == "1,200"
    assert page.locator("#rows .track").count() == 1


def test_copies_and_files_hold_the_rows_as_shown_and_no_formula(page):
    sort(page, "Score")
    with page.expect_download() as found:
        page.get_by_role("button", name="Download CSV").click()
    assert found.value.suggested_filename == "my_table_.csv"
    content = Path(found.value.path()).read_bytes().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    assert lines == [
        ["Name", "Score", "'=Note"],
        ["layer10", "0.09", "'=1+1"],
        ["layer2", "0.5", "'-2"],
        ["layer2", "0.5", "second"],
        [NASTY, "1200", "'@SUM(A1)"],
        ["猫", "", 'say "a,b" +3'],
    ]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy table")
    button.evaluate(WATCHED)
    button.click()
    page.wait_for_function("() => watched.includes('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert [line.split("\t") for line in copied] == lines


def test_rows_open_by_click_and_by_keyboard_with_the_number_they_came_with(page):
    sort(page, "Score")
    page.locator("#rows tbody tr").nth(3).click()
    page.wait_for_function("document.querySelector('#said textarea, #said input').value.startsWith('row 1')")
    assert page.locator("#rows tr[aria-current]").count() == 1
    page.locator("#rows tbody [tabindex='0']").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#said textarea, #said input').value === 'row 2: layer2'")


def test_new_rows_keep_the_order_and_the_heading_that_was_chosen(page):
    sort(page, "Score")
    sort(page, "Score")
    page.locator("#more").click()
    page.locator("#rows tbody th", has_text="layer1").nth(1).wait_for()
    assert names(page) == [NASTY, "layer1", "layer2", "layer2", "layer10", "猫"]
    assert page.locator("#rows th[aria-sort=descending]").inner_text() == "Score"


def test_on_a_phone_it_scrolls_inside_itself(visit, address):
    page = visit(address=address, width=390)
    page.locator("#rows tbody tr").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    inside = page.locator("#rows .frame").evaluate("frame => [frame.scrollWidth, frame.clientWidth]")
    assert inside[0] > inside[1]
