"""Beginning from another network's values, freezing all but the last layer, and doing both from a run's folder."""

from __future__ import annotations

import io
import json
from copy import deepcopy
from dataclasses import replace
from functools import cache

import pytest
import torch
from safetensors.torch import save_file
from tiny import tiny_config, tiny_dataset

from resnet_demo.engine import train as loop
from resnet_demo.engine.config import TrainConfig
from resnet_demo.engine.events import RunFinished
from resnet_demo.engine.initial import fit_initial
from resnet_demo.engine.limits import check_limits, estimate_bytes
from resnet_demo.engine.train import train
from resnet_demo.errors import Refusal
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.places import PROJECT
from resnet_demo.runs.execute import execute, load_initial, save_initial
from resnet_demo.runs.files import INITIAL
from resnet_demo.runs.folder import RunError, RunFolder
from resnet_demo.runs.writer import create_run

CPU = torch.device("cpu")
SPEC = ModelSpec.from_name("resnet8", input_size=8)
DATA = tiny_dataset(size=8)


def values(seed: int = 5, **options) -> dict[str, torch.Tensor]:
    """A network of 10 classes with values that no seed gives: its statistics are not fresh either."""
    state = build_model(replace(SPEC, **options), seed).state_dict()
    return {name: value + 0.25 if "running_mean" in name else value for name, value in state.items()}


def run(config, dataset, **options):
    states = []

    def save(state):
        buffer = io.BytesIO()
        torch.save(state, buffer)
        states.append(buffer)

    events = list(train(config, dataset, device=CPU, save=save, **options))
    return events, [torch.load(io.BytesIO(state.getvalue()), weights_only=True) for state in states]


@cache
def whole(freeze: bool) -> list[dict]:
    """The states of a run that never stopped."""
    return run(tiny_config(DATA, freeze=freeze), DATA, initial=values())[1]


def differing(one, other) -> set[str]:
    return {name for name in one if one[name].shape != other[name].shape or not torch.equal(one[name], other[name])}


def test_all_values_are_kept_but_those_of_another_number_of_classes():
    state = values()
    assert fit_initial(state, SPEC).keys() == state.keys()
    fitted = fit_initial(state, replace(SPEC, num_classes=3))
    assert state.keys() - fitted.keys() == {"fc.weight", "fc.bias"}
    old = {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}
    assert fit_initial(old, SPEC).keys() == old.keys()


@pytest.mark.parametrize(
    "state, sentence",
    [
        (values(shortcut="C"), "unexpected: .*downsample.0.weight.* more; it looks like ResNet-8 with shortcut C"),
        (values(in_channels=1), r"3 channels: other shapes: conv1.weight \(16, 1, 3, 3\) instead of"),
        ({"fc.bias": torch.zeros(10)}, "missing: conv1.weight, .* more"),
        (
            values(num_classes=3) | {"fc.weight": torch.zeros(3, 5)},
            r"fc.weight \(3, 5\) instead of \(3, 64\)",
        ),
        (
            values() | {"conv1.weight": torch.full((16, 3, 3, 3), torch.nan)},
            "conv1.weight has values that are not fini",
        ),
    ],
)
def test_values_of_another_network_are_refused(state, sentence):
    with pytest.raises(ValueError, match=sentence):
        fit_initial(state, SPEC)


def test_a_run_begins_from_the_values_it_is_given():
    _, states = run(tiny_config(DATA), DATA, initial=values())
    first, seeded = states[0]["model"], build_model(tiny_config(DATA).model, seed=0).state_dict()
    assert differing(first, values()) == {"fc.weight", "fc.bias"}
    assert torch.equal(first["fc.weight"], seeded["fc.weight"])
    assert "conv1.weight" in differing(states[-1]["model"], first)
    half = {name: value.half() if value.is_floating_point() else value for name, value in values().items()}
    _, states = run(tiny_config(DATA, length=1), DATA, initial=half)  # as published runs keep them
    assert states[0]["model"]["conv1.weight"].dtype == torch.float32


@pytest.mark.parametrize("compile", [False, True])
def test_of_a_frozen_network_only_the_last_layer_changes(monkeypatch, compile):
    monkeypatch.setattr(torch, "compile", lambda network, dynamic: network)
    dataset = tiny_dataset(noise=False)
    events, states = run(tiny_config(dataset, freeze=True, length=20, compile=compile), dataset, initial=values())
    assert differing(states[-1]["model"], states[0]["model"]) == {"fc.weight", "fc.bias"}
    assert len(states[-1]["optimizer"]["state"]) == 2
    assert events[-1].status == "finished" and events[2].grad_norm > 0


