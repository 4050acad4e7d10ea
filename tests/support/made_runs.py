"""Runs made in a moment: one trained for 20 steps on `shapes`, others with initial weights and any classes."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from common import in_common
from PIL import Image
from safetensors.torch import save

from resnet_demo.data import shapes
from resnet_demo.data.cache import cached
from resnet_demo.data.dataset import Dataset, Split, channel_statistics
from resnet_demo.data.datasets import entry_of
from resnet_demo.engine.config import TrainConfig
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.runs.execute import evaluate_run, execute
from resnet_demo.runs.files import PREDICTIONS, WEIGHTS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import create_run, replace_file, write_predictions

NASTY = "${alert(1)}<img src=x onerror=alert(2)>{{value}}"  # a name that must stay text wherever it is shown


@cache
def shapes_dataset(train: int = 300, test: int = 100) -> Dataset:
    """The first pictures of `shapes`, without a cache on disk; drawn once."""
    splits = Split(*shapes.make("train", train)), Split(*shapes.make("test", test))
    statistics = channel_statistics(splits[0].images)
    return Dataset("shapes", shapes.CLASSES, *splits, *statistics, fingerprint=shapes.FINGERPRINT)


def cache_shapes(cache: Path, train: int, test: int) -> Path:
    """Put the first pictures of `shapes` into a cache, where they stand for all, and return that."""
    dataset = shapes_dataset(train, test)
    parts = product(("train", "test"), ("images", "labels"))
    arrays = {f"{name}_{part}": getattr(getattr(dataset, name), part) for name, part in parts}
    cached(entry_of("shapes", cache=cache), lambda: (arrays, {"mean": dataset.mean, "std": dataset.std}))
    return cache


def make_config(dataset: Dataset, **changes) -> TrainConfig:
    """Twenty small steps of a ResNet-8."""
    config = TrainConfig(ModelSpec.from_name("resnet8"), length=20, unit="steps", batch_size=16, precision="fp32")
    return replace(config.for_dataset(dataset), **changes)


def make_trained_run(root: Path, run_id: str, evaluate: bool = False, **changes) -> RunFolder:
    """A finished run of 20 steps on `shapes`, a folder of its own; evaluate: with its predictions."""
    files = (_evaluated if evaluate else _trained)(make_config(shapes_dataset(), **changes))
    return _written(root / run_id, files)


def _shared(make: Callable[[TrainConfig], dict[Path, bytes]]) -> Callable[[TrainConfig], dict[Path, bytes]]:
    """Made once, also for the other processes that test."""

    @cache
    def shared(config: TrainConfig) -> dict[Path, bytes]:
        with in_common(f"{make.__name__}-{hashlib.sha256(repr(config).encode()).hexdigest()[:16]}") as folder:
            kept = folder / "files"
            if not kept.exists():
                kept.write_bytes(pickle.dumps(make(config)))
            return pickle.loads(kept.read_bytes())

    return shared


@_shared
def _trained(config: TrainConfig) -> dict[Path, bytes]:
    """The files of all runs of this configuration: what is trained in them depends on nothing else."""
    with tempfile.TemporaryDirectory() as root:
        folder = create_run(Path(root), config)
        for _ in execute(folder, shapes_dataset(), torch.device("cpu"), evaluate=False):
            pass
        return _files(folder)


@_shared
def _evaluated(config: TrainConfig) -> dict[Path, bytes]:
    """The same with their predictions."""
    with tempfile.TemporaryDirectory() as root:
        folder = _written(Path(root) / "run", _trained(config))
        predictions = evaluate_run(folder, shapes_dataset(), torch.device("cpu"))
        write_predictions(folder.path / PREDICTIONS, predictions, shapes_dataset())
        return _files(folder)


def _files(folder: RunFolder) -> dict[Path, bytes]:
    return {path.relative_to(folder.path): path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}


def _written(path: Path, files: dict[Path, bytes]) -> RunFolder:
    path.mkdir(parents=True)
    for name, content in files.items():
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_bytes(content)
    return RunFolder(path)


def make_untrained_run(
    root: Path, run_id: str, classes: tuple[str, ...] = ("cat", "dog"), seed: int = 0, **settings: Any
) -> RunFolder:
    """A run with its initial weights and these classes: enough to be chosen and to answer."""
    spec = ModelSpec.from_name("resnet8", num_classes=len(classes))
    settings = {"data": "own", "mean": (0.5,) * 3, "std": (0.25,) * 3} | settings
    config = TrainConfig(spec, classes=classes, seed=seed, **settings)
    folder = create_run(root, config, run_id)
    write_weights(folder, seed)
    return folder


def photograph(width: int = 500, height: int = 400, seed: int = 0) -> bytes:
    """A JPEG of coloured squares."""
    pixels = np.random.RandomState(seed).randint(0, 256, (height // 20, width // 20, 3)).astype(np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).resize((width, height)).save(buffer, "jpeg")
    return buffer.getvalue()


def write_weights(folder: RunFolder, seed: int) -> None:
    """Replace the run's weights by initial ones."""
    content = _initial(folder.config.model, seed)
    replace_file(folder.path / WEIGHTS, lambda file: file.write(content))


@cache
def _initial(spec: ModelSpec, seed: int) -> bytes:
    return save(build_model(spec, seed).state_dict())
