"""The training loop: determinism, resuming, the events it yields, and how it fails."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tiny import tiny_config, tiny_dataset

from resnet_demo.data.augment import Augmentation, augment
from resnet_demo.engine import batches as feeding
from resnet_demo.engine import train as loop
from resnet_demo.engine.events import (
    CheckpointSaved,
    EpochDone,
    Resumed,
    RunFinished,
    RunStarted,
    StepMetrics,
)
from resnet_demo.engine.train import train
from resnet_demo.models import ModelSpec

CPU = torch.device("cpu")
DATA = tiny_dataset(size=8)


class Saved:
    """Keeps a deep copy of every state that the loop hands out."""

    def __init__(self):
        self.states = []

    def __call__(self, state):
        import io

        buffer = io.BytesIO()
        torch.save(state, buffer)
        self.states.append(buffer.getvalue())

    def load(self, number: int = -1):
        import io

        return torch.load(io.BytesIO(self.states[number]), weights_only=True)


def run(config, dataset, **options):
    saved = Saved()
    events = list(train(config, dataset, device=CPU, save=saved, **options))
    return events, saved


@cache
def usual(precision: str = "fp32"):
    """What becomes of the usual run, for all who compare with it."""
    return run(tiny_config(DATA, precision=precision), DATA)


def assert_equal_states(one, other):
    for part in ("model",):
        assert one[part].keys() == other[part].keys()
        for name in one[part]:
            assert torch.equal(one[part][name], other[part][name]), name
    for index, values in one["optimizer"]["state"].items():
        assert torch.equal(values["momentum_buffer"], other["optimizer"]["state"][index]["momentum_buffer"])
    assert one["step"] == other["step"]


def test_events_come_in_order_and_tell_the_run():
    events, _ = usual()
    assert isinstance(events[0], RunStarted) and events[0].total_steps == 12 and events[0].steps_per_epoch == 5
    assert isinstance(events[-1], RunFinished) and events[-1].status == "finished" and events[-1].step == 12
    steps = [e.step for e in events if isinstance(e, StepMetrics)]
    assert steps == sorted(steps) and steps[-1] == 12
    epochs = [e for e in events if isinstance(e, EpochDone)]
    assert [e.epoch for e in epochs] == [1, 2, pytest.approx(2.4)]
    assert epochs[0].train_seen.sum() == 160 and epochs[-1].train_seen.sum() == 64
    assert len(epochs[0].validation_predictions) == 20


def test_epoch_accuracy_is_that_of_the_recorded_predictions():
    events, _ = usual()
    rows, validation = DATA.split_rows(0)
    for event in (e for e in events if isinstance(e, EpochDone)):
        right = event.train_predictions == DATA.train.labels[rows]
        assert event.train_accuracy == pytest.approx(right[event.train_seen].mean())
        right = event.validation_predictions == DATA.train.labels[validation]
        assert event.validation_accuracy == pytest.approx(right.mean())


def test_it_learns_what_can_be_learned():
    dataset = tiny_dataset(noise=False)
    plain = Augmentation(pad=0, flip=False)
    events, _ = run(tiny_config(dataset, length=20, lr=0.1, augmentation=plain), dataset)
    epochs = [e for e in events if isinstance(e, EpochDone)]
    assert epochs[-1].train_accuracy > 0.9 > epochs[0].train_accuracy
    assert epochs[-1].train_loss < epochs[0].train_loss / 2


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("stop_after", [1, 4, 5, 7])
def test_stop_and_resume_is_bitwise_equal(monkeypatch, precision, stop_after):
    monkeypatch.setattr(loop, "REPORT_SECONDS", 0)  # a report, and so a chance to stop, after each step
    config = tiny_config(DATA, precision=precision)
    whole, whole_saved = usual(precision)
    asked = iter([False] * (stop_after - 1) + [True] * 100)
    first, first_saved = run(config, DATA, should_stop=lambda: next(asked))
    assert first[-1].status == "stopped" and first[-1].step == stop_after
    rest, rest_saved = run(config, DATA, resume=first_saved.load())
    assert isinstance(rest[0], Resumed) and rest[0].step == stop_after
    assert_equal_states(whole_saved.load(), rest_saved.load())
    last, resumed_last = ([e for e in events if isinstance(e, EpochDone)][-1] for events in (whole, rest))
    assert np.array_equal(last.train_predictions, resumed_last.train_predictions)
    assert last.train_accuracy == resumed_last.train_accuracy


def test_reports_do_not_change_what_is_learned(monkeypatch):
    config = tiny_config(DATA)
    monkeypatch.setattr(loop, "REPORT_SECONDS", 0)
    events, often = run(config, DATA)
    assert len([e for e in events if isinstance(e, StepMetrics)]) == 12
    monkeypatch.setattr(loop, "REPORT_SECONDS", 100)
    events, seldom = run(config, DATA)
    assert len([e for e in events if isinstance(e, StepMetrics)]) < 12
    assert_equal_states(often.load(), seldom.load())


def test_the_first_checkpoint_precedes_the_first_step_and_resumes_to_the_same_end():
    _, saved = usual()
    assert saved.load(0)["step"] == 0
    _, again = run(tiny_config(DATA), DATA, resume=saved.load(0))
    assert_equal_states(saved.load(), again.load())


def test_a_run_in_seconds_ends_annealed_and_resumes_with_what_was_left(monkeypatch):
    ticks = itertools.count()  # a clock of its own: by the machine's, one slow step might be half the run
    monkeypatch.setattr(loop, "time", SimpleNamespace(perf_counter=lambda: next(ticks) / 50))
    config = tiny_config(DATA, length=0.5, unit="seconds")
    events, saved = run(config, DATA)
    assert events[-1].status == "finished" and events[-1].seconds >= 0.5
    reports = [e for e in events if isinstance(e, StepMetrics)]
    assert reports[-1].progress == 1.0
    assert reports[-1].lr < config.lr / 2

    state = saved.load(0) | {"seconds": 0.4}
    rest, _ = run(config, DATA, resume=state)
    reports = [e for e in rest if isinstance(e, StepMetrics)]
    assert reports[0].progress >= 0.8
    assert rest[-1].status == "finished"


def test_variants_start_equal_and_see_equal_batches(monkeypatch):
    batches = []

    def spy(images, part, augmentation):
        batches[-1].append(augment(images, part, augmentation))
        return batches[-1][-1]

    monkeypatch.setattr(feeding, "augment", spy)
    firsts = []
    for shortcut in ("A", "B", "C", "none"):
        batches.append([])
        spec = replace(ModelSpec.from_name("resnet8", shortcut=shortcut), num_classes=4, input_size=8)
        _, saved = run(replace(tiny_config(DATA, length=7), model=spec), DATA)
        firsts.append(saved.load(0)["model"])
    for weights, seen in zip(firsts[1:], batches[1:], strict=True):
        shared = weights.keys() & firsts[0].keys()
        assert {"conv1.weight", "layer3.0.conv2.weight", "fc.weight"} <= shared
        assert all(torch.equal(weights[name], firsts[0][name]) for name in shared)
        assert len(seen) == 7 and all(map(torch.equal, seen, batches[0]))


def test_a_compiled_run_learns_the_same_and_its_warm_up_leaves_no_trace(monkeypatch):
    monkeypatch.setattr(torch, "compile", lambda network, dynamic: network)  # what is tested is the warm-up
    _, plain = usual()
    _, warmed = run(tiny_config(DATA, compile=True), DATA)
    assert_equal_states(plain.load(), warmed.load())


def test_a_diverging_run_fails_with_the_step_and_advice():
    poisoned = tiny_config(DATA, lr=100.0, warmup=0.0, weight_decay=1.0, length=20)
    events, saved = run(poisoned, DATA)
    assert events[-1].status == "failed"
    assert "diverged" in events[-1].reason and "smaller peak learning rate" in events[-1].reason
    assert str(events[-1].step) in events[-1].reason
    assert all(torch.isfinite(value).all() for value in saved.load()["model"].values())


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        MemoryError(),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
        None,
    ],
    ids=["cuda", "python", "cublas", "mps", "this CPU's own"],
)
def test_out_of_memory_ends_the_run_with_advice(monkeypatch, error):
    def full(*args, **kwargs):
        if error is None:
            torch.empty(2**55)
        raise error

    monkeypatch.setattr(feeding, "augment", full)
    events, _ = run(tiny_config(DATA), DATA)
    assert events[-1].status == "failed" and "Out of memory after step 0" in events[-1].reason


def test_another_error_is_not_swallowed(monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("a bug")

    monkeypatch.setattr(feeding, "augment", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        run(tiny_config(DATA), DATA)


def test_data_of_another_fingerprint_are_refused():
    with pytest.raises(ValueError, match="configured for other data"):
        run(tiny_config(DATA), tiny_dataset(seed=1))


def test_a_checkpoint_of_another_network_is_refused():
    _, saved = run(tiny_config(DATA, length=1), DATA)
    other = tiny_config(DATA)
    other = replace(other, model=replace(ModelSpec.from_name("resnet14"), num_classes=4, input_size=8))
    with pytest.raises(ValueError, match="does not belong to this configuration"):
        run(other, DATA, resume=saved.load())


def test_checkpoints_are_as_frequent_as_asked(monkeypatch):
    monkeypatch.setattr(loop, "REPORT_SECONDS", 0)
    events, _ = run(tiny_config(DATA, checkpoint_seconds=0), DATA)
    assert [e.step for e in events if isinstance(e, CheckpointSaved)] == list(range(13))


def test_fewer_pictures_than_a_batch_are_one_batch():
    dataset = tiny_dataset(rows=20)
    events, _ = run(tiny_config(dataset, length=2, batch_size=512), dataset)
    assert events[0].steps_per_epoch == 1 and events[-1].status == "finished"
