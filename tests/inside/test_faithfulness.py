"""Deletion, insertion and the sanity check: against a loop that does what the papers say, image by image."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
from made_runs import make_untrained_run
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from resnet_demo.data import shapes
from resnet_demo.errors import Refusal
from resnet_demo.inference.classifier import Classifier, from_run
from resnet_demo.inference.classify import classify, see
from resnet_demo.inference.explain import METHODS, HeatMap, heat_map
from resnet_demo.inference.store import ModelStore
from resnet_demo.inside.faithfulness import BATCH, enlarged, faithfulness, rank_correlation, sanity_check
from resnet_demo.inside.occlusion import classify_painted
from resnet_demo.models import initialize
from resnet_demo.runs.folder import RunFolder

CURVES = ("deletion", "insertion", "deletion_random", "insertion_random")


@pytest.fixture(scope="module")
def trained(places) -> Classifier:
    return from_run(RunFolder(places.weights / "trained"))


@pytest.fixture(scope="module")
def image() -> Image.Image:
    return Image.fromarray(shapes.make("test", 2)[0][1])


# ---- deletion and insertion ----


@pytest.mark.parametrize("method", ["grad-cam", "saliency"])
def test_the_curves_are_those_of_a_plain_loop(trained, image, method):
    """From the definition, with the probabilities that Classify gives for each image that is painted over."""
    store, steps, index = ModelStore(), 5, 4
    shown = heat_map(image, trained, store, index, method)
    assert not shown.blank
    found = faithfulness(shown, trained, store, index, steps, seed=3)
    side = image.width
    chance = enlarged(np.random.default_rng(3).random(shown.values.shape, np.float32), image.size)
    for name, values in (("", enlarged(shown.values, image.size)), ("_random", chance)):
        ranked = sorted(np.ndindex(side, side), key=lambda at, values=values: (-values[at], -chance[at]))
        for step in range(steps + 1):
            mask = np.zeros((side, side), bool)
            for at in ranked[: round(step * side * side / steps)]:
                mask[at] = True
            deleted = classify_painted(image, mask, "mean", trained, store, top_k=10)
            inserted = classify_painted(image, ~mask, "blur", trained, store, top_k=10)
            for curve, prediction in (("deletion", deleted), ("insertion", inserted)):
                expected = prediction.probabilities[prediction.indices.index(index)]
                assert getattr(found, curve + name)[step] == pytest.approx(expected, abs=1e-5)
            assert found.fractions[step] == mask.mean()
    for curve in CURVES:
        area = np.interp(np.linspace(0, 1, 10001), found.fractions, getattr(found, curve)).mean()
        assert found.area(curve) == pytest.approx(area, abs=1e-3)


def test_a_map_is_enlarged_bilinearly_between_the_centres_of_its_cells():
    values = np.random.default_rng(0).random((3, 4)).astype(np.float32)
    found = enlarged(values, (10, 7))

    def along(line: np.ndarray, length: int) -> np.ndarray:
        return np.interp((np.arange(length) + 0.5) * len(line) / length - 0.5, np.arange(len(line)), line)

    columns = np.stack([along(column, 7) for column in values.T], 1)
    np.testing.assert_allclose(found, np.stack([along(row, 10) for row in columns]), atol=1e-6)


class Corner(nn.Module):
    """Class 1 is the brighter the upper left quarter of the image is; nothing else matters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        brightness = x[:, :, :16, :16].mean((1, 2, 3))
        return torch.stack((torch.zeros_like(brightness), 4 * (brightness - 1)), 1)


@pytest.fixture
def corner(tmp_path) -> Classifier:
    one = from_run(make_untrained_run(tmp_path, "corner"))
    return replace(one, loader=Corner)


