"""A run as one zip: download it, and upload it to another server.

What leaves is what the run is and measured: configuration, log, weights, predictions, name and note. What stays: the
state for resuming, values that it began from, its owner, the worker's output, and where own pictures lie. What comes in
was made by a stranger: each file is checked by `checks` and written anew, so that nothing else gets onto the disk. Must
not depend on pages or owners.
"""

from __future__ import annotations

import io
import re
import secrets
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO

from safetensors import safe_open

from ...data.archive import listing_size
from ...data.decode import printable
from ...engine.events import EpochDone, to_line
from ...errors import Refusal
from ..checks import (
    MAX_LINE,
    check_finite,
    check_weights,
    checked_arrays,
    checked_config,
    checked_epoch,
    checked_events,
    checked_labels,
    checked_meta,
    checked_predictions,
    weights_bytes,
)
from ..files import CONFIG, EPOCHS, LABELS, LOG, META, PREDICTIONS, WEIGHTS
from ..folder import RunError, RunFolder, epoch_file
from ..ownership import clean_name, clean_note
from ..records import detail_of, read_file
from ..writer import create_run, json_bytes, move, replace_arrays, replace_file
from .publish import public_config

NEEDED = (CONFIG, LOG, WEIGHTS)
FILES = (*NEEDED, PREDICTIONS, LABELS, META)
EPOCH = re.compile(rf"{EPOCHS}/[0-9]{{8,16}}\.npz")
SMALL = 2 * 2**20  # bytes of a configuration, of name and note, of an epoch's predictions


@dataclass(frozen=True)
class UploadLimits:
    """What is accepted. packed, unpacked: bytes of the zip, and of all its files. lines: of the log (200,000 are
    11 hours). epochs: files of an epoch's predictions."""

    packed: int = 300 * 2**20
    unpacked: int = 600 * 2**20
    lines: int = 200_000
    epochs: int = 2_000


def pack(run: RunFolder, file: Path | BinaryIO) -> None:
    """Write the run as a zip to `file`, also while it is being trained; RunError if it has no weights, or is damaged.

    Other runs are named without the part of their id that lets one read them, own pictures by their name alone.
    """
    if not run.has_weights():
        raise RunError("no_weights", name=run.id)
    events = run.events()
    epochs = [event for event in events if isinstance(event, EpochDone) and run.has_epoch(event)]
    read_file(run.path / WEIGHTS, _check_header)
    run.predictions()
    run.training_labels()
    for event in epochs:
        run.epoch_record(event)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        archive.writestr(CONFIG, json_bytes(public_config(run.config).to_dict()))
        archive.writestr(LOG, "".join(to_line(event) + "\n" for event in events))
        archive.writestr(META, json_bytes({"name": run.name, "note": run.note}))
        recorded = [f"{EPOCHS}/{epoch_file(event)}" for event in epochs]
        for name in (*recorded, LABELS, PREDICTIONS, WEIGHTS):  # these are packed already
            if (run.path / name).is_file():
                archive.write(run.path / name, name, zipfile.ZIP_STORED)


def _check_header(file: BinaryIO) -> None:
    with safe_open(file.name, framework="pt"):  # fails unless the file is as long as its header says
        pass


def unpack(path: Path, root: Path, limits: UploadLimits | None = None) -> RunFolder:
    """A new run below `root` from a zip that `pack` made, or somebody says so; nobody owns it yet.

    A folder around everything, and what macOS adds to a zip, are passed over. Its id is new and cannot be guessed.
    Refusal if anything is not as it should be; nothing is left behind then.
    """
    limits = limits or UploadLimits()
    with _opened(Path(path), limits) as files:
        for name in NEEDED:
            if name not in files:
                raise Refusal("upload_missing", file=name)
        config = _checked(CONFIG, lambda: checked_config(files.read(CONFIG, SMALL)))
        root.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".upload-", dir=root))
        try:
            run = create_run(scratch, config, f"{config.model.name}-uploaded-{secrets.token_hex(8)}")
            _fill(run, files, limits)
            move(run.path, root / run.id)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return RunFolder(root / run.id)


class _Files:
    """The files of a zip by their names in a run, each read within a bound."""

    def __init__(self, archive: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]):
        self.archive, self.infos = archive, infos

    def __contains__(self, name: str) -> bool:
        return name in self.infos

    def open(self, name: str, most: int) -> IO[bytes]:
        """The file's bytes as a stream: never more than its size in the table of contents, which is bounded."""
        if self.infos[name].file_size > most:
            raise Refusal("upload_too_large", file=name, megabytes=most / 2**20)
        return self.archive.open(self.infos[name])

    def read(self, name: str, most: int) -> bytes:
        with self.open(name, most) as stream:
            return stream.read()


