"""The tab Classify answers without a browser: what each handler fills, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from made_runs import make_untrained_run
from named_parts import named_parts
from PIL import Image
from small_page import idle_services

from resnet_demo.data.decode import decode
from resnet_demo.data.errors import DataError
from resnet_demo.inference import explain
from resnet_demo.inference.imagenet import PRETRAINED
from resnet_demo.ui.classify.handlers import Handlers
from resnet_demo.ui.classify.layout import Parts
from resnet_demo.ui.components.address import data_address
from resnet_demo.ui.shared.heat_maps import Question, coloured
from resnet_demo.ui.shared.samples import SAMPLES
from resnet_demo.ui.text import LANGUAGES

OPTIONS = ("grad-cam", 5, 1.0, "centre")
KEPT = dict.fromkeys(("a", "b", "c", "shapes"), "")  # what the visitor may see
CAT = (str(SAMPLES[0].path), "cat (photo)")
REQUEST = SimpleNamespace(headers={}, client=SimpleNamespace(host="127.0.0.1"))


@pytest.fixture
def services(tmp_path, monkeypatch):
    """Services with the models "a" and "b", wherever this machine keeps ImageNet's weights."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    services = idle_services(tmp_path)
    for name in "ab":
        make_untrained_run(services.places.runs, name, classes=("x", "y"))
    return services


@pytest.fixture
def handlers(services):
    return Handlers(services, LANGUAGES["en"], named_parts(Parts))


@pytest.fixture
def images(tmp_path):
    """Three uploads, as a gallery gives them."""
    paths = [tmp_path / f"{name}.png" for name in ("one", "two", "three")]
    for path in paths:
        Image.new("RGB", (40, 40), "red").save(path)
    return [(str(path), None) for path in paths]


def test_one_image_gets_answers_and_no_table(handlers, images):
    labels, maps = handlers.show(images[:1], ["a", "b"], *OPTIONS)
    assert [card["id"] for card in labels["figure"]["cards"]] == ["a", "b"]
    assert labels["batch"]["visible"] is False and labels["heat"]["visible"] and "rows" not in labels
    assert [one["map"] for one in labels["heat_maps"]["items"]] == ["", ""]  # labels do not wait for them
    assert all(one["map"] and one["view"] for one in maps["heat_maps"]["items"]) and "figure" not in maps
    best = [card["rows"][0]["index"] for card in labels["figure"]["cards"]]
    assert [one.index for one in maps["questions"]] == best


def test_models_with_the_same_classes_answer_in_one_table(handlers, images):
    labels, _ = handlers.show(images[:1], ["a", "b"], *OPTIONS)
    groups, cards = labels["figure"]["groups"], labels["figure"]["cards"]
    assert {row["label"] for row in groups} == {"x", "y"}
    for number, card in enumerate(cards):
        assert {row["label"]: row["values"][number] for row in groups} == {
            row["label"]: row["probability"] for row in card["rows"]
        }
    tops = [max(row["values"]) for row in groups]
    assert tops == sorted(tops, reverse=True)


def test_models_with_other_classes_answer_side_by_side(handlers, services, images):
    make_untrained_run(services.places.runs, "other", classes=("u", "v", "w"))
    labels, _ = handlers.show(images[:1], ["a", "other"], *OPTIONS)
    assert labels["figure"]["groups"] == [] and all(card["rows"] for card in labels["figure"]["cards"])


@pytest.mark.parametrize("wrong", (0, -1, 2.5, True, "five", None))
def test_a_number_of_classes_that_is_none_is_refused_in_a_sentence(handlers, images, wrong):
    (values,) = handlers.show(images[:1], ["a", "b"], "grad-cam", wrong, 1.0, "centre")
    assert repr(wrong) in values["figure"]["message"] and not values["heat"]["visible"]


@pytest.mark.parametrize("ids", ([], None, ["a"]))
def test_without_images_or_models_there_is_a_sentence(handlers, images, ids):
    for uploaded in (None, [], *([images] if not ids else [])):
        (values,) = handlers.show(uploaded, ids, *OPTIONS)
        assert values["figure"]["message"] and not any(card["rows"] for card in values["figure"]["cards"])


def test_several_images_fill_a_table_with_a_row_for_each_model(handlers, images):
    first, *_, last = handlers.show(images, ["a", "b"], *OPTIONS)
    assert "rows" not in first and "0 of 3" in first["figure"]["message"]
    assert len(last["rows"]["rows"]) == 6 and last["batch"]["visible"]


