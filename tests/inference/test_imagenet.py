"""The ImageNet networks: found wherever their weights lie, loaded strictly, the same as torchvision's."""

from __future__ import annotations

import runpy
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from huggingface_hub import constants
from made_weights import random_network, write_weights_file
from PIL import Image
from safetensors.torch import load_file, save_file

from resnet_demo.data.preprocess import prepare
from resnet_demo.errors import Refusal
from resnet_demo.inference import imagenet
from resnet_demo.inference.classify import classify
from resnet_demo.inference.imagenet import PRETRAINED, classifier, fetched_to, find
from resnet_demo.inference.store import ModelStore
from resnet_demo.places import Places
from resnet_demo.services import Services

RESNET18, _, RESNET50, *_ = PRETRAINED
SHAPES = [(500, 375), (375, 500), (224, 224), (256, 256), (255, 257), (223, 224), (32, 32), (9, 100), (1001, 333)]


def picture(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8))


def theirs(depth: int):
    return getattr(torchvision.models, f"ResNet{depth}_Weights").IMAGENET1K_V1


@pytest.fixture
def places(tmp_path) -> Places:
    folders = [tmp_path / name for name in ("cache", "runs", "weights", "imagenet", "hub", "torch")]
    return Places(None, *folders)


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    return random_network(18)


@pytest.mark.parametrize("one", PRETRAINED, ids=lambda one: one.name)
def test_everything_said_of_them_is_what_torchvision_says(one):
    weights, found = theirs(one.depth), classifier(one, Path("x"))
    assert found.id == f"imagenet/resnet{one.depth}" and found.run is None
    assert list(found.classes) == weights.meta["categories"]
    assert weights.url.endswith(f"/{one.torchvision_file}")
    assert (found.spec.stride_in, found.spec.shortcut, found.spec.num_classes) == ("3x3", "B", 1000)
    with torch.device("meta"):
        state = torchvision.models.get_model(one.name, weights=None).state_dict()
    tensors = sum(value.numel() * value.element_size() for value in state.values())
    assert tensors <= one.size_bytes < 1.001 * tensors
    versions = getattr(torchvision.models, f"ResNet{one.depth}_Weights")
    others = [version.url.rpartition("/")[2] for version in versions if version is not weights]
    assert set(others) <= set(imagenet.OTHER_WEIGHTS) and one.torchvision_file not in imagenet.OTHER_WEIGHTS


@pytest.mark.parametrize("one", PRETRAINED, ids=lambda one: one.name)
def test_pictures_are_prepared_as_torchvision_does(one):
    transform, preprocess = theirs(one.depth).transforms(), classifier(one, Path("x")).preprocess
    for shape in SHAPES:
        image = picture(*shape)
        torch.testing.assert_close(prepare(image, preprocess).tensor, transform(image), rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "shapes"), [("resnet18.safetensors", SHAPES[:4]), ("resnet18-f37072fd.pth", SHAPES[-1:])]
)
def test_answers_are_torchvisions_through_its_own_transform(tmp_path, network, name, shapes):
    ours = classifier(RESNET18, write_weights_file(tmp_path / name, network))
    store, transform = ModelStore(), theirs(18).transforms()
    assert not ours.loader().training
    for shape in shapes:
        image = picture(*shape)
        batch = transform(image)[None]
        with torch.no_grad():
            expected = network(batch)[0]
            logits = store.get(ours).model(prepare(image, ours.preprocess).tensor[None])[0]
        assert 0.1 < expected.std() < 10, "a network that says the same of every picture proves nothing"
        torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-4)
        found, best = classify(image, ours, store, top_k=3), expected.softmax(0).topk(3)
        assert found.indices == tuple(best.indices.tolist())
        assert found.labels == tuple(theirs(18).meta["categories"][i] for i in best.indices)
        assert found.probabilities == pytest.approx(best.values.tolist(), rel=1e-3)


def test_bottlenecks_answer_as_torchvisions_do(tmp_path):
    model, image = random_network(50), picture(300, 260)
    ours = classifier(RESNET50, write_weights_file(tmp_path / "resnet50.safetensors", model))
    with torch.no_grad():
        expected = model(theirs(50).transforms()(image)[None])[0]
    assert 0.1 < expected.std() < 10
    found = classify(image, ours, ModelStore(), top_k=1000)
    assert found.probabilities == pytest.approx(expected.softmax(0)[list(found.indices)].tolist(), rel=1e-3, abs=1e-9)


