"""The tab Confusion answers without a browser: what each handler fills, and what it leaves alone."""

from __future__ import annotations

import csv
import io
import json
import shutil
from concurrent.futures import Future
from dataclasses import fields, replace
from types import SimpleNamespace
from xml.etree import ElementTree

import gradio as gr
import numpy as np
import pytest
from hub_layout import write_hub_layout, write_pictures
from loops import finish
from made_answered import half_right_run, two_epoch_run
from made_runs import NASTY, cache_shapes
from named_parts import named_parts
from PIL import Image
from safetensors.torch import save
from sklearn.metrics import average_precision_score
from starlette.applications import Starlette
from starlette.testclient import TestClient

from resnet_demo.data.datasets import load_dataset
from resnet_demo.data.errors import DataError
from resnet_demo.data.own import OWN
from resnet_demo.data.shapes import CLASSES
from resnet_demo.inference import explain
from resnet_demo.library import datasets
from resnet_demo.library.answers import answers as answers_of
from resnet_demo.metrics.ranking import softmax
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.places import Places
from resnet_demo.services import Services
from resnet_demo.ui.components.address import data_address
from resnet_demo.ui.confusion import curves_views, layout, takeaway
from resnet_demo.ui.confusion.cell_views import PAGE
from resnet_demo.ui.confusion.cells import SUREST
from resnet_demo.ui.confusion.choice import Choice, OwnAnswers
from resnet_demo.ui.confusion.handlers import Handlers
from resnet_demo.ui.confusion.layout import Parts
from resnet_demo.ui.shared.heat_maps import coloured
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.turns import Turns

REQUEST = SimpleNamespace(headers={}, client=SimpleNamespace(host="127.0.0.1"))
SECTIONS = {
    "cell": layout.CellParts,
    "correcting": layout.CorrectingParts,
    "curves": layout.CurvesParts,
    "difference": layout.DifferenceParts,
    "missing": layout.MissingParts,
    "slices": layout.SlicesParts,
    "timeline": layout.TimelineParts,
    "predictions": layout.PredictionsParts,
    "models": layout.ModelsParts,
}
FORMULA = "=HYPERLINK(1)"
FIRST = Choice("first", "test")
EPOCH = Choice("first", "epoch")


def parts() -> Parts:
    """Each component is its name, with that of its section where it has one: "cell.images"."""
    sections = {
        name: section(**{field.name: f"{name}.{field.name}" for field in fields(section)})
        for name, section in SECTIONS.items()
    }
    return named_parts(Parts, **sections)


def handlers_of(services: Services, language: str = "en") -> Handlers:
    return Handlers(services, LANGUAGES[language], parts())


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("confusion")
    cache = cache_shapes(root / "cache", train=600, test=1200)
    return Places(data=None, cache=cache, runs=root / "runs", weights=root / "weights")


@pytest.fixture(scope="module")
def dataset(folders):
    return load_dataset("shapes", cache=folders.cache)


@pytest.fixture(scope="module")
def services(dataset, folders):
    """Runs on shapes: "first" and "second", "elsewhere" on other files, "cats" with other classes."""
    for seed, run_id in enumerate(("first", "second")):
        two_epoch_run(folders.weights, run_id, dataset, seed)
    two_epoch_run(folders.weights, "elsewhere", replace(dataset, fingerprint="other files"), 2)
    half_right_run(folders.weights, "cats", replace(dataset, classes=tuple(f"cat {at}" for at in range(10))))
    return Services.create(folders, local=True)


@pytest.fixture
def handlers(services):
    return handlers_of(services)


@pytest.fixture
def read(handlers, tmp_path):
    """`read(rows)`: what is filled when a file with these rows is uploaded."""

    def upload(rows: str, name: str = "mine.csv") -> dict:
        (tmp_path / name).write_text(rows)
        return handlers.predictions.read(str(tmp_path / name), REQUEST)

    return upload


def event(**values) -> SimpleNamespace:
    return SimpleNamespace(**values)


def worst(services: Services) -> tuple[int, int, int]:
    """(true, predicted, count) of the most frequent mistake of "first"."""
    predictions = services.runs.get("first").predictions()["test"]
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (predictions.labels, predictions.logits.argmax(1)), 1)
    np.fill_diagonal(counts, 0)
    true, predicted = np.unravel_index(counts.argmax(), counts.shape)
    return int(true), int(predicted), int(counts.max())


# --- what is looked at


@pytest.mark.parametrize("link", [{"run": "second"}, {"run": "unknown"}, None])
def test_the_tab_opens_with_the_run_that_the_address_names_else_with_the_first(handlers, link):
    values = handlers.mount(event(_data=link), None, {}, REQUEST)
    assert values["runs"]["value"] == ("second" if link == {"run": "second"} else values["runs"]["choices"][0][1])
    assert values["sets"]["value"] == "test" and values["epochs"]["visible"] is False
    assert values["figure"]["counts"] and values["per_class"]["rows"] and values["pairs"]["rows"]
    assert values["results"]["visible"] and values["own"] is None and values["groups"] == ""
    recorded = values["runs"]["value"] != "cats"
    assert values["only"]["value"] == "" and values["timeline.section"]["visible"] == recorded
    assert values["difference.fold"]["open"] is False and not values["difference.view"]["visible"]
    assert values["cell.cell"] == values["pair_cells"][0] == tuple(values["figure"]["selected"])
    part = parts()
    assert set(values) == {*part.run, "difference.fold", "curves.chosen"}


def test_the_tab_opens_with_a_run_whose_images_are_here(services, dataset, tmp_path):
    places = replace(services.places, weights=tmp_path / "weights")
    half_right_run(places.weights, "absent", dataset, data="cifar10")
    half_right_run(places.weights, "here", dataset)
    handlers = handlers_of(Services.create(places))
    values = handlers.mount(event(_data={}), None, {}, REQUEST)
    assert [run for _, run in values["runs"]["choices"]] == ["absent", "here"] and values["runs"]["value"] == "here"
    assert handlers.mount(event(_data={"run": "absent"}), None, {}, REQUEST)["runs"]["value"] == "absent"


def test_without_runs_nothing_is_shown(tmp_path):
    services = Services.create(Places(data=None, **{n: tmp_path / n for n in ("cache", "runs", "weights")}))
    values, words = handlers_of(services).mount(event(_data={}), None, {}, REQUEST), LANGUAGES["en"]
    assert values["runs"]["value"] is None and values["figure"] == {"note": words("confusion.empty")}
    assert values["head"] == {"title": ""} and values["only"]["visible"] is False
    assert not values["results"]["visible"] and not values["timeline.section"]["visible"]


def test_what_is_shown_is_in_the_address_which_opens_it_again(handlers):
    link = {"run": "first", "set": "epoch", "step": "10", "other": "second", "view": "other", "cell": "3,5"}
    link |= {"other_set": "epoch", "other_step": "20", "groups": "round: circle, oval", "curve": "*"}
    link |= {"slice": "camera", "slice_value": "front"}  # of the next file that has them
    values = handlers.mount(event(_data=link), None, {}, REQUEST)
    assert values["located"] | values["cell.located"] == link
    assert values["figure"]["selected"] == [3, 5] and len(values["figure"]["classes"]) == 9
    located = handlers.merge(REQUEST, *FIRST)["located"]
    assert located.keys() == link.keys() - {"cell"}
    assert {key: value for key, value in located.items() if value} == {"run": "first", "set": "test"}


