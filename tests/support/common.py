"""Folders that all processes which test at the same time have in common. Must not depend on what is kept in them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

root: Path | None = None  # where they are, as conftest.py says; None outside of tests


@contextmanager
def in_common(name: str) -> Iterator[Path]:
    """The folder of this name for one process at a time; outside of tests one for the block alone."""
    from resnet_demo.runs.lock import lock

    if root is None:
        with tempfile.TemporaryDirectory() as alone:
            yield Path(alone)
        return
    folder = root / name
    folder.mkdir(exist_ok=True)
    with lock(root / f"{name}.lock", patience=240):
        yield folder
