"""Runs as a list to choose from, in words. It knows no network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ..runs.folder import RunFolder
from ..runs.index import RunIndex, created
from .text import Text


def choices(index: RunIndex, text: Text) -> list[tuple[str, str]]:
    """(title, id) of every run that can classify, the one to begin with first."""
    return [(title(index, run, text), run.id) for run in index.with_weights()]


def title(index: RunIndex, run: RunFolder, text: Text) -> str:
    """What a person called the run, else its network and data; with its date where users trained it."""
    spec = run.config.model
    network = spec.title
    if spec.shortcut != "none":
        network = text("run.shortcut", network=network, shortcut=spec.shortcut)
    words = {"network": network, "data": Path(run.config.data).stem}
    found = text("run.titled", name=run.name, **words) if run.name else text("run.title", **words)
    if index.is_published(run):
        return text("run.published", title=found)
    date = datetime.fromtimestamp(created(run)).strftime("%Y-%m-%d %H:%M")
    return text("run.trained", title=found, date=date)
