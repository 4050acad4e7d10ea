"""Features of a frozen network: those of the whole network, computed once, whenever a run is stopped and resumed."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from tiny import tiny_config, tiny_dataset
from whole_network import begin, train_last_layer

from resnet_demo.data.augment import UNCHANGED, Augmentation
from resnet_demo.engine import train as loop
from resnet_demo.engine.batches import Batches
from resnet_demo.engine.distributed import World
from resnet_demo.engine.evaluate import autocast, predict_logits
from resnet_demo.engine.events import CheckpointSaved, EpochDone
from resnet_demo.engine.frozen import FrozenFeatures
from resnet_demo.engine.limits import estimate_bytes
from resnet_demo.engine.train import train
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.models.resnet import ResNet

CPU = torch.device("cpu")
DATASET = tiny_dataset()
CONFIG = tiny_config(DATASET, freeze=True, length=20)


def values() -> dict[str, torch.Tensor]:
    return build_model(replace(CONFIG.model, num_classes=10), seed=5).state_dict()


def run(config=CONFIG, **options):
    states = []
    options = {"initial": values(), "save": lambda state: states.append(copied(state)), **options}
    return list(train(config, DATASET, device=CPU, **options)), states


def copied(state):
    return {**state, "model": {name: value.clone() for name, value in state["model"].items()}}


@pytest.fixture
def computed(monkeypatch) -> list[int]:
    """How many images went through the frozen part, call by call."""
    images, pooled = [], ResNet.pooled

    def counted(self, x):
        images.append(len(x))
        return pooled(self, x)

    monkeypatch.setattr(ResNet, "pooled", counted)
    return images


def seen_by_the_last_layer(model: ResNet, pictures: torch.Tensor, precision: str) -> torch.Tensor:
    """What the last layer is given while the whole network runs."""
    given = []
    hook = model.fc.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0]))
    with torch.no_grad(), autocast(CPU, precision):
        model.eval()(pictures.permute(0, 3, 1, 2))
    hook.remove()
    return given[0]


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_features_are_bitwise_those_of_the_whole_network(precision):
    model, batches = begin(CONFIG, values()), Batches(CONFIG, DATASET, CPU, World())
    features = FrozenFeatures(model, batches, precision)
    for step in range(batches.steps_per_epoch):
        batch = batches.at(step)
        expected = seen_by_the_last_layer(model, batch.pictures, precision)
        assert expected.dtype == (torch.bfloat16 if precision == "bf16" else torch.float32)
        assert torch.equal(features.at(batch.order), expected)
    everything = (batches.images, batches.validation_rows, batches.mean, batches.std, precision)
    assert torch.equal(features.validation_logits(), predict_logits(model, *everything))


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_features_do_not_depend_on_when_they_are_needed(precision):
    model, batches = begin(CONFIG, values()), Batches(CONFIG, DATASET, CPU, World())
    rows = torch.arange(len(batches.train_rows))
    at_once, later = (FrozenFeatures(model, batches, precision) for _ in range(2))
    one = torch.stack([later.at(row[None])[0] for row in rows.flip(0)]).flip(0)
    assert torch.equal(at_once.at(rows), one)


def test_every_image_is_computed_once(computed):
    run(replace(CONFIG, length=10, unit="epochs"))
    assert sum(computed) == len(DATASET.train)  # those to train on and those to validate on


def test_the_first_epoch_computes_no_more_than_its_own_steps(computed):
    run(replace(CONFIG, length=2))
    assert computed[:2] == [CONFIG.batch_size] * 2 and len(computed) == 3  # and the validation images


def test_the_last_layer_becomes_that_of_training_with_the_whole_network():
    events, states = run()
    reference = train_last_layer(CONFIG, DATASET, values(), steps=20)
    for name, value in reference.state_dict().items():
        torch.testing.assert_close(states[-1]["model"][name], value, rtol=1e-5, atol=1e-6)
    last = [event for event in events if isinstance(event, EpochDone)][-1]
    batches = Batches(CONFIG, DATASET, CPU, World())
    logits = predict_logits(reference, batches.images, batches.validation_rows, batches.mean, batches.std)
    assert last.validation_predictions.tolist() == logits.argmax(1).tolist()


def test_a_run_that_is_resumed_late_computes_what_it_needs_and_ends_bitwise_equal(monkeypatch, computed):
    monkeypatch.setattr(loop, "REPORT_SECONDS", 0)
    _, whole = run()
    for stop_after in (2, 13):  # within the first epoch, and after it
        asked = iter([False] * (stop_after - 1) + [True] * 100)
        events, stopped = run(should_stop=lambda asked=asked: next(asked))
        assert events[-1].step == stop_after
        computed.clear()
        _, rest = run(resume=stopped[-1], initial=None)
        assert all(torch.equal(rest[-1]["model"][name], value) for name, value in whole[-1]["model"].items())
        assert sum(computed) <= len(DATASET.train)


def test_a_frozen_configuration_has_no_augmentation_and_is_not_compiled():
    config = replace(CONFIG, augmentation=Augmentation(4, True, 8), compile=True)
    assert (config.augmentation, config.compile) == (UNCHANGED, False)
    free = replace(CONFIG, freeze=False, augmentation=Augmentation(4, True, 8), compile=True)
    assert (free.augmentation, free.compile) == (Augmentation(4, True, 8), True)


def test_checkpoints_of_epochs_that_take_no_time_are_spared():
    events, states = run(replace(CONFIG, length=40, unit="epochs"))
    assert sum(isinstance(event, EpochDone) for event in events) == 40
    saved = [event.step for event in events if isinstance(event, CheckpointSaved)]
    assert len(states) == len(saved) < 20 and saved[0] == 0 and saved[-1] == events[-1].step


def test_the_estimate_of_memory_counts_the_features():
    frozen = replace(CONFIG, model=ModelSpec.from_name("resnet50", num_classes=4))
    few, many = (estimate_bytes(frozen, 32, rows) for rows in (100, 1100))
    assert many - few == 1000 * (4 * 2048 + 3 * 224 * 224)
