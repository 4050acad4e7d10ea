"""Train several networks as one race: in step, from equal values, on equal batches.

Each is a run of its own; step k of each comes before step k + 1 of any, and the length is that of the race. Ctrl-C
stops it cleanly; --resume goes on exactly where it stopped. Examples:

  python -m resnet_demo race --models resnet20:A resnet20:C plain20 --data shapes --seconds 30
  python -m resnet_demo race --models resnet56 plain56 --data cifar10 --preset fast --epochs 2
  python -m resnet_demo race --resume runs/resnet20-a-shapes-0123456789abcdef
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tqdm import tqdm

from ..data.dataset import Dataset
from ..engine.config import TrainConfig, preset
from ..engine.device import pick_device
from ..engine.events import EpochDone, RunFinished, StepMetrics
from ..engine.limits import check_limits
from ..models import ModelSpec
from ..places import Places
from ..runs.comparison.races import check_race, equality, label, members, new_race, to_resume
from ..runs.execute import execute_race, forget_stop
from ..runs.files import META
from ..runs.folder import RunFolder
from ..runs.index import RunIndex
from ..runs.writer import all_or_none, create_run, json_bytes, replace_file
from . import options as shared
from .data import load_data
from .following import BAR, stop_on_interrupt

RECIPE = ("batch_size", "lr", "seed", "precision", "threads")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What a race is asked; all that is not, the preset says."""
    parser.add_argument("--models", nargs="+", metavar="MODEL", help="resnet20:A resnet20:B resnet20:C plain20 …")
    shared.data(parser)
    shared.recipe(parser)
    shared.machine(parser)
    shared.folder(parser, "a run of the race to go on with")


def run(args: argparse.Namespace, places: Places) -> int:
    """Make or find the members and train them; 0 when all have finished or stopped, 1 when one failed."""
    device = pick_device(args.device)
    folders = _resumable(Path(args.resume)) if args.resume else None
    forget_stop(folders or ())
    configs = [folder.config for folder in folders] if folders else make_configs(args)
    dataset = load_data(configs[0].data, configs[0].model.input_size, places)
    if folders is None:
        configs = [config.for_dataset(dataset) for config in configs]
        check_race(configs)
        for config in configs:  # before there is a folder to leave behind
            check_limits(config, dataset, device)
        with all_or_none() as folders:
            for config in configs:
                _create(args, places, config, folders)
    return _follow(folders, dataset, device, args)


def make_configs(args: argparse.Namespace) -> list[TrainConfig]:
    """The configurations that the options describe, before they are fitted to the data, as one new race."""
    if not args.models:
        raise ValueError("a race needs --models, for example resnet20:A resnet20:C plain20, or --resume")
    changes = {name: getattr(args, name) for name in RECIPE if getattr(args, name) is not None}
    for unit in ("epochs", "steps", "seconds"):
        if getattr(args, unit) is not None:
            changes.update(length=getattr(args, unit), unit=unit)
    race = new_race()
    configs = []
    for given in args.models:
        name, _, shortcut = given.partition(":")
        spec = replace(ModelSpec.from_name(name, shortcut=shortcut or None), input_size=32)
        configs.append(preset(args.preset, spec, shared.data_of(args), **changes, race=race))
    # one that is not named has the warm-up of the first: the members of a race learn at equal rates
    return [replace(config, warmup=configs[0].warmup) for config in configs]


def _resumable(path: Path) -> list[RunFolder]:
    """Those of the race that `path` is a run of who can go on."""
    run = RunFolder(path.resolve())
    if not run.config.race:
        raise ValueError(f"{run.id} is in no race; resume it by train --resume")
    runs = to_resume(members(RunIndex([run.path.parent]), run))
    if not runs:
        raise ValueError(f"the race of {run.id} is finished: there is nothing to resume")
    return list(runs)


def _create(args: argparse.Namespace, places: Places, config: TrainConfig, folders: list[RunFolder]) -> None:
    folder = create_run(Path(args.runs) if args.runs else places.runs, config)
    folders.append(folder)
    name = f"{args.name} {label(config.model)}" if args.name else folder.id
    replace_file(folder.path / META, lambda file: file.write(json_bytes({"name": name})))


def _follow(folders: Sequence[RunFolder], dataset: Dataset, device: torch.device, args: argparse.Namespace) -> int:
    for folder in folders:
        print(f"run {folder.path}", flush=True)
    losses: dict[str, float] = {}
    last: dict[str, RunFinished] = {}
    with stop_on_interrupt(folders[0]), tqdm(total=100, disable=args.quiet, bar_format=BAR) as bar:
        for folder, event in execute_race(
            folders, dataset, device, resume=bool(args.resume), evaluate=not args.no_test
        ):
            title = _title(folder)
            if isinstance(event, StepMetrics):
                losses[title] = event.loss
                bar.update(round(100 * event.progress, 2) - bar.n)
                bar.set_postfix_str(", ".join(f"{name} {loss:.3f}" for name, loss in losses.items()))
            elif isinstance(event, EpochDone):
                bar.write(
                    f"{title:<12} epoch {event.epoch:6.2f}  train loss {event.train_loss:.4f} accuracy "
                    f"{event.train_accuracy:.2%}  validation loss {event.validation_loss:.4f} accuracy "
                    f"{event.validation_accuracy:.2%}  {event.seconds:.0f} s",
                    file=sys.stdout,
                )
            elif isinstance(event, RunFinished):
                last[title] = event
    for title, event in last.items():
        print(f"{title:<12} {event.status} after {event.step} steps, {event.seconds:.1f} s. {event.reason}".rstrip())
    outcome = equality(folders)
    print(f"{outcome.equal} of {outcome.shared} shared tensors began equal, bit for bit; "
          f"{outcome.batches_equal} of {outcome.batches_compared} checksums of batches are equal")  # fmt: skip
    return int(any(event.status == "failed" for event in last.values()))


def _title(folder: RunFolder) -> str:
    spec = folder.config.model
    return spec.name if spec.shortcut == "none" else f"{spec.name}:{spec.shortcut}"