def test_a_map_that_tells_what_matters_has_other_areas_than_a_random_one(corner):
    pixels = np.full((32, 32, 3), 20, np.uint8)
    pixels[:16, :16] = 250
    values = np.zeros((8, 8), np.float32)
    values[:4, :4] = 1
    true = HeatMap(Image.fromarray(pixels), values, "grad-cam", "layer3", "dog", blank=False)
    found = faithfulness(true, corner, ModelStore(), 1)
    assert found.deletion[0] == found.insertion[-1] == found.insertion_random[-1] > 0.9
    assert found.area("deletion") < 0.8 * found.area("deletion_random")
    assert found.area("insertion") > found.area("insertion_random") + 0.04
    # after a quarter of the pixels all that matters is deleted, and nothing changes any more
    assert np.ptp(found.deletion[len(found.deletion) // 4 + 3 :]) < 1e-6 < np.ptp(found.deletion_random[-8:])
    false = faithfulness(replace(true, values=1 - values), corner, ModelStore(), 1)
    assert false.area("deletion") > found.area("deletion_random") and false.area("insertion") < found.area("insertion")


def test_a_map_without_evidence_is_as_good_as_chance(trained, image):
    blank = HeatMap(image, np.zeros((8, 8), np.float32), "grad-cam", "layer3", "circle", blank=True)
    found, other = (faithfulness(blank, trained, ModelStore(), 0, 6, seed) for seed in (0, 1))
    np.testing.assert_array_equal(found.deletion, found.deletion_random)
    np.testing.assert_array_equal(found.insertion, found.insertion_random)
    assert not np.allclose(found.deletion, other.deletion, atol=1e-4)


def test_others_have_their_turn_between_batches(trained, image):
    store = ModelStore()
    loaded = store.get(trained)
    shown, shares = heat_map(image, trained, store, 0), []

    def report(share: float) -> None:
        assert not loaded.lock.locked()
        shares.append(share)

    faithfulness(shown, trained, store, 0, 15, report=report)
    assert len(shares) == math.ceil(4 * 16 / BATCH) and shares == sorted(shares) and shares[-1] == 1

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        faithfulness(shown, trained, store, 0, 15, report=stop)
    assert not loaded.lock.locked()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [({"index": 10}, "class"), *(({"steps": steps}, "wrong.whole") for steps in (0, 1025, 2.5))],
)
def test_a_wrong_argument_gets_a_sentence(trained, image, arguments, code):
    store = ModelStore()
    with pytest.raises(Refusal) as caught:
        faithfulness(heat_map(image, trained, store, 0), trained, store, **{"index": 0} | arguments)
    assert caught.value.code == code


def test_weights_that_diverged_get_a_sentence(tmp_path, image):
    folder = make_untrained_run(tmp_path, "diverged")
    state = folder.load_model().state_dict()
    save_file(state | {"fc.bias": torch.full_like(state["fc.bias"], torch.nan)}, folder.path / "model.safetensors")
    blank = HeatMap(image, np.zeros((8, 8), np.float32), "grad-cam", "layer3", "cat", blank=True)
    with pytest.raises(Refusal, match="not finite"):
        faithfulness(blank, from_run(folder), ModelStore(), 0)


# ---- the sanity check ----


def new_layer(seed: int) -> nn.Linear:
    return initialize(nn.ModuleDict({"randomized": nn.Linear(64, 10)}), seed)["randomized"]


@pytest.mark.parametrize("method", METHODS)
def test_the_randomized_map_is_that_of_a_model_with_another_last_layer(trained, image, method):
    model = trained.run.load_model()
    model.fc = new_layer(7)
    x = see(image, trained.preprocess).tensor[None].requires_grad_()
    maps = model.features(x)
    at = x if method == "saliency" else maps
    (gradient,) = torch.autograd.grad(model.head(maps)[0, 3], at)
    if method == "saliency":
        evidence = gradient[0].abs().amax(0)
    else:
        weights = gradient.mean((2, 3), keepdim=True) if method == "grad-cam" else gradient
        evidence = (weights * maps).sum(1)[0].clamp(min=0)
    store = ModelStore()
    found = sanity_check(image, trained, store, 3, method, seed=7)
    np.testing.assert_allclose(found.randomized.values, (evidence / evidence.max()).detach(), atol=1e-4)
    np.testing.assert_array_equal(found.own.values, heat_map(image, trained, store, 3, method).values)
    assert found.seed == 7 and -1 <= found.correlation < 1
    assert found.randomized.label == found.own.label == trained.classes[3]
    again, other = (sanity_check(image, trained, store, 3, method, seed=seed) for seed in (7, 8))
    np.testing.assert_array_equal(again.randomized.values, found.randomized.values)
    assert not np.allclose(other.randomized.values, found.randomized.values, atol=1e-3)


def test_a_contrast_and_a_layer_are_those_that_were_given(trained, image):
    found = sanity_check(image, trained, ModelStore(), 1, "hires-cam", "layer2.0", "whole", against=9)
    for one in (found.own, found.randomized):
        assert (one.method, one.layer, one.against, one.values.shape) == (
            "hires-cam", "layer2.0", trained.classes[9], (16, 16)
        )  # fmt: skip


def test_the_new_values_are_not_those_a_run_starts_from(tmp_path, image):
    """Else a short training would be compared with its own beginning."""
    run = make_untrained_run(tmp_path, "beginning", classes=shapes.CLASSES, seed=7)
    own = run.load_model().fc.weight.detach().flatten()
    assert abs(np.corrcoef(own, new_layer(7).weight.detach().flatten())[0, 1]) < 0.15


def test_the_shared_model_is_not_touched(trained, image, monkeypatch):
    store = ModelStore()
    model = store.get(trained).model

    def condition() -> list:
        hooks = [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules()]
        tensors = [(id(t), t._version, t.numpy().tobytes()) for t in model.state_dict(keep_vars=True).values()]
        return [hooks, tensors, model.fc, model.training]

    before, expected = condition(), classify(image, trained, store).probabilities
    with ThreadPoolExecutor(2) as pool:
        checks = [pool.submit(sanity_check, image, trained, store, 1, seed=seed) for seed in range(6)]
        others = [pool.submit(classify, image, trained, store) for _ in range(30)]
        assert all(job.result().probabilities == expected for job in others)
        assert len({job.result().randomized.values.tobytes() for job in checks}) > 4
    assert condition() == before

    def fail(*arguments, **options):
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(model.avgpool, "forward", fail)
        with pytest.raises(RuntimeError, match="out of memory"):
            sanity_check(image, trained, store, 1)
    assert condition() == before and not store.get(trained).lock.locked()


def test_the_correlation_is_one_of_ranks():
    one = np.array([[0.0, 0.1], [0.5, 1.0]])
    assert rank_correlation(one, one**3) == pytest.approx(1) and rank_correlation(one, -one) == pytest.approx(-1)
    random = np.random.default_rng(0)
    first, second = random.integers(0, 5, (2, 6, 6))  # with ties, which share their mean rank

    def ranks(values: np.ndarray) -> np.ndarray:
        flat = values.ravel()
        return np.array([(flat < v).sum() + ((flat == v).sum() + 1) / 2 for v in flat])

    assert rank_correlation(first, second) == pytest.approx(np.corrcoef(ranks(first), ranks(second))[0, 1])
    assert rank_correlation(one, np.zeros((2, 2))) is None and rank_correlation(np.ones((2, 2)), one) is None
