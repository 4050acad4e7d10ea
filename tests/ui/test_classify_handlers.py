"""The tab Classify answers without a browser: what each handler fills, and what it leaves alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from made_runs import make_untrained_run
from named_parts import named_parts
from PIL import Image
from small_page import idle_services

from resnet_demo.data.errors import DataError
from resnet_demo.ui.classify.handlers import Handlers
from resnet_demo.ui.classify.layout import Parts
from resnet_demo.ui.shared.samples import SAMPLES
from resnet_demo.ui.text import LANGUAGES

OPTIONS = (5, 1.0, "centre")
KEPT = dict.fromkeys(("a", "b", "c", "shapes"), "")  # what the visitor may see
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
    (values,) = handlers.show(images[:1], ["a", "b"], *OPTIONS)
    assert [card["id"] for card in values["figure"]["cards"]] == ["a", "b"]
    assert values["batch"]["visible"] is values["heat"]["visible"] is False and values["index"] == 0
    assert "rows" not in values


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
    of_image = handlers.show_one(SimpleNamespace(index=1), images, ["a", "b"], *OPTIONS)
    of_row = handlers.show_row(SimpleNamespace(index=3), images, ["a", "b"], *OPTIONS)
    assert of_image == of_row and of_image["index"] == 1 and of_image["figure"]["file"] == "two.png"
    for index, uploaded in ((3, images), (-1, images), (0, None), (0, [])):
        values = handlers.show_one(SimpleNamespace(index=index), uploaded, ["a"], *OPTIONS)
        assert "figure" not in values and values["index"] == 0


def test_a_sample_comes_with_a_model_that_fits_it(handlers, services):
    make_untrained_run(services.places.runs, "shapes", data="shapes")
    star = [sample.name for sample in SAMPLES].index("star")
    values = handlers.take_sample(SimpleNamespace(index=star), ["a"], KEPT, REQUEST)
    assert values["uploads"] == [str(SAMPLES[star].path)] and values["models"]
    assert all(services.catalogue.get(one).run.config.data == "shapes" for one in values["models"])


def test_a_class_is_explained_and_explained_again(handlers, images):
    event = SimpleNamespace(index=0, value="a")
    values = handlers.explain(event, images, 2, "centre", "grad-cam")
    assert values["question"].path == images[2][0] and values["heat"]["visible"]
    assert values["heat_map"]["map"] and values["layer"]["value"] in [layer for _, layer in values["layer"]["choices"]]
    again = handlers.explain_again(values["question"], "grad-cam", "layer1")
    assert set(again) == {"heat_map", "layer"} and again["heat_map"]["layer"] == "layer1"
    assert handlers.explain_again(None, "grad-cam", None) == {}
    for index, uploaded in ((3, images), (0, None), (0, [])):  # removed since the class was shown
        assert handlers.explain(event, uploaded, index, "centre", "grad-cam") == {}


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
