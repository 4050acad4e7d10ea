"""Drill: each file of a run's folder garbled in each way; such a run gets its sentence and all others work."""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path

from garble import FILES, GARBLES, make_whole_run
from outcome import Outcome
from server import Server
from visitor import Refusal, Unexpected, Visitor

from resnet_demo.cli import main as command_line

IMAGE = Path(__file__).resolve().parents[2] / "assets" / "samples" / "shapes" / "star.png"


def drill(root: Path) -> Outcome:
    """Every file in every way, side by side in one folder of runs, and one run that is as it should be."""
    outcome = Outcome("damaged run folders")
    good = make_whole_run(root / "runs", "good")
    with Server(root) as server, Visitor(server.address) as visitor:
        image = visitor.upload(IMAGE)
        visitor.call("classify", image, "good", 3)
        outcome.look(server)
        for file in FILES:
            for way, garble in GARBLES.items():
                path = server.runs / f"{file.replace('/', '-')} {way}"
                shutil.copytree(good.path, path)
                garble(path / file)
                wrong = [*visited(visitor, path.name, image), on_the_command_line(path)]
                outcome.check(path.name, *wrong, *server.tracebacks())
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


def on_the_command_line(path: Path) -> str:
    """What a command that is given the run does wrong."""
    words = io.StringIO()
    try:
        with contextlib.redirect_stderr(words), contextlib.redirect_stdout(words):
            command_line(["confusion", str(path), "--out", str(path.parent.parent / "matrix")])
    except SystemExit:
        pass
    except BaseException as error:  # whatever a person would be shown as a traceback
        return f"command line: {type(error).__name__}: {error}"[:200]
    return ""