@pytest.mark.parametrize("freeze", [False, True])
@pytest.mark.parametrize("stop_after", [1, 5, 7])
def test_stop_and_resume_is_bitwise_equal_with_initial_values(monkeypatch, freeze, stop_after):
    monkeypatch.setattr(loop, "REPORT_SECONDS", 0)
    config, end = tiny_config(DATA, freeze=freeze), whole(freeze)[-1]
    asked = iter([False] * (stop_after - 1) + [True] * 100)
    first, stopped = run(config, DATA, initial=values(), should_stop=lambda: next(asked))
    assert first[-1].status == "stopped" and first[-1].step == stop_after
    for initial in (None, values(seed=6)):  # what it began from no longer matters
        _, rest = run(config, DATA, initial=initial, resume=deepcopy(stopped[-1]))
        assert not differing(end["model"], rest[-1]["model"])
        for index, kept in end["optimizer"]["state"].items():
            assert torch.equal(kept["momentum_buffer"], rest[-1]["optimizer"]["state"][index]["momentum_buffer"])


def test_a_checkpoint_of_all_layers_does_not_resume_a_frozen_run():
    _, states = run(tiny_config(DATA, length=1), DATA)
    with pytest.raises(ValueError, match="does not belong to this configuration"):
        run(tiny_config(DATA, freeze=True), DATA, resume=states[-1])


def test_the_normalisation_of_the_initial_values_stays():
    mean, std = (0.1, 0.2, 0.3), (0.4, 0.5, 0.6)
    kept = TrainConfig(SPEC, mean=mean, std=std, initial="imagenet/resnet18").for_dataset(DATA)
    assert (kept.mean, kept.std) == (mean, std) and kept.fingerprint == DATA.fingerprint
    for config in (TrainConfig(SPEC, mean=mean, std=std), TrainConfig(SPEC, initial="a file")):
        assert config.for_dataset(DATA).mean == DATA.mean


def test_pictures_that_do_not_fit_the_network_are_a_sentence():
    dataset = tiny_dataset(size=28)
    with pytest.raises(Refusal, match="ResNet-18 takes images of 32 pixels or more, and these have 28"):
        TrainConfig(ModelSpec.from_name("resnet18")).for_dataset(dataset)
    grey = TrainConfig(replace(SPEC, in_channels=1), mean=(0.1,), std=(0.2,), initial="fashion")
    with pytest.raises(Refusal, match="for images with 1 channels, and these have 3"):
        grey.for_dataset(dataset)


@pytest.mark.parametrize("path", sorted((PROJECT / "weights").glob("*/config.json")), ids=lambda path: path.parent.name)
def test_configurations_of_before_are_read(path):
    stored = json.loads(path.read_text(encoding="utf-8"))
    config = TrainConfig.from_dict({name: value for name, value in stored.items() if name not in ("initial", "freeze")})
    assert config.initial == "" and config.freeze is False


def test_freezing_takes_less_memory_and_any_batch():
    photographs = TrainConfig(ModelSpec.from_name("resnet18"), batch_size=1)
    frozen = replace(photographs, freeze=True, batch_size=128)
    assert estimate_bytes(frozen, 128, 100) < estimate_bytes(photographs, 128, 100) / 2
    small = replace(photographs, model=replace(photographs.model, input_size=32, num_classes=4))
    with pytest.raises(ValueError, match="batches of one image"):
        check_limits(small, DATA, CPU)
    check_limits(replace(small, freeze=True), DATA, CPU)


@pytest.mark.parametrize("name, size", [("resnet8", 64), ("resnet18", 64), ("resnet18", 96)])
def test_both_families_learn_from_pictures_of_these_sizes(name, size):
    dataset, model = tiny_dataset(rows=10, size=size), ModelSpec.from_name(name, num_classes=4, input_size=size)
    *_, ended = train(tiny_config(dataset, model=model, length=2, batch_size=4), dataset, device=CPU)
    assert ended.status == "finished"


# -- in a run's folder ---------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    return create_run(tmp_path, tiny_config(DATA, length=2, initial="somewhere", freeze=True), "child")


def test_a_folder_keeps_what_the_run_begins_from(folder):
    save_initial(folder, values())
    events = list(execute(folder, DATA, CPU))
    assert isinstance(events[-1], RunFinished) and events[-1].status == "finished"
    assert differing(folder.load_model().state_dict(), values()) == {"fc.weight", "fc.bias"}
    assert folder.config.initial == "somewhere" and folder.config.freeze


@pytest.mark.parametrize(
    "spoil, detail",
    [
        (lambda path: None, "No such file"),
        (lambda path: path.write_bytes(b"{}"), ""),
        (lambda path: save_file(values(in_channels=1), path), "other shapes"),
    ],
)
def test_values_that_cannot_be_used_are_a_sentence(folder, spoil, detail):
    spoil(folder.path / INITIAL)
    with pytest.raises(RunError, match=f"child/{INITIAL} cannot be loaded: .*{detail}") as refused:
        list(execute(folder, DATA, CPU))
    assert refused.value.code == "damaged_weights" and refused.value.values["file"] == f"child/{INITIAL}"


def test_a_run_of_its_own_seed_has_no_such_file(folder):
    (folder.path / "config.json").write_text(json.dumps(tiny_config(DATA).to_dict()))
    assert load_initial(RunFolder(folder.path)) is None
