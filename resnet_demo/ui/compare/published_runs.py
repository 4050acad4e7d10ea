"""The runs that ship with a server. It must not depend on a section or on Gradio."""

from __future__ import annotations

from ...runs.folder import RunFolder
from ...runs.index import RunIndex


def published_runs(index: RunIndex) -> list[RunFolder]:
    """Every published run, in the order of the index."""
    return [run for run in index.list() if index.is_published(run)]
