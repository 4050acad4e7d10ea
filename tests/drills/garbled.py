"""Drill: each file of a run's folder garbled in each way; such a run gets its sentence and all others work."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Sequence
from pathlib import Path

from garble import FILES, GARBLES, LISTING, READING, make_whole_run
from outcome import Outcome
from server import Server
from visitor import Refusal, Unexpected, Visitor

from resnet_demo.cli import main as command_line
from resnet_demo.places import Places

IMAGE = Path(__file__).resolve().parents[2] / "assets" / "samples" / "shapes" / "star.png"


def drill(root: Path) -> Outcome:
    """Every file in every way, side by side in one folder of runs, and one run that is as it should be."""
    outcome = Outcome("damaged run folders")
    good = make_whole_run(root / "runs", "good")
    with Server(root) as server, Visitor(server.address) as visitor:
        image = visitor.upload(IMAGE)
        visitor.call("classify", image, "good", 3)
        visited(visitor, good.path.name, image)  # so that the processes it takes count as before
        outcome.look(server)
        for file in FILES:
            for way, garble in GARBLES.items():
                path = server.runs / f"{file.replace('/', '-')} {way}"
                shutil.copytree(good.path, path)
                garble(path / file)
                wrong = [*visited(visitor, path.name, image), *on_the_command_line(path, READING)]
                outcome.check(path.name, *wrong, *server.tracebacks())
        outcome.check("commands that list all runs", *on_the_command_line(good.path, LISTING))
        outcome.look(server)
    return outcome


def visited(visitor: Visitor, run_id: str, image: dict) -> list[str]:
    """What a page with a damaged run in its list does wrong."""
    wrong = []
    for what, ask in {
        "/run": lambda: visitor.call("run", run_id),
        "/classify": lambda: visitor.call("classify", image, run_id, 3),
        "/confusion": lambda: visitor.call("confusion", run_id, "test", ""),
        "download": lambda: visitor.get(f"/download/{run_id}.zip"),
        "matrix": lambda: visitor.get(f"/confusion/{run_id}/test/matrix.csv"),
        "Train": lambda: visitor.event("curves", "mount", data={"run": run_id}),
        "Confusion": lambda: visitor.event("confusion-opening", "mount", data={"run": run_id}),
    }.items():
        try:
            ask()
        except Refusal:
            pass
        except Unexpected as error:
            wrong.append(f"{what}: {error}")
    try:
        if "good" not in [one["model"] for one in visitor.call("models")]:
            wrong.append("/models lacks the good run")
        visitor.call("classify", image, "good", 3)
        visitor.call("confusion", "good", "test", "")
        visitor.get("/download/good.zip")
    except (Refusal, Unexpected) as error:
        wrong.append(f"the good run: {error}")
    return wrong


def on_the_command_line(path: Path, commands: Sequence[str]) -> list[str]:
    """What commands do wrong with the run in the folder `path`, or with all runs beside it."""
    places = Places(data=None, cache=path.parent / "cache", runs=path.parent / "none", weights=path.parent)
    wrong = []
    for command in commands:
        out, words = path.parent.parent / "out", io.StringIO()
        arguments = [word.format(run=path, out=out) for word in command.split()]
        try:
            with contextlib.redirect_stderr(words), contextlib.redirect_stdout(words):
                command_line(arguments, places)
        except BaseException as error:  # a person would be shown a traceback, or how the command is used
            wrong.append(f"{arguments[0]}: {type(error).__name__}: {error}"[:200])
        shutil.rmtree(out, ignore_errors=True)
    return wrong
