"""Train a network and write a run.

A run is a folder that the page, `evaluate` and `export` read. Ctrl-C stops it cleanly; --resume goes on exactly
where it stopped. Examples:

  python -m resnet_demo train --model resnet8 --data shapes
  python -m resnet_demo train --model resnet20 --shortcut B --data cifar10 --preset fast --epochs 30
  python -m resnet_demo train --model plain20 --data cifar10 --preset paper --device cuda
  python -m resnet_demo train --model resnet8 --data ~/pictures --seconds 60
  python -m resnet_demo train --init weights/cifar10-resnet20-a --freeze --data ~/pictures --seconds 60
  python -m resnet_demo train --init imagenet/resnet18 --input-size 96 --data ~/pictures --lr 0.01 --epochs 5
  python -m resnet_demo train --resume runs/resnet8-a-shapes-0123456789abcdef
  python -m resnet_demo train --model resnet20 --data cifar10 --epochs 30 --on jobs --flavor t4-small --timeout 30m
  torchrun --nproc_per_node=2 -m resnet_demo train --model resnet20 --data cifar10
  torchrun --nnodes=2 --nproc_per_node=8 --rdzv_backend=c10d --rdzv_endpoint=HOST:29500 -m resnet_demo train …

Several machines need a disk that all of them see, for --runs.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from ..data.augment import Augmentation
from ..data.dataset import Dataset
from ..engine.config import MAX_INPUT, TrainConfig, preset
from ..engine.device import pick_device
from ..engine.distributed import World, join, leave
from ..engine.initial import fit_initial
from ..engine.limits import check_limits
from ..engine.reasons import reason_from_error
from ..engine.reproduce import AUGMENTATION, RECIPE
from ..models import ModelSpec
from ..places import Places
from ..runs.disk import DiskError
from ..runs.execute import execute, forget_stop, save_initial
from ..runs.files import META
from ..runs.folder import RunFolder
from ..runs.queue.run_queue import finish
from ..runs.queue.standing import check_not_elsewhere
from ..runs.writer import all_or_none, create_run, json_bytes, replace_file
from . import in_job
from . import options as shared
from .beginning import Beginning, find_beginning
from .data import load_data
from .following import show, stop_on_interrupt


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every field of the configuration that a person may want to set; the preset gives the rest."""
    network = parser.add_argument_group("network")
    network.add_argument("--model", help="resnet8, resnet20 … plain20 … resnet50 (that of --init, else resnet8)")
    shared.network(network)
    network.add_argument(
        "--init",
        metavar="RUN",
        help="begin from the values of a run (its folder or id), of a file of weights, or of imagenet/resnet18 …; the "
        "last layer is new where the number of classes differs",
    )
    shared.field(
        network,
        TrainConfig,
        "freeze",
        "train the last layer only, on features computed once, without augmentation",
    )

    data = parser.add_argument_group("data")
    shared.data(data)
    data.add_argument(
        "--input-size", type=int, help=f"pixels a side of own pictures, up to {MAX_INPUT} (that of --init, else 32)"
    )
    shared.field(data, TrainConfig, "split_seed", "which rows are held out for validation (0)")
    shared.field(data, Augmentation, "pad", "pixels of the random shift")
    shared.field(data, Augmentation, "flip", "mirror half of the pictures")
    shared.field(data, Augmentation, "cutout", "side in pixels of a square set to the mean, 0 for none")

    recipe = parser.add_argument_group("recipe")
    shared.recipe(recipe)
    shared.field(recipe, TrainConfig, "schedule", "how the learning rate goes")
    shared.field(recipe, TrainConfig, "warmup", "share of the run")
    for name in ("momentum", "nesterov", "weight_decay", "label_smoothing"):
        shared.field(recipe, TrainConfig, name)

    machine = parser.add_argument_group("machine")
    shared.machine(machine)
    shared.field(machine, TrainConfig, "compile", "through torch.compile")
    in_job.add_arguments(machine)

    run = parser.add_argument_group("run")
    shared.folder(run, "go on with a stopped or interrupted run")
    run.add_argument("--id", help="the folder's name (from network and data, with a random part)")


