"""Heat maps: what the papers define, from networks that are shared and stay as they were."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
from made_runs import make_config, make_untrained_run, shapes_dataset
from PIL import Image
from safetensors.torch import save_file

from resnet_demo.data import shapes
from resnet_demo.data.preprocess import prepare
from resnet_demo.errors import Refusal
from resnet_demo.inference.classifier import Classifier, from_run
from resnet_demo.inference.classify import classify, see
from resnet_demo.inference.explain import METHODS, heat_map, layers
from resnet_demo.inference.store import ModelStore
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import create_run


@pytest.fixture(scope="module")
def trained(places) -> Classifier:
    return from_run(RunFolder(places.weights / "trained"))


@pytest.fixture(scope="module")
def pictures() -> list[Image.Image]:
    return [Image.fromarray(pixels) for pixels in shapes.make("test", 4)[0]]


def normalised(evidence: torch.Tensor) -> np.ndarray:
    positive = evidence.clamp(min=0)
    return (positive / positive.max()).numpy()


def by_hand(classifier: Classifier, image: Image.Image) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The input, the maps of the last stage, and the logits that follow from them, without hooks."""
    model = classifier.run.load_model()
    x = prepare(image, classifier.preprocess).tensor[None].requires_grad_()
    maps = model.features(x)
    return x, maps, model.head(maps)


@pytest.mark.parametrize("index", [0, 3, 9])
def test_grad_cam_is_selvarajus_formula(trained, pictures, index):
    for image in pictures:
        _, maps, logits = by_hand(trained, image)
        (gradient,) = torch.autograd.grad(logits[0, index], maps)
        weights = gradient.mean((2, 3), keepdim=True)
        found = heat_map(image, trained, ModelStore(), index)
        assert (found.method, found.layer, found.label) == ("grad-cam", "layer3", trained.classes[index])
        assert found.values.dtype == np.float32 and found.values.shape == (8, 8)
        if found.blank:
            assert (weights * maps).sum(1).max() <= 0 and not found.values.any()
        else:
            np.testing.assert_allclose(found.values, normalised((weights * maps).sum(1)[0].detach()), atol=1e-4)
        # with global average pooling the gradient's mean is the class's row of the linear layer, over the map's size
        row = trained.run.load_model().fc.weight[index].detach() / maps[0, 0].numel()
        torch.testing.assert_close(weights.flatten(), row)


def test_hires_cam_multiplies_element_by_element(trained, pictures):
    differs = False
    for image in pictures:
        model = trained.run.load_model()
        maps = model.layer1(torch.relu(model.bn1(model.conv1(prepare(image, trained.preprocess).tensor[None]))))
        maps = maps.detach().requires_grad_()
        logits = model.head(model.layer3(model.layer2(maps)))
        (gradient,) = torch.autograd.grad(logits[0, 1], maps)
        found = heat_map(image, trained, ModelStore(), 1, "hires-cam", "layer1")
        np.testing.assert_allclose(found.values, normalised((gradient * maps).sum(1)[0].detach()), atol=1e-4)
        assert found.values.shape == (32, 32) and found.layer == "layer1"
        differs |= not np.allclose(found.values, heat_map(image, trained, ModelStore(), 1, "grad-cam", "layer1").values)
    assert differs


def test_saliency_is_the_largest_gradient_of_a_pixel(trained, pictures):
    x, _, logits = by_hand(trained, pictures[0])
    (gradient,) = torch.autograd.grad(logits[0, 2], x)
    found = heat_map(pictures[0], trained, ModelStore(), 2, "saliency", layer="layer1")
    np.testing.assert_allclose(found.values, normalised(gradient[0].abs().amax(0)), atol=1e-4)
    assert found.values.shape == (32, 32) and found.layer is None and not found.blank


@pytest.mark.parametrize(("index", "against"), [(0, 3), (3, 0), (1, 9)])
def test_a_contrast_is_the_evidence_of_a_difference_of_logits(trained, pictures, index, against):
    """Each method by hand, from the gradients of the two logits: their difference is that of the difference."""
    image, store = pictures[2], ModelStore()
    x, maps, logits = by_hand(trained, image)

    def gradient(at: torch.Tensor) -> torch.Tensor:
        one, other = (torch.autograd.grad(logits[0, i], at, retain_graph=True)[0] for i in (index, against))
        return (one - other)[0]

    expected = {
        "grad-cam": (gradient(maps).mean((1, 2), keepdim=True) * maps[0]).sum(0),
        "hires-cam": (gradient(maps) * maps[0]).sum(0),
        "saliency": gradient(x).abs().amax(0),
    }
    for method, evidence in expected.items():
        found = heat_map(image, trained, store, index, method, against=against)
        assert (found.label, found.against) == (trained.classes[index], trained.classes[against])
        assert not found.blank and evidence.max() > 0
        np.testing.assert_allclose(found.values, normalised(evidence.detach()), atol=1e-4)
        assert not np.allclose(found.values, heat_map(image, trained, store, index, method).values, atol=1e-3)