@pytest.mark.parametrize("cell", ["a,b", "3", "3,99", "-1,2", None])
def test_of_an_address_that_names_what_is_not_there_the_rest_is_shown(handlers, cell):
    link = {"run": "first", "other": "gone", "cell": cell, "view": "x", "step": "x"}
    values = handlers.mount(event(_data=link), None, {}, REQUEST)
    assert values["cell.cell"] == values["pair_cells"][0] and values["difference.runs"]["value"] == ""


def test_another_tab_opens_a_difference(handlers):
    link = {"run": "first", "set": "epoch", "step": 20, "other": "first", "other_set": "epoch", "other_step": 10}
    values = handlers.follow_link(link, {}, REQUEST)
    assert (values["sets"]["value"], values["epochs"]["value"]) == ("epoch", 20)
    assert (values["difference.sets"]["value"], values["difference.epochs"]["value"]) == ("epoch", 10)
    assert values["difference.fold"]["open"] and "percentage points" in values["difference.status"]["text"]
    assert values["figure"]["signed"] and values["figure"]["selected"] is None
    assert values["difference.panel"]["visible"] and not values["cell.panel"]["visible"]


def test_run_set_and_epoch_are_chosen(handlers):
    values = handlers.choose_run(REQUEST, *Choice("second", "epoch", 10, groups="round: circle, oval"))
    assert values["sets"]["value"] == "epoch" and values["epochs"]["visible"] and values["groups"] == ""
    assert [step for _, step in values["epochs"]["choices"]] == [0, 10, 20] and values["epochs"]["value"] == 0
    assert values["timeline.slider"]["run"] == "second" and values["runs"]["value"] == "second"
    values = handlers.choose_set(REQUEST, (3, 5), *EPOCH)
    assert values["epochs"]["value"] == 0 and values["cell.cell"] == (3, 5)
    last, first = (handlers.show_same(REQUEST, None, *EPOCH._replace(step=step))["head"]["facts"] for step in (0, 10))
    assert "epoch 2" in last[0] and "epoch 1" in first[0] and last[1] != first[1]
    nothing = handlers.choose_set(REQUEST, None, *Choice("first", "nothing"))
    assert "counts" not in nothing["figure"] and nothing["cell.cell"] is None


def test_the_losslessly_stored_images_are_counted_under_details(services, dataset, tmp_path):
    places = replace(services.places, weights=tmp_path / "weights")
    rows = np.arange(0, len(dataset.test), 3)
    half_right_run(places.weights, "partly", replace(dataset, lossless_test_rows=rows))
    handlers, choice = handlers_of(Services.create(places)), Choice("partly", "test")
    values = handlers.mount(event(_data={}), None, {}, REQUEST)
    assert "test-lossless" not in [name for _, name in values["sets"]["choices"]]
    assert values["lossless"]["visible"] and f"{len(rows):,} of 1,200" in values["lossless_about"]["text"]
    values = handlers.choose_lossless(REQUEST, None, *choice)
    assert values["sets"]["value"] == "test-lossless" and f"of {len(rows):,}" in " ".join(values["head"]["facts"])
    values = handlers.choose_lossless(REQUEST, None, *choice._replace(set_name="test-lossless"))
    assert values["sets"]["value"] == "test" and values["lossless"]["visible"]


def test_merged_classes_keep_the_total_and_a_wrong_group_is_said(handlers, dataset):
    values = handlers.merge(REQUEST, *FIRST._replace(groups="round: circle, oval, ring, moon"))
    assert len(values["per_class"]["rows"]) == 7 and f"of {len(dataset.test):,}" in " ".join(values["head"]["facts"])
    assert values["groups_status"] == {"text": "", "error": False}
    values = handlers.merge(REQUEST, *FIRST._replace(groups="round: circle, unicorn"))
    assert values["groups_status"]["error"] and "unicorn" in values["groups_status"]["text"]
    assert len(values["per_class"]["rows"]) == 10


def test_the_groups_of_cifar10_are_filled_in(handlers):
    assert "airplane" in handlers.prepared_groups()["groups"]


def test_the_list_of_runs_keeps_what_is_chosen(handlers):
    values = handlers.list_runs("second", None, {}, REQUEST)
    assert values["runs"]["value"] == "second"
    assert {run for _, run in values["runs"]["choices"]} == {"first", "second", "elsewhere", "cats"}


def test_a_run_that_trains_is_followed_without_closing_what_is_open(handlers, services):
    true, predicted, _ = worst(services)
    none_open = handlers.follow(REQUEST, None, 0, None, *FIRST)
    assert none_open["figure"]["counts"] and "cell.images" not in none_open and "selected" not in none_open["figure"]
    assert "cell.images" not in handlers.follow(REQUEST, (true, predicted), 0, 3, *FIRST)
    assert handlers.follow(REQUEST, (true, predicted), 0, None, *FIRST)["cell.cell"] == (true, predicted)
    assert handlers.follow(REQUEST, (true, predicted), 0, None, *Choice("gone"))["cell.cell"] is None
    assert handlers.follow(REQUEST, None, 0, None, *EPOCH._replace(step=10)) == {}
    assert handlers.follow(REQUEST, None, 0, None, *FIRST._replace(own=OwnAnswers("mine", None))) == {}


def test_a_link_to_a_run_on_somebodys_images_shows_none_of_them(services, dataset, tmp_path):
    places = replace(services.places, weights=tmp_path / "weights", runs=tmp_path / "runs")
    half_right_run(places.runs, "theirs", dataset, data=f"{OWN}0123456789abcdef")
    handlers = handlers_of(Services.create(places, local=False))
    values = handlers.mount(event(_data={"run": "theirs"}), None, {}, REQUEST)
    assert f"of {len(dataset.test):,}" in " ".join(values["head"]["facts"])
    assert "visible only to the person who uploaded them" in values["missing.status"]["text"]
    values = handlers.open_pair(event(index=0), REQUEST, values["pair_cells"], "this", *Choice("theirs", "test"))
    assert "predicted" in values["cell.images"]["note"] and values["cell.images"]["items"] == []


# --- cells and classes


def test_a_cell_is_opened_from_the_matrix_and_from_the_table_of_pairs(handlers, services):
    true, predicted, count = worst(services)
    cells = handlers.merge(REQUEST, *FIRST)["pair_cells"]
    of_matrix = handlers.open_cell(event(index=[true, predicted]), REQUEST, "this", *FIRST)
    of_table = handlers.open_pair(event(index=0), REQUEST, cells, "this", *FIRST)
    assert of_matrix.pop("per_class")["marked"] == true and of_matrix == of_table
    assert cells[0] == of_table["cell.cell"] == (true, predicted) and f"{count}" in of_table["cell.images"]["note"]
    assert len(of_table["cell.images"]["items"]) == min(PAGE, count) and of_table["cell.rows"] is None
    assert of_table["cell.located"] == {"cell": f"{true},{predicted}"}
    assert handlers.open_pair(event(index=len(cells)), REQUEST, cells, "this", *FIRST)["cell.cell"] is None
    for values in (
        handlers.open_cell(event(index=[0, 1]), REQUEST, "this", *Choice("gone")),
        handlers.open_pair(event(index=0), REQUEST, cells, "this", *Choice("gone")),
    ):
        assert values["cell.images"]["items"] == [] and values["cell.cell"] is None and "per_class" not in values


