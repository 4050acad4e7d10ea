"""What the tab Classify shows, without a browser: answers, batches, heat maps, samples, fetching."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from made_runs import NASTY, make_trained_run, make_untrained_run
from PIL import Image

from resnet_demo.cli import main
from resnet_demo.data import shapes
from resnet_demo.data.errors import DataError
from resnet_demo.data.sources import HUB_SOURCES
from resnet_demo.models import ModelSpec
from resnet_demo.places import Places
from resnet_demo.runs.files import WEIGHTS
from resnet_demo.services import Services
from resnet_demo.ui.classify import batch, fetch
from resnet_demo.ui.shared import answers, samples
from resnet_demo.ui.shared import data_download as fetching
from resnet_demo.ui.shared import heat_maps as heat
from resnet_demo.ui.shared.answers import Options
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.text.classes import CHINESE, class_names
from resnet_demo.ui.uploads import opened

ENGLISH = LANGUAGES["en"]


@pytest.fixture
def empty(tmp_path, monkeypatch) -> Services:
    """Services without any network, wherever this machine keeps ImageNet's weights."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    root = tmp_path
    return Services.create(Places(data=None, cache=root / "c", runs=root / "runs", weights=root / "weights"))


@pytest.fixture
def picture(tmp_path) -> str:
    path = tmp_path / "noise.png"
    Image.fromarray(np.random.RandomState(0).randint(0, 256, (50, 70, 3)).astype(np.uint8)).save(path)
    return str(path)


def show(services, path, *ids, text=ENGLISH, **options):
    return answers.figure(services, text, path, ids, Options(**options))


def test_without_a_trained_network_the_page_says_how_to_train_one(empty):
    said = show(empty, None)
    assert said["command"] == "python -m resnet_demo train --model resnet8 --data shapes" and not said["cards"]
    make_untrained_run(empty.places.runs, "a", classes=("x", "y"))
    assert show(empty, None)["message"] == "Choose a model first."
    assert show(empty, None, "a")["cards"][0]["knows"] == {"line": "x, y", "all": ""}


def test_a_network_that_was_deleted_meanwhile_is_named(empty, picture):
    said = show(empty, picture, "b")
    assert said["error"] and "no model called “b”" in said["message"]


def test_low_confidence_is_said_and_many_classes_are_folded(empty, picture):
    make_untrained_run(empty.places.runs, "many", classes=tuple(f"class {i}" for i in range(100)))
    card = show(empty, picture, "many", top_k=7)["cards"][0]
    assert len(card["rows"]) == 7 and card["rows"][0]["probability"] < 0.5
    assert card["note"].startswith("The model is unsure")
    assert card["knows"]["line"] == "100 classes" and card["knows"]["all"].endswith("class 99")
    make_untrained_run(empty.places.runs, "two", classes=("x", "y"))
    assert show(empty, picture, "two", temperature=0.1)["cards"][0]["note"] == ""


def test_temperature_moves_probabilities_and_not_the_order(empty, picture):
    make_untrained_run(empty.places.runs, "a", classes=("x", "y", "z"))
    cold, hot = (show(empty, picture, "a", temperature=t)["cards"][0]["rows"] for t in (0.5, 5.0))
    assert [row["label"] for row in cold] == [row["label"] for row in hot]
    assert cold[0]["probability"] > hot[0]["probability"] > 1 / 3


def test_several_networks_answer_side_by_side_and_one_failure_costs_nobody(empty, picture):
    for name in "abc":
        make_untrained_run(empty.places.runs, name, classes=("x", name))
    (empty.places.runs / "b" / WEIGHTS).write_bytes(b"damaged")
    a, b, c = show(empty, picture, "a", "b", "c")["cards"]
    assert a["rows"] and c["rows"] and not b["rows"]
    assert "cannot be loaded" in b["message"] and "ResNet-8" in b["title"]


def test_a_bad_picture_is_said_once_for_all_networks(empty, tmp_path):
    (tmp_path / "notes.jpg").write_text("not an image")
    for name in "ab":
        make_untrained_run(empty.places.runs, name)
    said = show(empty, str(tmp_path / "notes.jpg"), "a", "b")
    assert said["error"] and "notes.jpg" in said["message"]
    assert [card["message"] for card in said["cards"]] == ["", ""] and all(card["knows"] for card in said["cards"])


