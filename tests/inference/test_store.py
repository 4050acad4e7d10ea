"""Networks in memory: loaded once, again for new weights, dropped when too many."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from made_runs import make_untrained_run, write_weights
from made_weights import random_network, write_weights_file
from PIL import Image

from resnet_demo.errors import Refusal
from resnet_demo.inference import store as module
from resnet_demo.inference.classifier import from_run
from resnet_demo.inference.classify import classify
from resnet_demo.inference.imagenet import PRETRAINED, classifier
from resnet_demo.inference.store import ModelStore
from resnet_demo.runs.folder import RunError, RunFolder

PICTURE = Image.linear_gradient("L").convert("RGB")


@pytest.fixture
def one(tmp_path):
    return from_run(make_untrained_run(tmp_path, "one", classes=("cat", "dog", "eel")))


def test_it_loads_once_however_many_ask_at_once(one, monkeypatch):
    loads, release = [], threading.Event()
    load = module._load

    def slow(classifier):
        loads.append(classifier.id)
        release.wait(240)
        return load(classifier)

    monkeypatch.setattr(module, "_load", slow)
    store = ModelStore()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(store.get, from_run(RunFolder(one.run.path))) for _ in range(8)]
        release.set()
        assert len({id(future.result()) for future in asked}) == 1
    assert loads == ["one"]


def test_new_weights_are_loaded_and_old_ones_kept_until_then(one):
    store = ModelStore()
    first = store.get(one)
    assert store.get(from_run(RunFolder(one.run.path))) is first
    before = classify(PICTURE, one, store)
    write_weights(one.run, seed=1)
    assert store.get(one) is not first
    assert classify(PICTURE, one, store).probabilities != before.probabilities


def test_the_least_recently_used_network_is_dropped_whatever_it_is(tmp_path):
    a, b = (from_run(make_untrained_run(tmp_path, name)) for name in "ab")
    c = classifier(PRETRAINED[0], write_weights_file(tmp_path / "resnet18.safetensors", random_network(18)))
    store = ModelStore(capacity=2)
    kept, dropped = store.get(a), store.get(b)
    assert store.get(a) is kept
    store.get(c)
    assert store.get(a) is kept and store.get(b) is not dropped
    with pytest.raises(ValueError, match="capacity must be at least 1"):
        ModelStore(0)


def test_a_failed_load_is_told_to_everybody_and_tried_again(one):
    good = one.weights.read_bytes()
    one.weights.write_bytes(b"no weights")
    store = ModelStore()
    with pytest.raises(RunError, match="one/model.safetensors cannot be loaded"):
        store.get(one)
    one.weights.unlink()
    with pytest.raises(Refusal, match="“one” has no weights"):
        store.get(one)
    one.weights.write_bytes(good)
    assert store.get(one)


def test_a_shared_network_is_frozen_and_in_evaluation_mode(one):
    with torch.inference_mode():  # that the first visitor asks for an answer must not deprive others of gradients
        model = ModelStore().get(one).model
    assert not any(module.training for module in model.modules())
    assert not any(p.requires_grad or p.is_inference() for p in model.parameters())
    assert model.conv1.weight.is_contiguous(memory_format=torch.channels_last)