def run(args: argparse.Namespace, places: Places) -> int:
    """Make or reopen the run and train it; 0 when finished or stopped, 1 when it failed."""
    job = in_job.agreed(args) if args.on == "jobs" else None
    device = pick_device("cpu" if job else args.device)
    world = join(device.type)
    try:
        if job and world.size > 1:
            raise ValueError("--on jobs is not for torchrun: a job has one process")
        if args.resume:
            folder = RunFolder(Path(args.resume))
            config = folder.config
            if not job:
                check_not_elsewhere([folder])
            if world.is_main:
                forget_stop([folder])
            if folder.state() == "finished":  # "running" is for the lock to say: here it could be a process beside us
                raise ValueError(f"{folder.id} is finished: there is nothing to resume")
            dataset = None if job else load_data(config.data, config.model.input_size, places)
        else:
            made = prepare(args, places, device, world.size, elsewhere=job is not None)
            dataset, folder = made.dataset, _create(args, places, made, world)
        if job:
            return in_job.follow(folder, job, args, places)
        assert dataset is not None  # a job alone needs none here
        before = folder.last_turn()
        try:
            return _follow(folder, dataset, device, args, world)
        except DiskError as error:
            if world.is_main:
                finish(folder, before, "failed", reason_from_error(error))
            raise
    finally:
        leave()


def make_config(args: argparse.Namespace, begins: ModelSpec | None = None) -> TrainConfig:
    """The configuration that the options describe, before it is fitted to the data.

    begins: the network whose values it begins from; its layout holds where --model names no other.
    """
    layout: dict[str, Any] = {"name": args.model or "resnet8", "input_size": 32}
    if begins and not args.model:
        layout = begins.to_dict()
    options = {name: getattr(args, name) or layout.get(name) for name in ("shortcut", "block", "stride_in", "norm")}
    spec = ModelSpec.from_name(layout["name"], **options)
    # what own pictures are brought to; other data have their size
    spec = replace(spec, input_size=layout["input_size"] if args.input_size is None else args.input_size)
    changes = {name: getattr(args, name) for name in RECIPE if getattr(args, name) is not None}
    for unit in ("epochs", "steps", "seconds"):
        if getattr(args, unit) is not None:
            changes.update(length=getattr(args, unit), unit=unit)
    if args.init:
        path = Path(args.init).expanduser()
        changes["initial"] = path.resolve().name if path.exists() else args.init
    config = preset(args.preset, spec, shared.data_of(args), **changes)
    drawn = {name: getattr(args, name) for name in AUGMENTATION if getattr(args, name) is not None}
    return replace(config, augmentation=replace(config.augmentation, **drawn))


@dataclass(frozen=True, eq=False)
class Prepared:
    """A run before there is a folder: its configuration, fitted to its data, and the values it begins from, if they are
    not those of its seed."""

    config: TrainConfig
    dataset: Dataset
    begins: Beginning | None


def prepare(
    args: argparse.Namespace, places: Places, device: torch.device, processes: int = 1, elsewhere: bool = False
) -> Prepared:
    """What the options describe; ValueError where it cannot be trained on this device, or elsewhere, and these data."""
    begins = find_beginning(args.init, places) if args.init else None
    config = make_config(args, begins.spec if begins else None)
    dataset = load_data(config.data, config.model.input_size, places)
    config = config.for_dataset(dataset)
    check_limits(in_job.checked(config) if elsewhere else config, dataset, device, processes)
    if begins:
        fit_initial(begins.state, config.model)
        mean, std = begins.mean or config.mean, begins.std or config.std
        config = replace(config, initial=begins.name, mean=mean, std=std)
    return Prepared(config, dataset, begins)


def create(made: Prepared, root: Path, run_id: str | None, name: str | None) -> RunFolder:
    """A new folder in `root`, whole or not at all."""
    with all_or_none() as folders:
        folders.append(folder := create_run(root, made.config, run_id))
        if made.begins:
            save_initial(folder, made.begins.state)
        replace_file(folder.path / META, lambda file: file.write(json_bytes({"name": name or folder.id})))
    return folder


def _create(args: argparse.Namespace, places: Places, made: Prepared, world: World) -> RunFolder:
    """The main process makes the folder and tells the others which one it is."""
    path = [""]
    if world.is_main:
        path = [str(create(made, Path(args.runs) if args.runs else places.runs, args.id, args.name).path)]
    if world.size > 1:
        import torch.distributed as dist

        dist.broadcast_object_list(path, src=0)
    return RunFolder(Path(path[0]))


def _follow(folder: RunFolder, dataset: Dataset, device: torch.device, args: argparse.Namespace, world: World) -> int:
    events = execute(folder, dataset, device, resume=bool(args.resume), evaluate=not args.no_test, world=world)
    if world.is_main:
        print(f"run {folder.path}", flush=True)
    with stop_on_interrupt(folder):
        return show(events, folder, quiet=args.quiet, is_main=world.is_main)
