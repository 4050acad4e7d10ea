"""Latency: networks measured by turns; the clock is the test's own, so nothing here depends on a machine's speed."""

from __future__ import annotations

import pytest
import torch

from resnet_demo.benchmarks import latency
from resnet_demo.benchmarks.latency import PASSES, Latency, measure_latency
from resnet_demo.models import ModelSpec

SPECS = [ModelSpec.from_name("resnet8", shortcut=shortcut) for shortcut in "AB"] + [ModelSpec.from_name("plain8")]


class Stopwatch:
    """Passes of a network take the seconds that the test says; notes in which order they came."""

    def __init__(self, monkeypatch, seconds: dict[ModelSpec, float]):
        self.now, self.order = 0.0, []
        built = latency.build_model

        def build(spec):
            model = built(spec)

            def passed(module, inputs, output):
                self.now += seconds[spec]
                self.order.append(spec)

            model.register_forward_hook(passed)
            return model

        monkeypatch.setattr(latency, "build_model", build)

    def __call__(self) -> float:
        return self.now


def test_each_network_has_its_own_time(monkeypatch):
    clock = Stopwatch(monkeypatch, dict(zip(SPECS, (0.002, 0.003, 0.001), strict=True)))
    found = measure_latency(SPECS, rounds=3, clock=clock)
    assert [one.median for one in found] == pytest.approx([2, 3, 1]) and all(len(one.rounds) == 3 for one in found)


def test_networks_take_turns_and_nobody_is_always_first(monkeypatch):
    clock = Stopwatch(monkeypatch, dict.fromkeys(SPECS, 0.001))
    told = []
    measure_latency(SPECS, rounds=2, clock=clock, say=lambda *numbers: told.append(numbers))
    order = [SPECS.index(spec) for spec in clock.order[::PASSES]]
    assert order == [0, 1, 2, 1, 2, 0, 2, 0, 1] and len(clock.order) == 9 * PASSES
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_the_first_round_warms_up_and_does_not_count(monkeypatch):
    now = iter([0.0, 9.0, 10.0, 10.5, 20.0, 20.1])
    (found,) = measure_latency(SPECS[:1], rounds=2, clock=lambda: next(now))
    assert found.rounds == pytest.approx((100, 20)) and (found.low, found.high) == pytest.approx((20, 100))


def test_it_is_measured_as_pages_answer():
    model, picture = latency._network(SPECS[0])
    assert not model.training and not any(p.requires_grad for p in model.parameters())
    assert picture.shape == (1, 3, 32, 32) and picture.dtype == torch.float32
    assert model.conv1.weight.is_contiguous(memory_format=torch.channels_last)


def test_the_median_is_not_moved_by_one_slow_round():
    assert Latency((1.0, 50.0, 2.0)).median == 2.0


@pytest.mark.parametrize("rounds", [0, -1])
def test_fewer_than_one_round_is_refused(rounds):
    with pytest.raises(ValueError, match="rounds"):
        measure_latency(SPECS, rounds=rounds)
