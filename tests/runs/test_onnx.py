"""A run as ONNX: onnxruntime computes what we do, whatever the network, and the lines that come with it work."""

from __future__ import annotations

import json
import os
from importlib.util import find_spec

import numpy as np
import pytest
import torch
from made_runs import make_untrained_run, photograph
from safetensors.torch import save

from resnet_demo.cli import main
from resnet_demo.data.decode import decode
from resnet_demo.data.preprocess import prepare
from resnet_demo.errors import Refusal
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.runs.exchange import onnx_file
from resnet_demo.runs.exchange.onnx_file import OPSET, onnx_bytes, snippet
from resnet_demo.runs.files import CONFIG, WEIGHTS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import json_bytes

NETWORKS = {
    "A": ("resnet8", {}), "B": ("resnet8", {"shortcut": "B"}), "C": ("resnet8", {"shortcut": "C"}),
    "plain": ("plain8", {}), "no norm": ("resnet8", {"shortcut": "B", "norm": "none"}),
    "bottleneck": ("cifar-resnet29", {"block": "bottleneck"}), "grey": ("resnet8", {"in_channels": 1}),
    "odd": ("resnet8", {"input_size": 33}), "imagenet": ("resnet18", {"input_size": 64}),
    "v1": ("resnet11", {"input_size": 64, "stride_in": "1x1"}), "v1.5": ("resnet50", {"input_size": 64}),
}  # fmt: skip


def made(tmp_path, name: str, preprocessing: str = "square", **options) -> RunFolder:
    """A run of three classes whose statistics of normalization are not those of a new network."""
    run = make_untrained_run(tmp_path, "run", classes=("cat", "dog", "Vögel, “alle”"))
    spec = ModelSpec.from_name(name, num_classes=3, **options)
    numbers = {"mean": [0.4] * spec.in_channels, "std": [0.2] * spec.in_channels}
    config = run.config.to_dict() | {"model": spec.to_dict(), "preprocessing": preprocessing, **numbers}
    (run.path / CONFIG).write_bytes(json_bytes(config))
    torch.manual_seed(0)
    state = build_model(spec, 1).state_dict()
    state |= {key: torch.rand_like(value) + 0.5 for key, value in state.items() if "running" in key}
    (run.path / WEIGHTS).write_bytes(save(state))
    return RunFolder(run.path)


@pytest.fixture
def packages():
    if not onnx_file.is_available():
        reason = "onnx and onnxruntime are not installed (tests/requirements.txt)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def session(content: bytes):
    import onnxruntime

    return onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("kind", NETWORKS)
def test_every_network_computes_the_same_at_any_batch_size(packages, tmp_path, kind):
    name, options = NETWORKS[kind]
    run = made(tmp_path, name, **options)
    there, spec, network = session(onnx_bytes(run)), run.config.model, run.load_model()
    for batch in (1, 5):
        pixels = torch.rand(batch, spec.in_channels, spec.input_size, spec.input_size)
        with torch.inference_mode():
            ours = network((pixels - 0.4) / 0.2).numpy()
        np.testing.assert_allclose(there.run(None, {"image": pixels.numpy()})[0], ours, atol=1e-4, rtol=1e-4)


def test_it_says_what_it_is(packages, tmp_path):
    import onnx

    content = onnx_bytes(made(tmp_path, "resnet8"))
    told = session(content).get_modelmeta().custom_metadata_map
    assert json.loads(told["classes"]) == ["cat", "dog", "Vögel, “alle”"]
    assert "normalized inside" in told["input"] and told["model"] == "ResNet-8 with shortcut A"
    model = onnx.load_from_string(content)
    assert model.opset_import[0].version == OPSET and str(tmp_path) not in content.decode("latin1")
    assert "layer2.0.conv1" in {node.name for node in model.graph.node}


@pytest.mark.parametrize(
    ("name", "preprocessing", "options"),
    [
        ("resnet8", "square", {}),
        ("resnet18", "imagenet", {"input_size": 64}),
        ("resnet8", "square", {"in_channels": 1}),
    ],
)
def test_the_lines_that_come_with_it_give_our_answer(
    packages, tmp_path, monkeypatch, capsys, name, preprocessing, options
):
    run = made(tmp_path / "runs", name, preprocessing, **options)
    monkeypatch.chdir(tmp_path)
    assert main(["export", "--run", str(run.path), "--to", "net.onnx", "--format", "onnx"]) == 0
    printed = capsys.readouterr().out
    lines = printed[printed.index("import json") :]
    assert lines.strip() == snippet(run.preprocess(), "net.onnx").strip()
    network = run.load_model()
    for sides in ((500, 400), (333, 401), (32, 32)):
        (tmp_path / "image.jpg").write_bytes(photograph(*sides))
        there: dict = {}
        exec(lines, there)
        with torch.inference_mode():
            ours = network(prepare(decode(photograph(*sides)), run.preprocess()).tensor[None])[0].numpy()
        np.testing.assert_allclose(there["logits"], ours, atol=1e-4, rtol=1e-4)
        assert capsys.readouterr().out.strip() == run.config.classes[int(ours.argmax())]


def test_a_file_that_computes_something_else_is_not_given_out(packages, tmp_path, monkeypatch):
    run = made(tmp_path, "resnet8")
    add = onnx_file._Graph._add
    monkeypatch.setattr(
        onnx_file._Graph, "_add",
        lambda graph, kind, *rest, **more: add(graph, "Sigmoid" if kind == "Relu" else kind, *rest, **more),
    )  # fmt: skip
    with pytest.raises(Refusal, match="other answers"):
        onnx_bytes(run)


def test_a_run_that_diverged_is_refused(packages, tmp_path):
    run = made(tmp_path, "resnet8")
    state = {name: torch.full_like(value, torch.nan) if name == "fc.bias" else value
             for name, value in run.load_model().state_dict().items()}  # fmt: skip
    (run.path / WEIGHTS).write_bytes(save(state))
    with pytest.raises(Refusal, match="other answers"):
        onnx_bytes(RunFolder(run.path))


def test_nothing_is_written_over(packages, tmp_path, capsys):
    run = made(tmp_path / "runs", "resnet8")
    (tmp_path / "net.onnx").write_text("mine")
    assert main(["export", "--run", str(run.path), "--to", str(tmp_path / "net.onnx"), "--format", "onnx"]) == 2
    assert "exists already" in capsys.readouterr().err and (tmp_path / "net.onnx").read_text() == "mine"


def test_without_the_packages_it_says_which(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(onnx_file, "find_spec", lambda name: None if name == "onnxruntime" else find_spec("json"))
    run = made(tmp_path / "runs", "resnet8")
    assert main(["export", "--run", str(run.path), "--to", str(tmp_path / "net.onnx"), "--format", "onnx"]) == 2
    assert "pip install onnx onnxruntime" in capsys.readouterr().err