def test_a_contrast_turned_round_has_the_evidence_of_the_other_sign(trained, pictures):
    store = ModelStore()
    this, that = (heat_map(pictures[1], trained, store, *pair, against=other) for pair, other in (((0,), 3), ((3,), 0)))
    assert not (np.minimum(this.values, that.values) > 0).any(), "no place speaks for both"
    saliency = [heat_map(pictures[1], trained, store, i, "saliency", against=j).values for i, j in ((0, 3), (3, 0))]
    np.testing.assert_allclose(*saliency, atol=1e-5)  # of the size of a gradient the sign is not left


def test_another_last_layer_is_explained_in_the_place_of_the_models_own(trained, pictures):
    model, store = trained.run.load_model(), ModelStore()
    own = heat_map(pictures[0], trained, store, 2, linear=model.fc)
    np.testing.assert_array_equal(own.values, heat_map(pictures[0], trained, store, 2).values)
    with torch.no_grad():
        model.fc.weight[2], model.fc.weight[4] = model.fc.weight[4].clone(), model.fc.weight[2].clone()
    other = heat_map(pictures[0], trained, store, 2, linear=model.fc)
    np.testing.assert_array_equal(other.values, heat_map(pictures[0], trained, store, 4).values)


def test_every_layer_of_a_network_can_be_explained(trained, pictures):
    known = layers(trained.spec)
    assert known == ("layer1", "layer2", "layer3", "layer1.0", "layer2.0", "layer3.0")
    assert layers(ModelSpec.from_name("resnet50"))[3:8] == ("layer4", "layer1.0", "layer1.1", "layer1.2", "layer2.0")
    store = ModelStore()
    for layer in known:
        found = heat_map(pictures[0], trained, store, 0, "hires-cam", layer)
        assert found.values.shape == {"1": (32, 32), "2": (16, 16), "3": (8, 8)}[layer[5]]
        assert 0 <= found.values.min() and found.values.max() == (0 if found.blank else 1)
    same = [heat_map(pictures[0], trained, store, 0, layer=layer).values for layer in ("layer3", "layer3.0", None)]
    assert len({values.tobytes() for values in same}) == 1


OTHERS = [{"shortcut": "C"}, {"norm": "none"}, {"name": "plain8"}, {"name": "resnet50"}]


@pytest.mark.parametrize("options", OTHERS, ids=str)
def test_other_networks_too(tmp_path, options):
    spec = ModelSpec.from_name(**{"name": "resnet8", "input_size": 32} | options)
    dataset = shapes_dataset(40, 20)
    config = replace(make_config(dataset), model=replace(spec, num_classes=len(dataset.classes)))
    folder = create_run(tmp_path, config, "other")
    save_file(build_model(config.model).state_dict(), folder.path / "model.safetensors")
    store = ModelStore()
    for method in METHODS:
        found = heat_map(Image.fromarray(dataset.test.images[0]), from_run(folder), store, 1, method)
        assert np.isfinite(found.values).all() and found.blank == (not found.values.any())


def test_no_evidence_is_said(tmp_path, pictures):
    folder = make_untrained_run(tmp_path, "dead")
    state = folder.load_model().state_dict()
    save_file(state | {"fc.weight": torch.zeros_like(state["fc.weight"])}, folder.path / "model.safetensors")
    for method in METHODS:
        found = heat_map(pictures[0], from_run(folder), ModelStore(), 0, method)
        assert found.blank and not found.values.any()


def test_the_view_is_the_one_that_was_classified(trained):
    image = Image.linear_gradient("L").convert("RGB").resize((100, 60))
    for crop in ("centre", "whole"):
        found = heat_map(image, trained, ModelStore(), 0, "saliency", crop=crop)
        assert found.view.tobytes() == see(image, trained.preprocess, crop).view.tobytes()
    assert found.view.tobytes() == classify(image, trained, ModelStore(), crop="whole").view.tobytes()


