"""The runs that a visitor may see, as rows of a table: the state of each and its accuracy. It makes no component."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ...library.slow_runs import last_epoch
from ...library.visitors import Visitor
from ...runs.exchange.uploaded import is_uploaded_network
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
        {"key": "data", "title": text("train.column.data"), "wide": True},
        {"key": "state", "title": text("train.column.state")},
        {"key": "accuracy", "title": text("train.column.accuracy"), "numeric": True},
        {"key": "epochs", "title": text("train.column.epochs"), "numeric": True, "wide": True},
        {"key": "date", "title": text("train.column.date"), "wide": True},
    ]
    return {"columns": columns, "rows": [_row(services, run, text) for run in runs]}, runs


def _row(services: Services, run: RunFolder, text: Text) -> dict[str, Any]:
    published = services.runs.is_published(run)
    date = "" if published else datetime.fromtimestamp(created(run)).strftime("%Y-%m-%d %H:%M")
    try:
        if run.damage:
            raise run.damage
        last = last_epoch(run)
    except RunError:
        return {"name": run.name or run.id, "data": "", "state": text("train.state.damaged"), "date": date}
    if published:
        state = "recorded"
    else:
        state = "uploaded" if is_uploaded_network(run) else services.manager.status(run.id).state
    network, data = network_title(run, text), data_title(run.config.data, text)
    details = [network] if run.name else []
    details += [text("train.fact.seed", seed=run.config.seed)] if run.config.seed else []
    row: dict[str, Any] = {
        "name": {"text": run.name or network, "detail": " · ".join(details)},
        "data": data,
        "state": text(f"train.state.{state}"),
        "date": date,
    }
    if last:
        row["accuracy"] = {"text": percent(last.validation_accuracy), "sort": last.validation_accuracy}
        row["epochs"] = {"text": f"{last.epoch:.3g}", "sort": round(last.epoch, 4)}
    return row
