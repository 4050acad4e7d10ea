"""Ways in which a file of a run's folder can be damaged: `GARBLES[how](path)` puts something else in its place.

`FILES` are the files of a run by their paths in its folder; `make_whole_run` makes a run that has all of them.
`COMMANDS` are the command lines that read a run; of those that neither train nor evaluate it, `READING` are given its
folder, and `LISTING` list it among the published ones.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from made_runs import make_trained_run, shapes_dataset

from resnet_demo.engine.events import EpochDone
from resnet_demo.places import PROJECT
from resnet_demo.runs.execute import save_initial
from resnet_demo.runs.files import (
    CONFIG,
    EPOCHS,
    INITIAL,
    LABELS,
    LOCK,
    LOG,
    MANIFEST,
    META,
    OUTPUT,
    PREDICTIONS,
    RESUME,
    STOP,
    WEIGHTS,
)
from resnet_demo.runs.folder import RunFolder, epoch_file
from resnet_demo.runs.writer import json_bytes, write_labels

LARGE = 2**29  # bytes, of a file that takes no room on the disk
STEPS = 20  # of the run


def make_whole_run(root: Path, run_id: str, **changes: Any) -> RunFolder:
    """A finished run with every file that a run can have; changes: of its configuration."""
    run = make_trained_run(root, run_id, evaluate=True, length=STEPS, **changes)
    save_initial(run, run.load_model().state_dict())
    write_labels(run, shapes_dataset())
    (run.path / META).write_bytes(json_bytes({"name": "Ada", "note": "a note", "owner": "", "processes": 1}))
    sets = {"test": {"n": 100, "correct": 50, "accuracy": 0.5, "low": 0.4, "high": 0.6}}
    known = {"title": "t", "command": "c", "seeds": [0], "epochs": 1.0, "steps": STEPS, "precision": "fp32"}
    (run.path / MANIFEST).write_bytes(json_bytes({**known, "accuracy": sets, "sha256": {}}))
    (run.path / OUTPUT).write_text("a line\n")
    (run.path / STOP).touch()
    return run


def linked(folder: Path, to: Path) -> Path:
    """A copy that shares its files with `folder`: they may be replaced, as `GARBLES` do, and not be written into."""
    return Path(shutil.copytree(folder, to, copy_function=os.link))


def _epoch() -> str:
    return f"{EPOCHS}/{epoch_file(EpochDone(STEPS, *[0.0] * 6))}"


def _replaced(content: bytes) -> Callable[[Path], None]:
    def garble(path: Path) -> None:
        _remove(path)
        path.write_bytes(content)

    return garble


def _changed(change: Callable[[Any], Any]) -> Callable[[Path], None]:
    """Every value of the JSON in a file changed; another file gets a JSON object of such values."""

    def garble(path: Path) -> None:
        try:
            lines = path.read_text(encoding="utf-8")
            whole = [json.loads(line) for line in ([lines] if path.suffix == ".json" else lines.splitlines())]
        except (OSError, ValueError):
            whole = []
        values = [_walked(value, change) for value in whole] or [_walked({"name": "x", "count": 1}, change)]
        _replaced("".join(json.dumps(value) + "\n" for value in values).encode())(path)

    return garble


def _walked(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {key: one if key == "event" else _walked(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [_walked(one, change) for one in value]
    return change(value)


def _huge(path: Path) -> None:
    digits = "9" * 6000
    _changed(lambda value: "HUGE" if type(value) in (int, float) else value)(path)
    _replaced(path.read_bytes().replace(b'"HUGE"', digits.encode()))(path)


def _truncated(path: Path) -> None:
    content = path.read_bytes()
    _replaced(content[: len(content) // 2])(path)


def _large(path: Path) -> None:
    _replaced(b"")(path)
    os.truncate(path, LARGE)


def _directory(path: Path) -> None:
    _remove(path)
    path.mkdir()


def _pipe(path: Path) -> None:
    _remove(path)
    os.mkfifo(path)


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)


GARBLES: dict[str, Callable[[Path], None]] = {
    "null": _replaced(b"null\n"),
    "list": _replaced(b"[1, 2]\n"),
    "deep": _replaced(b"[" * 100_000 + b"\n"),
    "deep object": _replaced(b'{"a":' * 100_000 + b"\n"),
    "types": _changed(lambda value: ["x"] if isinstance(value, str) else "a word"),
    "surrogates": _changed(lambda value: "\ud800" if isinstance(value, str) else value),
    "huge": _huge,
    "random": _replaced(random.Random(0).randbytes(4096) + b"\n"),
    "zeros": _replaced(bytes(4096)),
    "empty": _replaced(b""),
    "truncated": _truncated,
    "large": _large,
    "directory": _directory,
    "missing": _remove,
}
if hasattr(os, "mkfifo"):  # not on Windows
    GARBLES["pipe"] = _pipe

FILES: tuple[str, ...] = (
    CONFIG, LOG, META, MANIFEST, WEIGHTS, PREDICTIONS, _epoch(), RESUME, INITIAL, LOCK, STOP, OUTPUT, LABELS,
)  # fmt: skip

READING: tuple[str, ...] = (
    "confusion --run {run} --out {out}",
    "export --run {run} --to {out} --format tensorboard",
)
LISTING: tuple[str, ...] = ("results", "results --verify", "compare")
COMMANDS: tuple[str, ...] = (
    *READING,
    *LISTING,
    "evaluate --run {run} --device cpu",
    "export --run {run} --to {out} --device cpu",
    "export --run {run} --to {out} --device cpu --no-weights",
    "train --resume {run} --device cpu --quiet",
    "train --init {run} --data shapes --steps 1 --batch-size 16 --threads 1 --device cpu --quiet --no-test",
    "race --resume {run} --device cpu --quiet",
    f"inside {PROJECT}/assets/samples/shapes/star.png --model {{name}} --out {{out}}",
)
