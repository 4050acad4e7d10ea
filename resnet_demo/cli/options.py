"""Options that several commands share, as groups of argparse. Must not depend on a command."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from ..data.datasets import list_datasets
from ..engine.config import LENGTHS, PRESETS, TrainConfig, Unit
from ..fields import base_type, bound, choices
from ..models import ModelSpec
from ..places import Places
from ..runs.folder import RunFolder
from ..runs.index import RunIndex, UnknownRun


def field(group: argparse._ActionsContainer, kind: type, name: str, words: str = "") -> None:
    """An option for a field of a dataclass: type, choices and range are the field's. words: what it means."""
    option, base = f"--{name.replace('_', '-')}", base_type(kind, name)
    if base is bool:
        group.add_argument(option, action=argparse.BooleanOptionalAction, help=words or None)
    elif base in (int, float):
        limits = bound(kind, name)
        words = f"{words}; {limits.low:,.10g} to {limits.high:,.10g}".removeprefix("; ")
        group.add_argument(option, type=base, help=words)
    else:
        group.add_argument(option, choices=choices(kind, name), help=words or None)


def network(group: argparse._ActionsContainer) -> None:
    """What a network's name leaves open; `ModelSpec.from_name` has the defaults."""
    field(group, ModelSpec, "shortcut", "where dimensions change (the model's own)")
    field(group, ModelSpec, "block", "where the depth allows both (basic)")
    field(group, ModelSpec, "stride_in", "of a Bottleneck: v1 or v1.5 (3x3)")
    field(group, ModelSpec, "norm", "leave batch normalisation out with none")


def run_named(given: str, places: Places) -> RunFolder:
    """The run that `given` names: a folder, or the id of a run that is here (of an installed copy a published one)."""
    path = Path(given)
    with suppress(UnknownRun):
        return RunFolder(path) if path.is_dir() else RunIndex(places.roots).find(given)
    return RunFolder(path)


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
    lengths: dict[Unit, str] = {
        "epochs": "length in epochs …",
        "steps": "… or in steps (of each network) …",
        "seconds": "… or in seconds (of all together)",
    }
    for unit, words in lengths.items():
        length.add_argument(f"--{unit}", type=int if LENGTHS[unit].whole else float, help=words)
    field(group, TrainConfig, "batch_size", "pictures a step, over all processes")
    field(group, TrainConfig, "lr", "peak learning rate")
    field(group, TrainConfig, "seed", "of initial values, order and augmentation (0)")


def machine(group: argparse._ActionsContainer) -> None:
    """What computes, and how."""
    group.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (auto)")
    field(group, TrainConfig, "precision", "auto: bf16 where the processor computes in it")
    field(group, TrainConfig, "threads", "CPU threads (PyTorch's choice: 0)")


def folder(group: argparse._ActionsContainer, resumed: str) -> None:
    """Where it is kept and what is said; resumed: what --resume takes."""
    group.add_argument("--resume", metavar="DIR", help=f"{resumed}; other options do not apply")
    group.add_argument("--runs", metavar="DIR", help="where folders are made (RESNET_DEMO_RUNS, else runs/)")
    group.add_argument("--name", help="a title for people")
    group.add_argument("--no-test", action="store_true", help="do not evaluate at the end: for choosing a recipe")
    group.add_argument("--quiet", action="store_true", help="no progress bar")
