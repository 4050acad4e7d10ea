"""Whose run it is: the token that lets its owner change it, and the address that limits count by.

A run's id, which cannot be guessed, lets anyone read it. Neither tokens nor addresses are stored: digests of them are
noted in the run's `meta.json`. Must not depend on queues or pages.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from .disk import disk_errors
from .files import META
from .folder import RunFolder
from .writer import json_bytes, replace_file

SALT = ".salt"
LONGEST_NAME, LONGEST_NOTE = 100, 4000  # characters


def new_token() -> str:
    """A token that cannot be guessed, for the owner's browser to keep."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """What is stored of a token; it is random, so that it needs no salt."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def is_owner(run: RunFolder, token: str | None) -> bool:
    """Whether `token` is the run's own; None stands for who has the whole machine. A run may have no owner."""
    owner = run.meta.get("owner", "")
    return token is None or hmac.compare_digest(owner.encode(), digest(token).encode())


def address_digest(root: Path, address: str) -> str:
    """What is stored of a visitor's address: it can be compared, below one `root`, and not be read back."""
    return hashlib.sha256(_salt(root) + address.encode(errors="replace")).hexdigest()


def _salt(root: Path) -> bytes:
    """32 random bytes, made once for each folder of runs."""
    path = root / SALT
    if not path.exists():
        with disk_errors():
            root.mkdir(parents=True, exist_ok=True)
        replace_file(path, lambda file: file.write(secrets.token_bytes(32)))
        os.chmod(path, 0o600)
    return path.read_bytes()


def write_meta(run: RunFolder, **changes: object) -> None:
    """Replace some fields of what is noted beside the run, and keep the others."""
    values = {**run.meta, **changes}
    replace_file(run.path / META, lambda file: file.write(json_bytes(values)))


def clean_name(name: str) -> str:
    """A name as it is kept: one line without control characters, of at most LONGEST_NAME characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:LONGEST_NAME].rstrip()


def clean_note(note: str) -> str:
    """A note as it is kept: lines without control characters, at most LONGEST_NOTE characters in all."""
    return "".join(c for c in note if c.isprintable() or c == "\n").strip()[:LONGEST_NOTE].rstrip()