def test_the_built_in_classes_are_chinese_on_the_chinese_page_and_others_stay(empty, picture):
    assert class_names(shapes.CLASSES, "zh")[8] == "五角星" and class_names(shapes.CLASSES, "en") == shapes.CLASSES
    assert all(len(ours) == len(theirs) == len(set(theirs)) for ours, theirs in CHINESE.items())
    make_untrained_run(empty.places.runs, "shapes", classes=shapes.CLASSES)
    make_untrained_run(empty.places.runs, "own", classes=("circle", NASTY))
    built_in, own = show(empty, picture, "shapes", "own", text=LANGUAGES["zh"], top_k=10)["cards"]
    assert {row["label"] for row in built_in["rows"]} == set(shapes.CLASSES_ZH)
    assert {row["label"] for row in own["rows"]} == {"circle", NASTY}


def test_a_batch_has_a_row_for_each_picture_and_network_and_keeps_going(empty, tmp_path, picture):
    for name in "ab":
        make_untrained_run(empty.places.runs, name, classes=("x", "y", "z", "w"))
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    paths = [picture, str(tmp_path / "broken.jpg"), picture]
    *_, (value, done) = batch.tables(empty, ENGLISH, paths, ["a", "b"], Options())
    assert done == 3 and len(value["rows"]) == 6
    assert {column["key"] for column in value["columns"]} >= {"network", "best", "second", "third", "confidence"}
    whole, broken = value["rows"][0], value["rows"][2]
    single = show(empty, picture, "a")["cards"][0]["rows"]
    assert [whole[key] for key in ("best", "second", "third")] == [row["label"] for row in single[:3]]
    assert whole["confidence"]["sort"] == pytest.approx(single[0]["probability"], abs=1e-4)
    assert whole["picture"].startswith("data:image/") and broken["best"].startswith("✗ “broken.jpg”")
    *_, (value, _) = batch.tables(empty, ENGLISH, paths, ["a"], Options())
    assert len(value["rows"]) == 3 and "network" not in {column["key"] for column in value["columns"]}


def test_a_batch_takes_so_many_pictures_and_says_so(empty, picture, monkeypatch):
    monkeypatch.setattr(batch, "MOST_PICTURES", 2)
    make_untrained_run(empty.places.runs, "a")
    *_, (value, done) = batch.tables(empty, ENGLISH, [picture] * 5, ["a"], Options())
    assert done == 2 == len(value["rows"])
    assert batch.progress(ENGLISH, done, 5).startswith("5 images were uploaded; the table has the first 2")
    assert batch.progress(ENGLISH, 1, 5) == "1 of 2 images …"


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("method", ["grad-cam", "hires-cam", "saliency"])
def test_a_heat_map_says_what_it_is_of(empty, picture, method, text):
    make_untrained_run(empty.places.runs, "a", classes=("x", "y"))
    shown = heat.figure(empty, text, heat.Question(picture, "a", 1), method, "layer3")
    assert not shown["message"] and "“y”" in shown["title"]
    size = "32 × 32" if method == "saliency" else "8 × 8"
    assert size in shown["caption"] and shown["pixelated"]
    gone = heat.figure(empty, text, heat.Question(picture, "gone", 1), method, "layer3")
    assert gone["message"] and "map" not in gone


def test_layers_are_named_as_stages_and_blocks():
    names = dict(heat.layer_choices(ModelSpec.from_name("resnet50"), ENGLISH))
    assert names["stage 4"] == "layer4" and names["stage 3, block 6"] == "layer3.5"


def test_colours_follow_the_values():
    image = heat.coloured(np.array([[0.0, 1.0]], dtype=np.float32)).convert("RGB")
    dark, light = image.getpixel((0, 0)), image.getpixel((1, 0))
    assert image.size == (2, 1) and sum(dark) < 30 < 600 < sum(light)


def test_every_sample_is_what_it_is_called():
    images, labels = shapes.make("test", 10)
    for sample in samples.SAMPLES:
        picture = Image.open(sample.path)
        assert picture.size == ((32, 32) if sample.data else (320, 320))
        if sample.data:
            row = list(labels).index(shapes.CLASSES.index(sample.name))
            assert picture.convert("RGB").tobytes() == images[row].tobytes()


def test_samples_are_answered_once_and_other_pictures_each_time(empty, picture):
    run = make_untrained_run(empty.places.runs, "a")
    classifier, calls = empty.catalogue.get("a"), []
    star = next(s for s in samples.SAMPLES if s.name == "star").path

    def ask(path, key=1):
        return samples.cached_answer(empty, path, classifier, key, lambda: calls.append(path) or len(calls))

    assert (ask(star), ask(star), ask(star, key=2)) == (1, 1, 2)
    assert (ask(Path(picture)), ask(Path(picture))) == (3, 4)
    (run.path / WEIGHTS).write_bytes(b"other weights")
    assert ask(star) == 5


