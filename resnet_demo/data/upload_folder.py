"""The folder of one upload: its images, what is noted about it, and when it was last used.

Must not depend on who may open it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from .decode import printable

ZIP, NOTES = "pictures.zip", "notes.json"


def touch(folder: Path) -> None:
    """The time of a folder is when it was last used."""
    with suppress(OSError):  # removed by now
        os.utime(folder)


def last_used(folder: Path) -> float | None:
    """Seconds since the epoch; None where the folder is gone."""
    try:
        return folder.stat().st_mtime
    except OSError:  # removed by now
        return None


def note(folder: Path, address: str, notes: Mapping[str, object]) -> None:
    """Note something about an upload, and whom it counts for."""
    notes = {**notes, "address": _salted(address, folder)}
    (folder / NOTES).write_text(json.dumps(notes), encoding="utf-8")


def notes_of(folder: Path) -> dict:
    """What is noted; nothing where that cannot be read."""
    try:
        notes = json.loads((folder / NOTES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def belongs(folder: Path, address: str) -> bool:
    """Whether the upload counts for this address."""
    return notes_of(folder).get("address") == _salted(address, folder)


def name_of(folder: Path) -> str:
    """What people call the upload."""
    return printable(notes_of(folder).get("name") or ZIP)


def _salted(address: str, folder: Path) -> str:
    return hashlib.sha256(f"{folder.name} {address}".encode(errors="replace")).hexdigest()
