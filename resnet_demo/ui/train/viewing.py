"""What is shown of a run: its head, its curves, which buttons it has, and how its last epoch looks. No component."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import gradio as gr

from ...library.runs import damage, may_change, usable_run
from ...library.visitors import Visitor
from ...runs.execute import can_resume
from ...runs.folder import EPOCHS, PREDICTIONS, RunFolder
from ...runs.index import created
from ...runs.uploaded import is_uploaded_network
from ...services import Services
from .. import downloads
from ..errors import sentence
from ..runs import chart_line, data_title, network_title
from ..text import Text

log = logging.getLogger(__name__)
HIDDEN = tuple(gr.update(visible=False) for _ in range(6))  # the buttons


@dataclass(frozen=True)
class Shown:
    """Values for the page. visible: of the buttons stop, resume, classify, confusion, replay and fill."""

    head: dict[str, Any]
    curves: dict[str, Any]
    visible: tuple[Any, ...]


def shown(
    services: Services, run: RunFolder | None, others: Sequence[str], who: Visitor, text: Text, replayed: bool
) -> Shown:
    """A run and the runs beside it in the chart; None: what to do when there is none yet."""
    if run is None:
        return Shown({"title": text("train.empty")}, {"runs": []}, HIDDEN)
    if error := damage(run):
        facts = [text("train.state.damaged")]
        return Shown({"title": run.name or run.id, "facts": facts, "note": sentence(error, text)}, {"runs": []}, HIDDEN)
    status = services.manager.status(run.id)
    theirs = may_change(services, run, who)
    active = status.state in ("queued", "running")
    ended = status.state in ("stopped", "failed", "interrupted")
    visible = (
        theirs and active,
        theirs and ended and can_resume(run),
        run.has_weights(),
        active or (run.path / EPOCHS).is_dir() or (run.path / PREDICTIONS).is_file(),
        not active and run.last_turn() is not None and not is_uploaded_network(run),
        True,
    )
    beside = [found for one in others if one != run.id and (found := usable_run(services, one))]
    lines = [chart_line(one, text) for one in (run, *beside)]
    return Shown(
        head(services, run, theirs, text),
        # "turn" makes the value another one each time: an equal one would not reach the page
        {"runs": lines, "replay": run.id if replayed else None, "turn": time.monotonic()},
        tuple(gr.update(visible=bool(one)) for one in visible),
    )


def head(services: Services, run: RunFolder, theirs: bool, text: Text) -> dict[str, Any]:
    """Title and facts of a run, for the component `run_head`."""
    config = run.config
    brought = is_uploaded_network(run)
    facts = [data_title(config.data, text)]
    if brought:
        facts.append(text("train.brought"))
    else:
        facts.append(text(f"train.length.{config.unit}", length=f"{config.length:,g}"))
        facts.append(text("train.recipe", batch=config.batch_size, lr=f"{config.lr:g}", seed=config.seed))
    if config.initial and not brought:
        facts.append(text("train.began.frozen" if config.freeze else "train.began", network=config.initial))
    if config.parent:
        facts.append(text("train.continued", parent=config.parent))
    if services.runs.is_published(run):
        facts.append(text("train.state.published"))
    else:
        facts.append(datetime.fromtimestamp(created(run)).strftime("%Y-%m-%d %H:%M"))
        if not theirs:
            facts.append(text("train.only_look"))
    return {
        "title": run.name or network_title(run, text),
        "facts": ([network_title(run, text)] if run.name else []) + facts,
        "note": run.note,
        "download": downloads.address(run.id) if run.has_weights() else "",
        "file": f"{run.id}.zip",
    }
