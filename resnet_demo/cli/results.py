"""Print the table of the published runs.

Made from the manifests in `weights/`; docs/RESULTS.md has the same table. --verify also checks the sha256 of each file.

  python -m resnet_demo results --verify
"""

from __future__ import annotations

import argparse

from ..places import Places
from ..runs.comparison.results import results_table
from ..runs.exchange.publish import verify
from ..runs.index import RunIndex
from .published import published_runs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to check the files too."""
    parser.add_argument("--verify", action="store_true", help="check each file against its manifest")


def run(args: argparse.Namespace, places: Places) -> int:
    """Print the table; RunError, so exit code 2, for a file that is not the one that was published."""
    runs = published_runs(places)
    if args.verify:
        for published in RunIndex([places.weights]).all():
            verify(published)
    print(results_table(runs), end="")
    return 0
