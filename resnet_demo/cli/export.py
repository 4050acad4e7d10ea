"""Publish a finished run: small, with a manifest, evaluated from the published file.

Weights in fp16, a thinned log, predictions on the evaluation sets, and a manifest with accuracies, hardware, the
command that remakes it and the sha256 of every file. `resume.pt` stays behind. With --no-weights a run is published as
evidence: it can be counted and compared, but not used to classify. For TensorBoard (pip install tensorboard) the log of
any run is written, finished or not. Examples:

  python -m resnet_demo export --run runs/resnet20-a-cifar10-0123456789abcdef --to weights/cifar10-resnet20-a
  python -m resnet_demo export --run runs/resnet20-a-cifar10-0123456789abcdef --to weights/another-seed --no-weights
  python -m resnet_demo export --run runs/resnet20-a-cifar10-0123456789abcdef --to logs/a --format tensorboard
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from ..data.dataset import Dataset
from ..data.datasets import load_dataset
from ..data.own import FOLDER
from ..engine.device import pick_device
from ..engine.reproduce import command_for
from ..places import Places
from ..runs.comparison.results import network_title
from ..runs.exchange.publish import public_config, publish
from ..runs.exchange.tensorboard import write_tensorboard
from ..runs.folder import RunFolder
from . import options as shared


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to publish, in which form, and where."""
    parser.add_argument("--run", metavar="RUN", required=True, help="a finished run, its folder or id")
    parser.add_argument("--to", metavar="DIR", required=True, help="a new folder, e.g. weights/NAME")
    parser.add_argument("--format", choices=("run", "tensorboard"), default="run", help="what is written there (run)")
    parser.add_argument(
        "--no-weights", action="store_true", help="without them, and of each prediction the first three classes only"
    )
    parser.add_argument("--title", help="for people (network and data)")
    parser.add_argument("--device", default="auto")


def run(args: argparse.Namespace, places: Places) -> int:
    """Write the folder and print its accuracies; 0 when done."""
    source, target = shared.run_named(args.run, places), Path(args.to)
    if args.format == "tensorboard":
        print(f"{write_tensorboard(source, target):,} numbers: tensorboard --logdir {shlex.quote(str(target.parent))}")
        return 0
    config = public_config(source.config)
    manifest = publish(
        source,
        target,
        data_of(source, places),
        pick_device(args.device),
        command=f"{command_for(config)} --id {shlex.quote(target.name)}",
        title=args.title or f"{network_title(config.model)}, {config.data}",
        with_weights=not args.no_weights,
    )
    for name, share in manifest["accuracy"].items():
        print(f"{name:14s} {share['accuracy']:7.2%}   95 % [{share['low']:.2%}, {share['high']:.2%}]   n={share['n']}")
    kilobytes = sum(path.stat().st_size for path in target.rglob("*") if path.is_file()) / 1000
    print(f"{target}: {kilobytes:,.0f} kB")
    return 0


def data_of(source: RunFolder, places: Places) -> Dataset:
    """The data that a run names, found or fetched; what is done meanwhile is said on standard error."""
    return load_dataset(
        source.config.data,
        data=places.data,
        cache=places.cache,
        own=places.runs / FOLDER,
        size=source.config.model.input_size,
        say=lambda text: print(text, file=sys.stderr),
    )
