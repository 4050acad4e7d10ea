"""The published runs, for the commands that list them: what is damaged is named on standard error and left out."""

from __future__ import annotations

import sys

from ..places import Places
from ..runs.folder import RunFolder
from ..runs.index import RunIndex


def published_runs(places: Places) -> list[RunFolder]:
    """The published runs that can be used, in the order of the index; a sentence is printed for each damaged one."""
    runs = RunIndex([places.weights]).all()
    for run in runs:
        if run.damage:
            print(f"left out: {run.damage}", file=sys.stderr)
    return [run for run in runs if not run.damage]
