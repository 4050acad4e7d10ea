"""Runs by id, and what a visitor may do with them. Must not depend on Gradio or on words."""

from __future__ import annotations

import time
from typing import Any

from ..data.datasets import list_datasets
from ..runs.folder import RunError, RunFolder
from ..runs.index import UnknownRun, created, last_trained
from ..services import Services
from .visitors import Visitor

A_SHORT_WHILE = 3600  # seconds


def usable_run(services: Services, run_id: Any) -> RunFolder | None:
    """The run with this id that can be used, None if there is none (any more)."""
    run = find_run(services, run_id)
    return None if run is None or run.damage else run


def find_run(services: Services, run_id: Any) -> RunFolder | None:
    """The run with this id, be it damaged; None if there is none (any more)."""
    try:
        return services.runs.find(run_id) if isinstance(run_id, str) and run_id else None
    except UnknownRun:
        return None


def damage(run: RunFolder) -> RunError | None:
    """Why the run cannot be shown: one of its files, or a line of its log, cannot be read."""
    try:
        if not run.damage:
            run.events()
        return run.damage
    except RunError as error:
        return error


def first_run(services: Services, who: Visitor, run_id: str, data: str) -> RunFolder | None:
    """What to begin with: the run an address names, else the visitor's latest that trains, else their latest if it was
    written to a short while ago (whoever closed the page too early finds it ended, or to be resumed), else a published
    one.

    Of the published ones the one on the data set that the form begins with.
    """
    if run := find_run(services, run_id):
        return run
    published, lately = [], None
    for run in sorted(who.runs(services.runs), key=created, reverse=True):
        if services.runs.is_published(run):
            published.append(run)
        elif (state := services.manager.status(run.id).state) in ("queued", "running"):
            return run
        elif lately is None and state != "damaged" and time.time() - last_trained(run) < A_SHORT_WHILE:
            lately = run
    if lately:
        return lately
    order = [run for run in services.runs.list() if run.id in {one.id for one in published}]
    return next((run for run in order if run.config.data == data), order[0] if order else None)


def has_private_images(services: Services, run: RunFolder, who: Visitor) -> bool:
    """Whether the pictures of the run are somebody else's."""
    return run.config.data not in list_datasets() and not may_change(services, run, who)


def may_change(services: Services, run: RunFolder, who: Visitor) -> bool:
    """Whether the visitor may change the run; nobody may change a published one."""
    return services.manager.owns(run.id, who.key(run.id))
