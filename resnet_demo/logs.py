"""The log: Python's own, to standard error, at a level that an option or a variable sets.

Each module has a logger of its name. Above "debug" stands nothing that a visitor brought: no name of a file, of a class
or of a run's title, and no picture. It knows nothing of what is logged.
"""

from __future__ import annotations

import argparse
import logging
import os

LEVELS = ("debug", "info", "warning", "error")
VARIABLE = "RESNET_DEMO_LOG"
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def add_argument(parser: argparse.ArgumentParser) -> None:
    """The option `--log-level`, whose default is the variable's value."""
    parser.add_argument(
        "--log-level",
        type=level,
        default=os.environ.get(VARIABLE) or "warning",
        metavar="LEVEL",
        help=f"what is logged to standard error, from this level on: {', '.join(LEVELS)} ({VARIABLE}, else warning)",
    )


def level(name: str) -> str:
    """One of LEVELS, in whatever case it is written."""
    if name.lower() not in LEVELS:
        raise argparse.ArgumentTypeError(f"accepted are {', '.join(LEVELS)}, not {name!r} (also in {VARIABLE})")
    return name.lower()


def configure(name: str) -> None:
    """Log from this level on; of other packages only warnings and errors."""
    logging.basicConfig(format=FORMAT)
    logging.getLogger(__package__).setLevel(name.upper())
