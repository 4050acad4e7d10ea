"""Measure a network on the evaluation sets of its data.

Prints accuracy with its 95 % interval (Wilson) for each set and writes the predictions (npz). Where a source stores
only some test pictures losslessly, these are reported as a set of their own beside all of them. Examples:

  python -m resnet_demo evaluate --run runs/resnet8-a-shapes-0123456789abcdef
  python -m resnet_demo evaluate --checkpoint resnet20.th --model resnet20 --shortcut A --data cifar10 \\
      --mean 0.485 0.456 0.406 --std 0.229 0.224 0.225
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from ..data.dataset import Dataset
from ..engine.config import TrainConfig
from ..engine.device import pick_device
from ..engine.evaluate import Predictions
from ..models import ModelSpec, blank_model, load_checkpoint
from ..places import Places
from ..runs.execute import evaluate_model
from ..runs.files import MANIFEST
from ..runs.folder import RunFolder, with_lossless
from ..runs.writer import open_writer, write_predictions
from . import options as shared
from .data import load_data


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Either a run, or a checkpoint with what a checkpoint does not say."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--run", metavar="RUN", help="a run, its folder or id: it knows its network, data and normalisation"
    )
    what.add_argument("--checkpoint", metavar="FILE", help="weights alone: .pt, .pth, .th or .safetensors")
    parser.add_argument("--model", default="resnet20", help="of the checkpoint (resnet20)")
    shared.network(parser)
    parser.add_argument("--mean", type=float, nargs="+", help="that the checkpoint was trained with (the data's)")
    parser.add_argument("--std", type=float, nargs="+", help="likewise")
    parser.add_argument("--data", help="name or path of the data (the run's; cifar10 for a checkpoint)")
    parser.add_argument("--split-seed", type=int, default=0, help="of a checkpoint's validation set (0)")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--out", metavar="FILE", help="where predictions go (the run; beside the checkpoint)")


def run(args: argparse.Namespace, places: Places) -> int:
    """Evaluate, print, write; 0 when done."""
    device = pick_device(args.device)
    folder = shared.run_named(args.run, places) if args.run else None
    if folder:
        config, model = folder.config, folder.load_model()
    else:
        spec = ModelSpec.from_name(
            args.model, shortcut=args.shortcut, block=args.block, stride_in=args.stride_in, norm=args.norm
        )
        config = TrainConfig(replace(spec, input_size=32), split_seed=args.split_seed)
    name = args.data or (config.data if folder else "cifar10")
    dataset = load_data(name, config.model.input_size, places)
    if not folder:
        config = config.for_dataset(dataset)
        config = replace(config, mean=args.mean or config.mean, std=args.std or config.std)
        model = load_checkpoint(args.checkpoint, blank_model(config.model))
    else:
        _refuse_other_data(folder, dataset)
    at_home = folder is not None and dataset.fingerprint == config.fingerprint
    if folder and not at_home and not args.out:
        raise ValueError(
            f"{folder.id} was trained on other files than these ({name}): its own predictions are kept, "
            "so say with --out where these are to go"
        )

    predictions = evaluate_model(model, config, dataset, device)
    print_accuracies(with_lossless(predictions, dataset.lossless_test_rows))
    if args.out:
        write_predictions(Path(args.out), predictions, dataset)
    elif not folder:
        write_predictions(Path(args.checkpoint).with_suffix(".predictions.npz"), predictions, dataset)
    elif not (folder.path / MANIFEST).exists():  # a published run keeps the predictions it was published with
        with open_writer(folder) as writer:
            writer.write_predictions(predictions, dataset)
    return 0


def _refuse_other_data(folder: RunFolder, dataset: Dataset) -> None:
    """ValueError unless the data have the run's classes and pictures of its network's form."""
    config = folder.config
    size, channels = config.model.input_size, config.model.in_channels
    if dataset.classes != config.classes:
        raise ValueError(f"{folder.id} knows the classes {', '.join(config.classes)}, which {dataset.name} has not")
    if dataset.image_shape != (size, size, channels):
        shape = "×".join(map(str, dataset.image_shape))
        raise ValueError(f"{folder.id} takes pictures of {size}×{size}×{channels}, {dataset.name} has {shape}")


def print_accuracies(predictions: dict[str, Predictions]) -> None:
    """One line for each set: accuracy, interval, number of pictures."""
    for name, answers in predictions.items():
        interval, n = answers.interval(), len(answers.rows)
        print(f"{name:14s} accuracy {answers.accuracy:7.2%}   95 % [{interval.low:.2%}, {interval.high:.2%}]   n={n}")
