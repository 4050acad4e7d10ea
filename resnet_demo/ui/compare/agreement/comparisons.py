"""The published comparisons and what their models predicted, kept until a published run changes.

It must not depend on Gradio or on words.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from ....runs.comparison.published import Comparison, comparisons
from ....runs.files import MANIFEST
from ....runs.folder import RunFolder
from ....runs.index import RunIndex
from ..published_runs import published_runs
from .gallery import Gallery, gallery


class PublishedComparisons:
    """The comparisons of the runs that ship with a server. runs: its index."""

    def __init__(self, runs: RunIndex) -> None:
        self._runs = runs
        self._guard = threading.Lock()
        self._version: object = None
        self._comparisons: dict[str, Comparison] = {}
        self._galleries: dict[str, Gallery] = {}

    def comparisons(self) -> Mapping[str, Comparison]:
        """All of them by an id that stays the same, full-length ones first."""
        published = published_runs(self._runs)
        version = [(run.id, _changed(run)) for run in published]
        with self._guard:
            if version != self._version:
                current = comparisons(published)
                self._comparisons = {f"{c.data}-{c.depth}-{c.block}-{c.steps}-{c.fingerprint[:12]}": c for c in current}
                self._galleries = {}
                self._version = version
            return self._comparisons

    def gallery(self, key: str) -> Gallery:
        """The predictions of a comparison's models; KeyError without one, RunError where predictions are damaged."""
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
