"""A visitor relabels or leaves out own images that a model is wrong about, and trains on, without a browser."""

from __future__ import annotations

import zipfile
from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pytest
from hub_layout import write_pictures
from made_runs import make_config, write_weights
from managed import Puppets, make_places, wait_until
from named_parts import named_parts

from resnet_demo.data.own import OWN
from resnet_demo.engine.evaluate import Predictions
from resnet_demo.engine.events import RunFinished
from resnet_demo.library.visitors import Visitor
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import create_run, open_writer
from resnet_demo.services import Services
from resnet_demo.ui.confusion.choice import Choice, select
from resnet_demo.ui.confusion.correcting_handlers import ACCEPT, LEAVE_OUT, LOOK, CorrectingHandlers
from resnet_demo.ui.confusion.correcting_layout import CorrectingParts
from resnet_demo.ui.text import LANGUAGES

REQUEST = SimpleNamespace(headers={}, client=SimpleNamespace(host="192.0.2.1"))
SIZE = 32


@pytest.fixture
def services(tmp_path):
    services = Services.create(make_places(tmp_path), executor=Puppets())
    yield services
    services.close()


@pytest.fixture
def key(services, tmp_path) -> str:
    """Twelve cats and nine dogs that the visitor has uploaded."""
    write_pictures(tmp_path / "pets", {"cat": 12, "dog": 9})
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
        for file in sorted((tmp_path / "pets").rglob("*.png")):
            archive.write(file, file.relative_to(tmp_path / "pets"))
    return services.own.add(tmp_path / "pets.zip", "pets", SIZE)


@pytest.fixture
def dataset(services, key):
    return services.own.load(OWN + key, SIZE)


@pytest.fixture
def mine(services, dataset):
    """A run of the visitor's on these images, wrong about all that it was validated on, and its token."""

    def make(root) -> RunFolder:
        config = make_config(dataset, data=dataset.name)
        folder = create_run(root, config, "mine")
        write_weights(folder, 0)
        _, rows = dataset.split_rows(config.split_seed)
        labels = np.asarray(dataset.train.labels)[rows].astype(np.int64)
        with open_writer(folder) as writer:
            predictions = Predictions(np.eye(2, dtype=np.float16)[1 - labels] * 3, labels, rows)
            writer.write_predictions({"validation": predictions}, dataset)
            writer.append(RunFinished("finished", 20, 1.0))
        return folder

    return services.manager.adopt(make)


@pytest.fixture
def choice(mine, key):
    return Choice(mine.run.id, "validation", kept={mine.run.id: mine.token, OWN + key: "pets"})


@pytest.fixture
def handlers(services):
    return CorrectingHandlers(services, LANGUAGES["en"], named_parts(CorrectingParts))


def shown(handlers, choice, keys=None, new_run=True):
    who = Visitor(choice.kept if keys is None else keys)
    answers = select(handlers.services, choice, who, handlers.text).answers
    return handlers.shown(answers, choice, who, new_run)


def click(handlers, choice, at, action, changes=None):
    return handlers.change(SimpleNamespace(index=at), REQUEST, action, changes, *choice)


def test_only_who_uploaded_the_images_and_trained_the_run_may_correct_them(handlers, choice, services, key):
    values = shown(handlers, choice)
    assert values["fold"]["visible"]
    assert [name for _, name in values["action"]["choices"]] == [LOOK, ACCEPT, LEAVE_OUT, "0", "1"]
    assert set(values) == {field.name for field in fields(CorrectingParts)} - {"tabs", "wanted", "kept"}
    assert "value" not in shown(handlers, choice, new_run=False)["action"]
    without_images = {name: token for name, token in choice.kept.items() if not name.startswith(OWN)}
    digest = services.own.data(key)  # as the run's configuration names them, for everybody to read
    for kept in (without_images, {**without_images, digest: "pets"}, {**choice.kept, choice.run: ""}, {}, None):
        other = choice._replace(kept=kept)
        assert not shown(handlers, other, kept or {})["fold"]["visible"]
        assert click(handlers, other, 0, ACCEPT) == {} == handlers.train_again(REQUEST, None, *other)
    assert not shown(handlers, choice._replace(groups="pets: cat, dog"))["fold"]["visible"]


