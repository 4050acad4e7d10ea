"""The tab Teach answers without a browser: a run from the images it is sent, its threshold, its ways to other tabs."""

from __future__ import annotations

import math
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from managed import Puppets, make_places, wait_until
from named_parts import named_parts
from shown import picture

from resnet_demo.engine.evaluate import Predictions
from resnet_demo.engine.events import RunFinished, RunStarted
from resnet_demo.engine.reasons import because
from resnet_demo.library.datasets import dataset_of
from resnet_demo.metrics.threshold import Threshold
from resnet_demo.places import PROJECT
from resnet_demo.runs.files import PREDICTIONS
from resnet_demo.runs.writer import write_predictions
from resnet_demo.services import Services
from resnet_demo.ui.teach.showing import views
from resnet_demo.ui.teach.showing.handlers import Handlers
from resnet_demo.ui.teach.showing.layout import Parts
from resnet_demo.ui.text import LANGUAGES

ENGLISH = LANGUAGES["en"]
PARTS = named_parts(Parts)
REQUEST = SimpleNamespace(headers={}, client=SimpleNamespace(host="192.0.2.1"))


@pytest.fixture
def puppets():
    return Puppets()


@pytest.fixture
def services(tmp_path, puppets):
    """A server that strangers use; nothing is trained on it but as a test tells it."""
    services = Services.create(replace(make_places(tmp_path), weights=PROJECT / "weights"), executor=puppets)
    yield services
    services.close()


@pytest.fixture
def tab(services):
    return Handlers(services, ENGLISH, PARTS)


@pytest.fixture
def sent(tmp_path):
    """The value of the component once a browser has sent two classes."""

    def send(*classes: str):
        path = tmp_path / "images.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for kind, name in enumerate(classes):
                for number in range(5):
                    archive.writestr(f"{name}/{number}.jpg", picture(kind, number))
        return {"path": str(path), "orig_name": "images.zip", "meta": {"_type": "gradio.FileData"}}

    return send


def test_images_become_a_run_that_is_followed(tab, services, sent):
    values = tab.teach(sent("bars", "stripes"), False, {}, REQUEST)
    run = services.runs.get(values["current"])
    assert run.config.freeze and run.name == "bars, stripes"
    assert values["status"]["text"].startswith("ResNet-20 (trained on CIFAR-10) looks at each image once")
    assert not values["status"]["error"] and values["teacher"]["training"] and values["teacher"]["live"] is None
    assert values["curves"]["runs"][0]["id"] == run.id and values["opens"]["visible"] and values["learning"]["visible"]
    assert values["kept"][run.id] and [name for key, name in values["kept"].items() if key.startswith("own:")]

    other = SimpleNamespace(run="another")
    assert tab.follow(other, run.id) == {} and tab.follow(SimpleNamespace(run=run.id), run.id) == {}  # it waits


def test_the_whole_model_is_fine_tuned_on_request(tab, services, sent):
    values = tab.teach(sent("bars", "stripes"), True, {}, REQUEST)
    assert not services.runs.get(values["current"]).config.freeze and "all of its layers" in values["status"]["text"]


def test_what_cannot_be_learned_is_a_sentence(tab, services, sent):
    for classes, words in (
        (("bars",), "at least 2 sub-folders"),
        (tuple(f"class {n}" for n in range(11)), "2 to 10 classes can be taught at a time, not 11"),
    ):
        values = tab.teach(sent(*classes), False, {}, REQUEST)
        assert set(values) == {"status", "teacher"} and values["status"]["error"]
        assert words in values["status"]["text"] and not values["teacher"]["training"]
    assert tab.teach(None, False, {}, REQUEST) == {} == tab.teach({"path": "/etc/passwd"}, False, {}, REQUEST)


def end(services, puppets: Puppets, run_id: str, last: RunFinished) -> None:
    puppets.end(services.runs.get(run_id).path, RunStarted(1, 1, {}, "a machine", "fp32"), last)
    wait_until(lambda: services.manager.status(run_id).state == last.status)


def evaluate(services, run_id: str, right: list[bool]) -> None:
    """Give the run validation images that it answers with a confidence of about 0.73, rightly or not."""
    run = services.runs.get(run_id)
    logits = np.array([[1.0, 0.0]] * len(right), np.float16)
    labels = np.array([0 if one else 1 for one in right])
    answers = Predictions(logits, labels, np.arange(len(right)))
    write_predictions(run.path / PREDICTIONS, {"validation": answers}, dataset_of(services, run.config))


@pytest.mark.parametrize("right", [[True] * 4, [False] * 4])
def test_its_answers_count_from_a_threshold_that_is_told(tab, services, puppets, sent, right):
    run = tab.teach(sent("bars", "stripes"), False, {}, REQUEST)["current"]
    evaluate(services, run, right)
    end(services, puppets, run, RunFinished("finished", 1, 1.0))
    values = tab.follow(SimpleNamespace(run=run), run)
    assert values["teacher"]["live"]["model"] == run and not values["teacher"]["training"]
    threshold, words = values["teacher"]["live"]["threshold"], values["status"]["text"]
    if right[0]:
        assert threshold == pytest.approx(0.731, abs=1e-3) and "below 73 % is shown as unsure" in words
        assert "(4 of 4, out of 4 images)" in words
    else:
        assert threshold > 1 and "every answer is shown as unsure" in words


def test_a_run_that_ended_early_says_why(tab, services, puppets, sent):
    run = tab.teach(sent("bars", "stripes"), False, {}, REQUEST)["current"]
    end(services, puppets, run, RunFinished("failed", 1, 1.0, **because("ended.loss", step=1, lr=0.1)))
    values = tab.follow(SimpleNamespace(run=run), run)
    assert values["status"]["error"] and "ended before" in values["status"]["text"]
    assert len(values["status"]["text"]) > len(ENGLISH("teach.ended")) + 20 and values["teacher"]["live"] is None


def test_the_run_opens_in_other_tabs(tab, services, sent):
    values = tab.teach(sent("bars", "stripes"), False, {}, REQUEST)
    run = values["current"]
    assert tab.open_in_train(run)["asked"]["run"] == tab.open_in_confusion(run)["question"]["run"] == run
    opened = tab.open_in_classify(run, dict(values["kept"]), REQUEST)
    assert opened["models"]["value"] == [run] and opened["tabs"].selected == "classify"


def test_json_has_no_infinity():
    value = views.value(model="a", threshold=Threshold(math.inf, 4, 0, 0))
    assert math.isfinite(value["live"]["threshold"]) and value["live"]["threshold"] > 1