@pytest.mark.parametrize(
    ("arguments", "reason", "words"),
    [
        ({"method": "lime"}, "method", "no heat map called 'lime'; there are grad-cam, hires-cam, saliency"),
        ({"layer": "layer4"}, "layer", r"layer1 to layer3 and blocks in them such as layer3.0, not 'layer4'"),
        ({"layer": "conv1"}, "layer", "not 'conv1'"),
        ({"layer": ""}, "layer", "not ''"),
        ({"index": 10}, "class", "“trained” has the classes 0 to 9, not 10"),
        ({"index": -1}, "class", "not -1"),
        ({"index": True}, "class", "not True"),
        ({"crop": "left"}, "crop", "crop must be centre or whole"),
        ({"against": 0}, "against", "needs two classes; both are “circle”"),
        ({"against": 10}, "class", "not 10"),
        ({"against": False}, "class", "not False"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(trained, pictures, arguments, reason, words):
    with pytest.raises(Refusal, match=words) as caught:
        heat_map(pictures[0], trained, ModelStore(), **{"index": 0} | arguments)
    assert caught.value.code == reason


def test_weights_that_diverged_get_a_sentence(tmp_path, pictures):
    folder = make_untrained_run(tmp_path, "diverged")
    state = folder.load_model().state_dict()
    save_file(state | {"fc.weight": torch.full_like(state["fc.weight"], torch.inf)}, folder.path / "model.safetensors")
    with pytest.raises(Refusal, match="not finite"):
        heat_map(pictures[0], from_run(folder), ModelStore(), 0)


# ---- shared networks ----


def condition(model: torch.nn.Module) -> list:
    """All that a visitor could have left behind in a network."""
    modules = [
        (name, m.training, *(len(getattr(m, hooks)) for hooks in vars(m) if hooks.endswith("_hooks")))
        for name, m in model.named_modules()
    ]
    tensors = [
        (name, t.requires_grad, t.grad is None, t._version, t.detach().clone().numpy().tobytes())
        for name, t in model.state_dict(keep_vars=True).items()
    ]
    return [modules, tensors]


def test_a_shared_network_is_left_as_it_was_found(trained, pictures):
    store = ModelStore()
    before = condition(store.get(trained).model)
    assert any("forward_hooks" in hooks for hooks in vars(store.get(trained).model)), "hooks would be seen"
    for method in METHODS:
        for layer in (None, "layer1", "layer2.0"):
            heat_map(pictures[0], trained, store, 1, method, layer)
        heat_map(pictures[0], trained, store, 1, method, against=0, linear=torch.nn.Linear(64, 10))
    assert condition(store.get(trained).model) == before


@pytest.mark.parametrize("method", METHODS)
def test_also_when_it_fails_in_the_middle(trained, pictures, method, monkeypatch):
    store = ModelStore()
    loaded = store.get(trained)
    before, expected = condition(loaded.model), classify(pictures[0], trained, store).probabilities

    def fail(*arguments, **options):
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(loaded.model.layer3[0].conv2, "forward", fail)  # in the forward pass, hooks being set
        with pytest.raises(RuntimeError, match="out of memory"):
            heat_map(pictures[0], trained, store, 0, method, None if method == "saliency" else "layer2")
    with monkeypatch.context() as patch:
        patch.setattr(torch.autograd, "grad", fail)
        with pytest.raises(RuntimeError, match="out of memory"):
            heat_map(pictures[0], trained, store, 0, method)
    assert condition(loaded.model) == before and not loaded.lock.locked()
    assert classify(pictures[0], trained, store).probabilities == expected


def test_visitors_who_classify_and_explain_at_once_get_what_they_would_get_alone(trained, pictures):
    quiet, shared = ModelStore(), ModelStore()
    before = condition(shared.get(trained).model)
    jobs = [(image, method) for image in pictures for method in ("", *METHODS)]

    def work(store: ModelStore, image: Image.Image, method: str) -> bytes:
        if method:
            return heat_map(image, trained, store, 1, method).values.tobytes()
        return np.array(classify(image, trained, store, 10).probabilities).tobytes()

    alone = [work(quiet, *job) for job in jobs]
    start = threading.Barrier(2)

    def visitor(own: list[int]) -> dict[int, bytes]:
        start.wait(240)
        return {at: work(shared, *jobs[at]) for _ in range(4) for at in own}

    with ThreadPoolExecutor(2) as pool:
        explained = [at for at, (_, method) in enumerate(jobs) if method]
        classified = [at for at, (_, method) in enumerate(jobs) if not method] * 3
        results = {}
        for found in pool.map(visitor, (explained, classified)):
            results |= found
    assert [results[at] for at in range(len(jobs))] == alone
    assert condition(shared.get(trained).model) == before
