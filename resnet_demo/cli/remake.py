"""Train a published run again from its own configuration, and publish it in the same form.

It is trained in the folder of runs as NAME-again, where the page shows it, and exported to --to. Interrupted at any
point, the same command goes on from there; what is exported already is left alone. On the same files, with the same
number of threads on the same kind of processor, the numbers come out the same. Examples:

  python -m resnet_demo remake shapes-resnet8
  python -m resnet_demo remake --all --to remade
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..engine.device import pick_device
from ..places import Places
from ..runs.exchange.publish import publish
from ..runs.folder import CONFIG, RunFolder
from ..runs.writer import create_run
from . import train
from .export import data_of
from .published import published_runs

AGAIN = "-again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which runs, and where they go."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("name", metavar="NAME", nargs="?", help="a published run, a folder of weights/")
    which.add_argument("--all", action="store_true", help="every published run, one after the other")
    parser.add_argument("--to", metavar="DIR", help="where the remade runs go (remade/ in the folder of runs)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (auto)")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(args: argparse.Namespace, places: Places) -> int:
    """Remake one run or all; 0 when done or stopped, 1 when a training failed."""
    published = {one.id: one for one in published_runs(places) if one.manifest}
    if not args.all and args.name not in published:
        raise ValueError(f"there is no published run {args.name!r}; accepted are {', '.join(published) or 'none'}")
    to = Path(args.to) if args.to else places.runs / "remade"
    failed = 0
    for one in published.values() if args.all else [published[args.name]]:
        if (to / one.id).exists():
            print(f"{to / one.id} is there already")
            continue
        again = _trained(one, args, places)
        if again.state() == "stopped":
            print("stopped; the same command goes on from here")
            return 0
        if again.state() == "finished":
            _export(one, again, to / one.id, args, places)
        else:
            failed = 1
    return failed


def _trained(published: RunFolder, args: argparse.Namespace, places: Places) -> RunFolder:
    """The run trained again as far as it goes: begun, gone on with, or found finished."""
    again = RunFolder(places.runs / f"{published.id}{AGAIN}")
    config = published.config
    if config.initial:
        raise ValueError(
            f"{published.id} begins from the values of {config.initial}, which are not published with it; accepted are "
            "runs that begin from their seed"
        )
    if not (again.path / CONFIG).is_file():
        dataset = data_of(published, places)
        if dataset.fingerprint != config.fingerprint:
            print(f"{published.id} was trained on other files than these: numbers will differ", file=sys.stderr)
            config = config.for_dataset(dataset)
        create_run(places.runs, config, again.id)
    if again.state() != "finished":
        options = {"resume": str(again.path), "device": args.device, "quiet": args.quiet, "no_test": True}
        train.run(argparse.Namespace(**options), places)
    return again


def _export(published: RunFolder, again: RunFolder, target: Path, args: argparse.Namespace, places: Places) -> None:
    """Publish as the run was published, and say how the accuracies compare."""
    before = published.published_manifest()
    target.parent.mkdir(parents=True, exist_ok=True)
    manifest = publish(
        again,
        target,
        data_of(again, places),
        pick_device(args.device),
        command=before["command"],
        title=before["title"],
        with_weights=published.has_weights(),
    )
    for name, accuracy in manifest["accuracy"].items():
        print(f"{name:14s} {accuracy['accuracy']:7.2%}   {_beside(before['accuracy'].get(name), accuracy)}")
    print(target)


def _beside(before: Mapping[str, Any] | None, accuracy: Mapping[str, Any]) -> str:
    if before is None:
        return "published without this set"
    same = all(before[key] == accuracy[key] for key in ("n", "correct"))
    return f"published {before['accuracy']:.2%}{', the same' if same else ''}"
