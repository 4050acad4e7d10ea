"""Published runs that differ in their shortcuts only, made in a moment: 20 steps on a few pictures of `shapes`."""

from __future__ import annotations

from pathlib import Path

import torch
from made_runs import make_trained_run, shapes_dataset

from resnet_demo.models import ModelSpec
from resnet_demo.runs.exchange.publish import publish
from resnet_demo.runs.folder import RunFolder

NETWORKS = {"A": "resnet8", "B": "resnet8", "plain": "plain8"}


def make_compared_runs(root: Path, weights: Path) -> dict[str, RunFolder]:
    """Runs of A, B and plain in `weights`, by their key; `root` is for what they are published from."""
    dataset, found = shapes_dataset(), {}
    for key, name in NETWORKS.items():
        spec = ModelSpec.from_name(name, shortcut="none" if key == "plain" else key)
        source = make_trained_run(root, f"tiny-{key}", model=spec)
        weights.mkdir(parents=True, exist_ok=True)
        publish(source, weights / f"shapes-{key}", dataset, torch.device("cpu"), "a command", f"{name} {key}")
        found[key] = RunFolder(weights / f"shapes-{key}")
    return found
