"""Publish a finished run: small, with a manifest, evaluated from the published file.

Weights in fp16, a thinned log, predictions on the evaluation sets, and a manifest with accuracies, hardware, the
command that remakes it and the sha256 of every file. `resume.pt` stays behind. With --no-weights a run is published as
evidence: it can be counted and compared, but not used to classify. For TensorBoard (pip install tensorboard) and
trackio (pip install trackio) the log of any run is written, finished or not. As ONNX (pip install onnx onnxruntime) the
network alone is written, once onnxruntime computes the same with it to 1e-4; images go in with values 0 … 1 and are
normalized inside. Examples:

  python -m resnet_demo export --run runs/resnet20-a-cifar10-0123456789abcdef --to weights/cifar10-resnet20-a
  python -m resnet_demo export --run runs/resnet20-a-cifar10-0123456789abcdef --to weights/another-seed --no-weights
  python -m resnet_demo export --run runs/resnet20-a-cifar10-0123456789abcdef --to logs/a --format tensorboard
  python -m resnet_demo export --run runs/resnet20-a-cifar10-0123456789abcdef --to tracked --format trackio
  python -m resnet_demo export --run runs/resnet20-a-cifar10-0123456789abcdef --to resnet20.onnx --format onnx
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from ..engine.device import pick_device
from ..engine.reproduce import command_for
from ..places import Places
from ..runs.comparison.results import network_title
from ..runs.exchange.onnx_file import OPSET, onnx_bytes, snippet
from ..runs.exchange.publish import public_config, publish
from ..runs.exchange.tracking import PROJECT, write_tensorboard, write_trackio
from ..runs.folder import RunError
from ..runs.writer import replace_file
from . import options as shared
from .data import load_data


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to publish, in which form, and where."""
    parser.add_argument("--run", metavar="RUN", required=True, help="a finished run, its folder or id")
    parser.add_argument("--to", metavar="DIR", required=True, help="a new folder, e.g. weights/NAME; a file for ONNX")
    formats = ("run", "tensorboard", "trackio", "onnx")
    parser.add_argument("--format", choices=formats, default="run", help="what is written there (run)")
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
    if args.format == "trackio":
        shown = f"TRACKIO_DIR={shlex.quote(str(target))} trackio show --project {PROJECT}"
        print(f"{write_trackio(source, target):,} numbers: {shown}")
        return 0
    if args.format == "onnx":
        content = onnx_bytes(source)
        if target.exists():
            raise RunError("target_exists", target=target)
        replace_file(target, lambda file: file.write(content))
        print(f"{target}: {len(content) / 1000:,.0f} kB, opset {OPSET}. To classify with it:\n")
        print(snippet(source.preprocess(), target.name))
        return 0
    config = public_config(source.config)
    manifest = publish(
        source,
        target,
        load_data(source.config.data, source.config.model.input_size, places),
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
