"""Networks in memory, and what they answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from made_runs import make_untrained_run, write_weights
from PIL import Image
from safetensors.torch import save_file

from resnet_demo.inference import store as module
from resnet_demo.inference.classify import classify
from resnet_demo.inference.store import ModelStore
from resnet_demo.runs.folder import WEIGHTS, RunError, RunFolder

PICTURE = Image.linear_gradient("L").convert("RGB")


@pytest.fixture
def run(tmp_path):
    return make_untrained_run(tmp_path, "one", classes=("cat", "dog", "eel"))


def test_it_loads_once_however_many_ask_at_once(run, monkeypatch):
    loads, release = [], threading.Event()
    load = module._load

    def slow(run):
        loads.append(run.id)
        release.wait(10)
        return load(run)

    monkeypatch.setattr(module, "_load", slow)
    store = ModelStore()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(store.get, RunFolder(run.path)) for _ in range(8)]
        release.set()
        assert len({id(future.result()) for future in asked}) == 1
    assert loads == ["one"]


def test_new_weights_are_loaded_and_old_ones_kept_until_then(run):
    store = ModelStore()
    first = store.get(run)
    assert store.get(RunFolder(run.path)) is first
    before = classify(PICTURE, run, store)
    write_weights(run, seed=1)
    assert store.get(run) is not first
    assert classify(PICTURE, run, store).probabilities != before.probabilities


def test_the_least_recently_used_network_is_dropped(tmp_path):
    runs = [make_untrained_run(tmp_path, name) for name in "abc"]
    store = ModelStore(capacity=2)
    a, b = store.get(runs[0]), store.get(runs[1])
    assert store.get(runs[0]) is a
    store.get(runs[2])
    assert store.get(runs[0]) is a and store.get(runs[1]) is not b
    with pytest.raises(ValueError, match="capacity must be at least 1"):
        ModelStore(0)


def test_a_failed_load_is_told_to_everybody_and_tried_again(run):
    good = (run.path / WEIGHTS).read_bytes()
    (run.path / WEIGHTS).write_bytes(b"no weights")
    store = ModelStore()
    with pytest.raises(RunError, match="cannot be loaded"):
        store.get(run)
    (run.path / WEIGHTS).unlink()
    with pytest.raises(RunError, match="has no weights yet"):
        store.get(run)
    (run.path / WEIGHTS).write_bytes(good)
    assert store.get(run)


def test_a_shared_network_is_frozen_and_in_evaluation_mode(run):
    model = ModelStore().get(run).model
    assert not model.training and not any(p.requires_grad for p in model.parameters())
    assert model.conv1.weight.is_contiguous(memory_format=torch.channels_last)


def test_an_answer_is_the_softmax_of_the_run_s_own_network(run):
    found = classify(PICTURE, run, ModelStore(), top_k=2)
    pixels = torch.frombuffer(bytearray(found.view.tobytes()), dtype=torch.uint8).view(32, 32, 3).permute(2, 0, 1)
    with torch.no_grad():
        expected = run.load_model()(((pixels / 255 - 0.5) / 0.25)[None])[0].softmax(0)
    best = expected.argsort(descending=True)[:2]
    assert found.labels == tuple(found.classes[i] for i in best)
    assert found.probabilities == pytest.approx(expected[best].tolist(), abs=1e-5)
    assert found.confidence == found.probabilities[0] and found.run_id == "one"
    assert classify(PICTURE, run, ModelStore(), top_k=99).labels[:2] == found.labels


def test_wrong_arguments_and_diverged_weights_get_a_sentence(run):
    with pytest.raises(ValueError, match="top_k must be a whole number from 1 on, not 0"):
        classify(PICTURE, run, ModelStore(), top_k=0)
    state = {
        name: torch.full_like(value, torch.nan) if value.is_floating_point() else value
        for name, value in run.load_model().state_dict().items()
    }
    save_file(state, run.path / WEIGHTS)
    with pytest.raises(RunError, match="not finite"):
        classify(PICTURE, run, ModelStore())
