"""The tab Confusion in a real browser: cells and their pictures, other people's files, epochs."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hands import TWO_FRAMES, type_into, unfold
from made_answered import recorded_epoch
from made_runs import NASTY, make_config, make_trained_run, shapes_dataset
from managed import Puppets, wait_until
from pages import page_of
from PIL import Image
from playwright.sync_api import expect
from safetensors.torch import save

from resnet_demo.models import ModelSpec, build_model
from resnet_demo.services import Services
from resnet_demo.ui import classify, confusion, train
from resnet_demo.ui.confusion.cell_views import PAGE

pytestmark = pytest.mark.browser
PUPPETS = Puppets()


@pytest.fixture(scope="module")
def made(places, tmp_path_factory):
    """Services with two evaluated runs on shapes, and their address."""
    root = tmp_path_factory.mktemp("confusion")
    weights = root / "weights"
    make_trained_run(weights, "first", evaluate=True)
    make_trained_run(weights, "second", evaluate=True, seed=1)
    services = Services.create(replace(places, weights=weights, runs=root / "runs"), local=True, executor=PUPPETS)
    with page_of(services, classify, train, confusion) as address:
        yield services, address


@pytest.fixture
def opened(visit, made):
    """The tab, opened; options are those of `visit`."""

    def open_tab(query: str = "", **options):
        page = visit(tab=f"confusion{query}", address=made[1], **options)
        page.locator("#confusion-matrix canvas").wait_for()
        return page

    return open_tab


def worst(made) -> tuple[int, int, int]:
    """How many answers of "first" are right, of how many, and how often it makes its most frequent mistake."""
    found = made[0].runs.get("first").predictions()["test"]
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (found.labels, found.logits.argmax(1)), 1)
    right = int(counts.trace())
    np.fill_diagonal(counts, 0)
    return right, len(found.labels), int(counts.max())


def test_cells_and_classes_are_opened_by_hand_and_by_keyboard(opened, made):
    page = opened("&run=first", width=390, height=844)
    right, total, most = worst(made)
    note, images = page.locator("#confusion-cell .note"), page.locator("#confusion-cell img")
    expect(page.locator("#confusion-head .facts")).to_contain_text(f"{right} of {total}")
    page.locator("#confusion-matrix .cells").click(position={"x": 5, "y": 5})
    expect(note).to_contain_text("True circle, predicted circle")
    expect(note).to_be_in_viewport(ratio=1)

    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("#confusion-pairs tbody tr").last.click()
    expect(note).not_to_contain_text("True circle, predicted circle")
    expect(note).to_be_in_viewport(ratio=1)

    row = page.locator("#confusion-classes tbody tr").nth(2)
    name = row.locator("th").inner_text()
    row.click()
    expect(page.locator("#confusion-matrix .label.marked")).to_have_text([name, name])  # column, row
    expect(page.locator("#confusion-averages tbody tr")).to_have_count(3)

    page.locator("#confusion-matrix [role=gridcell]").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(note).to_contain_text(re.compile("True (.+), predicted (?!.*\\1)"))
    page.wait_for_url(re.compile("cell=0%2C1"))

    page.locator("#confusion-pairs tbody tr").first.click()
    expect(images).to_have_count(min(PAGE, most))
    expect(page.locator("#confusion-cell")).to_contain_text(f"{most}")
    page.locator("#confusion-cell button, #confusion-cell [tabindex]").first.click()
    expect(page.locator("#confusion-heat figure")).to_have_count(3)  # both classes, and one rather than the other
    page.locator("#confusion-classify").click()
    page.locator("#result .best strong").first.wait_for()


def bring(page, content: str, name: str = "mine.csv") -> None:
    unfold(page, "#bring-predictions")
    file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("#bring-file input[type=file]").set_input_files(file)


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


def test_own_predictions_are_counted_and_an_own_network_is_judged_on_own_pictures(opened):
    page = opened()
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


def test_on_a_phone_in_chinese_nothing_overflows_and_columns_are_asked_for(opened):
    page = opened("&run=first", width=390, height=844, language="zh")
    expect(page.locator("#confusion-head .facts")).to_contain_text("准确率")
    for part in ("#confusion-files a", "#confusion-classes td", "#confusion-pairs td", "#confusion-sure svg text"):
        page.locator(part).first.wait_for(state="attached")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(TWO_FRAMES)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, scheme
    names = page.locator("#confusion-matrix .heads .label.stacked")  # upright, whole, one character below the other
    expect(names).to_have_count(10)
    for name in names.all():
        wide, high, needed = name.evaluate("node => [node.clientWidth, node.clientHeight, node.scrollHeight]")
        assert wide < 16 and needed <= high + 1 and high > 11 * len(name.inner_text())

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
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(f"document.documentElement.scrollWidth <= {width}")
    page.locator("#bring-columns-use").press("Enter")
    expect(page.locator("#confusion-head .facts")).to_contain_text("3")
    expect(page.locator("#bring-said")).to_contain_text("species")
    expect(page.locator("#confusion-classes tbody tr")).to_have_count(2)


def test_the_epochs_of_a_run_that_trains_are_followed(visit, made):
    services, address = made
    dataset, random = shapes_dataset(), np.random.RandomState(0)
    config = make_config(dataset, length=3, unit="epochs")
    run = services.manager.submit(config).run
    wait_until(lambda: PUPPETS.begun, "the run does not begin")
    PUPPETS.log(run.path, recorded_epoch(dataset, config, 1, 0.3, random))
    page = visit(tab=f"confusion&run={run.id}", address=address)
    place = page.locator("#confusion-time .at")
    expect(place).to_contain_text("Epoch 1 of 1")
    facts = page.locator("#confusion-head .facts")
    expect(facts).to_contain_text("by epoch: epoch 1")
    page.locator("#confusion-pairs tbody tr").first.click()
    expect(page.locator("#confusion-cell")).to_contain_text("predicted")
    PUPPETS.log(run.path, recorded_epoch(dataset, config, 2, 0.7, random))
    expect(place).to_contain_text("Epoch 2 of 2")
    page.locator("#confusion-validation canvas").wait_for()
    expect(facts).to_contain_text("by epoch: epoch 2")  # the matrix follows as well, and what is open stays open
    expect(page.locator("#confusion-cell")).to_contain_text("predicted")
    PUPPETS.finish(run.path)


def test_the_address_opens_the_same_view_and_a_presenter_sees_it_whole(opened):
    page = opened("&run=first&set=validation", height=720)
    colours = page.locator("#confusion-matrix .controls select").first
    colours.select_option("column")
    page.locator("#confusion-matrix .cell").press("Control+Home")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("set=validation.*cell=0%2C0.*colour=column|colour=column.*cell=0%2C0"))
    address, entries = page.url, page.evaluate("history.length")
    page.get_by_role("tab", name="Train").click()
    page.wait_for_url(re.compile(r"\?tab=train$"))  # which says nothing of it
    page.get_by_role("tab", name="Confusion").click()
    page.wait_for_url(re.compile("run=first.*colour=column"))
    assert page.evaluate("history.length") == entries
    page.goto(address)
    page.locator("#confusion-matrix .chosen").wait_for()
    expect(colours).to_have_value("column")
    expect(page.locator("#confusion-set input")).to_have_value("validation")
    expect(page.locator("#confusion-cell .note")).to_contain_text("True circle, predicted circle")

    page.locator(".present-switch").click()  # without what only one needs
    for part in ("#confusion-matrix .controls", "#confusion-matrix .tools", "#bring-predictions"):
        expect(page.locator(part).first).to_be_hidden()
    for part in ("#confusion-matrix .frame", "#confusion-run", "#confusion-head .facts span >> nth=0"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    page.get_by_role("tab", name="Train").click()
    charts = page.locator("#curves .chart > svg:visible")
    expect(charts).to_have_count(2)
    for chart in charts.all():
        expect(chart).to_be_in_viewport(ratio=1)
