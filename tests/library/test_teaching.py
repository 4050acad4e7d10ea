"""A few images of each class become a run that tells them apart, and knows when it had better keep silent."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import pytest
import torch
from managed import Puppets, make_places, wait_until
from shown import picture, pictures

from resnet_demo.errors import Refusal
from resnet_demo.inference.catalogue import Catalogue
from resnet_demo.library import teaching
from resnet_demo.library.datasets import dataset_of
from resnet_demo.library.teaching import LEAST_CLASSES, MOST_CLASSES, MOST_IMAGES, find_backbone, teach, threshold_of
from resnet_demo.library.visitors import Visitor
from resnet_demo.places import PROJECT
from resnet_demo.runs.execute import execute
from resnet_demo.runs.folder import RunFolder
from resnet_demo.services import Services

WHO = Visitor(address="192.0.2.1")


@pytest.fixture
def services(tmp_path):
    """A server that strangers use, with the models that ship with the project; nothing is trained on it."""
    places = replace(make_places(tmp_path), weights=PROJECT / "weights")
    services = Services.create(places, executor=Puppets())
    yield services
    services.close()


def test_images_become_a_run_like_any_other(services):
    taught = teach(services, pictures(), WHO, "bars and rings")
    config = taught.run.config
    assert config.classes == ("level", "ring", "upright") and taught.run.name == "bars and rings"
    assert config.freeze and config.initial == taught.backbone.id == "cifar10-resnet20-b"
    assert (config.mean, config.std) == (taught.backbone.preprocess.mean, taught.backbone.preprocess.std)
    assert services.own.has(taught.data) and config.data != taught.data  # which opens nothing but training
    assert services.manager.owns(taught.run.id, taught.submitted.token)
    assert threshold_of(taught.run) is None

    events = list(execute(taught.run, dataset_of(services, config), torch.device("cpu")))
    assert events[-1].status == "finished"
    run = RunFolder(taught.run.path)
    validation, threshold = run.predictions()["validation"], threshold_of(run)
    assert validation.accuracy == 1.0 and len(validation.rows) == 6
    assert (threshold.total, threshold.answered, threshold.right) == (6, 6, 6) and 0.4 < threshold.value <= 1


def test_the_whole_network_is_trained_on_request(services):
    config = teach(services, pictures(5), WHO, whole=True).run.config
    assert not config.freeze and config.initial == "cifar10-resnet20-b"


def test_the_backbone_is_the_best_that_is_here(services, monkeypatch):
    assert find_backbone(services).id == "cifar10-resnet20-b"
    own = find_backbone(services)
    there = [replace(own, id=f"imagenet/resnet{depth}") for depth in (50, 18, 34)]
    monkeypatch.setattr(Catalogue, "ready", lambda self, ids=None: [*there, own])
    assert find_backbone(services).id == "imagenet/resnet18"
    on_gpu = Puppets()
    on_gpu.slots = ("cuda:0",)
    assert find_backbone(Services.create(services.places, executor=on_gpu)).id == "imagenet/resnet50"
    monkeypatch.setattr(Catalogue, "ready", lambda self, ids=None: [])
    with pytest.raises(Refusal) as refused:
        find_backbone(services)
    assert refused.value.code == "teach.backbone"


@pytest.mark.parametrize("count", [LEAST_CLASSES - 1, MOST_CLASSES + 1])
def test_too_few_or_many_classes_are_refused_and_nothing_is_kept(services, count, tmp_path):
    images = pictures(2, tuple(f"class {number}" for number in range(count)))
    with pytest.raises(Refusal) as refused:
        teach(services, images, WHO)
    assert refused.value.code == "teach.classes"
    path = tmp_path / "sent.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, files in images.items():
            for number, content in enumerate(files):
                archive.writestr(f"{name}/{number}.jpg", content)
    with pytest.raises(ValueError):  # by the rule for all data sets, or by this one
        teaching.teach_zip(services, path, WHO)
    assert not [*services.own.root.glob("*")] and not services.runs.with_weights()[0].path.parent == services.own.root


def test_too_many_or_large_images_are_refused_before_anything_is_written(services, monkeypatch):
    one = picture(0, 0)
    for images in ([one] * (MOST_IMAGES + 1), [one, b"x" * (2**20 + 1)]):
        with pytest.raises(Refusal, match="too many or too large images") as refused:
            teach(services, {"a": images, "b": [one, one]}, WHO)
        assert refused.value.code == "teach.large"
    assert not services.own.root.exists()


def test_names_of_classes_are_no_paths(services):
    names = ("../up", "a/b", "", "a b")
    config = teach(services, pictures(2, names), WHO).run.config
    assert sorted(config.classes) == sorted(("up", "a b", "class 3", "a b 4"))


def test_images_do_not_stay_where_the_run_cannot_be_queued(services):
    for _ in range(services.manager.limits.waiting_per_address + 1):
        last = len([*services.own.root.glob("*")]) if services.own.root.exists() else 0
        try:
            taught = teach(services, pictures(2), WHO)
            wait_until(lambda run=taught.run: services.manager.status(run.id).state != "unknown")
        except Refusal:
            assert len([*services.own.root.glob("*")]) == last
            return
    raise AssertionError("more waits than is accepted")