def test_an_image_is_opened_by_itself_or_by_its_row(handlers, images):
    of_image = list(handlers.show_one(SimpleNamespace(index=1), images, ["a", "b"], *OPTIONS))
    of_row = list(handlers.show_row(SimpleNamespace(index=3), images, ["a", "b"], *OPTIONS))
    assert of_image == of_row and of_image[0]["figure"]["file"] == "two.png"
    assert {one.path for one in of_image[1]["questions"]} == {images[1][0]}
    for index, uploaded in ((3, images), (-1, images), (0, None), (0, [])):
        (values,) = handlers.show_one(SimpleNamespace(index=index), uploaded, ["a"], *OPTIONS)
        assert "figure" not in values and values["questions"] == []


def test_a_sample_comes_with_a_model_that_fits_it(handlers, services):
    make_untrained_run(services.places.runs, "shapes", data="shapes")
    star = [sample.name for sample in SAMPLES].index("star")
    values = handlers.take_sample(SimpleNamespace(index=star), ["a"], KEPT, REQUEST)
    assert values["uploads"] == [(str(SAMPLES[star].path), "star")] and values["models"]
    assert all(services.catalogue.get(one).run.config.data == "shapes" for one in values["models"])


def test_a_class_is_explained_and_explained_again(handlers, images):
    questions = [Question(images[2][0], name, 1) for name in "ab"]
    values = handlers.explain(SimpleNamespace(index=0, value="a"), questions, "grad-cam", "", [])
    assert [one.index for one in values["questions"]] == [0, 1]
    assert values["heat_maps"]["items"][0]["map"] and "layer3" == values["heat_maps"]["layer"]
    assert values["layer"]["value"] in [layer for _, layer in values["layer"]["choices"]]
    each = handlers.explain(SimpleNamespace(index=0, value=""), questions, "grad-cam", "", [])
    assert [one.index for one in each["questions"]] == [0, 0]
    again = handlers.explain_again(values["questions"], "grad-cam", "layer1", "")
    assert set(again) == {"heat_maps", "layer"} and again["heat_maps"]["layer"] == "layer1"
    assert handlers.explain_again([], "grad-cam", None, "") == {}


def test_an_answer_can_be_compared_with_its_other_classes_the_most_probable_first(handlers, services, images):
    names = tuple(f"class {at}" for at in range(9))
    make_untrained_run(services.places.runs, "nine", classes=names)
    make_untrained_run(services.places.runs, "many", classes=tuple(f"class {at}" for at in range(30)))
    for model, count in (("nine", 9), ("many", 5)):  # of many classes those that are shown
        labels, maps = handlers.show(images[:1], [model], *OPTIONS)
        best, *shown = [row["label"] for row in labels["figure"]["cards"][0]["rows"]]
        (_, nothing), *listed = maps["against"]["choices"]
        assert [name for _, name in listed][: len(shown)] == shown and maps["rivals"] == [best, *(n for _, n in listed)]
        assert len(listed) == count - 1 and nothing == maps["against"]["value"] == ""
        assert "others" not in labels["figure"]["cards"][0]


def test_a_heat_map_is_of_the_difference_to_the_class_that_it_is_compared_with(handlers, services, images):
    make_untrained_run(services.places.runs, "other", classes=("u", "v", "w"))
    question, rivals = [Question(images[0][0], "a", 0)], ["x", "y"]
    plain = handlers.explain_again(question, "grad-cam", None, "")["heat_maps"]
    against = handlers.explain_again(question, "grad-cam", None, "y")
    assert set(against) == {"heat_maps", "layer"}  # its list of classes stays as it is while others may be asked about
    against = against["heat_maps"]
    assert against["title"] == "Evidence for “x” rather than “y”" and plain["title"] == "Evidence for “x”"
    assert "z(x) − z(y)" in against["caption"] and "arXiv:2501.11309" in against["caption"]
    image = decode(Path(images[0][0]))
    drawn = explain.heat_map(image, services.catalogue.get("a"), services.store, 0, against=1)
    assert against["items"][0]["map"] == data_address(coloured(drawn.values)) != plain["items"][0]["map"]
    several = [*question, Question(images[0][0], "b", 1), Question(images[0][0], "other", 2)]
    maps = handlers.explain_again(several, "grad-cam", None, "y")["heat_maps"]
    assert [one["label"] for one in maps["items"]] == ["x rather than y", "y", "w"]  # each against what it has
    clicked = handlers.explain(SimpleNamespace(index=1, value=""), question, "grad-cam", "y", rivals)
    assert clicked["against"] == {"choices": [("none", ""), ("x", "x")], "value": "", "__type__": "update"}
    assert clicked["heat_maps"]["title"] == "Evidence for “y”"
    kept = handlers.explain(SimpleNamespace(index=1, value=""), question, "grad-cam", "x", rivals)
    assert kept["against"]["value"] == "x" and kept["heat_maps"]["title"] == "Evidence for “y” rather than “x”"