def test_a_cell_has_pages(handlers):
    right = (3, 3)
    first = handlers.open_cell(event(index=right), REQUEST, "this", *FIRST)
    assert not first["cell.previous"]["visible"] and first["cell.next"]["visible"] and first["cell.page"] == 0
    second = handlers.cell.next_page(REQUEST, right, 0, *FIRST)
    assert second["cell.page"] == 1 and second["cell.previous"]["visible"]
    assert second["cell.images"]["items"] != first["cell.images"]["items"]
    assert handlers.cell.previous_page(REQUEST, right, 1, *FIRST)["cell.images"] == first["cell.images"]
    last = handlers.cell.next_page(REQUEST, right, 1000, *FIRST)
    assert last["cell.page"] < 1000 and not last["cell.next"]["visible"]
    assert handlers.cell.previous_page(REQUEST, right, 1, *Choice("gone"))["cell.cell"] is None


def test_an_image_is_explained_and_opened_in_classify(handlers, services):
    opened = handlers.open_cell(event(index=worst(services)[:2]), REQUEST, "this", *FIRST)
    at = opened["cell.images"]["items"][0]["index"]
    values = handlers.cell.explain(event(index=at), REQUEST, *FIRST)
    true, predicted, rather = values["cell.heat"]["items"]
    assert true["map"] and predicted["map"] and true["label"] != predicted["label"] and values["cell.picked"] == at
    assert rather["label"] == f"{predicted['label']} rather than {true['label']}"
    assert values["cell.heat"]["title"].startswith(f"Why {predicted['label']} and not {true['label']}")
    image = load_dataset("shapes", cache=services.places.cache).test.picture(at)
    of, against = (CLASSES.index(one["label"]) for one in (predicted, true))
    drawn = explain.heat_map(image, services.catalogue.get("first"), services.store, of, against=against)
    assert (
        rather["map"] == data_address(coloured(drawn.values)) and "arXiv:2501.11309" in values["cell.heat"]["caption"]
    )
    values = handlers.cell.open_in_classify(REQUEST, at, *FIRST)
    assert values["cell.models"]["value"] == ["first"] and values["cell.uploads"][0].size == (32, 32)
    assert handlers.cell.open_in_classify(REQUEST, None, *FIRST) == {}
    assert handlers.cell.open_in_classify(REQUEST, at, *Choice("gone")) == {}
    for choice in (FIRST._replace(groups="round: circle, oval"), Choice("gone")):
        values = handlers.cell.explain(event(index=at), REQUEST, *choice)
        assert values["cell.heat"] == {} and values["cell.picked"] is None


def test_a_right_answer_is_compared_with_nothing(handlers):
    opened = handlers.open_cell(event(index=(3, 3)), REQUEST, "this", *FIRST)
    at = opened["cell.images"]["items"][0]["index"]
    (only,) = handlers.cell.explain(event(index=at), REQUEST, *FIRST)["cell.heat"]["items"]
    assert only["label"] == opened["cell.images"]["items"][0]["true"]


def test_the_most_confident_mistakes_over_all_classes_take_the_place_of_a_cell(handlers, services):
    assert handlers.merge(REQUEST, *FIRST)["cell.surest"]["visible"]
    values = handlers.open_surest(REQUEST, *FIRST)
    assert values["figure"]["selected"] is None and values["cell.cell"] == SUREST
    assert values["cell.located"] == {"cell": "surest"}
    predictions = services.runs.get("first").predictions()["test"]
    chances, predicted = softmax(predictions.logits), predictions.logits.argmax(1)
    wrong = np.flatnonzero(predicted != predictions.labels)
    order = wrong[np.argsort(-chances[wrong, predicted[wrong]], kind="stable")]
    items = values["cell.images"]["items"]
    assert [one["index"] for one in items] == order[:PAGE].tolist()
    assert [one["true"] for one in items] == [CLASSES[label] for label in predictions.labels[order[:PAGE]]]
    assert [one["predicted"] for one in items] == [CLASSES[label] for label in predicted[order[:PAGE]]]
    assert f"1 to {PAGE} of {len(wrong):,}" in values["cell.images"]["note"]
    second = handlers.cell.next_page(REQUEST, SUREST, 0, *FIRST)
    assert [one["index"] for one in second["cell.images"]["items"]] == order[PAGE : 2 * PAGE].tolist()
    assert len(handlers.cell.explain(event(index=int(order[0])), REQUEST, *FIRST)["cell.heat"]["items"]) == 3
    assert handlers.open_surest(REQUEST, *Choice("gone"))["cell.cell"] is None


def test_the_most_confident_mistakes_stay_open_while_there_are_such_and_have_an_address(handlers):
    values = handlers.mount(event(_data={"run": "first", "cell": "surest"}), None, {}, REQUEST)
    assert values["cell.cell"] == SUREST and values["figure"]["selected"] is None and values["cell.images"]["items"]
    other = handlers.choose_set(REQUEST, SUREST, *Choice("second", "test"))
    assert other["cell.cell"] == SUREST and other["cell.images"]["items"] != values["cell.images"]["items"]
    merged = handlers.show_same(REQUEST, SUREST, *FIRST._replace(groups="round: circle, oval, ring, moon"))
    assert merged["cell.cell"] == SUREST
    assert all(one["true"] != one["predicted"] for one in merged["cell.images"]["items"])
    epoch = handlers.choose_set(REQUEST, SUREST, *EPOCH)  # of an epoch no probabilities are recorded
    assert epoch["cell.cell"] == epoch["pair_cells"][0] and not epoch["cell.surest"]["visible"]
    assert handlers.open_surest(REQUEST, *EPOCH)["cell.cell"] is None
    difference = handlers.show_same(REQUEST, SUREST, *BOTH)
    assert difference["cell.cell"] is None and difference["cell.located"] == {"cell": None}


def test_of_an_uploaded_file_the_most_confident_mistakes_are_rows_with_their_classes(read, handlers):
    own = read("y_true,y_pred,confidence\na,b,0.6\na,a,0.9\nb,a,0.8\n")["predictions.own"]
    values = handlers.open_surest(REQUEST, *Choice(own=own))
    rows = values["cell.rows"]["rows"]
    assert [(one["row"], one["true"], one["predicted"]) for one in rows] == [(4, "b", "a"), (2, "a", "b")]
    assert {"true", "predicted"} <= {column["key"] for column in values["cell.rows"]["columns"]}
    bare = read("y_true,y_pred\na,b\nb,b\n", "bare.csv")["predictions.own"]
    assert not handlers.show_own(REQUEST, *Choice(own=bare))["cell.surest"]["visible"]


