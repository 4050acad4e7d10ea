"""Print a network layer by layer, or draw it.

For each layer: where it stands, Conv or Identity Block, shapes, parameters, multiply-adds; then the totals. The drawing
is the one of the page, as SVG for a browser or a slide; with --part it is one block in detail. Examples:

  python -m resnet_demo describe resnet20 --shortcut C
  python -m resnet_demo describe resnet50 --stride-in 1x1 --format csv
  python -m resnet_demo describe resnet50 --format svg > resnet50.svg
  python -m resnet_demo describe resnet20 --format svg --part layer1.0 > block.svg
"""

from __future__ import annotations

import argparse

from ..figures.block import block_figure
from ..figures.network import WIDE, network_figure
from ..models import ModelSpec
from ..models.anatomy import parts
from ..models.describe import Description, describe
from ..places import Places
from . import options as shared


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the network, and how to print it."""
    parser.add_argument("name", help="resnet20, plain56, resnet50, …")
    shared.network(parser)
    shared.field(parser, ModelSpec, "num_classes")
    shared.field(parser, ModelSpec, "input_size", "pixels a side")
    parser.add_argument("--format", choices=("table", "csv", "svg"), default="table")
    parser.add_argument(
        "--unfolded",
        action="store_true",
        help=f"in an SVG draw every block, also in stages of more than {WIDE}, where alike ones are one pile otherwise",
    )
    parser.add_argument("--part", metavar="BLOCK", help="in an SVG draw this block alone: layer1.0, layer2.0, …")


def run(args: argparse.Namespace, places: Places) -> int:
    """Print the description; always 0."""
    names = ("shortcut", "stride_in", "block", "norm", "num_classes", "input_size")
    spec = ModelSpec.from_name(args.name, **{name: getattr(args, name) for name in names})
    description = describe(spec)
    if args.part and args.format != "svg":
        raise ValueError("--part needs --format svg")
    if args.part:
        text = _block(description, args.part) + "\n"
    elif args.format == "svg":
        stages = {row.stage for row in description.rows} if args.unfolded else ()
        text = network_figure(description, unfolded=stages) + "\n"
    else:
        text = description.as_csv() if args.format == "csv" else description.as_table()
    print(text, end="")
    return 0


def _block(description: Description, name: str) -> str:
    blocks = {part.name: part for part in parts(description) if part.position is not None}
    if name not in blocks:
        raise ValueError(f"--part must be one of {', '.join(blocks)}, not {name!r}")
    return block_figure(blocks[name], description.spec.shortcut)
