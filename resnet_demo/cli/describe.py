"""Print a network layer by layer.

For each layer: where it stands, Conv or Identity Block, shapes, parameters, multiply-adds; then the totals. Examples:

  python -m resnet_demo describe resnet20 --shortcut C
  python -m resnet_demo describe resnet50 --stride-in 1x1 --format csv
"""

from __future__ import annotations

import argparse

from ..models import ModelSpec
from ..models.describe import describe
from ..places import Places


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the network, and how to print it."""
    parser.add_argument("name", help="resnet20, plain56, resnet50, …")
    parser.add_argument("--shortcut", choices=("A", "B", "C", "none"))
    parser.add_argument("--stride-in", choices=("1x1", "3x3"))
    parser.add_argument("--block", choices=("basic", "bottleneck"))
    parser.add_argument("--norm", choices=("batch", "none"))
    parser.add_argument("--num-classes", type=int)
    parser.add_argument("--input-size", type=int, help="pixels a side")
    parser.add_argument("--format", choices=("table", "csv"), default="table")


def run(args: argparse.Namespace, places: Places) -> int:
    """Print the description; always 0."""
    names = ("shortcut", "stride_in", "block", "norm", "num_classes", "input_size")
    spec = ModelSpec.from_name(args.name, **{name: getattr(args, name) for name in names})
    description = describe(spec)
    print(description.as_csv() if args.format == "csv" else description.as_table(), end="")
    return 0
