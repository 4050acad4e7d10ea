"""The runs that a visitor may see, as rows of a table: the state of each and its accuracy. It makes no component."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ...engine.events import EpochDone
from ...library.visitors import Visitor
from ...runs.folder import RunError, RunFolder
from ...runs.index import created
from ...services import Services
from ..percent import percent
from ..runs import data_title, network_title
from ..text import Text

MOST = 100  # runs in the table


def rows(services: Services, who: Visitor, text: Text) -> tuple[dict[str, Any], list[RunFolder]]:
    """(value of the table, the runs in its rows): the visitor's runs, newest first, then the published ones.

    A damaged run has a row, too: whoever opens it reads why, and may delete it.
    """
    runs = sorted(who.all_runs(services.runs), key=lambda run: (services.runs.is_published(run), -created(run)))[:MOST]
    columns = [
        {"key": "name", "title": text("train.column.name"), "wrap": True},
        {"key": "data", "title": text("train.column.data")},
        {"key": "state", "title": text("train.column.state")},
        {"key": "accuracy", "title": text("train.column.accuracy"), "numeric": True},
        {"key": "epochs", "title": text("train.column.epochs"), "numeric": True},
        {"key": "date", "title": text("train.column.date")},
    ]
    return {"columns": columns, "rows": [_row(services, run, text) for run in runs]}, runs


def _row(services: Services, run: RunFolder, text: Text) -> dict[str, Any]:
    published = services.runs.is_published(run)
    date = "" if published else datetime.fromtimestamp(created(run)).strftime("%Y-%m-%d %H:%M")
    try:
        if run.damage:
            raise run.damage
        last = next((event for event in reversed(run.events()) if isinstance(event, EpochDone)), None)
    except RunError:
        return {"name": run.name or run.id, "data": "", "state": text("train.state.damaged"), "date": date}
    state = "published" if published else services.manager.status(run.id).state
    row: dict[str, Any] = {
        "name": f"{run.name} ({network_title(run, text)})" if run.name else network_title(run, text),
        "data": data_title(run.config.data, text),
        "state": text(f"train.state.{state}"),
        "date": date,
    }
    if last:
        row["accuracy"] = {"text": percent(last.validation_accuracy), "sort": last.validation_accuracy}
        row["epochs"] = round(last.epoch, 2)
    return row
