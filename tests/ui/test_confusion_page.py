"""The tab Confusion in a real browser: cells and their pictures, other people's files, epochs."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hands import TWO_FRAMES, type_into, unfold
from made_runs import NASTY, make_trained_run, shapes_dataset
from managed import picture_config, wait_until
from pages import whole_page
from PIL import Image
from playwright.sync_api import expect
from safetensors.torch import save

from resnet_demo.models import ModelSpec, build_model
from resnet_demo.services import Services
from resnet_demo.ui.confusion.cell_views import PAGE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def made(places, tmp_path_factory):
    """Services with two evaluated runs on shapes, and their address."""
    root = tmp_path_factory.mktemp("confusion")
    weights = root / "weights"
    make_trained_run(weights, "first", evaluate=True)
    make_trained_run(weights, "second", evaluate=True, seed=1)
    services = Services.create(replace(places, weights=weights, runs=root / "runs"), local=True)
    with whole_page(services) as address:
        yield services, address


@pytest.fixture
def confusion(visit, made):
    """The tab, opened; options are those of `visit`."""

    def open_tab(query: str = "", **options):
        page = visit(tab=f"confusion{query}", address=made[1], **options)
        page.locator("#confusion-matrix canvas").wait_for()
        return page

    return open_tab


def answers(made, run: str = "first", name: str = "test") -> tuple[np.ndarray, np.ndarray]:
    found = made[0].runs.get(run).predictions()[name]
    return found.labels, found.logits.argmax(1)


def worst(made) -> tuple[int, int, int]:
    """(true, predicted, count) of the most frequent mistake."""
    true, predicted = answers(made)
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (true, predicted), 1)
    np.fill_diagonal(counts, 0)
    at = np.unravel_index(counts.argmax(), counts.shape)
    return int(at[0]), int(at[1]), int(counts.max())


def test_a_cell_opens_its_pictures_and_a_picture_its_heat_maps(confusion, made):
    page = confusion("&run=first")
    true, predicted = answers(made)
    expect(page.locator("#confusion-head .facts")).to_contain_text(f"{int((true == predicted).sum())} of {len(true)}")
    page.locator("#confusion-pairs tbody tr").first.click()
    count = worst(made)[2]
    expect(page.locator("#confusion-cell img")).to_have_count(min(PAGE, count))
    expect(page.locator("#confusion-cell")).to_contain_text(f"{count}")
    page.locator("#confusion-cell button, #confusion-cell [tabindex]").first.click()
    expect(page.locator("#confusion-heat figure")).to_have_count(3)  # both classes, and one rather than the other
    page.locator("#confusion-classify").click()
    page.locator("#result .best strong").first.wait_for()


def test_the_keyboard_opens_a_cell(confusion):
    page = confusion("&run=first")
    page.locator(
        "#confusion-matrix [role=grid] [tabindex='0'], #confusion-matrix [role=grid][tabindex='0']"
    ).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#confusion-cell .note")).to_contain_text(re.compile("True (.+), predicted (?!.*\\1)"))
    page.wait_for_url(re.compile("cell=0%2C1"))


def test_a_class_of_the_table_is_marked_in_the_matrix(confusion):
    page = confusion("&run=first")
    row = page.locator("#confusion-classes tbody tr").nth(2)
    name = row.locator("th").inner_text()
    row.click()
    expect(page.locator("#confusion-matrix .label.marked")).to_have_text([name, name])  # column, row
    expect(page.locator("#confusion-averages tbody tr")).to_have_count(3)


def bring(page, content: str, name: str = "mine.csv") -> None:
    unfold(page, "#bring-predictions")
    file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("#bring-file input[type=file]").set_input_files(file)


def test_own_predictions_are_counted_and_their_rows_listed(confusion):
    page = confusion()
    lines = ["id,y_true,y_pred", "a,cat,cat", f"b,cat,{NASTY}", f"c,{NASTY},{NASTY}", "d,cat,cat"]
    bring(page, "\n".join(lines))
    expect(page.locator("#confusion-head h2")).to_have_text("mine.csv")
    expect(page.locator("#confusion-head .facts")).to_contain_text("3 of 4")
    expect(page.locator("#confusion-classes tbody tr")).to_have_count(2)
    expect(page.locator("#confusion-pairs tbody tr")).to_have_count(1)
    page.locator("#confusion-pairs tbody tr").first.click()
    expect(page.locator("#confusion-rows tbody tr")).to_have_count(1)
    expect(page.locator("#confusion-rows tbody tr")).to_contain_text("b")
    assert page.locator("#confusion img[src='x']").count() == 0


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh")])
def test_columns_are_asked_for_where_their_names_do_not_say_it(confusion, width, language):
    page = confusion(width=width, language=language)
    bring(page, f"species,answer,where\ncat,cat,1\ncat,{NASTY},2\n{NASTY},{NASTY},3\n")
    rows = page.locator("#bring-columns-rows")
    expect(rows.locator("thead th")).to_have_text(["species", "answer", "where"])
    expect(rows.locator("tbody tr").nth(1)).to_contain_text(NASTY)
    expect(page.locator("#bring-said")).to_contain_text("“mine.csv”")
    assert page.locator("#bring-said [role=alert]").count() == 0, "a question is no error"
    page.locator("#bring-columns-use").click()
    page.locator("#bring-said [role=alert]").wait_for()  # nothing is chosen yet
    for field, name in (("true", "species"), ("predicted", "answer"), ("ids", "where")):
        page.locator(f"#bring-columns-{field} input").focus()
        page.keyboard.press("ArrowDown")
        option = page.locator(f"#bring-columns-{field} [role=option]").filter(has_text=name)
        option.wait_for()
        while "active" not in (option.get_attribute("class") or ""):
            page.keyboard.press("ArrowDown")
            page.evaluate(TWO_FRAMES)  # no hand is quicker than what it sees
        page.keyboard.press("Enter")
        expect(page.locator(f"#bring-columns-{field} input")).to_have_value(name)
    page.wait_for_function(f"document.documentElement.scrollWidth <= {width}")
    page.locator("#bring-columns-use").press("Enter")
    expect(page.locator("#confusion-head .facts")).to_contain_text("3")
    expect(page.locator("#bring-said")).to_contain_text("species")
    expect(page.locator("#confusion-classes tbody tr")).to_have_count(2)


def class_zip(names: tuple[str, ...], count: int = 4) -> bytes:
    """A zip with so many pictures of `shapes` in a folder for each name."""
    buffer, pictures = io.BytesIO(), shapes_dataset(60, 10).train.images
    with zipfile.ZipFile(buffer, "w") as archive:
        for place, name in enumerate(names):
            for index in range(count):
                file = io.BytesIO()
                Image.fromarray(pictures[place * count + index]).save(file, "png")
                archive.writestr(f"{name}/{index}.png", file.getvalue())
    return buffer.getvalue()


def test_an_own_network_is_taken_in_and_judged_on_own_pictures(confusion, made):
    page = confusion("&run=first")
    unfold(page, "#bring-network")
    weights = save(build_model(ModelSpec.from_name("resnet8", num_classes=2), 0).state_dict())
    file = {"name": "pets.safetensors", "mimeType": "application/octet-stream", "buffer": weights}
    page.locator("#bring-weights input[type=file]").set_input_files(file)
    page.locator("#bring-weights .file-preview").get_by_text("pets").first.wait_for()  # once it has been sent
    type_into(page.locator("#bring-classes textarea"), "cat, dog, cow")
    page.locator("#bring-take").click()
    page.locator("#bring-network-said [role=alert]").filter(has_text="3 class names").wait_for()
    page.locator("#bring-classes textarea").fill("cat, dog")
    page.locator("#bring-take").click()
    expect(page.locator("#bring-network-said")).to_contain_text("ResNet-8 is loaded")

    page.locator("#confusion-run input").click()
    page.locator("[role=option]", has_text="pets").first.click()
    expect(page.locator("#confusion-matrix .note")).to_have_text("There are no predictions to count yet.")
    expect(page.locator("#confusion-classes")).to_be_hidden()
    unfold(page, "#bring-labelled")
    expect(page.locator("#bring-judging input")).to_have_value(re.compile("pets"))
    zipped = {"name": "mine.zip", "mimeType": "application/zip", "buffer": class_zip(("Cat", "dog", "cow"))}
    page.locator("#bring-zip input[type=file]").set_input_files(zipped)
    expect(page.locator("#bring-labelled-said")).to_contain_text("2 of 3 classes")
    expect(page.locator("#bring-mapping textarea")).not_to_have_value("")
    page.locator("#bring-judge").click()
    expect(page.locator("#confusion-head .facts")).to_contain_text("of 8")
    expect(page.locator("#confusion-classes tbody tr")).to_have_count(2)


def noise(root: Path, each: int = 1000) -> Path:
    """A folder of own pictures of which nothing can be learnt: an epoch takes seconds, and none is without mistakes."""
    random = np.random.RandomState(0)
    for name in ("one", "other"):
        (root / name).mkdir(parents=True)
        for number in range(each):
            pixels = random.randint(0, 256, (16, 16, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    return root


def test_the_epochs_of_a_run_that_trains_are_followed(visit, made, tmp_path):
    services, address = made
    until_stopped = {"length": 100_000, "batch_size": 50, "checkpoint_seconds": 60}
    config = picture_config(noise(tmp_path / "noise"), services.places.cache, **until_stopped)
    run = services.manager.submit(config).run
    try:
        page = visit(tab=f"confusion&run={run.id}", address=address)
        page.locator("#confusion-run input").wait_for()
        place = page.locator("#confusion-time .at", has_text=re.compile(r"Epoch \d+ of \d+"))
        first = place.inner_text()
        facts = page.locator("#confusion-head .facts", has_text=re.compile(r"by epoch: epoch \d+"))
        before = facts.inner_text()
        page.locator("#confusion-pairs tbody tr").first.click()
        expect(page.locator("#confusion-cell")).to_contain_text("predicted")
        expect(place).not_to_have_text(first)
        page.locator("#confusion-validation canvas").wait_for()
        expect(facts).not_to_have_text(before)  # the matrix follows as well, and what is open stays open
        expect(page.locator("#confusion-cell")).to_contain_text("predicted")
    finally:
        services.manager.stop(run.id, None)
        wait_until(lambda: services.manager.status(run.id).state == "stopped", "it goes on")


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_in_chinese_nothing_overflows(confusion, dark):
    page = confusion("&run=first", width=390, height=844, language="zh", dark=dark)
    expect(page.locator("#confusion-head .facts")).to_contain_text("准确率")
    for part in ("#confusion-files a", "#confusion-classes td", "#confusion-pairs td", "#confusion-sure svg text"):
        page.locator(part).first.wait_for(state="attached")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    names = page.locator("#confusion-matrix .heads .label.stacked")  # upright, whole, one character below the other
    expect(names).to_have_count(10)
    for name in names.all():
        wide, high, needed = name.evaluate("node => [node.clientWidth, node.clientHeight, node.scrollHeight]")
        assert wide < 16 and needed <= high + 1 and high > 11 * len(name.inner_text())


def test_a_presenter_sees_matrix_and_curves_without_what_only_one_needs(confusion, made):
    page = confusion("&run=first", height=720)
    page.locator(".present-switch").click()
    for part in ("#confusion-matrix .controls", "#confusion-matrix .tools", "#bring-predictions"):
        expect(page.locator(part).first).to_be_hidden()
    for part in ("#confusion-matrix .frame", "#confusion-run", "#confusion-head .facts span >> nth=0"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    page.goto(f"{made[1]}?tab=train&run=first")
    charts = page.locator("#curves .chart > svg:visible")
    expect(charts).to_have_count(2)
    for chart in charts.all():
        expect(chart).to_be_in_viewport(ratio=1)


def test_the_address_opens_the_same_view_and_says_nothing_of_it_on_other_tabs(confusion):
    page = confusion("&run=first&set=validation")
    colours = page.locator("#confusion-matrix .controls select").first
    colours.select_option("column")
    page.locator("#confusion-matrix .cell").press("Control+Home")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("set=validation.*cell=0%2C0.*colour=column|colour=column.*cell=0%2C0"))
    address, entries = page.url, page.evaluate("history.length")
    page.get_by_role("tab", name="Train").click()
    page.wait_for_url(re.compile(r"\?tab=train$"))
    page.get_by_role("tab", name="Confusion").click()
    page.wait_for_url(re.compile("run=first.*colour=column"))
    assert page.evaluate("history.length") == entries
    page.goto(address)
    page.locator("#confusion-matrix .chosen").wait_for()
    expect(colours).to_have_value("column")
    expect(page.locator("#confusion-set input")).to_have_value("validation")
    expect(page.locator("#confusion-cell .note")).to_contain_text("True circle, predicted circle")


def test_the_images_of_a_cell_are_in_the_window(confusion):
    page = confusion("&run=first", width=390, height=844)
    page.locator("#confusion-matrix .cells").click(position={"x": 5, "y": 5})
    expect(page.locator("#confusion-cell .note")).to_contain_text("True circle, predicted circle")
    expect(page.locator("#confusion-cell .note")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("#confusion-pairs tbody tr").last.click()
    expect(page.locator("#confusion-cell .note")).to_be_in_viewport(ratio=1)