def _checked(name: str, check: Callable[[], Any]) -> Any:
    """What `check` returns; Refusal names the file where it fails."""
    try:
        return check()
    except Refusal as error:
        if error.code.startswith(("wrong.", "unfit.")):  # of a field in the file
            raise Refusal("upload_damaged", file=name, detail=error) from error
        raise
    except Exception as error:  # of zipfile, json, numpy, safetensors: whatever hostile bytes lead to
        raise Refusal("upload_damaged", file=name, detail=detail_of(error)) from error


def _fill(run: RunFolder, files: _Files, limits: UploadLimits) -> None:
    """Write the other files of the run, each from its checked values."""
    spec, classes = run.config.model, len(run.config.classes)

    def weights() -> None:
        with files.open(WEIGHTS, weights_bytes(spec)) as source, open(run.path / WEIGHTS, "wb") as target:
            shutil.copyfileobj(source, target, 2**20)
        check_weights(run.path / WEIGHTS, spec)

    def log() -> set[str]:
        epochs = set()
        with files.open(LOG, limits.unpacked) as source, open(run.path / LOG, "w", encoding="utf-8") as target:
            text = io.TextIOWrapper(source, encoding="utf-8", newline="\n")
            for event in checked_events(iter(lambda: text.readline(MAX_LINE), ""), limits.lines):
                target.write(to_line(event) + "\n")
                if isinstance(event, EpochDone):
                    epochs.add(f"{EPOCHS}/{epoch_file(event)}")
        return epochs

    def arrays(name: str, check: Callable, most: int) -> None:
        checked = check_finite(check(checked_arrays(io.BytesIO(files.read(name, most)), most), classes))
        replace_arrays(run.path / name, checked)

    _checked(WEIGHTS, weights)
    epochs = _checked(LOG, log)
    (run.path / EPOCHS).mkdir()
    for name in files.infos:
        if name.startswith(EPOCHS):
            if name not in epochs:
                raise Refusal("upload_unknown", file=name)
            _checked(name, partial(arrays, name, checked_epoch, SMALL))
    if PREDICTIONS in files:
        most = limits.unpacked // 2
        _checked(PREDICTIONS, lambda: arrays(PREDICTIONS, checked_predictions, most))
    if LABELS in files:
        _checked(LABELS, lambda: arrays(LABELS, checked_labels, SMALL))
    meta = _checked(META, lambda: checked_meta(files.read(META, SMALL))) if META in files else {"name": "", "note": ""}
    meta = {"name": clean_name(meta["name"]), "note": clean_note(meta["note"])}
    replace_file(run.path / META, lambda file: file.write(json_bytes(meta)))


@contextmanager
def _opened(path: Path, limits: UploadLimits) -> Iterator[_Files]:
    """The files of the zip at `path`, after its table of contents has been checked."""
    try:
        if path.stat().st_size > limits.packed:
            raise Refusal("upload_too_large", file="The zip", megabytes=limits.packed / 2**20)
        if listing_size(path) > 500 * (limits.epochs + 10):  # `zipfile` would make objects of all of it
            raise Refusal("upload_too_large", file="The table of contents", megabytes=(limits.epochs + 10) / 2000)
        archive = zipfile.ZipFile(path)
    except Refusal:
        raise
    except Exception as error:  # of zipfile, struct, the file system: whatever a damaged table leads to
        raise Refusal("upload_not_zip", name=printable(path.name)) from error
    with archive:
        yield _Files(archive, _members(archive, limits))


def _members(archive: zipfile.ZipFile, limits: UploadLimits) -> dict[str, zipfile.ZipInfo]:
    """Entries by the name that the file has in a run; Refusal for anything that does not belong to one."""
    members: dict[tuple[str, ...], zipfile.ZipInfo] = {}
    for info in archive.infolist():
        parts = tuple(info.filename.split("/"))
        if parts[-1] == "" or parts[0] == "__MACOSX" or parts[-1] == ".DS_Store":  # a folder, or what macOS adds
            continue
        link = stat.S_ISLNK(info.external_attr >> 16)
        encrypted = info.flag_bits & 1
        unusual = info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others are not bounded
        outside = {"", ".", ".."} & set(parts) or "\\" in info.filename or ":" in info.filename
        if link or encrypted or unusual or outside or parts in members:
            raise Refusal("upload_unsafe", file=printable(info.filename))
        members[parts] = info
    around = {parts[0] for parts in members}
    if len(around) == 1 and all(len(parts) > 1 for parts in members):  # packed again with a folder around everything
        members = {parts[1:]: info for parts, info in members.items()}
    names = {"/".join(parts): info for parts, info in members.items()}
    for name in names:
        if name not in FILES and not EPOCH.fullmatch(name):
            raise Refusal("upload_unknown", file=printable(name))
    if len(names) > limits.epochs + len(FILES):
        raise Refusal("upload_unknown", file=f"{EPOCHS}/ …")
    if sum(info.file_size for info in names.values()) > limits.unpacked:
        raise Refusal("upload_too_large", file="What the zip holds", megabytes=limits.unpacked / 2**20)
    return names
