"""Print the tables of the published runs: accuracies, and what removing one block costs.

Made from what is in `weights/`; docs/RESULTS.md has the same tables. --verify also checks the sha256 of each file.

  python -m resnet_demo results --verify
"""

from __future__ import annotations

import argparse

from ..inside.recorded import removal_table
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
    if inside := removal_table(runs):
        print(f"\nAccuracy without one block, each in turn (Veit et al. 2016, figure 3).\n\n{inside}", end="")
    return 0
