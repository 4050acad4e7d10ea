"""Configurations, schedules, events and limits: what is accepted, what is refused, and that nothing gets lost."""

from __future__ import annotations

import json
import math
import re
from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny import tiny_dataset

from resnet_demo.engine import limits
from resnet_demo.engine.config import PRESETS, TrainConfig, preset
from resnet_demo.engine.device import pick_device, pick_precision, versions
from resnet_demo.engine.events import (
    CheckpointSaved,
    EpochDone,
    Resumed,
    RunFinished,
    RunStarted,
    StepMetrics,
    from_line,
    to_line,
)
from resnet_demo.engine.limits import check_limits, estimate_bytes
from resnet_demo.engine.schedule import SCHEDULES, learning_rate
from resnet_demo.models import ModelSpec

SPEC = ModelSpec.from_name("resnet8")
CPU = torch.device("cpu")


# -- configurations ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("model", "resnet8", "model must be of type ModelSpec"),
        ("unit", "hours", "unit must be one of epochs, steps, seconds"),
        ("length", 0, "length must be a number from"),
        ("length", math.nan, "length must be a number from"),
        ("length", 20_000.0, "length must be a number from 0.001 to 10000"),
        ("batch_size", 0, "batch_size must be a whole number from 1"),
        ("batch_size", 12.5, "batch_size must be a whole number"),
        ("batch_size", True, "batch_size must be a whole number"),
        ("lr", -0.1, "lr must be a number from 0"),
        ("lr", math.inf, "lr must be a number from 0"),
        ("schedule", "cosine", "schedule must be one of step, onecycle, constant"),
        ("warmup", 1.0, "warmup must be a number from 0 to 0.9"),
        ("momentum", 1.0, "momentum must be"),
        ("weight_decay", 2, "weight_decay must be"),
        ("label_smoothing", 1, "label_smoothing must be"),
        ("seed", -1, "seed must be a whole number from 0"),
        ("seed", 2**32, "seed must be a whole number from 0"),
        ("precision", "fp8", "precision must be one of auto, fp32"),
        ("threads", -1, "threads must be"),
        ("classes", ("a",), "10 outputs, but there are 1 classes"),
        ("mean", (0.5,), "mean must be 3 numbers, one a channel, not 1"),
        ("std", (0.5, 0.5, 0.5), "mean must be 3 numbers, one a channel, not 0"),
    ],
)
def test_a_wrong_value_says_which_field_and_what_is_allowed(field, value, sentence):
    with pytest.raises(ValueError, match=sentence):
        TrainConfig(SPEC, **{field: value}) if field != "model" else TrainConfig(value)


def test_nesterov_needs_momentum():
    with pytest.raises(ValueError, match="nesterov"):
        TrainConfig(SPEC, momentum=0, nesterov=True)


@pytest.mark.parametrize("name", PRESETS)
def test_a_configuration_survives_json(name):
    config = preset(name, SPEC, "shapes", seed=7).for_dataset(tiny_dataset())
    again = TrainConfig.from_dict(json.loads(json.dumps(config.to_dict())))
    assert again == config and again.classes == config.classes


def test_unknown_and_missing_fields_are_refused():
    values = TrainConfig(SPEC).to_dict()
    with pytest.raises(ValueError, match="unknown fields in the configuration: colour"):
        TrainConfig.from_dict(values | {"colour": "red"})
    del values["model"]
    with pytest.raises(ValueError, match="incomplete or malformed"):
        TrainConfig.from_dict(values)


def test_the_paper_is_the_paper():
    config = preset("paper", ModelSpec.from_name("resnet20"), "cifar10")
    assert (config.length, config.unit, config.batch_size, config.momentum) == (64_000, "steps", 128, 0.9)
    assert (config.weight_decay, config.nesterov, config.label_smoothing) == (1e-4, False, 0.0)
    assert (config.augmentation.pad, config.augmentation.flip, config.augmentation.cutout) == (4, True, 0)

    def rate(config, step):
        return learning_rate(step / 64_000, schedule=config.schedule, peak=config.lr, warmup=config.warmup)

    assert [rate(config, s) for s in (0, 31_999, 32_000, 47_999, 48_000, 63_999)] == pytest.approx(
        [0.1, 0.1, 0.01, 0.01, 0.001, 0.001]
    )
    deep = preset("paper", ModelSpec.from_name("resnet110"), "cifar10")
    assert [rate(deep, s) for s in (0, 399, 400)] == pytest.approx([0.01, 0.01, 0.1])


def test_an_unknown_preset_says_which_there_are():
    with pytest.raises(ValueError, match="paper, fast, demo"):
        preset("slow", SPEC, "shapes")


def test_fitting_to_data_sets_both_ends_of_the_network():
    dataset = tiny_dataset(size=24, classes=5)
    config = TrainConfig(SPEC).for_dataset(dataset)
    assert (config.model.num_classes, config.model.input_size, config.model.in_channels) == (5, 24, 3)
    assert config.fingerprint == dataset.fingerprint and config.mean == dataset.mean


# -- schedule ------------------------------------------------------------------------------------------------


@given(progress=st.floats(0, 1), schedule=st.sampled_from(SCHEDULES), peak=st.floats(0, 10), warmup=st.floats(0, 0.9))
def test_the_rate_stays_between_0_and_its_peak(progress, schedule, peak, warmup):
    rate = learning_rate(progress, schedule=schedule, peak=peak, warmup=warmup)
    assert 0 <= rate <= peak * (1 + 1e-9)


def test_onecycle_rises_falls_and_ends_at_0():
    def rate(progress):
        return learning_rate(progress, schedule="onecycle", peak=0.4, warmup=0.25)

    assert [rate(p) for p in (0, 0.125, 0.25, 0.625, 1)] == pytest.approx([0, 0.2, 0.4, 0.2, 0])
    assert learning_rate(0, schedule="onecycle", peak=0.4, warmup=0) == 0.4


