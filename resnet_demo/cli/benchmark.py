"""Measure speed, as ratios against a reference in the same process.

The training loop against the bare network: forward, loss, backward and optimizer step on one resident batch, same
settings, alternating; and augmentation as a share of an epoch. With --usual: against the loop that is usually written,
a DataLoader with workers, .item() at each step, NCHW, fp32, never compiled; --precision fp32 compares like with like.
Run nothing else meanwhile. Examples:

  python -m resnet_demo benchmark
  python -m resnet_demo benchmark --usual --precision fp32
  python -m resnet_demo benchmark --usual --precision fp32 --compile
  python -m resnet_demo benchmark --model resnet56 --batch-size 512 --device cuda
"""

from __future__ import annotations

import argparse

import torch

from ..benchmarks.loop import measure_loop
from ..benchmarks.usual import measure_usual
from ..engine.compilation import remember
from ..engine.config import TrainConfig, preset
from ..engine.device import hardware_name, pick_device, pick_precision
from ..models import ModelSpec
from ..places import Places
from . import options as shared


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, and for how long."""
    parser.add_argument("--model", default="resnet20")
    shared.field(parser, TrainConfig, "batch_size", "pictures a step")
    shared.field(parser, TrainConfig, "precision")
    shared.field(parser, TrainConfig, "compile", "through torch.compile: the loop and the bare network")
    shared.field(parser, TrainConfig, "threads")
    parser.add_argument("--usual", action="store_true", help="against a usual loop instead of the bare network")
    parser.add_argument("--workers", type=int, default=2, help="processes that load pictures for the usual loop (2)")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--steps", type=int, default=20, help="a round (20)")
    parser.add_argument("--rounds", type=int, default=7, help="of which the median counts (7)")


def run(args: argparse.Namespace, places: Places) -> int:
    """Measure and print; always 0."""
    if args.steps < 1 or args.rounds < 1:
        raise ValueError(f"--steps and --rounds must be 1 or more, not {args.steps} and {args.rounds}")
    if args.workers < 1:
        raise ValueError(f"--workers must be 1 or more, not {args.workers}")
    device = pick_device(args.device)
    given = {name: getattr(args, name) for name in ("batch_size", "precision", "compile", "threads")}
    changes = {name: value for name, value in given.items() if value is not None}
    config = preset("fast", ModelSpec.from_name(args.model), "random", **changes)
    precision = pick_precision(config.precision, device)
    print(f"{args.model}, batch {config.batch_size}, {precision}, {hardware_name(device)}")
    (_against_usual if args.usual else _against_bare)(config, device, args, places)
    return 0


def _against_bare(config: TrainConfig, device: torch.device, args: argparse.Namespace, places: Places) -> None:
    speed = measure_loop(config, device, steps=args.steps, rounds=args.rounds)
    remember(places.cache, config, device, images_per_second=speed.loop)
    print(f"training loop {speed.loop:,.0f} images/s, bare {speed.bare:,.0f} images/s")
    print(f"loop / bare   {speed.ratio:.3f} {_spread(speed.ratios, 3)}")
    print(f"augmentation  {speed.augmentation:.2%} of an epoch of 50,000 pictures")


def _against_usual(config: TrainConfig, device: torch.device, args: argparse.Namespace, places: Places) -> None:
    speed = measure_usual(config, device, workers=args.workers, steps=args.steps, rounds=args.rounds)
    remember(places.cache, config, device, images_per_second=speed.loop)
    print(f"training loop {speed.loop:,.0f} images/s{', compiled' if config.compile else ''}")
    print(f"usual loop    {speed.usual:,.0f} images/s (DataLoader, {args.workers} workers; .item(); NCHW, fp32)")
    print(f"loop / usual  {speed.ratio:.2f} {_spread(speed.ratios, 2)}")
    print(f"first round   {speed.warm_up:.1f} s, warming up{' and compiling' if config.compile else ''} included")


def _spread(ratios: tuple[float, ...], digits: int) -> str:
    return f"(median of {len(ratios)}, {min(ratios):.{digits}f} to {max(ratios):.{digits}f})"
