"""The published comparisons and what their networks predicted, remembered until a published run changes.

It knows no component and no words.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from ...runs.comparison import Comparison, comparisons
from ...runs.folder import MANIFEST, RunFolder
from ...runs.index import RunIndex
from .alone import Gallery, gallery


class Known:
    """The comparisons of the runs that ship with a server. runs: its index."""

    def __init__(self, runs: RunIndex) -> None:
        self._runs = runs
        self._guard = threading.Lock()
        self._seen: object = None
        self._comparisons: dict[str, Comparison] = {}
        self._galleries: dict[str, Gallery] = {}

    def comparisons(self) -> Mapping[str, Comparison]:
        """All of them by an id that stays the same, full-length ones first."""
        published = [run for run in self._runs.list() if self._runs.is_published(run)]
        now = [(run.id, _changed(run)) for run in published]
        with self._guard:
            if now != self._seen:
                found = comparisons(published)
                self._comparisons = {f"{c.data}-{c.depth}-{c.block}-{c.steps}-{c.fingerprint[:12]}": c for c in found}
                self._galleries = {}
                self._seen = now
            return self._comparisons

    def gallery(self, key: str) -> Gallery:
        """The answers of a comparison's networks; KeyError without one, RunError where predictions are damaged."""
        comparison = self.comparisons()[key]
        with self._guard:
            if key not in self._galleries:
                self._galleries[key] = gallery(comparison)
            return self._galleries[key]


def _changed(run: RunFolder) -> int:
    try:
        return (run.path / MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0