def test_an_upload_that_was_deleted_meanwhile_is_a_sentence(empty, tmp_path):
    make_untrained_run(empty.places.runs, "a")
    gone = tmp_path / "cat.jpg"  # as after an hour, while the page still shows it
    for text in LANGUAGES.values():
        expected = text("error.data.expired", name="cat.jpg", minutes=60)
        card = answers.figure(empty, text, str(gone), ["a"], answers.Options())
        drawn = heat.figure(empty, text, heat.Question(str(gone), "a", 1), "grad-cam", None)
        (table, _) = list(batch.tables(empty, text, [str(gone)], ["a"], answers.Options()))[-1]
        assert card["message"] == drawn["message"] == expected
        assert table["rows"][0]["best"] == f"✗ {expected}"
    with pytest.raises(DataError, match="uploads are kept for 60 minutes"):
        opened(str(gone))


def test_an_upload_that_is_deleted_while_it_is_read_is_a_sentence(empty, picture, monkeypatch):
    make_untrained_run(empty.places.runs, "a")
    monkeypatch.setattr(samples, "uploaded", lambda path: Path(path).unlink() or Path(path))
    card = answers.figure(empty, ENGLISH, picture, ["a"], answers.Options())
    assert "does not exist" in card["message"]


def test_a_sample_is_shown_to_networks_that_know_such_pictures(empty):
    make_trained_run(empty.places.weights, "shapes")
    make_untrained_run(empty.places.runs, "own")
    ready = empty.catalogue.ready()
    by_id = {classifier.id: classifier for classifier in ready}
    star, cat = (next(s for s in samples.SAMPLES if s.name == name) for name in ("star", "cat"))
    assert samples.fitting(star, [by_id["own"]], ready) == ["shapes"]
    assert samples.fitting(star, [by_id["own"], by_id["shapes"]], ready) == ["shapes"]
    assert samples.fitting(cat, [by_id["shapes"]], ready) == ["own"]
    assert samples.fitting(cat, [by_id["shapes"]], [by_id["shapes"]]) == ["shapes"]


def test_fetching_says_how_far_it_is_and_what_went_wrong(empty, monkeypatch):
    first = fetch.choices(empty, ENGLISH)[0]
    assert first[1] == "imagenet/resnet18" and "46.8 MB" in first[0]

    def offline(pretrained, report):
        report(1_000_000, 2_000_000)
        raise DataError("download.checksum", name="ResNet-18")

    monkeypatch.setattr(type(empty.catalogue), "fetch", lambda self, *arguments: offline(*arguments))
    *_, (sentence, here) = fetch.fetched(empty, ENGLISH, first[1])
    assert "ResNet-18" in sentence and not here
    monkeypatch.setattr(type(empty.catalogue), "fetch", lambda self, pretrained, report: report(1, 2))
    *_, (sentence, here) = fetch.fetched(empty, ENGLISH, first[1])
    assert sentence == "ResNet-18 is downloaded and selected." and here
    assert list(fetch.fetched(empty, ENGLISH, "imagenet/other"))[-1][1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_network_every_place_says_the_same_sentence(empty, monkeypatch, capsys, language):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    text = LANGUAGES[language]
    *_, (weights, here) = fetch.fetched(empty, text, "imagenet/resnet18")
    *_, (notice, there) = fetching.fetched(empty, text, "cifar10")  # Train, and Confusion too
    assert not here and not there and notice["error"]
    values = {"name": "CIFAR-10", "repository": "uoft-cs/cifar10", "variable": "RESNET_DEMO_DATA"}
    values["files"] = ", ".join(f"cifar10/{name}" for name in HUB_SOURCES["cifar10"].files())
    data = text("error.download.offline", host="huggingface.co", **values)
    assert notice["text"] == data and "\n" not in data and "Error" not in data
    values = {"name": "ResNet-18 (ImageNet)", "repository": "timm/resnet18.tv_in1k"}
    values |= {"variable": "RESNET_DEMO_IMAGENET", "files": "resnet18.tv_in1k/model.safetensors"}
    assert weights == text("error.download.offline", host="huggingface.co", **values)
    if language == "en":
        assert main(["train", "--data", "cifar10", "--model", "resnet8"], empty.places) == 2
        assert capsys.readouterr().err.splitlines()[-1] == f"resnet_demo train: {data}"


def test_a_picture_of_samples_has_a_licence():
    credits = (samples.FOLDER.parent / "CREDITS.md").read_text(encoding="utf-8")
    assert all(f"{name}.jpg" in credits for name in samples.PHOTOS)
    assert BytesIO(samples.SAMPLES[0].path.read_bytes()).read(2) == b"\xff\xd8"
