"""The command line: one module a command, each with `add_arguments(parser)` and `run(args, places) -> exit code`.

Only the module of the command that is given is imported: some take seconds.

Exit codes: 0 done; 1 a run that failed or could not be saved; 2 a wrong argument or input, with one sentence; 130
interrupted. Must not depend on the page: nothing here imports Gradio.
"""

from __future__ import annotations

import argparse
import sys
import tokenize
from ast import literal_eval
from collections.abc import Sequence
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from types import ModuleType

from .. import __version__, logs
from ..beginning import beginning
from ..places import Places
from ..runs.disk import DiskError
from ..runs.lock import Locked

COMMANDS = (
    "train", "race", "evaluate", "confusion", "compare", "describe", "inside", "export", "push", "pull", "results",
    "sweep", "benchmark",
)  # fmt: skip


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What the arguments say; SystemExit where they are wrong or ask for help."""
    parser = argparse.ArgumentParser(
        prog="python -m resnet_demo",
        description="Train, evaluate and describe residual networks. The web page is `resnet-demo`, and in a checkout "
        "`python app.py`.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    logs.add_argument(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        summary, _, details = _docstring(name).partition("\n")
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary}\n{details}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name in arguments:
            _module(name).add_arguments(command)
    return parser.parse_args(arguments)


@beginning()
def _module(command: str) -> ModuleType:
    return import_module(f".{command}", __name__)


def _docstring(command: str) -> str:
    """Of a command's module, which it begins with: it need not be imported."""
    with tokenize.open(Path(__file__).parent / f"{command}.py") as file:
        tokens = tokenize.generate_tokens(file.readline)
        return cleandoc(literal_eval(next(token.string for token in tokens if token.type == tokenize.STRING)))


def main(arguments: Sequence[str] | None = None, places: Places | None = None) -> int:
    """Run one command and return its exit code; sentences about wrong input go to standard error."""
    logs.write_anything()
    args = parse(sys.argv[1:] if arguments is None else arguments)
    logs.configure(args.log_level)
    try:
        return _module(args.command).run(args, places or Places.from_environment())
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except (ValueError, RuntimeError, OSError) as error:
        if not getattr(error, "args", None) or _is_a_bug(error):
            raise
        print(f"resnet_demo {args.command}: {error}", file=sys.stderr)
        return 1 if isinstance(error, DiskError) else 2


def _is_a_bug(error: BaseException) -> bool:
    """Errors of ours are ValueErrors and Locked; another RuntimeError keeps its traceback."""
    return isinstance(error, RuntimeError) and not isinstance(error, Locked)
