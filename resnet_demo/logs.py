"""The log: Python's own, to standard error, at a level that an option or a variable sets.

Each module has a logger of its name. Above "debug" stands nothing that a visitor uploaded: no name of a file, of a
class or of a run's title, and no picture; nor the whole id of a run, which lets one read it. The words of an exception
may name any of these: above "debug" stand its class and where it was raised (`log_failure`). Must not depend on what is
logged.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import traceback
from io import TextIOWrapper

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


def write_anything() -> None:
    """Let this process print any character: to files and pipes in UTF-8, which is not the rule on Windows, and to a
    terminal with `?` for what it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # it may be anything, or None
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def short_id(run_id: str) -> str:
    """Return enough of a run's id to tell runs apart in a log, and too little of its random part to open the run."""
    kind, dash, random = run_id.rpartition("-")
    return f"{kind}{dash}{random[:4]}…"


def log_failure(log: logging.Logger, message: str, *values: object) -> None:
    """Log the exception that is being handled: its class and the lines it was raised in as an error, its words at the
    level "debug"."""
    _, error, trace = sys.exc_info()
    frames = traceback.extract_tb(trace)
    where = "".join(f"\n  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
    log.error(f"{message}: %s%s", *values, type(error).__name__, where)
    log.debug(message, *values, exc_info=error)
