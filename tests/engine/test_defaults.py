"""What a form begins with fits its device and its data, and can be trained."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from tiny import tiny_dataset

from resnet_demo.engine.defaults import suggested
from resnet_demo.engine.train import train


@pytest.mark.parametrize("device, threads", [("cpu", 0), ("cpu", 2), ("cpu", 64), ("cuda", 2), ("mps", 8)])
@pytest.mark.parametrize("data", ["cifar10", "fashion-mnist", "shapes", "own:key"])
def test_every_device_gets_half_a_minute(device, threads, data):
    config = suggested(device, threads, data)
    assert (config.length, config.unit, config.data, config.preset) == (30, "seconds", data, "demo")
    small = device == "cpu" and threads < 8
    assert config.model.name == ("resnet8" if small else "resnet20")


def test_a_gpu_gets_larger_batches_and_few_pictures_smaller_ones():
    by_device = [suggested(device, 2, "cifar10").batch_size for device in ("cpu", "cuda")]
    assert by_device == sorted(by_device) and by_device[0] < by_device[1]
    assert suggested("cuda", 2, "own:key").batch_size < suggested("cpu", 2, "cifar10").batch_size


def test_learned_values_begin_with_smaller_rates():
    fresh, tuned = suggested("cpu", 2, "own:key"), suggested("cpu", 2, "own:key", initial="a run")
    last = suggested("cpu", 2, "own:key", initial="a run", freeze=True)
    assert tuned.lr < last.lr <= fresh.lr
    assert (tuned.initial, tuned.freeze, last.freeze) == ("a run", False, True)


def test_what_is_suggested_can_be_trained():
    dataset = tiny_dataset()
    config = replace(suggested("cpu", 1, "own:key").for_dataset(dataset), length=2, unit="steps", threads=1)
    assert list(train(config, dataset, device=torch.device("cpu")))[-1].status == "finished"
