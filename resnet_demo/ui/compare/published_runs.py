"""The runs that ship with a server. It must not depend on a part of the tab or on Gradio."""

from __future__ import annotations

from ...library.runs import damage
from ...runs.comparison.depths import Recorded, recorded
from ...runs.folder import RunFolder
from ...runs.index import RunIndex


def published_runs(index: RunIndex) -> list[RunFolder]:
    """Every published run, in the order of the index."""
    return [run for run in index.list() if index.is_published(run)]


def recorded_runs(index: RunIndex, norm: str = "batch") -> tuple[Recorded, ...]:
    """Those of several depths that are shown together, plain beside residual; () where there are none."""
    return recorded((run for run in published_runs(index) if not damage(run)), norm)
