"""Save a finished run to a repository on the Hugging Face Hub.

Weights (safetensors), configuration, metrics with intervals and counts, the confusion matrix as an image, and a model
card that says how to load the model again. All of it is one commit. The token is the one that `hf auth login` has
stored, or HF_TOKEN; it must be allowed to write. Examples:

  python -m resnet_demo push runs/resnet20-a-cifar10-0123456789abcdef --repo user/resnet20
  python -m resnet_demo push runs/resnet20-a-cifar10-0123456789abcdef --repo user/resnet20 --private --revision draft
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..figures.files import confusion_files
from ..hub.account import account_of, machine_token
from ..metrics import ConfusionMatrix
from ..places import Places
from ..runs.exchange.hub_card import LICENSES
from ..runs.exchange.hub_push import check_name, check_savable, push
from ..runs.folder import RunFolder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which run, and where it is saved."""
    parser.add_argument("run", metavar="RUN", help="the folder of a run that has ended")
    parser.add_argument("--repo", metavar="USER/NAME", required=True, help="the repository; it is made if need be")
    parser.add_argument("--private", action="store_true", help="let only you, and whom you allow, see a new repository")
    parser.add_argument("--revision", default="main", help="the branch; it is made if need be (main)")
    parser.add_argument("--license", choices=LICENSES, default=LICENSES[0], help=f"of the weights ({LICENSES[0]})")
    parser.add_argument("--replace", action="store_true", help="write over what another run has saved there")


def run(args: argparse.Namespace, places: Places) -> int:
    """Save it and print where; 0 when done."""
    folder = RunFolder(Path(args.run))
    check_name(args.repo)
    check_savable(folder)
    saved = push(
        folder,
        args.repo,
        account_of(machine_token()),
        drawn,
        private=args.private,
        revision=args.revision,
        license=args.license,
        replace=args.replace,
        say=lambda stage, megabytes: print(f"{stage} {megabytes:.1f} MB" if megabytes else stage, flush=True),
    )
    print(f"{saved.address} (commit {saved.commit[:8]})")
    return 0


def drawn(matrix: ConfusionMatrix, title: str) -> bytes:
    """The matrix as PNG."""
    return confusion_files(matrix, title=title)["matrix.png"]()