def test_an_unknown_schedule_is_refused():
    with pytest.raises(ValueError, match="step, onecycle, constant"):
        learning_rate(0.5, schedule="cosine", peak=1, warmup=0)


# -- events --------------------------------------------------------------------------------------------------

EVENTS = [
    RunStarted(5, None, {"torch": "2"}, "a machine", "fp32", time=1.5),
    RunStarted(5, 10, {"torch": "2"}, "a machine", "fp32", time=1.5),
    StepMetrics(3, 0.6, 0.3, 1.25, 2.0, 0.5, 0.1, 3.5, 1000.0),
    EpochDone(5, 1.0, 2.0, 1.5, 0.4, 1.6, 0.35),
    CheckpointSaved(5),
    Resumed(5, {"torch": "2"}, "a machine", time=2.0),
    RunFinished("failed", 5, 2.0, "“reason” with é and a\nnew line", time=3.0),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_one_line_and_comes_back(event):
    line = to_line(event)
    assert "\n" not in line and from_line(line) == event


def test_arrays_stay_out_of_the_log():
    event = EpochDone(5, 1.0, 2.0, 1.5, 0.4, 1.6, 0.35, np.zeros(3), np.ones(3, bool), np.zeros(2))
    assert len(to_line(event)) < 250 and from_line(to_line(event)).train_predictions is None


def test_a_number_that_is_not_finite_is_null_in_strict_json():
    line = to_line(replace(EVENTS[2], loss=math.nan, grad_norm=math.inf))
    assert json.loads(line)["loss"] is None and math.isnan(from_line(line).loss)


@pytest.mark.parametrize("line", ["", "{", "3", "[]", "{}", '{"event": "Surprise"}', '{"event": "CheckpointSaved"}'])
def test_what_is_no_event_is_refused(line):
    with pytest.raises(ValueError):
        from_line(line)


def test_a_later_versions_extra_keys_are_ignored():
    assert from_line('{"event": "CheckpointSaved", "step": 3, "colour": "red"}') == CheckpointSaved(3)


# -- limits and devices --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes, sentence",
    [
        (dict(batch_size=60_000), "batch_size must be a whole number from 1 to 8192"),
        (dict(model=replace(SPEC, input_size=512)), "input_size is 512, but at most 224"),
        (dict(model=replace(SPEC, num_classes=2000)), "num_classes is 2000, but at most 1000"),
        (dict(precision="fp16"), "fp16 needs CUDA"),
    ],
)
def test_too_large_a_run_is_refused_before_anything_is_built(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        check_limits(replace(TrainConfig(SPEC), **changes), tiny_dataset(), CPU)


def test_too_little_memory_is_a_sentence(monkeypatch):
    monkeypatch.setattr(limits, "available_bytes", lambda device: 2**20)
    with pytest.raises(ValueError, match="resnet8 with batches of .* needs about .* GiB, but cpu has 0.0 GiB free"):
        check_limits(TrainConfig(SPEC), tiny_dataset(), CPU)
    monkeypatch.setattr(limits, "available_bytes", lambda device: None)
    check_limits(TrainConfig(SPEC), tiny_dataset(), CPU)


def test_the_estimate_grows_with_depth_batch_and_size():
    small = estimate_bytes(TrainConfig(SPEC), 128, 100)
    assert estimate_bytes(TrainConfig(ModelSpec.from_name("resnet56")), 128, 100) > 1.5 * small
    assert estimate_bytes(TrainConfig(SPEC), 256, 100) > 1.5 * small
    assert estimate_bytes(TrainConfig(replace(SPEC, input_size=64)), 128, 100) > 1.5 * small
    # activations of ResNet-20 at batch 128: convolutions and normalisations of 19 layers, by hand
    values = 2 * (7 * 16 * 32**2 + 6 * 32 * 16**2 + 6 * 64 * 8**2) + 2 * (32 * 16**2 + 64 * 8**2) / 2 + 64 + 10
    estimate = estimate_bytes(TrainConfig(ModelSpec.from_name("resnet20")), 128, 0)
    assert estimate == pytest.approx(128 * 4 * values + 12 * 269_722 + 8 * 128 * 3 * 32**2)


def test_a_batch_that_cannot_be_normalised_or_shared_is_refused():
    spec = replace(ModelSpec.from_name("resnet18"), input_size=32, num_classes=4)
    with pytest.raises(ValueError, match="batches of one image cannot be normalised"):
        check_limits(TrainConfig(spec, batch_size=1), tiny_dataset(), CPU)
    check_limits(TrainConfig(SPEC, batch_size=1), tiny_dataset(), CPU)  # its last maps have 8×8 pixels
    with pytest.raises(ValueError, match="a batch of 3 images cannot be shared by 4 processes"):
        check_limits(TrainConfig(SPEC, batch_size=3), tiny_dataset(), CPU, processes=4)


def test_devices_and_precisions():
    assert pick_device("cpu") == CPU and pick_device("auto").type in ("cpu", "cuda", "mps")
    for name in ("abacus", "meta"):
        with pytest.raises(ValueError, match="try auto, cpu, cuda or mps"):
            pick_device(name)
    assert pick_precision("fp32", CPU) == "fp32" and pick_precision("auto", CPU) in ("fp32", "bf16")
    assert set(versions()) >= {"python", "torch", "numpy"} and "unknown" not in versions().values()


def test_every_field_of_the_configuration_is_documented():
    for field in fields(TrainConfig):
        assert re.search(rf"\b{field.name}\b[^.]*:", TrainConfig.__doc__), field.name
