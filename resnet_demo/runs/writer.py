"""Writing a run folder: created whole, its log only ever appended to, every other file replaced by one
rename.

The holder of a `RunWriter` holds the run's lock; no other process may write. Must not depend on training.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from safetensors.torch import save as safetensors_bytes

from ..data.dataset import Dataset
from ..engine.config import TrainConfig
from ..engine.evaluate import Predictions
from ..engine.events import EpochDone, Event, to_line
from .disk import DiskError, disk_errors
from .files import CONFIG, EPOCHS, LABELS, LOCK, LOG, PREDICTIONS, RESUME, WEIGHTS
from .folder import RunError, RunFolder, epoch_file
from .lock import lock
from .records import damaged, open_file

# what names of files cannot have on Windows: characters, and names of devices, whatever comes after a dot
UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
LONGEST = 100  # characters: Windows allows 260 for a whole path, and files of runs have up to 40 of them


def create_run(root: Path, config: TrainConfig, run_id: str | None = None) -> RunFolder:
    """A new run folder below `root` with its configuration; the default id says what it is and cannot be
    guessed.

    Raises RunError if the id is taken, or is no plain name for a folder, DiskError if it cannot be written; nothing is
    left behind then.
    """
    if run_id is not None and not is_folder_name(run_id):
        raise RunError("run_id", given=repr(run_id))
    spec = config.model
    shortcut = "" if spec.shortcut == "none" else f"-{spec.shortcut.lower()}"
    data = "own" if config.data.startswith("own:") else UNFIT.sub("-", Path(config.data).stem[:24])
    path = root / (run_id or f"{spec.name}{shortcut}-{data}-{secrets.token_hex(8)}")
    with disk_errors():
        try:
            path.mkdir(parents=True)
        except FileExistsError as error:
            raise RunError("run_exists", name=path.name) from error
    try:
        replace_file(path / CONFIG, lambda file: file.write(json_bytes(config.to_dict())))
    except DiskError:
        shutil.rmtree(path, ignore_errors=True)
        raise
    return RunFolder(path)


def is_folder_name(name: str) -> bool:
    """Whether a folder can have this name on every system, so that a run can move to any; hidden ones are no runs."""
    plain = 0 < len(name) <= LONGEST and not UNFIT.search(name) and name[0] != "." and name[-1] not in ". "
    return plain and not RESERVED.fullmatch(name.partition(".")[0].rstrip())


@contextmanager
def all_or_none() -> Iterator[list[RunFolder]]:
    """A list for runs that are made together: their folders are removed if the block raises anything."""
    made: list[RunFolder] = []
    try:
        yield made
    except BaseException:
        for run in made:
            shutil.rmtree(run.path, ignore_errors=True)
        raise


class RunWriter:
    """Appends to the log and replaces the other files of one run; made by `open_writer`. DiskError where it cannot."""

    def __init__(self, folder: RunFolder, log: BinaryIO):
        """log: unbuffered, so that nothing is left to be written when the disk is full."""
        self.folder, self._log = folder, log

    def append(self, event: Event) -> None:
        """Write one event; the arrays of an epoch go to `epochs/` before its line goes to the log."""
        if isinstance(event, EpochDone):
            self._write_epoch(event)
        line = memoryview(to_line(event).encode() + b"\n")
        end = self._log.seek(0, os.SEEK_END)
        try:
            with disk_errors():
                while line:
                    line = line[self._log.write(line) :]
        except DiskError:
            self._log.truncate(end)  # a disk that fills up may have taken a part of the line
            raise

    def save(self, state: Mapping[str, Any]) -> None:
        """Replace `resume.pt` and then `model.safetensors` by a state of the training loop."""
        path, resume = self.folder.path, BytesIO()
        torch.save(dict(state), resume)  # in memory: of a full disk it would say nothing but that writing failed
        with resume.getbuffer() as data:  # released even if an exception keeps it: Python may crash on it otherwise
            replace_file(path / RESUME, lambda file: file.write(data))
        weights = {name: value.contiguous().cpu() for name, value in state["model"].items()}
        replace_file(path / WEIGHTS, lambda file: file.write(safetensors_bytes(weights)))

    def write_predictions(self, predictions: Mapping[str, Predictions], dataset: Dataset) -> None:
        """Replace `predictions.npz` (see `write_predictions`)."""
        write_predictions(self.folder.path / PREDICTIONS, predictions, dataset)

    def _write_epoch(self, event: EpochDone) -> None:
        train, seen, validation = event.train_predictions, event.train_seen, event.validation_predictions
        if train is None or seen is None or validation is None:
            return
        kind = class_type(self.folder.config.classes)
        with disk_errors():
            (self.folder.path / EPOCHS).mkdir(exist_ok=True)
        arrays = {"train": train.astype(kind), "train_seen": seen, "validation": validation.astype(kind)}
        replace_arrays(self.folder.path / EPOCHS / epoch_file(event), arrays)


@contextmanager
def open_writer(folder: RunFolder) -> Iterator[RunWriter]:
    """Take the run's lock and write until the block ends; lock.Locked if another process is writing.

    A torn last line, left by a process that was killed, is cut off first.
    """
    with lock(folder.path / LOCK, patience=1.0), open(folder.path / LOG, "a+b", buffering=0) as log:
        for place in (folder.path, folder.path / EPOCHS):
            for scratch in place.glob(".*.part"):  # what a killed process was about to put in place
                scratch.unlink(missing_ok=True)
        log.seek(0)
        log.truncate(log.read().rfind(b"\n") + 1)
        log.seek(0, os.SEEK_END)
        yield RunWriter(folder, log)


def load_checkpoint_state(folder: RunFolder) -> dict[str, Any]:
    """The state to resume from; RunError if there is none or it is damaged."""
    try:
        with open_file(folder.path / RESUME) as file:
            state = torch.load(file, map_location="cpu", weights_only=True)
        if all(type(state[name]) in (int, float) for name in ("step", "seconds")):
            return state
        raise TypeError("step and seconds are no numbers")
    except FileNotFoundError as error:
        raise RunError("no_resume", run=folder.id, file=RESUME) from error
    except OSError as error:
        raise damaged(f"{folder.id}/{RESUME}", error) from error
    except Exception as error:  # torch.load raises pickle's, zip's and its own errors, with advice that is none here
        raise damaged(f"{folder.id}/{RESUME}", ValueError("it holds no state of training")) from error


def write_predictions(
    path: Path, predictions: Mapping[str, Predictions], dataset: Dataset, best: int | None = None
) -> None:
    """Write `path` (npz): for each set fp16 logits, labels and rows; the rows of the losslessly stored test
    pictures; and the fingerprint of the data they were made on.

    best: keep only so many classes of each row, the most probable first, with fp16 probabilities in place of logits.
    """
    arrays: dict[str, np.ndarray] = {"fingerprint": np.array(dataset.fingerprint)}
    kind = class_type(dataset.classes)
    for name, answers in predictions.items():
        if best:
            classes, probabilities = answers.top(best)
            arrays[f"{name}_best"] = classes.astype(kind)
            arrays[f"{name}_probabilities"] = probabilities.astype(np.float16)
        else:
            arrays[f"{name}_logits"] = answers.logits.astype(np.float16)
        arrays[f"{name}_labels"] = answers.labels.astype(np.uint16)
        arrays[f"{name}_rows"] = answers.rows.astype(np.uint32)
    if dataset.lossless_test_rows is not None:
        arrays["test_lossless"] = dataset.lossless_test_rows.astype(np.uint32)
    replace_arrays(path, arrays)


def replace_arrays(path: Path, arrays: dict[str, Any]) -> None:
    """`replace_file` by these arrays, packed (npz)."""
    replace_file(path, lambda file: np.savez_compressed(file, **arrays))


def write_labels(folder: RunFolder, dataset: Dataset) -> None:
    """Write `labels.npz` into the run: what the predictions of its epochs are compared with, 30 KB for CIFAR-10."""
    _, held_out = dataset.split_rows(folder.config.split_seed)
    labels = np.asarray(dataset.train.labels).astype(class_type(dataset.classes))
    replace_arrays(folder.path / LABELS, {"labels": labels, "validation_rows": held_out.astype(np.uint32)})


def class_type(classes: Sequence[str]) -> type[np.uint8] | type[np.uint16]:
    """The smallest type that numbers the classes."""
    return np.uint8 if len(classes) <= 256 else np.uint16


def json_bytes(values: Any) -> bytes:
    """Readable JSON with a final newline."""
    return (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode()


def replace_file(path: Path, write: Callable[[BinaryIO], Any]) -> None:
    """Write a file beside `path` and move it there: a reader sees the old file or the new one, never a part.

    DiskError if the disk is full or cannot be written to; the old file then stays.
    """
    with disk_errors():
        descriptor, scratch = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(scratch, 0o644)
            move(scratch, path)
        except BaseException:
            Path(scratch).unlink(missing_ok=True)
            raise


def move(scratch: str | Path, path: Path, patience: float = 2.0) -> None:
    """Put a file in the place of `path`, or a folder where nothing is; Windows refuses while a reader (a virus scanner,
    too) has one of them open, which does not last."""
    until = time.monotonic() + patience
    while True:
        try:
            return os.replace(scratch, path)
        except PermissionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
