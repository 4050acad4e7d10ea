"""The confusion matrix and the pictures beside it: reading, choosing, keyboard, updates, 100 classes, hostile names."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hands import TWO_FRAMES
from made_runs import NASTY
from matrix_page import CIFAR10, made_counts, made_value, matrix_page, names
from PIL import Image
from renewed import renew

from resnet_demo.metrics.confusion import ConfusionMatrix

pytestmark = pytest.mark.browser

COUNTS = np.array(made_counts(10))
CAT, DOG = CIFAR10.index("cat"), CIFAR10.index("dog")
# keeps in `watched` what a node says from now on, also what it says for a moment only
WATCHED = """node => {
  window.watched ??= [];
  new MutationObserver(() => watched.push(node.textContent)).observe(node, {childList: true});
}"""


@pytest.fixture(scope="module")
def address():
    with matrix_page() as found:
        yield found


@pytest.fixture(scope="module")
def kept(stay, address):
    """The page that stays open."""
    return stay(address=address)


@pytest.fixture
def opened(visit, kept, address):
    """The page with `value` shown: the one that stays open, begun anew, or another with these options of `visit`."""

    def show(value: str = "", **options):
        page = visit(**{"address": address} | options) if options else kept
        page.locator("#matrix .cells .cell").wait_for(state="attached")
        page.locator("#part").wait_for()
        if page is kept:
            renew(page, "#matrix .cells")
            page.locator("#matrix .cells .cell").wait_for(state="attached")
            page.evaluate(TWO_FRAMES)
        if value:
            choose(page, value)
        return page

    return show


def choose(page, value: str) -> None:
    """Let the page give the matrix another value, and wait until it is drawn."""
    page.locator(f"#{value}").evaluate("button => button.click()")  # without moving the pointer
    page.locator("#matrix .title", has_text=f"Value {value}").wait_for(state="attached")
    page.evaluate(TWO_FRAMES)


def place(page, row: int, column: int, size: int = 10) -> tuple[float, float]:
    """Where on the screen the middle of a cell lies; scrolls the matrix into view."""
    page.locator("#matrix .frame").scroll_into_view_if_needed()
    box = page.locator("#matrix .cells").bounding_box()
    side = box["width"] / size
    return box["x"] + (column + 0.5) * side, box["y"] + (row + 0.5) * side


def readout(page) -> str:
    return page.locator("#matrix .readout").evaluate(
        "node => [...node.children].map(one => one.textContent).join(' | ')"
    )


def colour(page, row: int, column: int, size: int = 10) -> list[int]:
    """Red, green, blue of a cell, near its upper left corner, where no digit stands."""
    script = """(canvas, [row, column, size]) => {
      const at = k => Math.round((k + 0.12) * canvas.width / size);
      return [...canvas.getContext('2d').getImageData(at(column), at(row), 1, 1).data.slice(0, 3)];
    }"""
    return page.locator("#matrix canvas").evaluate(script, [row, column, size])


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def said(page, words: str) -> None:
    page.wait_for_function("words => document.querySelector('#said textarea, #said input').value === words", arg=words)


def active(page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_a_cell_says_its_count_and_its_shares(opened):
    page = opened()
    page.mouse.move(*place(page, CAT, DOG))
    count = COUNTS[CAT, DOG]
    assert readout(page) == (
        f"True cat, predicted dog: {count} | {percent(count, COUNTS[CAT].sum())} of the 500 that are cat | "
        f"{percent(count, COUNTS[:, DOG].sum())} of the {COUNTS[:, DOG].sum()} predicted as dog"
    )
    assert page.locator("#matrix .label.now").all_inner_texts() == ["dog", "cat"]  # column, row
    page.mouse.move(*place(page, CAT, CAT))
    counts = ConfusionMatrix(COUNTS, CIFAR10)
    assert f"Recall {counts.recall[CAT]:.1%}".replace("%", " %") in readout(page)
    assert f"Precision {counts.precision[CAT]:.1%}".replace("%", " %") in readout(page)
    page.locator("#matrix .names .label", has_text="truck").hover()
    assert readout(page).startswith("truck: 500 in this class")
    page.mouse.move(5, 5)
    assert page.locator("#matrix .readout.hint").count() == 1


def test_what_is_right_is_black_and_mistakes_are_vermilion(opened):
    page = opened()
    right, wrong, none = colour(page, 0, 0), colour(page, 2, 3), colour(page, 0, 1)
    assert COUNTS[0, 1] == 0 and max(right) < 60 and min(none) > 240
    assert wrong[0] > wrong[1] + 40 > wrong[2] + 40
    assert COUNTS[:, 2].sum() < 450  # so the same count is a larger share of the column
    before = colour(page, 1, 2)
    page.locator("#matrix select").first.select_option("column")
    assert colour(page, 1, 2)[2] < before[2]
    page.get_by_label("Hide diagonal").check()
    assert colour(page, 0, 0) == none  # and what is left uses the whole scale
    top = np.unravel_index(np.argmax((COUNTS / COUNTS.sum(0)) * (1 - np.eye(10))), (10, 10))
    assert colour(page, int(top[0]), int(top[1])) == [213, 94, 0]
    page.mouse.move(*place(page, 0, 0))
    assert readout(page).startswith(f"True airplane, predicted airplane: {COUNTS[0, 0]}")


def test_a_click_opens_a_cell(opened):
    page = opened()
    page.mouse.click(*place(page, CAT, DOG))
    said(page, f"[{CAT}, {DOG}]: {COUNTS[CAT, DOG]}")
    assert page.locator("#matrix .chosen").is_visible()
    assert page.locator("#matrix .cell[aria-selected=true]").count() == 1


def test_the_keyboard_walks_through_one_tab_stop(opened):
    page = opened()
    cell = page.locator("#matrix .frame [tabindex='0']")
    assert cell.count() == 1
    cell.focus()
    assert active(page).startswith("True airplane, predicted airplane: 4")
    for keys, there in (
        ("ArrowDown ArrowDown ArrowRight", (2, 1)),
        ("ArrowLeft ArrowLeft", (2, 0)),  # at the edge nothing happens
        ("End", (2, 9)),
        ("ArrowUp", (1, 9)),
        ("Control+End", (9, 9)),
        ("Control+Home", (0, 0)),
        ("ArrowDown ArrowRight Home", (1, 0)),
    ):
        for key in keys.split():
            page.keyboard.press(key)
        row, column = there
        assert active(page).startswith(f"True {CIFAR10[row]}, predicted {CIFAR10[column]}: {COUNTS[row, column]}")
        assert readout(page).startswith(f"True {CIFAR10[row]}, predicted {CIFAR10[column]}")
        assert cell.count() == 1 and cell.get_attribute("aria-colindex") == str(column + 2)
    page.keyboard.press("Enter")
    said(page, f"[1, 0]: {COUNTS[1, 0]}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Copy table"


def test_screen_readers_get_a_grid_and_the_whole_in_words(opened):
    page = opened()
    grid = page.get_by_role("grid", name="10 classes")
    assert grid.get_attribute("aria-rowcount") == grid.get_attribute("aria-colcount") == "11"
    words = page.locator(f"[id='{grid.get_attribute('aria-describedby')}']").text_content()
    accuracy = ConfusionMatrix(COUNTS, CIFAR10).accuracy
    assert "10 classes, 5,000 images" in words and f"Accuracy {100 * accuracy:.1f} %" in words
    assert "Lowest recall: bird" in words and "bird mistaken for cat (87)" in words


def test_a_new_value_leaves_everything_else_as_it_was(opened):
    page = opened()
    page.locator("#matrix select").first.select_option("none")
    page.mouse.click(*place(page, CAT, DOG))
    page.keyboard.press("ArrowRight")
    page.mouse.move(*place(page, 7, 2))
    before = page.locator("#matrix canvas").evaluate("canvas => canvas.toDataURL()")
    page.evaluate("window.kept = document.activeElement")
    choose(page, "again")
    fresh = made_counts(10, seed=1)
    assert fresh[7][2] != COUNTS[7, 2] and fresh[CAT][DOG + 1] != COUNTS[CAT, DOG + 1]
    assert page.evaluate("document.activeElement === window.kept")
    assert active(page).startswith(f"True cat, predicted frog: {fresh[CAT][DOG + 1]}.")
    assert readout(page).startswith(f"True horse, predicted bird: {fresh[7][2]} |")
    assert page.locator("#matrix .chosen").is_visible()
    assert page.locator("#matrix select").first.input_value() == "none"
    assert page.locator("#matrix canvas").evaluate("canvas => canvas.toDataURL()") != before


def test_the_page_can_mark_a_class_and_a_cell_until_the_visitor_chooses(opened):
    page = opened("marked")
    assert page.locator("#matrix .label.marked").all_inner_texts() == ["dog", "dog"]
    assert page.locator("#matrix .band.down").is_visible() and page.locator("#matrix .chosen").is_visible()
    assert page.locator("#matrix select").first.input_value() == "column"
    assert readout(page).startswith("dog: 500 in this class")


def test_an_order_moves_cells_and_keeps_their_names(opened):
    page = opened("ordered")
    page.get_by_role("combobox", name="Order").select_option("backwards")
    assert page.locator("#matrix .names .label").first.inner_text() == "truck"
    page.mouse.click(*place(page, 9 - CAT, 9 - DOG))
    said(page, f"[{CAT}, {DOG}]: {COUNTS[CAT, DOG]}")
    page.keyboard.press("ArrowRight")
    assert active(page).startswith(f"True cat, predicted deer: {COUNTS[CAT, DOG - 1]}")


def test_a_part_of_a_larger_matrix_has_shares_of_the_whole(opened):
    page = opened("part")
    assert page.locator("#matrix .names .label").all_inner_texts() == ["dog", "cat"]
    page.mouse.move(*place(page, 1, 0, size=2))
    assert f"{percent(COUNTS[CAT, DOG], 5000)} of the 5,000 that are cat" in readout(page)
    assert "Accuracy" not in page.locator("#matrix .about").text_content()


def test_differences_have_a_sign_and_two_colours(opened):
    page = opened("signed")
    change = np.array(made_counts(10, 1)) - COUNTS
    diagonal = np.diag(change)
    best, worst = int(diagonal.argmax()), int(diagonal.argmin())
    assert diagonal[best] > 0 > diagonal[worst]
    blue, vermilion = colour(page, best, best), colour(page, worst, worst)
    assert blue[2] > blue[0] + 60 and vermilion[0] > vermilion[2] + 60
    page.mouse.move(*place(page, worst, worst))
    assert readout(page).endswith(f": −{-diagonal[worst]} | Fewer of this class are correct")
    row, column = np.argwhere((change > 0) & ~np.eye(10, dtype=bool))[0]
    assert colour(page, int(row), int(column))[0] > colour(page, int(row), int(column))[2]  # more mistakes: worse
    choose(page, "shares")
    page.mouse.move(*place(page, 1, 1))
    assert ": +30.0 points" in readout(page)


def test_an_empty_class_has_no_number_made_up(opened):
    page = opened("empty-class")
    page.mouse.move(*place(page, 2, 2))
    assert readout(page).startswith("True bird, predicted bird: 0 | Recall – of 0 |")
    lowest = page.locator("#matrix .about").text_content().partition("Lowest recall:")[2].partition(". ")[0]
    assert "bird" not in lowest and "NaN" not in page.locator("#matrix").text_content()


def test_nothing_yet_says_why(opened):
    page = opened()
    page.locator("#nothing").evaluate("button => button.click()")
    page.get_by_text("It comes after the first epoch.").wait_for()
    assert not page.locator("#matrix .drawn").is_visible()
    choose(page, "two")
    assert page.locator("#matrix .drawn").is_visible()
    assert page.locator("#matrix .names .label").all_inner_texts() == ["airplane", "automobile"]


def test_a_class_is_found_by_its_name(opened):
    page = opened("hundred")
    search = page.get_by_role("searchbox", name="Find a class")
    search.fill("number 4")
    assert page.get_by_text("1 of 10", exact=True).count() == 1
    assert readout(page).startswith("class number 40: 500")
    search.press("Enter")
    assert readout(page).startswith("class number 41: 500")
    assert page.locator("#matrix .said").text_content().startswith("2 of 10. class number 41")
    assert page.locator("#matrix .band.across").is_visible()
    search.press("ArrowDown")
    assert active(page).startswith("True class number 41, predicted class number 41")
    search.fill("zebra")
    assert page.get_by_text("No class matches.").first.is_visible()
    search.press("Escape")
    assert search.input_value() == "" and not page.locator("#matrix .band.across").is_visible()


def test_a_hundred_classes_are_seen_whole_and_enlarged(opened):
    page = opened("hundred", width=640, height=720)
    box = page.locator("#matrix .frame").evaluate(
        "node => [node.scrollWidth - node.clientWidth, node.scrollHeight - node.clientHeight]"
    )
    assert box == [0, 0]
    page.mouse.move(*place(page, 70, 71, size=100))
    counts = made_counts(100)
    assert readout(page).startswith(f"True class number 70, predicted class number 71: {counts[70][71]} |")
    page.get_by_role("button", name="Enlarge").click()
    frame = page.locator("#matrix .frame")
    assert frame.evaluate("node => node.scrollWidth > 2000 && node.clientHeight <= 562")
    page.locator("#matrix .cell").focus()
    page.keyboard.press("Control+End")
    reached = frame.evaluate("node => [node.scrollLeft, node.scrollTop]")
    assert min(reached) > 1000
    assert active(page).startswith("True class number 99, predicted class number 99")
    page.wait_for_function("""() => {  // what is seen is painted, with the frame after the scrolling, and not all of it
      const canvas = document.querySelector('#matrix canvas'), a = canvas.getBoundingClientRect();
      const b = canvas.closest('.frame').getBoundingClientRect();
      return a.right >= b.right - 20 && a.bottom >= b.bottom - 20 && canvas.width < 2400;
    }""")
    choose(page, "hundred-again")
    assert frame.evaluate("node => [node.scrollLeft, node.scrollTop]") == reached
    page.get_by_role("button", name="Fit to width").click()
    assert frame.evaluate("node => node.scrollWidth === node.clientWidth")


def test_names_are_text_whatever_they_say(opened):
    page = opened("hostile")
    assert NASTY in page.locator("#matrix .names .label").all_inner_texts()
    page.mouse.move(*place(page, 3, 0, size=4))
    assert NASTY in readout(page) and page.locator("#matrix img").count() == 0
    assert NASTY in page.locator("#mistakes .one").first.get_attribute("aria-label")
    with page.expect_download() as found:
        page.get_by_role("button", name="Download CSV").click()
    assert found.value.suggested_filename == "Value_hostile.csv"
    lines = list(csv.reader(io.StringIO(Path(found.value.path()).read_bytes().decode("utf-8-sig"))))
    value = made_value(4)
    assert lines[0][1:] == [line[0] for line in lines[1:]] == names(4) and lines[4][0] == NASTY
    assert [[int(cell) for cell in line[1:]] for line in lines[1:]] == value["counts"]


def test_it_can_be_copied_and_saved(opened):
    page = opened()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy table")
    button.evaluate(WATCHED)
    button.click()
    page.wait_for_function("() => watched.includes('Copied')")
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[1].split("\t") == ["airplane", *map(str, COUNTS[0])]
    with page.expect_download() as found:
        page.get_by_role("button", name="Download PNG").click()
    with Image.open(found.value.path()) as image:
        assert min(image.size) > 900 and len(image.convert("RGB").getcolors(1 << 24)) > 30


def test_on_a_phone_nothing_hangs_over(opened):
    page = opened(width=390, height=844)
    for value in ("ten", "signed", "hundred"):
        choose(page, value)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, value
        assert page.locator("#matrix .frame").evaluate("node => node.scrollWidth === node.clientWidth"), value
        if value != "hundred":
            assert page.locator("#matrix .names .label").evaluate_all(
                "all => all.every(one => one.scrollWidth <= one.clientWidth)"
            ), value
    x, y = place(page, 50, 51, size=100)  # too small for a finger: the first touch enlarges
    page.locator("#matrix .cells").evaluate(
        "(node, [x, y]) => node.dispatchEvent(new PointerEvent('click',"
        " {clientX: x, clientY: y, pointerType: 'touch', detail: 1, bubbles: true}))",
        [x, y],
    )
    assert page.get_by_role("button", name="Fit to width").is_visible()
    assert page.locator("#matrix .frame").evaluate("node => node.scrollLeft") > 500


def test_a_dark_page_has_its_own_colours_at_once(opened):
    page = opened(dark=False)
    light = colour(page, 0, 0)
    page.evaluate("document.body.classList.add('dark')")
    page.wait_for_function("""() => {
      const canvas = document.querySelector('#matrix canvas');
      return canvas.getContext('2d').getImageData(4, 4, 1, 1).data[0] > 200;
    }""")
    assert max(light) < 60 and min(colour(page, 0, 0)) > 200


def test_it_speaks_chinese(opened):
    with matrix_page("zh") as address:
        page = opened(address=address)
        page.mouse.move(*place(page, CAT, DOG))
        assert readout(page).startswith(f"真实类别 cat，预测为 dog：{COUNTS[CAT, DOG]}")
        assert page.get_by_role("button", name="下载 CSV").is_visible()


def test_pictures_say_what_they_are_and_keep_the_focus(opened):
    page = opened()
    pictures = page.locator("#mistakes .one")
    pictures.first.wait_for()
    assert pictures.count() == 12 and page.locator("#mistakes [tabindex='0']").count() == 1
    assert pictures.nth(2).inner_text().split("\n") == ["bird", "dog", "93 %"]
    assert pictures.nth(1).get_attribute("title") == "True automobile, predicted deer"
    assert page.locator("#mistakes .one.right").count() == 1
    pictures.nth(2).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    said(page, "101: 1")
    choose_pictures = page.locator("#fresh")
    choose_pictures.evaluate("button => button.click()")
    page.get_by_text("8 pictures").wait_for()
    assert active(page).startswith("True automobile, predicted deer") and pictures.count() == 8