def test_weights_are_found_in_order_wherever_they_lie(places):
    assert find(RESNET18, places) is None
    snapshot = places.hub / "models--timm--resnet18.tv_in1k"
    (snapshot / "refs").mkdir(parents=True)
    (snapshot / "refs" / "main").write_text("abc")
    order = [
        places.torch_hub / "resnet18-f37072fd.pth",
        snapshot / "snapshots" / "abc" / "model.safetensors",
        fetched_to(RESNET18, places),
        places.imagenet / "resnet18-renamed.pth",
        places.imagenet / "resnet18-f37072fd.pth",
        places.imagenet / "resnet18.tv_in1k" / "model.safetensors",
        places.imagenet / "resnet18.safetensors",
    ]
    for path in order:  # each comes before those that were there already
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        assert find(RESNET18, places) == path
    nowhere = Places(None, places.cache / "x", places.runs, places.weights)
    assert find(RESNET18, nowhere) is None, "caches that were not named must not be looked into"


def test_other_weights_of_torchvision_are_not_taken_for_these(places):
    places.imagenet.mkdir()
    (places.imagenet / "resnet50-11ad3fa6.pth").touch()  # IMAGENET1K_V2, which wants its pictures prepared otherwise
    assert find(RESNET50, places) is None


def test_the_caches_are_those_of_huggingface_hub_and_torch(monkeypatch, tmp_path):
    a, b, c = (str(tmp_path / name) for name in "abc")
    for settings in (
        {},
        {"XDG_CACHE_HOME": a},
        {"HF_HOME": a, "TORCH_HOME": b},
        {"HF_HOME": a, "HF_HUB_CACHE": c},
    ):
        for variable in ("HF_HOME", "HF_HUB_CACHE", "TORCH_HOME", "XDG_CACHE_HOME"):
            monkeypatch.delenv(variable, raising=False)
        for variable, value in settings.items():
            monkeypatch.setenv(variable, value)
        found = Places.from_environment()
        assert found.torch_hub == Path(torch.hub.get_dir()) / "checkpoints"
        assert found.hub == Path(runpy.run_path(constants.__file__)["HF_HUB_CACHE"])  # it reads them when imported
    assert Places.from_environment({}).imagenet is None
    assert Places.from_environment({"RESNET_DEMO_IMAGENET": "~/w"}).imagenet == Path("~/w").expanduser()


def test_files_that_do_not_fit_are_refused_with_a_sentence(tmp_path, network):
    good = write_weights_file(tmp_path / "resnet18.safetensors", network)
    state = load_file(good)
    for name, content in (
        ("short", {key: value for key, value in state.items() if key != "fc.bias"}),
        ("long", state | {"extra": torch.zeros(1)}),
        ("other", state | {"fc.weight": torch.zeros(10, 512)}),
    ):
        save_file(content, tmp_path / f"{name}.safetensors")
        with pytest.raises(Refusal, match=f"{name}.safetensors cannot be loaded: .*does not fit") as caught:
            classifier(RESNET18, tmp_path / f"{name}.safetensors").loader()
        assert caught.value.code == "damaged_weights" and str(tmp_path) not in str(caught.value)
    (tmp_path / "cut.pth").write_bytes(good.read_bytes()[:1000])
    torch.save(network, tmp_path / "pickled.pth")
    for name in ("cut.pth", "pickled.pth", "missing.pth"):
        with pytest.raises(Refusal, match="cannot be loaded"):
            classifier(RESNET18, tmp_path / name).loader()
    with pytest.raises(Refusal, match="“imagenet/resnet18” has no weights"):
        ModelStore().get(classifier(RESNET18, tmp_path / "missing.pth"))


def test_listing_networks_waits_for_nothing_large(places, network, monkeypatch):
    write_weights_file(places.imagenet / "resnet18.safetensors", network)
    for name in ("torchvision", "captum"):
        monkeypatch.setitem(sys.modules, name, None)  # importing it would now fail
    assert [one.id for one in Services.create(places).catalogue.ready()] == ["imagenet/resnet18"]


def test_a_checksum_is_how_the_hubs_file_begins():
    known = {one.depth: one.sha256 for one in PRETRAINED if one.sha256}
    assert known == {18: "694f673df652", 50: "5d061a3c593d"} and RESNET18.size_bytes == 46_807_446
    assert replace(RESNET18, depth=34).repository == "timm/resnet34.tv_in1k"
