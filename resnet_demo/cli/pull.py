"""Load a model from the Hugging Face Hub as a run.

It may be one that `push` has saved, or a ResNet in the layout of timm and torchvision (model.safetensors beside timm's
config.json). It is checked like an upload; nothing in it is executed. The run can classify, be evaluated and be
fine-tuned. Your token is used with --private alone. Examples:

  python -m resnet_demo pull user/resnet20
  python -m resnet_demo pull user/resnet20@draft --private
  python -m resnet_demo pull timm/resnet18.tv_in1k
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..hub.account import account_of, machine_token
from ..places import Places
from ..runs.exchange.hub_pull import look_up, pull, total_size


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which model, and where its run is made."""
    parser.add_argument("repository", metavar="USER/NAME[@REVISION]", help="a model on the Hub")
    parser.add_argument("--private", action="store_true", help="use your token, for what not everybody may see")
    parser.add_argument("--runs", metavar="DIR", help="where the run is made (RESNET_DEMO_RUNS, else runs/)")


def run(args: argparse.Namespace, places: Places) -> int:
    """Download, check, and print the run's folder; 0 when done."""
    account = account_of(machine_token()) if args.private else None
    found = look_up(args.repository, account)
    print(f"downloading {total_size(found) / 1e6:.1f} MB of {found.name} ({found.commit[:8]})", file=sys.stderr)
    folder = places.cache / "hub" / f"{found.name.replace('/', '--')}-{found.commit}" / "files"
    made = pull(found, Path(args.runs) if args.runs else places.runs, folder, account)
    print(f"{made.config.model.title}, {len(made.config.classes)} classes", file=sys.stderr)
    print(made.path)
    return 0
