"""The lines of a model card that load the model, executed as they stand: each gives what our network gives."""

from __future__ import annotations

import os
import re
from functools import cache, partial
from importlib.util import find_spec

import pytest
import torch
from hub_api import as_the_hub
from made_runs import make_untrained_run, photograph
from safetensors.torch import save
from test_push import ADA, SECRET, ended, picture

from resnet_demo.data.decode import decode
from resnet_demo.data.preprocess import prepare
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.runs.exchange.hub_push import push
from resnet_demo.runs.files import CONFIG, WEIGHTS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import json_bytes

THEIRS = ["resnet18", "resnet34", "resnet50"]


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    root = tmp_path_factory.mktemp("examples")
    with pytest.MonkeyPatch.context() as patch, as_the_hub(patch, root / "home", SECRET) as hub:
        hub.add_account(SECRET, "ada")
        patch.setenv("RESNET_DEMO_CACHE", str(root / "cache"))
        patch.chdir(root)
        (root / "image.jpg").write_bytes(photograph())
        yield hub


@pytest.fixture(scope="module")
def saved(hub, tmp_path_factory):
    """`saved(name)` gives a run of an ImageNet network with three classes, and the examples of its card by library."""
    once = cache(partial(save_to, hub, tmp_path_factory.mktemp("runs")))
    return lambda name, preprocessing="imagenet": once(name, preprocessing)


def save_to(hub, root, name: str, preprocessing: str) -> tuple[RunFolder, dict[str, str]]:
    run_id = f"{name}-{preprocessing}"
    run = ended(make_untrained_run(root, run_id, classes=("cat", "dog", "bird")))
    spec = ModelSpec.from_name(name, num_classes=3, input_size=64)
    config = run.config.to_dict() | {"model": spec.to_dict(), "preprocessing": preprocessing}
    (run.path / CONFIG).write_bytes(json_bytes(config))
    torch.manual_seed(0)
    state = build_model(spec, 1).state_dict()
    for key, value in state.items():  # statistics that tell whether they were loaded
        if "running" in key:
            state[key] = torch.rand_like(value) + 0.5
    (run.path / WEIGHTS).write_bytes(save(state))
    run = RunFolder(run.path)
    push(run, f"ada/{run_id}", ADA, picture)
    card = hub.repo(f"ada/{run_id}").files["README.md"].decode()
    return run, dict(re.findall(r"With ([^\n]+):\n\n```python\n(.*?)```", card, re.DOTALL))


def needs(package: str) -> None:
    if find_spec(package) is None:
        reason = f"{package} is not installed (tests/requirements.txt)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def outputs_agree(model, run: RunFolder) -> None:
    x = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(model(x), run.load_model()(x), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", THEIRS)
def test_torchvision_loads_it(saved, name):
    run, examples = saved(name)
    there: dict = {}
    exec(examples["torchvision"], there)
    outputs_agree(there["model"], run)


@pytest.mark.parametrize("name", THEIRS)
def test_timm_loads_it(saved, name):
    needs("timm")
    run, examples = saved(name)
    there: dict = {}
    exec(examples["timm"], there)
    outputs_agree(there["model"], run)


@pytest.mark.parametrize("preprocessing", ["imagenet", "square"])
def test_timm_prepares_images_nearly_as_we_do(saved, preprocessing):
    """timm resizes by torchvision's transforms, whose rounding may differ by a pixel of the long side."""
    needs("timm")
    import timm

    run, examples = saved("resnet18", preprocessing)
    there: dict = {}
    exec(examples["timm"], there)
    transform = timm.data.create_transform(**timm.data.resolve_model_data_config(there["model"]))
    image = decode(photograph())
    ours = prepare(image, run.preprocess()).tensor
    assert transform(image).shape == ours.shape
    assert (transform(image) - ours).abs().mean() < 0.2


def test_this_project_loads_it(saved, capsys):
    run, examples = saved("resnet18")
    there: dict = {}
    exec(examples["this project (`resnet_demo`)"], there)
    assert re.match(r"\[\('(cat|dog|bird)', 0\.\d+\)", capsys.readouterr().out)
    outputs_agree(there["model"].model, run)


def test_a_cifar_network_is_ours_alone(hub, tmp_path):
    push(ended(make_untrained_run(tmp_path / "runs", "run")), "ada/net", ADA, picture)
    card = hub.repo("ada/net").files["README.md"].decode()
    assert re.findall(r"With ([^\n]+):\n\n```python", card) == ["this project (`resnet_demo`)"]
