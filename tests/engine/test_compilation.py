"""Compiling: when it pays, what is remembered of it, and that training goes on where it fails."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from tiny import tiny_config, tiny_dataset

from resnet_demo.engine import compilation
from resnet_demo.engine.compilation import (
    ASSUMED,
    WORTH,
    Timing,
    budget_seconds,
    compile_network,
    decide,
    remember,
    remembered,
    training_step,
    worth_compiling,
)
from resnet_demo.models import build_model

CPU, CUDA, MPS = map(torch.device, ("cpu", "cuda", "mps"))


@pytest.fixture(scope="module")
def config():
    return tiny_config(tiny_dataset(), length=100.0, unit="seconds")


def test_what_was_measured_is_known_before_the_threads_of_the_run_are_set(config, tmp_path):
    """It is asked for before the training loop sets them, and remembered afterwards."""
    own, before = replace(config, threads=3), torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        remember(tmp_path, own, CPU, compile_seconds=5.0)
    finally:
        torch.set_num_threads(before)
    assert remembered(tmp_path, own, CPU).compile_seconds == 5.0
    assert remembered(tmp_path, replace(config, threads=2), CPU) == Timing()


def test_it_pays_in_fp32_from_ten_times_its_cost_on(config):
    assert worth_compiling(config, CPU, 9.9) and not worth_compiling(config, CPU, 10.0)
    assert worth_compiling(config, CUDA, 9.9) and not worth_compiling(config, CUDA, 10.0)
    assert not worth_compiling(config, CPU, math.inf)


def test_a_cost_that_is_not_known_is_assumed(config):
    assert not worth_compiling(replace(config, length=WORTH * ASSUMED), CPU, None)
    assert worth_compiling(replace(config, length=WORTH * ASSUMED + 1), CPU, None)


def test_it_never_pays_where_it_does_not_help(config, monkeypatch):
    assert not worth_compiling(replace(config, precision="bf16"), CPU, 0.1)
    assert worth_compiling(replace(config, precision="bf16"), CUDA, 0.1)
    assert not worth_compiling(config, MPS, 0.1)
    for bf16 in (True, False):  # "auto" is what the processor makes of it
        monkeypatch.setattr("resnet_demo.engine.device.cpu_computes_in_bf16", lambda bf16=bf16: bf16)
        assert worth_compiling(replace(config, precision="auto"), CPU, 0.1) is not bf16


def test_steps_and_epochs_count_as_the_seconds_that_they_will_take(config):
    steps = replace(config, unit="steps", length=1000, batch_size=32)
    epochs = replace(config, unit="epochs", length=10.0)
    assert budget_seconds(steps, rate=320.0) == pytest.approx(100)
    assert budget_seconds(epochs, rate=320.0, rows=3200) == pytest.approx(100)
    assert budget_seconds(steps) == budget_seconds(epochs, rows=3200) == 0
    assert worth_compiling(steps, CPU, 9.9, rate=320.0) and not worth_compiling(steps, CPU, 9.9)


def test_what_was_measured_is_known_the_next_time_and_only_for_such_a_run(config, tmp_path):
    assert remembered(tmp_path, config, CPU) == Timing(None, None)
    remember(tmp_path, config, CPU, compile_seconds=5.0)
    remember(tmp_path, config, CPU, images_per_second=300.0)
    assert remembered(tmp_path, config, CPU) == Timing(5.0, 300.0)
    remember(tmp_path, config, CPU, compile_seconds=math.inf)
    assert remembered(tmp_path, config, CPU) == Timing(math.inf, 300.0)
    assert remembered(tmp_path, replace(config, lr=0.5, seed=3, length=7.0), CPU).images_per_second == 300.0
    for other in (replace(config, batch_size=64), replace(config, precision="bf16"), replace(config, freeze=True)):
        assert remembered(tmp_path, other, CPU) == Timing()
    for file in tmp_path.rglob("*.json"):
        file.write_text('{"compile_seconds": "much"}')
    assert remembered(tmp_path, config, CPU) == Timing()


def test_a_cache_that_cannot_be_written_is_no_reason_to_fail(config, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder would be")
    remember(tmp_path / "cache", config, CPU, compile_seconds=5.0)
    assert remembered(tmp_path / "cache", config, CPU) == Timing()


def test_the_step_compiles_what_the_loop_will_do(config):
    """Strides are part of what is compiled: they must be those of a batch of the loop, also with one channel."""
    for channels in (1, 3):
        spec = replace(config.model, in_channels=channels)
        seen = []
        given = replace(config, model=spec, mean=(0.5,) * channels, std=(0.5,) * channels)
        network = build_model(spec)
        network.register_forward_pre_hook(lambda module, inputs, seen=seen: seen.append(inputs[0]))
        training_step(given, CPU)(network)
        batch = torch.zeros(config.batch_size, spec.input_size, spec.input_size, channels).permute(0, 3, 1, 2)
        assert seen[0].shape == batch.shape and seen[0].stride() == batch.stride()


def test_a_configuration_is_decided_by_what_is_remembered(config, tmp_path):
    assert not decide(config, CPU, tmp_path, 200).compile
    remember(tmp_path, config, CPU, compile_seconds=5.0)
    assert decide(config, CPU, tmp_path, 200) == replace(config, compile=True)
    remember(tmp_path, config, CPU, compile_seconds=math.inf)
    assert decide(replace(config, compile=True), CPU, tmp_path, 200) == config


def test_a_network_that_compiles_is_trained_compiled(config, monkeypatch):
    monkeypatch.setattr(compilation.torch, "compile", lambda model, dynamic: torch.nn.Sequential(model))
    model = build_model(config.model)
    found = compile_network(model, training_step(config, CPU), CPU)
    assert found.network is not model and 0 < found.seconds < math.inf and not found.notice
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_without_a_compiler_training_goes_on_uncompiled_with_a_sentence(config, monkeypatch):
    class Broken(torch.nn.Module):
        def forward(self, pictures):
            raise RuntimeError("No working C++ compiler found in\n  (None, 'g++')")

    monkeypatch.setattr(compilation.torch, "compile", lambda model, dynamic: Broken())
    model = build_model(config.model)
    found = compile_network(model, training_step(config, CPU), CPU)
    assert found.network is model and found.seconds == math.inf
    assert found.notice.startswith("The network could not be compiled for cpu here") and "\n" not in found.notice
    assert "No working C++ compiler" in found.notice


def test_an_error_that_is_not_the_compilers_is_raised(config, monkeypatch):
    monkeypatch.setattr(compilation.torch, "compile", lambda model, dynamic: model)
    wrong = training_step(replace(config, model=replace(config.model, in_channels=1), mean=(), std=()), CPU)
    with pytest.raises(RuntimeError, match="channels"):
        compile_network(build_model(config.model), wrong, CPU)


def test_the_compiler_of_pytorch_fails_as_expected(config, tmp_path, monkeypatch):
    """With the real thing: where there is no C++ compiler, it is told by the first step and not before."""
    import torch._inductor.config as inductor

    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    with inductor.patch({"cpp.cxx": (None, str(tmp_path / "no-compiler"))}):
        network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(config.model.input_size**2 * 3, 2))
        found = compile_network(network, training_step(config, CPU), CPU)
    assert found.notice and found.seconds == math.inf
