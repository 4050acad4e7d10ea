"""Uploaded files as handlers meet them: Gradio deletes them while pages still name them."""

from __future__ import annotations

from pathlib import Path

from ..data.decode import printable
from ..data.errors import refusal

KEPT_MINUTES = 60  # the longest that an upload is kept
SECONDS_BETWEEN = 60 * KEPT_MINUTES // 4  # looks for uploads to delete
DELETED_AFTER = 60 * KEPT_MINUTES * 3 // 4  # seconds


def uploaded(path: str | Path) -> Path:
    """Return the path of an upload; DataError if it has been deleted by now."""
    path = Path(path)
    if not path.is_file():
        raise refusal("data.expired", name=printable(path.name), minutes=KEPT_MINUTES)
    return path