def test_the_page_opens_with_a_sample_that_the_best_model_knows(handlers, services):
    values = handlers.open(["a"], KEPT, {}, REQUEST)
    assert values["first"] == [CAT]
    make_untrained_run(services.places.runs, "shapes", data="shapes")
    ((path, _),) = handlers.open(["shapes"], KEPT, {}, REQUEST)["first"]
    assert next(sample for sample in SAMPLES if str(sample.path) == path).data == "shapes"


def test_the_page_opens_with_what_this_browser_showed_last(handlers, images, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    labels, _ = handlers.show(images[:1], ["b"], *OPTIONS)
    values = handlers.open(["a"], KEPT, labels["remembered"], REQUEST)
    assert values["first"] == images[:1] and values["models"]["value"] == ["b"]
    Path(images[0][0]).unlink()
    assert handlers.open(["a"], KEPT, labels["remembered"], REQUEST)["first"] == [CAT]


@pytest.mark.parametrize(
    "claimed",
    (
        [],
        "text",
        {"images": "no list"},
        {"images": [3, None]},
        {"images": [["/etc/hosts", None], ["\0", None], ["../x", None], "/etc/hosts", [["x"], 3]]},
    ),
)
def test_what_a_browser_claims_to_have_shown_opens_no_other_file(handlers, tmp_path, monkeypatch, claimed):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    assert handlers.open(["a"], KEPT, claimed, REQUEST)["first"] == [CAT]
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "link").symlink_to("/etc/hosts")
    claimed = {"images": [[str(tmp_path / "uploads" / "link"), None]]}
    assert handlers.open(["a"], KEPT, claimed, REQUEST)["first"] == [CAT]


def test_an_upload_takes_the_place_of_a_sample(handlers, images):
    (values,) = handlers.show([CAT, images[0]], ["a"], *OPTIONS)
    assert values == {"uploads": images[:1]}
    same_file = (CAT[0], None)  # uploaded by the visitor, who has the project, too
    *_, last = handlers.show([same_file, images[0]], ["a"], *OPTIONS)
    assert len(last["rows"]["rows"]) == 2


def test_the_model_that_knows_a_thousand_classes_is_offered_until_one_is_here(handlers, services, monkeypatch):
    assert handlers.list_models(["a"], KEPT, REQUEST)["offer"]["visible"]
    monkeypatch.setattr(services.catalogue, "missing", lambda: list(PRETRAINED[1:]))
    assert not handlers.list_models(["a"], KEPT, REQUEST)["offer"]["visible"]


def test_the_lists_keep_what_is_chosen_and_change_only_with_what_is_here(handlers, services):
    values = handlers.list_models(["b"], KEPT, REQUEST)
    assert [one for _, one in values["models"]["choices"]][:2] and "value" not in values["models"]
    assert handlers.list_models(["gone"], KEPT, REQUEST)["models"]["value"] != ["gone"]
    assert handlers.update_lists(["b"], values["listed"], KEPT, REQUEST) == {}
    make_untrained_run(services.places.runs, "c", classes=("x", "y"))
    assert "c" in [one for _, one in handlers.update_lists(["b"], values["listed"], KEPT, REQUEST)["models"]["choices"]]


def test_a_download_that_fails_says_why_and_changes_no_list(handlers, services, monkeypatch):
    def fail(*_):
        raise DataError("download.disk", name="ResNet-18", detail="no space")

    monkeypatch.setattr(services.catalogue, "fetch", fail)
    wanted = services.catalogue.missing()[0].id
    *_, last = handlers.download(wanted, ["a"], KEPT, REQUEST)
    assert last == {"download_status": "ResNet-18 cannot be stored on this machine: no space."}
    assert list(handlers.download(None, ["a"], KEPT, REQUEST)) == []


def test_what_is_here_already_is_chosen_first(handlers):
    (values,) = handlers.download("a", ["b"], KEPT, REQUEST)
    assert values["models"]["value"] == ["a", "b"]


def test_the_camera_asks_what_is_set(handlers):
    values = handlers.aim(["a", "b", "c", "d", "e"], 3, 2.0, "whole")
    assert values == {"camera": {"models": ["a", "b", "c", "d"], "top_k": 3, "temperature": 2.0, "crop": "whole"}}
    assert handlers.aim(None, 5, 1.0, "centre")["camera"]["models"] == []


def test_the_camera_s_answers_take_the_place_of_those_to_images(handlers):
    values = handlers.clear()
    assert values["heat"]["visible"] is True and values["batch"]["visible"] is False
    assert values["heat_maps"] == {} and values["questions"] == []
