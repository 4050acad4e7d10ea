"""Measuring speed: what is compared does the same work, and the numbers are what they are called."""

from __future__ import annotations

import shlex
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tiny import tiny_config, tiny_dataset

from resnet_demo.benchmarks import loop
from resnet_demo.benchmarks.usual import Pictures, measure_usual
from resnet_demo.cli import main
from resnet_demo.data.augment import Augmentation
from resnet_demo.engine.compilation import remembered
from resnet_demo.engine.config import preset
from resnet_demo.engine.events import CheckpointSaved, StepMetrics
from resnet_demo.models import ModelSpec
from resnet_demo.places import Places

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def config():
    return tiny_config(tiny_dataset(), batch_size=8, augmentation=Augmentation(pad=2, flip=True))


def test_the_usual_loop_is_compared_round_by_round(config):
    said: list[str] = []
    found = measure_usual(config, CPU, workers=1, steps=2, rounds=2, say=said.append)
    assert len(found.ratios) == len(said) == 2 and found.ratio == sum(found.ratios) / 2
    assert min(found.ratios) > 0 and found.warm_up > 0
    assert said[0].startswith("round 1: loop")


def test_the_usual_pictures_are_those_of_the_loop(config):
    dataset = tiny_dataset()
    plain = Pictures(replace(config, augmentation=Augmentation(pad=0, flip=False)), dataset)
    assert len(plain) == len(dataset.train)
    picture, label = plain[3]
    mean, std = np.array(dataset.mean), np.array(dataset.std)
    expected = ((dataset.train.images[3] / 255 - mean) / std).transpose(2, 0, 1)
    assert label == dataset.train.labels[3] and np.allclose(picture, expected, atol=1e-5)
    drawn = {Pictures(config, dataset)[3][0].numpy().tobytes() for _ in range(20)}
    assert len(drawn) > 5  # shifted and mirrored anew each time


def test_grey_pictures_have_one_channel(config):
    dataset = tiny_dataset()
    grey = replace(dataset, train=replace(dataset.train, images=dataset.train.images[..., :1]), mean=(0.5,), std=(0.2,))
    assert Pictures(config.for_dataset(replace(grey, test=None)), grey)[0][0].shape == (1, 8, 8)


def test_a_rate_counts_from_the_first_report_on(monkeypatch):
    clock = iter([0.0, 10.0, 14.0])
    monkeypatch.setattr(loop, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    reports = [StepMetrics(step, 1.0, 0.5, 1.0, 1.0, 0.5, 0.1, 1.0, 1.0) for step in (1, 3, 5)]
    events = [CheckpointSaved(0), *reports]
    assert loop.loop_rate(iter(events), 4, 8) == pytest.approx((5 - 1) * 8 / (14 - 10))


def test_the_command_prints_the_ratio_and_remembers_the_speed(tmp_path, capsys):
    places = Places(data=None, cache=tmp_path, runs=tmp_path, weights=tmp_path)
    command = "benchmark --usual --model resnet8 --batch-size 8 --steps 2 --rounds 1 --workers 1 --threads 1"
    assert main(shlex.split(command) + ["--device", "cpu", "--precision", "fp32"], places) == 0
    out = capsys.readouterr().out
    assert "loop / usual" in out and "median of 1" in out and "DataLoader, 1 workers; .item(); NCHW, fp32" in out
    config = preset("fast", ModelSpec.from_name("resnet8"), "random", batch_size=8, precision="fp32")
    found = remembered(tmp_path, config, CPU)
    assert found.images_per_second > 0 and found.compile_seconds is None
    assert main(shlex.split(command.replace("--workers 1", "--workers 0")), places) == 2
    assert "--workers must be 1 or more" in capsys.readouterr().err
