"""The index of runs, the words of the page, and its handlers without a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_runs import make_untrained_run
from PIL import Image

from resnet_demo.places import PROJECT, Places
from resnet_demo.runs.folder import WEIGHTS, RunFolder
from resnet_demo.runs.index import RunIndex, UnknownRun
from resnet_demo.services import Services


@pytest.fixture
def empty(tmp_path) -> Services:
    root = tmp_path
    return Services.create(Places(data=None, cache=root / "c", runs=root / "runs", weights=root / "weights"))


def test_the_index_lists_published_runs_first_then_the_newest(empty):
    assert empty.runs.list() == []
    for age, name in enumerate(("newest", "older", "oldest")):
        run = make_untrained_run(empty.places.runs, name)
        os.utime(run.path / "config.json", (1e9 - age, 1e9 - age))
    make_untrained_run(empty.places.weights, "z-published")
    (empty.places.runs / "no-run").mkdir()
    (empty.places.runs / "broken").mkdir()
    (empty.places.runs / "broken" / "config.json").write_text("{")
    (empty.places.runs / "older" / WEIGHTS).unlink()
    assert [run.id for run in empty.runs.list()] == ["z-published", "newest", "older", "oldest"]
    assert [run.id for run in empty.runs.with_weights()] == ["z-published", "newest", "oldest"]
    published = empty.runs.get("z-published")
    assert empty.runs.is_published(published) and not empty.runs.is_published(empty.runs.get("newest"))


@pytest.mark.parametrize("name", ["../weights/a", "a/", ".", "..", "", "/", "A", "a\0", "${x}"])
def test_an_id_is_looked_up_and_never_joined_to_a_path(empty, name):
    make_untrained_run(empty.places.weights, "a")
    with pytest.raises(UnknownRun) as caught:
        empty.runs.get(name)
    assert str(caught.value).startswith("There is no run called")
    assert empty.runs.get("a").path == empty.places.weights / "a"


def test_without_a_trained_network_the_page_says_how_to_train_one(empty):
    from resnet_demo.ui.classify import respond
    from resnet_demo.ui.text import LANGUAGES

    said = respond(empty, LANGUAGES["en"], None, None)
    assert said["command"] == "python -m resnet_demo train --model resnet8 --data shapes"
    make_untrained_run(empty.places.runs, "a", classes=("x", "y"))
    assert respond(empty, LANGUAGES["en"], None, "a")["knows"] == ["x", "y"]
    deleted = respond(empty, LANGUAGES["en"], None, "b")
    assert deleted["error"] and "no run called" in deleted["message"]


def test_low_confidence_is_said(empty, tmp_path):
    from resnet_demo.ui.classify import respond
    from resnet_demo.ui.text import LANGUAGES

    Image.new("RGB", (40, 40), "white").save(tmp_path / "white.png")
    make_untrained_run(empty.places.runs, "many", classes=tuple(f"class {i}" for i in range(100)))
    said = respond(empty, LANGUAGES["en"], str(tmp_path / "white.png"), "many")
    assert len(said["rows"]) == 10 and said["rows"][0]["probability"] < 0.5
    assert said["note"].startswith("The network is unsure")
    make_untrained_run(empty.places.runs, "two", classes=("x", "y"))
    assert respond(empty, LANGUAGES["en"], str(tmp_path / "white.png"), "two")["note"] == ""


def test_every_sample_shows_the_class_it_is_called():
    from resnet_demo.data import shapes
    from resnet_demo.ui.classify import sample_pictures

    pictures = sample_pictures()
    assert [name for name, _ in pictures] == list(shapes.CLASSES)
    images, labels = shapes.make("test", 10)
    for name, picture in pictures:
        row = list(labels).index(shapes.CLASSES.index(name))
        assert picture.tobytes() == images[row].tobytes()


def test_every_language_has_the_same_words():
    from resnet_demo.ui.text import ENGLISH, LANGUAGES

    for text in LANGUAGES.values():
        assert set(text.words) == set(ENGLISH)
    assert LANGUAGES["en"].part("view") == {"caption": ENGLISH["view.caption"]}


def test_a_port_in_use_gives_one_sentence(server, tmp_path):
    port = server.rstrip("/").rpartition(":")[2]
    environment = {**os.environ, "RESNET_DEMO_RUNS": str(tmp_path), "RESNET_DEMO_WEIGHTS": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "app.py", "--port", port],
        cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.strip() == f"app.py: cannot listen on port {port} of 127.0.0.1; choose another with --port"


def test_a_title_says_network_data_and_where_from(empty):
    from resnet_demo.ui.runs import title
    from resnet_demo.ui.text import LANGUAGES

    published = make_untrained_run(empty.places.weights, "a")
    mine = make_untrained_run(empty.places.runs, "b")
    assert title(empty.runs, published, LANGUAGES["en"]) == "ResNet-8 A on own, published"
    Path(mine.path / "meta.json").write_text('{"name": "my first"}')
    assert title(empty.runs, mine, LANGUAGES["en"]).startswith("my first (ResNet-8 A on own), 20")
    assert isinstance(RunIndex([]).list(), list) and RunFolder(mine.path).id == "b"
