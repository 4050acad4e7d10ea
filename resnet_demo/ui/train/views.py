"""What is shown of a run: its head, its curves, and which buttons it has. It makes no component."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...library.runs import damage, may_change, usable_run
from ...library.visitors import Visitor
from ...runs.exchange.uploaded import is_uploaded_network
from ...runs.execute import can_resume
from ...runs.folder import EPOCHS, PREDICTIONS, RunFolder
from ...runs.index import created
from ...services import Services
from .. import downloads
from ..errors import sentence
from ..runs import chart_line, data_title, network_title
from ..text import Text

BUTTONS = ("stop", "resume", "classify", "confusion", "replay", "fill")
HIDDEN = dict.fromkeys(BUTTONS, False)


@dataclass(frozen=True)
class Shown:
    """Values of the head and of the curves. buttons: whether each is visible."""

    head: dict[str, Any]
    curves: dict[str, Any]
    buttons: dict[str, bool]


def shown(
    services: Services, run: RunFolder | None, others: Sequence[str], who: Visitor, text: Text, replayed: bool
) -> Shown:
    """A run, with `others` in its chart; None: what to do where there is no run yet. replayed: play its recording."""
    if run is None:
        return Shown({"title": text("train.empty")}, {"runs": []}, HIDDEN)
    if error := damage(run):
        facts = [text("train.state.damaged")]
        return Shown({"title": run.name or run.id, "facts": facts, "note": sentence(error, text)}, {"runs": []}, HIDDEN)
    theirs = may_change(services, run, who)
    also = [other for one in others if one != run.id and (other := usable_run(services, one))]
    lines = [chart_line(one, text) for one in (run, *also)]
    # "turn" makes each value a new one: an equal one would not reach the page
    curves = {"runs": lines, "replay": run.id if replayed else None, "turn": time.monotonic()}
    return Shown(head(services, run, theirs, text), curves, buttons(services, run, theirs))


def buttons(services: Services, run: RunFolder, theirs: bool) -> dict[str, bool]:
    """Whether each of `BUTTONS` is visible. theirs: whether the visitor may change the run."""
    state = services.manager.status(run.id).state
    active = state in ("queued", "running")
    ended = state in ("stopped", "failed", "interrupted")
    return {
        "stop": theirs and active,
        "resume": theirs and ended and can_resume(run),
        "classify": run.has_weights(),
        "confusion": active or (run.path / EPOCHS).is_dir() or (run.path / PREDICTIONS).is_file(),
        "replay": not active and run.last_turn() is not None and not is_uploaded_network(run),
        "fill": True,
    }


def manageable(services: Services, run: RunFolder | None, who: Visitor) -> tuple[bool, bool]:
    """Whether the visitor may change the run, and whether they may train it further now."""
    if run is None or not may_change(services, run, who):
        return False, False
    idle = services.manager.status(run.id).state not in ("queued", "running", "damaged")
    return True, run.has_weights() and idle


def head(services: Services, run: RunFolder, theirs: bool, text: Text) -> dict[str, Any]:
    """Title and facts of a run, for the component `run_head`."""
    config = run.config
    uploaded = is_uploaded_network(run)
    facts = [data_title(config.data, text)]
    if uploaded:
        facts.append(text("train.brought"))
    else:
        facts.append(text(f"train.length.{config.unit}", length=f"{config.length:,g}"))
        facts.append(text("train.recipe", batch=config.batch_size, lr=f"{config.lr:g}", seed=config.seed))
    if config.initial and not uploaded:
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