def test_a_class_of_the_matrix_is_marked_in_the_table(handlers):
    first, again = (handlers.mark_row(event(index=7), REQUEST, *FIRST)["per_class"] for _ in range(2))
    assert first["marked"] == 7 and first["turn"] != again["turn"]
    assert handlers.mark_row(event(index=7), REQUEST, *Choice("gone")) == {"__type__": "update"}


def test_a_class_of_the_table_is_marked_in_the_matrix_which_draws_it(handlers, read):
    assert handlers.mark_class(event(index=2), REQUEST, *FIRST)["figure"]["highlight"] == 2
    assert handlers.mark_class(event(index=2), REQUEST, *Choice("gone")) == {}
    names = [f"class {at:03}" for at in range(150)]
    rows = "".join(f"{name},{name}\n{name},{names[at - 1]}\n" for at, name in enumerate(names))
    choice = Choice(own=read(f"y_true,y_pred\n{rows}")["predictions.own"], only="class 01, class 149")
    assert len(handlers.draw(REQUEST, *choice)["figure"]["classes"]) == 11
    drawn = handlers.mark_class(event(index=149), REQUEST, *choice)
    assert drawn["figure"]["highlight"] == 10 and "only" not in drawn
    other = handlers.mark_class(event(index=100), REQUEST, *choice)
    assert other["only"]["value"] == "class 100" and len(other["figure"]["classes"]) == 3
    assert handlers.draw(REQUEST, *Choice("gone"))["figure"] == {}


# --- differences

BOTH = FIRST._replace(view="difference", other="second", other_set="test")


