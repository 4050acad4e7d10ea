"""Set the published shortcut options A, B, C and their plain twins side by side, with verdicts.

Networks are compared that differ in their shortcut and seed alone: cost, accuracy over n seeds, and for each pair what
the seeds say (t-tests paired by seed, Holm, Bonferroni) and what single networks say (McNemar). Examples:

  python -m resnet_demo compare
  python -m resnet_demo compare --out comparison
  python -m resnet_demo compare --format csv
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..metrics.report import as_json
from ..places import Places
from ..runs.comparison.published import comparisons
from ..runs.comparison.report import accuracies_csv, files, markdown, report
from .published import published_runs

FORMATS = {"markdown": markdown, "json": as_json, "csv": accuracies_csv}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is printed, and where files go."""
    parser.add_argument("--format", choices=tuple(FORMATS), default="markdown", help="what is printed (markdown)")
    parser.add_argument("--out", metavar="DIR", help="write comparison.md, .json, accuracies.csv and verdicts.csv too")


def run(args: argparse.Namespace, places: Places) -> int:
    """Print the comparison and write the files asked for; 0 when done."""
    made = report(comparisons(published_runs(places)))
    if args.out:
        out = Path(args.out)
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files(made).items():
            (out / name).write_bytes(content)
    print(FORMATS[args.format](made), end="")
    return 0
