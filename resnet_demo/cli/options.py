"""Options that `train` and `race` share, as groups of argparse. It knows no command."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..data.datasets import list_datasets
from ..engine.config import PRECISIONS, PRESETS


def data(group: argparse._ActionsContainer) -> None:
    """Which pictures."""
    group.add_argument("--data", default="shapes", help=f"{', '.join(list_datasets())}, or a folder or .zip (shapes)")


def data_of(args: argparse.Namespace) -> str:
    """The data set that is meant; own pictures by a path that finds them from wherever training is resumed."""
    path = Path(args.data).expanduser()
    own = args.data and args.data not in list_datasets() and path.exists()
    return str(path.resolve()) if own else args.data


def recipe(group: argparse._ActionsContainer) -> None:
    """The preset, how long, and what is most often asked to differ from it."""
    group.add_argument(
        "--preset", choices=tuple(PRESETS), default="demo", help="paper, fast or demo (demo: 30 seconds)"
    )
    length = group.add_mutually_exclusive_group()
    length.add_argument("--epochs", type=float, help="length in epochs …")
    length.add_argument("--steps", type=int, help="… or in steps (of each network) …")
    length.add_argument("--seconds", type=float, help="… or in seconds (of all together)")
    group.add_argument("--batch-size", type=int, help="pictures a step, over all processes")
    group.add_argument("--lr", type=float, help="peak learning rate")
    group.add_argument("--seed", type=int, help="of initial values, order and augmentation (0)")


def machine(group: argparse._ActionsContainer) -> None:
    """What computes, and how."""
    group.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (auto)")
    group.add_argument("--precision", choices=PRECISIONS, help="auto: bf16 where the processor computes in it")
    group.add_argument("--threads", type=int, help="CPU threads (PyTorch's choice)")


def folder(group: argparse._ActionsContainer, resumed: str) -> None:
    """Where it is kept and what is said; resumed: what --resume takes."""
    group.add_argument("--resume", metavar="DIR", help=f"{resumed}; other options do not apply")
    group.add_argument("--runs", metavar="DIR", help="where folders are made (RESNET_DEMO_RUNS, else runs/)")
    group.add_argument("--name", help="a title for people")
    group.add_argument("--no-test", action="store_true", help="do not evaluate at the end: for choosing a recipe")
    group.add_argument("--quiet", action="store_true", help="no progress bar")
