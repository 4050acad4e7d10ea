"""The command line: one module a command, each with `add_arguments(parser)` and `run(args, places) -> exit code`.

Exit codes: 0 done; 1 a run that failed or could not be saved; 2 a wrong argument or input, with one sentence; 130
interrupted. Must not depend on the page: nothing here imports Gradio.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .. import __version__, logs
from ..places import Places
from ..runs.disk import DiskError
from . import benchmark, compare, confusion, describe, evaluate, export, inside, pull, push, race, results, sweep, train

COMMANDS = {
    "train": train,
    "race": race,
    "evaluate": evaluate,
    "confusion": confusion,
    "compare": compare,
    "describe": describe,
    "inside": inside,
    "export": export,
    "push": push,
    "pull": pull,
    "results": results,
    "sweep": sweep,
    "benchmark": benchmark,
}


def make_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    parser = argparse.ArgumentParser(
        prog="python -m resnet_demo",
        description="Train, evaluate and describe residual networks. The web page is `resnet-demo`, and in a checkout "
        "`python app.py`.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    logs.add_argument(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        summary, _, details = (module.__doc__ or "").strip().partition("\n")
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary}\n{details}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
    return parser


def main(arguments: Sequence[str] | None = None, places: Places | None = None) -> int:
    """Run one command and return its exit code; sentences about wrong input go to standard error."""
    logs.write_anything()
    args = make_parser().parse_args(arguments)
    logs.configure(args.log_level)
    try:
        return COMMANDS[args.command].run(args, places or Places.from_environment())
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except DiskError as error:
        print(f"resnet_demo {args.command}: {error}", file=sys.stderr)
        return 1
    except (ValueError, RuntimeError, OSError) as error:
        if not getattr(error, "args", None) or _is_a_bug(error):
            raise
        print(f"resnet_demo {args.command}: {error}", file=sys.stderr)
        return 2


def _is_a_bug(error: BaseException) -> bool:
    """Errors of ours are ValueErrors and Locked; another RuntimeError keeps its traceback."""
    from ..runs.lock import Locked

    return isinstance(error, RuntimeError) and not isinstance(error, Locked)