def rights(services: Services) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(labels of the test images, whether "first" is right, whether "second" is)."""
    found = [services.runs.get(run).predictions()["test"] for run in ("first", "second")]
    return found[0].labels, *(one.logits.argmax(1) == one.labels for one in found)


def test_the_other_side_lists_its_sets_and_epochs(handlers):
    values = handlers.choose_other(REQUEST, *EPOCH._replace(other="second"))
    assert values["difference.sets"]["value"] == "epoch" and values["difference.epochs"]["visible"]
    assert values["difference.view"]["value"] == "difference" and values["figure"]["signed"]
    values = handlers.choose_other_set(REQUEST, None, *EPOCH._replace(other="second", other_set="test"))
    assert values["difference.epochs"]["visible"] is False
    values = handlers.choose_other(REQUEST, *BOTH._replace(other=""))
    assert values["difference.view"]["visible"] is False and "signed" not in values["figure"]
    assert values["located"]["other"] is None


def test_two_runs_are_compared(handlers, services, dataset):
    values = handlers.choose_view(REQUEST, (3, 5), *BOTH)
    _, first, second = rights(services)
    points = f"{100 * (first.mean() - second.mean()):+.2f}".replace("-", "−")
    assert f"{points} percentage points" in values["difference.status"]["text"]
    assert f"Of {len(dataset.test):,} images" in values["difference.status"]["text"]
    assert values["difference.output"]["visible"] and values["figure"]["signed"]
    assert values["figure"]["selected"] is None and not values["cell.panel"]["visible"]
    only = f"of {int((first & ~second).sum()):,}"
    assert only in values["difference.images"]["note"] and values["difference.whose"]["visible"]


def test_the_matrix_shows_one_side_or_the_other_with_the_same_cell_open(handlers):
    this, other = (handlers.choose_view(REQUEST, (3, 5), *BOTH._replace(view=view)) for view in ("this", "other"))
    alone = handlers.show_same(REQUEST, (3, 5), *Choice("second", "test"))
    for part in ("figure", "per_class", "pairs", "cell.images", "cell.cell", "files"):
        assert other[part] == alone[part]
    assert this["figure"]["counts"] != other["figure"]["counts"] and this["cell.cell"] == other["cell.cell"] == (3, 5)
    assert other["head"]["facts"][0] == other["head"]["title"] and not other["difference.panel"]["visible"]
    assert (this["located"]["view"], other["located"]["view"]) == ("this", "other")


def test_a_cell_of_a_difference_has_the_images_that_only_one_side_gets_right(handlers, services):
    labels, first, second = rights(services)
    predicted = services.runs.get("second").predictions()["test"].logits.argmax(1)
    for cell, wanted in (((3, 5), (labels == 3) & (predicted == 5)), ((3, 3), labels == 3)):
        values = handlers.open_cell(event(index=cell), REQUEST, "this", *BOTH)
        count = int((first & ~second & wanted).sum())
        assert f"of {count:,}" in values["difference.images"]["note"]
        assert len(values["difference.images"]["items"]) == min(PAGE, count) and values["cell.cell"] == cell


@pytest.mark.parametrize(("run", "words"), [("cats", "classes"), ("gone", "no predictions")])
def test_what_cannot_be_compared_says_why(handlers, run, words):
    values = handlers.show_same(REQUEST, None, *BOTH._replace(other=run))
    assert values["difference.status"]["error"] and words in values["difference.status"]["text"]
    assert "counts" not in values["figure"] and not values["difference.output"]["visible"]


def test_images_that_one_side_gets_right_are_turned_page_by_page(handlers):
    difference, sides = handlers.difference, (None, *BOTH)
    first = difference.choose_side(REQUEST, "other", 5, *sides)
    assert first["difference.page"] == 0 and first["difference.next"]["visible"]
    assert not first["difference.previous"]["visible"]
    assert [one["right"] for one in first["difference.images"]["items"][0]["answers"]] == [False, True]
    second = difference.next_page(REQUEST, "other", 0, *sides)
    assert second["difference.page"] == 1 and f"{PAGE + 1} to {2 * PAGE}" in second["difference.images"]["note"]
    assert difference.previous_page(REQUEST, "other", 1, *sides) == first
    assert difference.previous_page(REQUEST, "other", 0, *sides) == first
    gone = difference.next_page(REQUEST, "other", 0, None, *BOTH._replace(other="gone"))
    assert gone["difference.images"] == {} and not gone["difference.next"]["visible"]


# --- missing images


def test_a_run_on_other_files_is_evaluated_again_on_these(handlers, dataset):
    choice = Choice("elsewhere", "test")
    values = handlers.merge(REQUEST, *choice)
    assert "differ from those that were classified" in values["missing.status"]["text"]
    assert values["missing.evaluate"]["visible"] and not values["missing.download"]["visible"]
    assert values["cell.images"]["note"] and values["cell.images"]["items"] == []
    *_, last = handlers.missing.evaluate(REQUEST, *choice)
    values = handlers.show_own(REQUEST, *choice._replace(own=last["missing.own"]))
    assert "evaluated here" in values["head"]["title"] and not values["missing.evaluate"]["visible"]
    assert f"of {len(dataset.test):,}" in " ".join(values["head"]["facts"])
    assert values["cell.images"]["items"]
    for other in (Choice("gone", "test"), Choice("elsewhere", "epoch")):
        assert list(handlers.missing.evaluate(REQUEST, *other)) == []


def test_an_evaluation_that_is_refused_says_why(handlers, services, monkeypatch):
    monkeypatch.setattr(services.memory, "server", 1.0)
    *_, last = handlers.missing.evaluate(REQUEST, *Choice("elsewhere", "validation"))
    assert last["missing.status"]["error"] and "missing.own" not in last


def test_a_download_without_a_connection_is_answered_by_a_sentence(services, tmp_path, monkeypatch):
    write_hub_layout(tmp_path / "hub")
    cifar10 = load_dataset("cifar10", data=tmp_path / "hub", cache=tmp_path / "other-cache")
    places = Places(data=None, **{name: tmp_path / name for name in ("cache", "runs", "weights")})
    half_right_run(places.weights, "first", cifar10, data="cifar10")
    handlers = handlers_of(Services.create(places))
    values = handlers.merge(REQUEST, *FIRST)
    assert values["cell.cell"] and values["missing.download"]["visible"]
    assert values["missing.download"]["value"] == "Download CIFAR-10 (144 MB)"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    *_, last = handlers.missing.download(REQUEST, *FIRST)
    assert last["missing.status"]["error"] and "everything else works without it" in last["missing.status"]["text"]
    assert "missing.arrived" not in last and list(handlers.missing.download(REQUEST, *Choice("gone"))) == []


def test_a_data_set_that_is_here_is_shown(handlers):
    *_, last = handlers.missing.download(REQUEST, *FIRST)
    assert not last["missing.status"]["error"] and last["missing.arrived"]


# --- recorded epochs


def test_epochs_are_shown_followed_and_scrubbed(handlers):
    timeline = handlers.timeline
    values = timeline.values("first")
    assert [step for step, _ in values["timeline.slider"]["epochs"]] == [10, 20]
    assert "epoch 2" in values["timeline.train"]["title"] and values["timeline.clock"]["active"] is False
    assert timeline.values("gone")["timeline.slider"] == {}
    followed = timeline.follow("first")
    assert followed["timeline.stage"] == "first [[20, 2.0]] False" and followed["timeline.slider"]
    assert timeline.follow("gone") == {"timeline.clock": values["timeline.clock"]}
    assert "epoch 1" in timeline.scrub(event(run="first", step=10))["timeline.validation"]["title"]
    assert timeline.scrub(event(run="gone", step=10)) == {"timeline.train": None, "timeline.validation": None}
    assert values["timeline.section"]["visible"] and not timeline.values("cats")["timeline.section"]["visible"]


# --- uploaded predictions


def test_a_file_is_counted_and_its_rows_are_listed(handlers, read):
    values = read("filename,label,prediction,score\na.png,cat,dog,0.9\nb.png,dog,dog,0.4\nc.png,cat,dog,0.95\n")
    assert "True labels: label. Predicted labels: prediction." in values["predictions.status"]["text"]
    assert values["predictions.question"]["visible"] is False and values["predictions.refresh"]
    choice = Choice("first", "test", own=values["predictions.own"])
    shown = handlers.show_own(REQUEST, *choice)
    assert shown["head"]["title"] == "mine.csv" and "1 of 3" in " ".join(shown["head"]["facts"])
    (row, other) = shown["cell.rows"]["rows"]
    assert (row["row"], row["confidence"]["text"], other["row"]) == ("c.png", "95.0 %", "a.png")


def test_under_a_file_nothing_of_a_run_remains(handlers, read):
    own = read("y_true,y_pred\ncat,dog\n")["predictions.own"]
    values = handlers.show_own(REQUEST, *BOTH._replace(own=own, groups="round: circle, oval", step=10))
    assert values["difference.runs"]["value"] == "" and not values["difference.view"]["visible"]
    assert values["runs"]["choices"][0] == ("mine.csv", values["runs"]["value"]) and values["groups"] == ""
    assert not values["sets"]["visible"] and not values["epochs"]["visible"]
    assert not values["timeline.section"]["visible"] and not values["timeline.clock"]["active"]
    assert not any((values["located"] | values["cell.located"]).values()) and values["missing.status"]["text"] == ""
    choice = Choice(values["runs"]["value"], own=own)
    assert handlers.choose_run(REQUEST, *choice) == {}
    assert handlers.list_runs(choice.run, own, {}, REQUEST)["runs"]["choices"][0][0] == "mine.csv"
    chosen = handlers.choose_run(REQUEST, *choice._replace(run="second"))
    assert chosen["own"] is None and "mine.csv" not in dict(chosen["runs"]["choices"])
    cleared = handlers.show_own(REQUEST, *choice._replace(own=None))
    assert cleared["runs"]["value"] in dict(map(reversed, cleared["runs"]["choices"])) and cleared["sets"]["visible"]


@pytest.mark.parametrize(
    ("content", "words"), [(" ", "empty"), ("y_true\ncat", "one column"), ("y_true,y_pred\ncat,\n", "row 2")]
)
def test_a_file_that_cannot_be_counted_is_answered_by_a_sentence(read, content, words):
    values = read(content)
    assert values["predictions.status"]["error"] and words in values["predictions.status"]["text"].lower()
    assert set(values) == {"predictions.status", "predictions.question", "predictions.transposed"}


SHARES = "y_true,cat,dog,owl\ncat,0.7,0.2,0.1\ndog,0.5,0.4,0.1\ndog,0.1,0.8,0.1\ncat,0.6,0.3,0.1\ncat,0.3,0.4,0.3\n"


def test_curves_are_drawn_once_their_fold_is_open(handlers, read):
    own = read(SHARES)["predictions.own"]
    shown = handlers.show_own(REQUEST, *Choice(own=own))
    assert shown["curves.fold"]["visible"] and shown["curves.chart"] == {} and shown["curves.areas"] is None
    opened = handlers.curves.open(REQUEST, *Choice(own=own))
    assert opened["curves.chosen"] == "" and opened["curves.located"]["curve"] == "*"
    curves, keys = own.answers.curves, ("average_precision", "auc")
    areas = {row["class"]: [row[key]["text"] for key in keys] for row in opened["curves.areas"]["rows"]}
    assert areas["cat"] == [f"{getattr(curves.classes[0], key):.3f}" for key in keys]
    assert areas["owl"] == ["–", "–"] and "without 1" in areas["macro average"][0]
    assert [panel["title"] for panel in opened["curves.chart"]["panels"]] == ["Precision (%)", "True positive rate (%)"]
    chosen = handlers.curves.choose(event(index=3), REQUEST, *Choice(own=own, curve=""))
    assert chosen["curves.chosen"] == "dog" == chosen["curves.located"]["curve"]
    panel = chosen["curves.chart"]["panels"][0]
    assert panel["lines"][-1]["name"].startswith("dog: AP") and panel["lines"][-1]["points"][0] == [0, 100]
    assert [words for _, words in panel["places"]][0].startswith("Threshold 80.0 %: recall 50.0 %, precision 100.0 %")
    assert ["dog", 0.8, 0.5, 1.0, 0.0] in chosen["curves.chart"]["table"]
    marked = handlers.mark_class(event(index=2), REQUEST, *Choice(own=own, curve="dog"))
    assert marked["curves.chosen"] == "owl" and marked["curves.chart"]["panels"][0]["places"] == []
    assert "–" in marked["curves.chart"]["panels"][0]["said"]
    assert "curves.chart" not in handlers.mark_class(event(index=2), REQUEST, *Choice(own=own))
    closed = handlers.curves.close(REQUEST, *Choice(own=own, curve="dog"))
    assert (
        closed["curves.chosen"] is None and closed["curves.chart"] == {} and closed["curves.located"]["curve"] is None
    )
    assert not handlers.show_own(REQUEST, *Choice(own=read(COUNTS)["predictions.own"]))["curves.fold"]["visible"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_curves_of_a_link_are_open_and_those_of_a_run_are_scikit_learns(services, language):
    handlers = handlers_of(services, language)
    link = {"_data": {"run": "first", "curve": CLASSES[3]}}
    values = handlers.mount(event(**link), None, {}, REQUEST)
    assert values["curves.fold"]["open"] and values["curves.chosen"] == CLASSES[3] == values["located"]["curve"]
    found = answers_of(services, services.runs.get("first"), "test")
    scores = average_precision_score(np.eye(len(CLASSES))[found.labels], found.probabilities, average=None)
    rows = values["curves.areas"]["rows"]
    assert [row["average_precision"]["sort"] for row in rows[2:]] == pytest.approx(scores, abs=1e-6)
    link["_data"]["curve"] = "unknown"
    assert handlers.mount(event(**link), None, {}, REQUEST)["curves.chart"]["title"] == ""
    assert len(json.dumps(values["curves.chart"])) < 60_000, "what is sent is thinned"
    part = replace(found, best=3)
    assert "3" in curves_views.chart(part, "", LANGUAGES[language])["empty"] and part.curves is None
    assert curves_views.table(part, LANGUAGES[language]) is None and part.make_curves is None


SLICED = "\n".join(
    ["id,y_true,cat,dog,camera,age"]
    + [
        f"r{n},{'cat' if n % 2 else 'dog'},{'0.8,0.2' if n % 3 else '0.3,0.7'},{'front' if n % 4 else ''},{n}"
        for n in range(40)
    ]
)


def test_a_column_slices_a_file_and_a_value_shows_its_rows(handlers, client, read):
    own = read(SLICED)["predictions.own"]
    shown = handlers.show_own(REQUEST, *Choice(own=own))
    assert shown["slices.section"]["visible"] and shown["slices.table"] is None
    assert [value for _, value in shown["slices.columns"]["choices"]] == ["", "camera", "age"]
    choice = Choice("own", own=own, slicing="camera", slice_value="front", curve="cat")
    column = handlers.choose_column(REQUEST, *choice)
    assert column["slices.value"] is None and column["slices.table"]["marked"] == 0
    rows = column["slices.table"]["rows"]
    assert [(row["value"], row["rows"]) for row in rows] == [("all rows", 40), ("front", 30), ("(no value)", 10)]
    assert rows[0]["difference"] == {"text": "–"} and rows[1]["p"]["sort"] == rows[2]["p"]["sort"]
    assert column["figure"]["counts"] == "13 7\n13 7"
    at_once = handlers.choose_column(REQUEST, *choice._replace(slice_value=None))
    assert at_once["slices.table"] == column["slices.table"] and "figure" not in at_once
    assert at_once["located"]["slice"] == "camera"
    part = handlers.choose_slice(event(index=1), REQUEST, None, *choice)
    assert part["slices.value"] == "front" and part["slices.table"]["marked"] == 1
    assert part["located"]["slice"] == "camera" and part["located"]["slice_value"] == "front"
    kept = own.table.slices[0].rows("front")
    assert part["figure"]["counts"].split() == [
        str(n) for n in np.histogram2d(own.table.true[kept], own.table.predicted[kept], 2)[0].astype(int).ravel()
    ]
    assert "camera = front" in part["head"]["facts"] and "of 30" in " ".join(part["head"]["facts"])
    assert sum(part["confidence"]["histogram"]["right"]) + sum(part["confidence"]["histogram"]["wrong"]) == 30
    assert part["curves.chart"]["panels"] and part["curves.areas"]["rows"][2]["support"] == len(
        kept[own.table.true[kept] == 0]
    )
    known = {row["row"] for row in part["cell.rows"]["rows"]}
    assert known <= {f"r{n}" for n in kept} and known
    files = {name: f"/{address}" for _, address, name in part["files"]["files"]}
    made = client.get(files["mine-report.json"]).json()
    assert made["rows"] == 30 and made["about"]["slice"] == "camera = front"
    assert client.get(files["mine-curves.csv"]).text.startswith("\ufeffclass,threshold")
    nothing = handlers.choose_slice(event(index=2), REQUEST, None, *choice)
    assert nothing["slices.value"] == "" and "of 10" in " ".join(nothing["head"]["facts"])
    assert handlers.choose_slice(event(index=0), REQUEST, None, *choice)["slices.value"] is None
    ages = handlers.choose_column(REQUEST, *choice._replace(slicing="age"))
    assert "quartiles" in ages["slices.note"]["text"] and len(ages["slices.table"]["rows"]) == 5
    # the next file keeps what it has, too; what it has not is forgotten
    again = handlers.show_own(REQUEST, *choice._replace(own=read(SLICED, "again.csv")["predictions.own"]))
    assert again["slices.value"] == "front" and again["curves.chart"]["title"].startswith("cat")
    plain = handlers.show_own(
        REQUEST, *choice._replace(own=read("y_true,y_pred\na,b\n", "plain.csv")["predictions.own"])
    )
    assert not plain["slices.section"]["visible"] and "of 1" in " ".join(plain["head"]["facts"])


def test_a_link_keeps_the_slices_for_the_next_file(handlers):
    values = handlers.mount(event(_data={"slice": "camera", "slice_value": "front"}), None, {}, REQUEST)
    assert values["slices.columns"]["value"] == "camera" and values["slices.value"] == "front"
    assert not values["slices.section"]["visible"]


COUNTS = "true / predicted,cat,dog,owl\ncat,5,1,0\ndog,2,7,1\nowl,0,0,3\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_ready_counts_are_shown_without_what_they_cannot_tell(services, tmp_path, language):
    handlers, path = handlers_of(services, language), tmp_path / "counts.csv"
    path.write_text(COUNTS, encoding="utf-8")
    values = handlers.predictions.read(str(path), REQUEST)
    said = values["predictions.status"]["text"]
    assert LANGUAGES[language]("bring.counts.rows") in said and LANGUAGES[language]("bring.counts.without") in said
    assert values["predictions.transposed"] == gr.update(visible=True, value=False)
    choice = Choice(own=values["predictions.own"])
    shown = handlers.show_own(REQUEST, *choice)
    assert shown["head"]["title"] == "counts.csv" and shown["figure"]["counts"] == "5 1 0\n2 7 1\n0 0 3"
    assert [row["sort"] for row in map(lambda row: row["recall"], shown["per_class"]["rows"])] == [5 / 6, 0.7, 1]
    assert shown["confidence"] == {"note": LANGUAGES[language]("confusion.sure.counted")}
    assert shown["cell.images"]["items"] == [] and "2" in shown["cell.images"]["note"]
    assert shown["cell.rows"] is None and not shown["cell.surest"]["visible"]
    merged = handlers.merge(REQUEST, *choice._replace(groups="pets: cat, dog"))
    assert merged["figure"]["counts"] == "15 1\n0 3" and not merged["groups_status"]["error"]
    turned = handlers.predictions.transpose(str(path), True, REQUEST)
    assert LANGUAGES[language]("bring.counts.columns") in turned["predictions.status"]["text"]
    shown = handlers.show_own(REQUEST, *choice._replace(own=turned["predictions.own"]))
    assert shown["figure"]["counts"] == "5 2 0\n1 7 0\n0 1 3"
    assert handlers.predictions.transpose(None, True, REQUEST) == {}
    path.unlink()
    assert handlers.predictions.transpose(str(path), True, REQUEST)["predictions.status"]["error"]


def test_ready_counts_are_compared_with_a_run_and_taken_away(handlers, client, read):
    size = len(CLASSES)
    names, rows = ",".join(CLASSES), "\n".join(f"{one},{'1,' * (size - 1)}1" for one in CLASSES)
    own = read(f"x,{names}\n{rows}\n", "counts.csv")["predictions.own"]
    changed = handlers.choose_other(REQUEST, *Choice(own=own, other="second"))
    assert changed["figure"]["signed"] and changed["difference.status"]["text"] and changed["difference.changes"]
    files = addresses(handlers, own)
    assert "counts-matrix.png" in files and "counts-reliability.png" not in files
    again = read(client.get(files["counts-matrix.csv"]).content.decode(), "again.csv")["predictions.own"]
    assert np.array_equal(again.answers.matrix.counts, np.ones((size, size)))
    assert client.get(files["counts-report.json"]).json()["about"]["file"] == "counts.csv"


def test_a_file_is_compared_with_the_one_before(handlers, read, tmp_path):
    first, second = read(COUNTS, "a.csv")["predictions.own"], read(COUNTS.replace("5", "9"), "b.csv")["predictions.own"]
    values = handlers.show_own(REQUEST, *Choice(own=first))
    assert values["earlier"] is None and "earlier" not in dict(map(reversed, values["difference.runs"]["choices"]))
    turned = handlers.predictions.transpose(str(tmp_path / "a.csv"), True, REQUEST)["predictions.own"]
    values = handlers.show_own(REQUEST, *Choice(own=turned, last=values["last"]))
    assert values["earlier"] is None, "the same file the other way round is no other one"
    values = handlers.show_own(REQUEST, *Choice(own=second, last=values["last"], earlier=values["earlier"]))
    assert values["difference.runs"]["choices"][1] == ("a.csv", "earlier") and values["last"].name == "b.csv"
    choice = Choice("own", own=second, earlier=values["earlier"], last=values["last"], other="earlier")
    changed = handlers.choose_other(REQUEST, *choice)
    assert changed["figure"]["signed"] and changed["located"]["other"] is None
    assert "+" in changed["difference.status"]["text"] and len(changed["difference.changes"]["rows"]) == 3
    other = handlers.choose_view(REQUEST, None, *choice._replace(view="other"))
    assert other["head"]["title"] == "a.csv" and other["figure"]["counts"] == "5 2 0\n1 7 0\n0 1 3"


def test_columns_that_are_not_read_are_named(read):
    values = read("y_true,y_pred,weather\ncat,cat,rain\ndog,cat,sun")
    assert "weather" in values["predictions.status"]["text"] and not values["predictions.status"]["error"]


def test_columns_are_asked_for_where_their_names_are_unclear(handlers, read, tmp_path):
    values = read("species,answer,where\ncat,cat,1\ncat,dog,2\n")
    assert values["predictions.question"]["visible"] and "predictions.own" not in values
    assert [one["title"] for one in values["predictions.first_rows"]["columns"]] == ["species", "answer", "where"]
    assert values["predictions.true"]["choices"] == [("species", 0), ("answer", 1), ("where", 2)]
    path, use = str(tmp_path / "mine.csv"), handlers.predictions.use_columns
    for unclear in ((path, REQUEST, None, 1, ""), (path, REQUEST, 0, None, ""), (None, REQUEST, 0, 1, "")):
        assert use(*unclear)["predictions.status"]["error"]
    assert use(path, REQUEST, 0, 0, "").keys() == {"predictions.status"}
    values = use(path, REQUEST, 0, 1, 2)
    assert values["predictions.own"].table.ids == ("1", "2") and "species" in values["predictions.status"]["text"]


def test_without_a_file_the_run_is_shown_again(handlers):
    values = handlers.predictions.clear()
    assert values["predictions.own"] is None and values["predictions.refresh"]
    assert handlers.predictions.read(None, REQUEST)["predictions.status"] == {"text": "", "error": False}


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The memory for visitors is full"), ("zh", "服务器分配给访客的内存已满")]
)
def test_more_than_a_server_holds_in_memory_is_a_sentence(services, tmp_path, monkeypatch, language, words):
    monkeypatch.setattr(services.memory, "server", 100.0)
    (tmp_path / "mine.csv").write_text("\n".join(["y_true,y_pred", *["a,b"] * 100]))
    values = handlers_of(services, language).predictions.read(str(tmp_path / "mine.csv"), REQUEST)
    assert words in values["predictions.status"]["text"] and "predictions.own" not in values


# --- files to take away


@pytest.fixture
def client(services):
    """What serves the files."""
    return TestClient(Starlette(routes=takeaway.routes(services, Turns(services))))


def addresses(handlers: Handlers, own: OwnAnswers, **choice) -> dict[str, str]:
    """Where the files of own answers are, by the names that they get."""
    values = handlers.merge(REQUEST, *Choice(own=own, **choice))
    return {name: f"/{address}" for _, address, name in values["files"]["files"]}


def test_what_is_taken_away_is_made(client):
    for name, kind in takeaway.FILES.items():
        answer = client.get(f"/confusion/first/test/{name}?language=zh&groups=a:circle,oval")
        assert answer.status_code == 200 and len(answer.content) > 100
        assert answer.headers["content-type"].split(";")[0] == kind.split(";")[0]
        if name == "report.json":
            assert answer.json()["rows"] == 1200
    for wrong in ("first/none/matrix.png", "nobody/test/matrix.png", "first/test/x.png"):
        assert client.get(f"/confusion/{wrong}").status_code == 404
    assert client.get("/confusion/first/test/matrix.csv?groups=a:unicorn").status_code == 400


def test_own_predictions_are_taken_away_as_those_of_a_run_are(handlers, client, read):
    lines = ["y_true,y_pred", f'"{NASTY}","{FORMULA}"', f'"{NASTY}","{NASTY}"', f'"{FORMULA}","{FORMULA}"']
    own = read("\n".join(lines))["predictions.own"]
    files = addresses(handlers, own)
    assert set(files) == {f"mine-{name}" for name in takeaway.FILES if not name.startswith(("reliability", "curves"))}
    found = {name: client.get(address).content for name, address in files.items()}
    for name in ("mine-matrix.png", "mine-tutorial.png"):
        assert Image.open(io.BytesIO(found[name])).size[0] > 300
    for name in ("mine-matrix.svg", "mine-tutorial.svg"):
        tags = {one.tag.rpartition("}")[2] for one in ElementTree.fromstring(found[name]).iter()}
        assert "g" in tags and not tags & {"script", "img", "foreignObject"}
        assert b"<img" not in found[name] and b"onerror=" not in found[name].replace(b"&lt;img src=x onerror=", b"")
    for name in ("mine-matrix.csv", "mine-classes.csv"):
        cells = [cell for row in csv.reader(io.StringIO(found[name].decode("utf-8-sig"))) for cell in row]
        assert NASTY in cells and not [cell for cell in cells if cell.startswith("=")]
    assert b"mine.csv" in found["mine-report.md"]
    assert b"<img" not in found["mine-report.md"]


def test_own_predictions_are_found_by_their_key_alone(handlers, client, services, read):
    own = read("y_true,y_pred\na,b\nb,b")["predictions.own"]
    address = addresses(handlers, own)["mine-matrix.csv"]
    key = address.split("/brought/")[1].split("/")[0]
    assert client.get(address).status_code == 200 and key in services.uploaded_predictions
    assert client.get(address.replace(key, "x" * len(key))).status_code == 404


def test_files_of_own_answers_have_their_classes_merged(handlers, client, read):
    own = read("y_true,y_pred\na,b\nb,b\nc,a")["predictions.own"]
    answer = client.get(addresses(handlers, own, groups="ab: a, b")["mine-matrix.csv"])
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][1:3] == ["ab", "c"] and rows[1][1:3] == ["2", "0"]


def test_the_example_is_one_that_can_be_read(client, read):
    example = client.get("/download/predictions-example.csv").content.decode("utf-8-sig")
    own = read(example)["predictions.own"]
    assert len(own.answers.labels) == takeaway.EXAMPLE_ROWS and own.answers.probabilities is not None


# --- uploaded models and labelled images


@pytest.fixture
def weights(tmp_path):
    """The file of a model with two classes."""
    path = tmp_path / "pets.safetensors"
    path.write_bytes(save(build_model(ModelSpec.from_name("resnet8", num_classes=2), 0).state_dict()))
    return str(path)


@pytest.fixture
def pets(tmp_path):
    """A zip with images of cats, dogs and cows, four of each."""
    write_pictures(tmp_path / "pets", {"Cat": 4, "cow": 4, "dog": 4})
    return shutil.make_archive(str(tmp_path / "pets"), "zip", tmp_path / "pets")


NUMBERS = (32, "0.5, 0.5, 0.5", "0.25, 0.25, 0.25")


def test_a_model_is_loaded_or_refused(handlers, weights):
    load = handlers.models.load
    assert load(None, "cat, dog", *NUMBERS, {}, REQUEST)["models.model_status"]["error"]
    refused = load(weights, "cat, dog, cow", *NUMBERS, {}, REQUEST)
    assert "3 class names" in refused["models.model_status"]["text"] and set(refused) == {"models.model_status"}
    values = load(weights, "cat, dog", *NUMBERS, {"other": "key"}, REQUEST)
    assert not values["models.model_status"]["error"] and values["models.kept"]["other"] == "key"
    assert values["models.models"]["value"] in values["models.kept"]
    listed = handlers.models.list_models("gone", values["models.kept"], REQUEST)["models.models"]
    assert listed["value"] == listed["choices"][0][1] != "gone"


def test_labelled_images_are_matched_and_classified(handlers, weights, pets):
    models = handlers.models
    model = models.load(weights, "cat, dog", *NUMBERS, {}, REQUEST)["models.models"]["value"]
    values = models.take_zip(pets, model, REQUEST)
    images = values["models.images"]
    assert "2 of 3 classes" in values["models.images_status"]["text"] and "cow" in values["models.mapping"]
    assert "0 of 3" in models.match_classes(images, "first")["models.images_status"]["text"]
    assert models.match_classes(images, "gone")["models.images_status"]["error"]
    *_, last = models.classify(images, values["models.mapping"], model, REQUEST)
    assert last["models.own"].answers.matrix.total == 8 and last["models.refresh"]
    assert handlers.show_own(REQUEST, *Choice(own=last["models.own"]))["figure"]["classes"] == ["cat", "dog"]
    *_, last = models.classify(images, "cow: horse", model, REQUEST)
    assert last["models.images_status"]["error"] and "models.own" not in last


def test_images_that_cannot_be_taken_leave_none_and_say_why(handlers, tmp_path):
    models = handlers.models
    (tmp_path / "broken.zip").write_text("not a zip")
    values = models.take_zip(str(tmp_path / "broken.zip"), "first", REQUEST)
    assert values["models.images_status"]["error"] and values["models.images"] is None
    nothing = {"models.images_status": {"text": "", "error": False}, "models.mapping": "", "models.images": None}
    assert models.take_zip(None, "first", REQUEST) == models.take_zip("any.zip", None, REQUEST) == nothing
    assert models.take_folder({"path": "/etc/passwd"}, "first", REQUEST) == {}
    assert models.match_classes(None, "first") == {name: nothing[name] for name in list(nothing)[:2]}
    (refused,) = models.classify(None, "", "first", REQUEST)
    assert refused["models.images_status"]["error"]


def test_a_folder_is_taken_as_a_zip_of_it(handlers, pets):
    sent = {"path": pets, "orig_name": "pets.zip", "meta": {"_type": "gradio.FileData"}}
    values = handlers.models.take_folder(sent, "first", REQUEST)
    assert values["models.images"] and "of 3 classes" in values["models.images_status"]["text"]


def test_images_that_are_being_prepared_are_not_waited_for(handlers, monkeypatch):
    """The matrix is there at once; the images come when they are in the cache, whether or not that works."""
    work: Future = Future()
    monkeypatch.setattr(datasets, "begin_preparing", lambda *asked: work)
    values = handlers.show_same(REQUEST, None, *FIRST)
    assert values["figure"]["counts"] and values["cell.images"]["items"] == []
    assert "prepared" in values["missing.status"]["text"] and not values["missing.download"]["visible"]
    work.set_result(None)
    monkeypatch.setattr(datasets, "begin_preparing", lambda *asked: None)
    assert handlers.show_same(REQUEST, None, *FIRST)["cell.images"]["items"]


@pytest.mark.parametrize("fails", [False, True])
def test_the_page_shows_images_again_once_they_were_waited_for(handlers, monkeypatch, fails):
    def waited(work):
        monkeypatch.setattr(datasets, "begin_preparing", lambda *asked: work)
        return finish(handlers.missing.await_images(REQUEST, *FIRST))

    done: Future = Future()
    done.set_exception(DataError("data.unknown", name="no", known="shapes")) if fails else done.set_result(None)
    assert waited(None) is False and waited(done) is True
    assert handlers.show_awaited(REQUEST, False, None, *FIRST) == {}
    assert handlers.show_awaited(REQUEST, True, None, *FIRST)["figure"]["counts"]