def test_clicks_change_several_images_and_the_same_click_takes_it_back(handlers, choice, dataset):
    rows = dataset.split_rows(0)[1]
    assert click(handlers, choice, 0, LOOK) == {}
    first = click(handlers, choice, 0, ACCEPT)
    right, wrong = (int(one) for one in (dataset.train.labels[rows[0]], 1 - dataset.train.labels[rows[0]]))
    assert first["changes"].images == {int(rows[0]): wrong}
    both = click(handlers, choice, 1, LEAVE_OUT, first["changes"])
    assert both["changes"].images == {int(rows[0]): wrong, int(rows[1]): None}
    shown_rows = both["listed"]["rows"]
    assert [(one["label"], one["new"]) for one in shown_rows] == [
        (dataset.classes[right], dataset.classes[wrong]),
        (dataset.classes[dataset.train.labels[rows[1]]], "left out"),
    ]
    assert both["again"]["visible"] and "2" in both["again"]["value"]
    assert click(handlers, choice, 1, LEAVE_OUT, both["changes"])["changes"] == first["changes"]
    assert click(handlers, choice, 0, str(right), both["changes"])["changes"].images == {int(rows[1]): None}
    left = handlers.take_back(SimpleNamespace(index=0), REQUEST, both["changes"], *choice)
    assert left["changes"].images == {int(rows[1]): None}
    none = handlers.take_back(SimpleNamespace(index=0), REQUEST, left["changes"], *choice)
    assert none["listed"] is None and not none["again"]["visible"]
    for at, action in ((99, ACCEPT), (-1, ACCEPT), (0, "2"), (0, "x"), (0, None)):
        assert click(handlers, choice, at, action) == {}


def test_one_click_trains_on_the_edited_images_from_the_weights_of_the_run(handlers, choice, services, dataset, key):
    at = int(np.flatnonzero(np.asarray(dataset.train.labels)[dataset.split_rows(0)[1]] == 0)[0])
    changes = click(handlers, choice, at, LEAVE_OUT)["changes"]
    values = handlers.train_again(REQUEST, changes, *choice)
    run = services.runs.get(values["wanted"]["run"])
    (new,) = [name for name in values["kept"] if name.startswith(OWN) and name != OWN + key]
    assert values["kept"][new] == "pets, edited" and run.id in values["kept"].entries
    assert run.config.data == services.own.data(new) and run.config.initial == run.config.parent == choice.run
    assert (run.config.length, run.config.unit) == (20, "steps")
    assert len(services.own.load(new, SIZE).files) == len(dataset.files) - 1
    assert services.own.load(OWN + key, SIZE).fingerprint == dataset.fingerprint  # the upload stays as it is
    assert values["changes"] is None and values["listed"] is None and not values["again"]["visible"]
    assert wait_until(lambda: services.manager.status(run.id).state == "running")


def test_what_cannot_be_trained_on_is_a_sentence_and_nothing_is_kept(handlers, choice, services, monkeypatch):
    before = sorted(services.own.root.iterdir())
    values = handlers.train_again(REQUEST, None, *choice)
    assert values.keys() == {"status"} and values["status"]["error"] and "No image" in values["status"]["text"]
    changes = click(handlers, choice, 0, ACCEPT)["changes"]
    monkeypatch.setattr(services.manager, "limits", replace(services.manager.limits, waiting=0))
    values = handlers.train_again(REQUEST, changes, *choice)
    assert values.keys() == {"status"} and values["status"]["error"]
    assert sorted(services.own.root.iterdir()) == before
