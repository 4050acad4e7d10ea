"""Measure speed, as ratios against a reference in the same process.

The training loop against the bare network: forward, loss, backward and optimizer step on one resident batch, same
settings, alternating; and augmentation as a share of an epoch. Run nothing else meanwhile. Examples:

  python -m resnet_demo benchmark
  python -m resnet_demo benchmark --model resnet56 --batch-size 512 --device cuda
"""

from __future__ import annotations

import argparse

from ..engine.config import PRECISIONS, preset
from ..engine.device import hardware_name, pick_device, pick_precision
from ..engine.speed import measure_loop
from ..models import ModelSpec
from ..places import Places


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, and for how long."""
    parser.add_argument("--model", default="resnet20")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--precision", choices=PRECISIONS, default="auto")
    parser.add_argument("--compile", action="store_true", help="through torch.compile, both sides")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--steps", type=int, default=20, help="a round (20)")
    parser.add_argument("--rounds", type=int, default=7, help="of which the median counts (7)")


def run(args: argparse.Namespace, places: Places) -> int:
    """Measure and print; always 0."""
    if args.steps < 1 or args.rounds < 1:
        raise ValueError(f"--steps and --rounds must be 1 or more, not {args.steps} and {args.rounds}")
    device = pick_device(args.device)
    config = preset(
        "fast", ModelSpec.from_name(args.model), "random", batch_size=args.batch_size, precision=args.precision,
        compile=args.compile, threads=args.threads,
    )  # fmt: skip
    speed = measure_loop(config, device, steps=args.steps, rounds=args.rounds)
    print(f"{args.model}, batch {args.batch_size}, {pick_precision(args.precision, device)}, {hardware_name(device)}")
    print(f"training loop {speed.loop:,.0f} images/s, bare {speed.bare:,.0f} images/s")
    print(
        f"loop / bare   {speed.ratio:.3f} (median of {len(speed.ratios)}, "
        f"{min(speed.ratios):.3f} to {max(speed.ratios):.3f})"
    )
    print(f"augmentation  {speed.augmentation:.2%} of an epoch of 50,000 pictures")
    return 0
