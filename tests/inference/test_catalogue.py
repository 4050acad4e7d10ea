"""What can answer: in the order of the page, looked up by id, with a sentence for what is not there."""

from __future__ import annotations

import json
import os

import pytest
from made_runs import make_untrained_run

from resnet_demo.errors import Refusal
from resnet_demo.inference.catalogue import Catalogue
from resnet_demo.inference.imagenet import PRETRAINED
from resnet_demo.places import Places
from resnet_demo.runs.index import RunIndex


@pytest.fixture
def places(tmp_path) -> Places:
    return Places(None, *(tmp_path / name for name in ("cache", "runs", "weights", "imagenet")))


@pytest.fixture
def catalogue(places) -> Catalogue:
    places.imagenet.mkdir()
    return Catalogue(RunIndex([places.weights, places.runs]), places)


def ids(catalogue: Catalogue) -> list[str]:
    return [one.id for one in catalogue.ready()]


def test_the_order_is_that_of_the_page(catalogue, places):
    def put(depth: int) -> None:
        (places.imagenet / f"resnet{depth}.safetensors").touch()

    assert ids(catalogue) == [] and catalogue.missing() == list(PRETRAINED)
    for age, name in enumerate(("new", "old")):
        run = make_untrained_run(places.runs, name)
        os.utime(run.path / "config.json", (1e9 - age, 1e9 - age))
    make_untrained_run(places.weights, "ours")
    put(34)
    assert ids(catalogue) == ["ours", "imagenet/resnet34", "new", "old"]
    put(18)
    assert ids(catalogue) == ["imagenet/resnet18", "ours", "imagenet/resnet34", "new", "old"]
    put(50), put(152)
    others = [f"imagenet/resnet{depth}" for depth in (18, 34, 152)]
    assert ids(catalogue) == ["imagenet/resnet50", "ours", *others, "new", "old"]
    assert [one.name for one in catalogue.missing()] == ["resnet101"]


def test_everything_that_is_ready_is_found_by_its_id(catalogue, places):
    run = make_untrained_run(places.runs, "mine", classes=("x", "y"))
    weights = places.imagenet / "resnet18.safetensors"
    weights.touch()
    for one in catalogue.ready():
        found = catalogue.get(one.id)
        assert (found.id, found.spec, found.classes, found.preprocess, found.weights) == (
            one.id, one.spec, one.classes, one.preprocess, one.weights
        )  # fmt: skip
    mine, theirs = catalogue.get("mine"), catalogue.get("imagenet/resnet18")
    assert mine.run.path == run.path and mine.classes == ("x", "y") and mine.preprocess == run.preprocess()
    assert theirs.run is None and theirs.weights == weights and len(theirs.classes) == 1000


@pytest.mark.parametrize("name", ["../weights/a", "imagenet/resnet20", "imagenet", "imagenet/", "", "${x}", 5, None])
def test_an_unknown_id_gets_a_sentence(catalogue, name):
    with pytest.raises(Refusal, match="There is no model called “") as caught:
        catalogue.get(name)
    assert caught.value.code == "unknown_network" and str(name) in str(caught.value)
    assert str(caught.value).startswith("There")


def test_weights_to_fetch_are_named_with_their_size(catalogue):
    for one in PRETRAINED:
        words = rf"weights of ResNet-{one.depth} .*\({one.size_bytes / 1e6:.0f} MB\)"
        with pytest.raises(Refusal, match=words) as caught:
            catalogue.get(one.id)
        assert caught.value.code == "not_here"


def test_a_run_that_no_classifier_can_be_made_of_is_left_out(catalogue, places):
    good, bad = (make_untrained_run(places.runs, name) for name in ("good", "bad"))
    config = json.loads((bad.path / "config.json").read_text(encoding="utf-8"))
    (bad.path / "config.json").write_text(json.dumps(config | {"preprocessing": "fisheye"}))
    assert ids(catalogue) == [good.id]
    with pytest.raises(Refusal):
        catalogue.get("bad")
