"""What is measured inside a shared model, against torchvision's extractor and direct computation."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from made_runs import shapes_dataset
from PIL import Image
from safetensors.torch import save_file
from torchvision.models.feature_extraction import create_feature_extractor

from resnet_demo.data import shapes
from resnet_demo.data.preprocess import Preprocess
from resnet_demo.errors import Refusal
from resnet_demo.inference.classifier import Classifier
from resnet_demo.inference.classify import classify, see
from resnet_demo.inference.explain import heat_map
from resnet_demo.inference.store import ModelStore
from resnet_demo.inside.activations import activations, stem_filters
from resnet_demo.inside.responses import image_responses, mean_responses
from resnet_demo.models import ModelSpec, ResNet, build_model
from resnet_demo.models.cuts import block_names, cut

NETWORKS = [
    {"name": "resnet8", "shortcut": "A"},
    {"name": "resnet14", "shortcut": "C"},
    {"name": "resnet8", "norm": "none"},
    {"name": "plain14"},
    {"name": "resnet50", "input_size": 32},
]


@pytest.fixture(scope="module")
def image() -> Image.Image:
    return Image.fromarray(shapes.make("test", 1)[0][0])


def a_classifier(folder: Path, **options) -> Classifier:
    """A network whose normalisation does something, as something that can answer."""
    spec = ModelSpec.from_name(**{"name": "resnet8", "num_classes": 10} | options)
    model = build_model(spec, seed=1)
    generator = torch.Generator().manual_seed(0)
    for name, value in model.state_dict().items():
        if name.endswith(("running_mean", "bias")):
            value.normal_(0, 0.2, generator=generator)
    weights = folder / "model.safetensors"
    save_file(model.state_dict(), weights)
    preprocess = Preprocess("square", spec.input_size, 3, (0.5, 0.4, 0.5), (0.25, 0.2, 0.3))

    def loader() -> ResNet:
        return deepcopy(model).eval()

    return Classifier("made", spec, tuple("abcdefghij"), preprocess, weights, None, loader)


@pytest.fixture(scope="module", params=NETWORKS, ids=str)
def classifier(request, tmp_path_factory) -> Classifier:
    return a_classifier(tmp_path_factory.mktemp("made"), **request.param)


def test_activations_are_those_of_torchvisions_extractor(classifier, image):
    found = activations(image, classifier, ModelStore())
    blocks = block_names(classifier.spec)
    nodes = {f"{block}.relu{'_2' if classifier.spec.block == 'bottleneck' else '_1'}": block for block in blocks}
    pooled = {"maxpool": "maxpool"} if classifier.spec.name == "resnet50" else {}
    extractor = create_feature_extractor(classifier.loader(), {"relu": "stem", **pooled, **nodes, "fc": "logits"})
    with torch.no_grad():
        expected = extractor(see(image, classifier.preprocess).tensor[None])
    assert [part.name for part in found.parts] == ["stem", *pooled, *blocks]
    for part in found.parts:
        maps = expected[part.name][0].numpy()
        assert part.maps.dtype == np.float32 and part.maps.shape == maps.shape
        np.testing.assert_allclose(part.maps, maps, rtol=1e-4, atol=1e-4)  # in another memory format
        means = part.maps.mean((1, 2))
        assert (np.diff(means[part.order]) <= 0).all() and sorted(part.order) == list(range(len(maps)))
        assert part.zeros == (part.maps == 0).mean() and (part.maps >= 0).all()
    assert any(0 < part.zeros < 1 for part in found.parts)
    np.testing.assert_allclose(found.logits, expected["logits"][0], rtol=1e-4, atol=1e-4)
    assert found.view.tobytes() == see(image, classifier.preprocess).view.tobytes() and found.id == "made"


def test_the_filters_of_the_stem_are_a_copy(tmp_path):
    for name, shape in (("resnet8", (16, 3, 3, 3)), ("resnet18", (64, 3, 7, 7))):
        classifier, store = a_classifier(tmp_path, name=name), ModelStore()
        filters = stem_filters(classifier, store)
        np.testing.assert_array_equal(filters, classifier.loader().conv1.weight.detach())
        assert filters.shape == shape and filters.dtype == np.float32
        filters[:] = 0
        assert store.get(classifier).model.conv1.weight.any()


def test_responses_are_those_of_a_direct_computation(classifier):
    model = classifier.loader()
    images = np.random.default_rng(0).integers(0, 256, (7, *[classifier.spec.input_size] * 2, 3), np.uint8)
    told: list = []
    loaded, preprocess = ModelStore().get(classifier), classifier.preprocess
    statistics = preprocess.mean, preprocess.std
    found = mean_responses(loaded, images, *statistics, batch=3, progress=lambda *at: told.append(at))

    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in statistics)
    x = (torch.from_numpy(images).permute(0, 3, 1, 2) / 255 - mean) / std
    outputs: dict = {}

    def keep(name: str):  # a copy, since the ReLU after it works in place
        return lambda module, inputs, output: outputs.update({name: output.clone()})

    for name, layer in model.named_modules():
        if name.rpartition(".")[2][:2] == "bn":
            layer.register_forward_hook(keep(name))
    with torch.no_grad():
        model(x)
        threes = [name for name, layer in model.named_modules() if getattr(layer, "kernel_size", 0) == (3, 3)]
        layers = [name for name in threes if name.rpartition(".")[2].startswith("conv")]
        assert list(found.layers) == layers and found.images == 7 and told == [(3, 7), (6, 7), (7, 7)]
        assert len(layers) == {"resnet50": 16}.get(classifier.spec.name, classifier.spec.depth - 1)
        stds = [float(outputs[layer.replace("conv", "bn")].std(correction=0)) for layer in layers]
        np.testing.assert_allclose(found.stds, stds, rtol=1e-4)

        x = model.maxpool(torch.relu(model.bn1(model.conv1(x))))
        for norms in found.blocks:
            block = model.get_submodule(norms.name)
            branch = outputs[f"{norms.name}.bn{3 if classifier.spec.block == 'bottleneck' else 2}"]
            carried = x if block.downsample is None else block.downsample(x)
            total = branch + carried if block.residual else branch
            if block.residual:
                assert norms.shortcut == pytest.approx(float(carried.flatten(1).norm(dim=1).mean()), rel=1e-4)
            else:
                assert norms.shortcut is None
            assert norms.branch == pytest.approx(float(branch.flatten(1).norm(dim=1).mean()), rel=1e-4)
            assert norms.total == pytest.approx(float(total.flatten(1).norm(dim=1).mean()), rel=1e-4)
            x = torch.relu(total)
    assert tuple(norms.name for norms in found.blocks) == block_names(classifier.spec)


def test_responses_to_one_image_are_those_of_a_batch_of_it(tmp_path, image):
    classifier, store = a_classifier(tmp_path), ModelStore()
    one = image_responses(image, classifier, store)
    pixels = np.asarray(see(image, classifier.preprocess).view)[None]
    statistics = classifier.preprocess.mean, classifier.preprocess.std
    many = mean_responses(store.get(classifier), np.repeat(pixels, 4, 0), *statistics, batch=3)
    assert (one.images, many.images, one.layers) == (1, 4, many.layers)
    np.testing.assert_allclose(one.stds, many.stds, rtol=1e-4)
    np.testing.assert_allclose([b.total for b in one.blocks], [b.total for b in many.blocks], rtol=1e-4)


def test_responses_that_are_cancelled_are_those_so_far(tmp_path):
    classifier = a_classifier(tmp_path)
    images, statistics = shapes_dataset(40, 20).test.images, (classifier.preprocess.mean, classifier.preprocess.std)
    asked: Iterator = iter([False, False, True])
    loaded = ModelStore().get(classifier)
    found = mean_responses(loaded, images, *statistics, batch=5, cancelled=lambda: next(asked))
    assert found == mean_responses(loaded, images[:10], *statistics, batch=5)
    assert mean_responses(loaded, images[:0], *statistics).blocks == ()


# ---- cuts, and models that are shared ----


def test_cuts_change_what_is_measured_and_only_that(tmp_path, image):
    classifier, store = a_classifier(tmp_path), ModelStore()
    before = classify(image, classifier, store, top_k=10), activations(image, classifier, store)
    names = ["layer2.0.branch", "layer3.0.shortcut"]
    answer = classify(image, classifier, store, top_k=10, cuts=names)
    inside = activations(image, classifier, store, cuts=names)
    model = classifier.loader()
    batch = see(image, classifier.preprocess).tensor[None]
    with cut(model, names):
        expected, features = model(batch)[0].detach(), model.features(batch)[0].detach()
    np.testing.assert_allclose(inside.logits, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(inside.parts[-1].maps, features, rtol=1e-4, atol=1e-5)
    shares = expected.softmax(0)
    np.testing.assert_allclose(answer.probabilities, sorted(shares.tolist(), reverse=True), rtol=1e-4)
    np.testing.assert_array_equal(inside.parts[1].maps, before[1].parts[1].maps)  # before the first cut
    assert answer.probabilities != before[0].probabilities
    assert classify(image, classifier, store, top_k=10) == replace(before[0], view=answer.view)


def test_heat_maps_are_those_of_the_cut_network(tmp_path, image):
    classifier, store = a_classifier(tmp_path), ModelStore()
    batch = see(image, classifier.preprocess).tensor[None]
    plain = heat_map(image, classifier, store, 1, "hires-cam").values
    model = classifier.loader()
    with cut(model, ["layer2.0.branch"]):
        maps = model.features(batch)[0].detach()
    evidence = (maps * model.fc.weight[1].detach()[:, None, None]).sum(0).clamp(min=0)  # average pooling and a layer
    found = heat_map(image, classifier, store, 1, "hires-cam", cuts=["layer2.0.branch"])
    np.testing.assert_allclose(found.values, (evidence / evidence.max()).numpy(), atol=1e-4)
    assert not np.allclose(found.values, plain)
    silent = heat_map(image, classifier, store, 1, cuts=["layer3.0.branch", "layer3.0.shortcut"], layer="layer1")
    assert silent.blank
    np.testing.assert_array_equal(heat_map(image, classifier, store, 1, "hires-cam").values, plain)


@pytest.mark.parametrize("measure", (activations, classify, heat_map))
def test_a_cut_that_does_not_exist_gets_a_sentence(tmp_path, image, measure):
    arguments = (0,) if measure is heat_map else ()
    with pytest.raises(Refusal, match="ResNet-8 has no 'layer4.0.branch' that could be cut"):
        measure(image, a_classifier(tmp_path), ModelStore(), *arguments, cuts=["layer4.0.branch"])


@pytest.mark.parametrize("measure", (activations, image_responses))
def test_weights_that_diverged_get_a_sentence(tmp_path, image, measure):
    classifier, store = a_classifier(tmp_path), ModelStore()
    store.get(classifier).model.layer3[0].bn2.weight.fill_(torch.inf)
    with pytest.raises(Refusal, match="not finite"):
        measure(image, classifier, store)


def condition(model: ResNet) -> list:
    """All attributes of all modules, and the bytes of all tensors."""
    modules = [(name, {key: repr(value) for key, value in vars(m).items()}) for name, m in model.named_modules()]
    state = model.state_dict(keep_vars=True)
    return [modules, [(name, id(t), t._version, t.numpy().tobytes()) for name, t in state.items()]]


def test_a_shared_model_stays_as_it_was_also_after_an_exception(tmp_path, image, monkeypatch):
    classifier, store = a_classifier(tmp_path), ModelStore()
    loaded = store.get(classifier)
    before, probabilities = condition(loaded.model), classify(image, classifier, store).probabilities
    measurements = (
        lambda: activations(image, classifier, store, cuts=["layer1.0.branch"]),
        lambda: classify(image, classifier, store, cuts=["layer1.0.branch"]),
        lambda: heat_map(image, classifier, store, 1, cuts=["layer1.0.branch"]),
        lambda: image_responses(image, classifier, store),
    )
    for measure in measurements:
        measure()
        assert condition(loaded.model) == before and not loaded.lock.locked()

    def fail(*arguments, **options):
        raise RuntimeError("out of memory")

    for measure in measurements:
        with monkeypatch.context() as patch:
            patch.setattr(type(loaded.model.fc), "forward", fail)
            patch.setattr(type(loaded.model.layer3[0].conv2), "forward", fail)
            with pytest.raises(RuntimeError, match="memory"):
                measure()
        assert condition(loaded.model) == before and not loaded.lock.locked()
    assert classify(image, classifier, store).probabilities == probabilities


def test_visitors_beside_one_who_cuts_see_no_cut(tmp_path, image):
    classifier, store = a_classifier(tmp_path), ModelStore()
    cuts = [(), ["layer1.0.branch"], ["layer2.0.shortcut", "layer3.0.branch"], ["layer1.0.shortcut"]]
    expected = [classify(image, classifier, store, cuts=names).probabilities for names in cuts]
    inside = [activations(image, classifier, store, cuts=names).logits for names in cuts]
    assert len(set(expected)) == len(cuts)
    start = threading.Barrier(len(cuts))

    def visit(number: int) -> bool:
        start.wait()
        return all(
            classify(image, classifier, store, cuts=cuts[number]).probabilities == expected[number]
            and np.array_equal(activations(image, classifier, store, cuts=cuts[number]).logits, inside[number])
            for _ in range(12)
        )

    with ThreadPoolExecutor(len(cuts)) as pool:
        assert all(pool.map(visit, range(len(cuts))))
