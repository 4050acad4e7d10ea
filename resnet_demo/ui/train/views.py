"""What is shown of a run: its head, its curves, and which buttons it has. It makes no component.

A published run is headed as a recorded one, uploaded weights as such; a run that its time limit ended too early says so
and offers more time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...library.runs import damage, may_change, usable_run
from ...library.slow_runs import SlowRun, slow_run
from ...library.visitors import Visitor
from ...runs.exchange.uploaded import is_uploaded_network
from ...runs.execute import can_resume
from ...runs.files import EPOCHS, PREDICTIONS
from ...runs.folder import RunFolder
from ...runs.index import created
from ...services import Services
from .. import downloads
from ..errors import sentence
from ..percent import percent
from ..runs import chart_line, data_title, network_title
from ..text import Text

ABOVE = ("stop", "resume", "longer", "replay")  # buttons beside the head, in sight with the curves
BELOW = ("classify", "confusion", "fill")
BUTTONS = (*ABOVE, *BELOW)
HIDDEN = dict.fromkeys(BUTTONS, False)


@dataclass(frozen=True)
class Shown:
    """Values of the head and of the curves. buttons: whether each is visible. longer: seconds that the button `longer`
    offers, 0 for none."""

    head: dict[str, Any]
    curves: dict[str, Any]
    buttons: dict[str, bool]
    longer: float = 0


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
    if is_uploaded_network(run):
        return Shown(uploaded_head(run, theirs, text), {"runs": []}, buttons(services, run, theirs))
    also = [other for one in others if one != run.id and (other := usable_run(services, one))]
    lines = [chart_line(one, text) for one in (run, *also)]
    # "turn" makes each value a new one: an equal one would not reach the page
    curves = {"runs": lines, "replay": run.id if replayed else None, "turn": time.monotonic()}
    slow = None if services.runs.is_published(run) else slow_run(services, run)
    offered = buttons(services, run, theirs) | {"longer": slow is not None and theirs and run.has_weights()}
    return Shown(head(services, run, theirs, slow, text), curves, offered, slow.further if slow else 0)


def buttons(services: Services, run: RunFolder, theirs: bool) -> dict[str, bool]:
    """Whether each of `BUTTONS` is visible, but for `longer`. theirs: whether the visitor may change the run."""
    state = services.manager.status(run.id).state
    active = state in ("queued", "running")
    ended = state in ("stopped", "failed", "interrupted")
    uploaded = is_uploaded_network(run)
    return HIDDEN | {
        "stop": theirs and active,
        "resume": theirs and ended and can_resume(run),
        "replay": not active and run.last_turn() is not None and not uploaded,
        "classify": run.has_weights(),
        "confusion": active or (run.path / EPOCHS).is_dir() or (run.path / PREDICTIONS).is_file(),
        "fill": not uploaded,
    }


def manageable(services: Services, run: RunFolder | None, who: Visitor) -> tuple[bool, bool]:
    """Whether the visitor may change the run, and whether they may train it further now."""
    if run is None or not may_change(services, run, who):
        return False, False
    idle = services.manager.status(run.id).state not in ("queued", "running", "damaged")
    return True, run.has_weights() and idle


def is_like_the_first(services: Services, run: RunFolder | None, data: str) -> bool:
    """Whether a run is a recorded one on the data set that the form begins with: one like it is trained at once."""
    return run is not None and not run.damage and services.runs.is_published(run) and run.config.data == data


def head(services: Services, run: RunFolder, theirs: bool, slow: SlowRun | None, text: Text) -> dict[str, Any]:
    """Title and facts of a run that was trained here, for the component `run_head`."""
    config, recorded = run.config, services.runs.is_published(run)
    facts = [text(f"train.length.{config.unit}", length=f"{config.length:,g}")]
    facts.append(text("train.recipe", batch=config.batch_size, lr=f"{config.lr:g}", seed=config.seed))
    if config.initial:
        facts.append(text("train.began.frozen" if config.freeze else "train.began", network=config.initial))
    if config.parent:
        facts.append(text("train.continued", parent=config.parent))
    if recorded:
        spec, names = config.model, []
        title = text("train.recorded", network=spec.title, data=data_title(config.data, text))
        names += [text("train.fact.shortcut", shortcut=spec.shortcut)] if spec.shortcut != "none" else []
        names += [text("train.fact.no_norm")] if spec.norm == "none" else []
    else:
        facts.append(_date(run))
        title, names = run.name or network_title(run, text), [network_title(run, text)] if run.name else []
        names.append(data_title(config.data, text))
        facts += _job(services, run, text) if theirs else [text("train.only_look")]
    return {
        "title": title,
        "facts": names + facts,
        "note": run.note,
        "warning": _slow(slow, text) if slow else "",
        **_download(run),
    }


def uploaded_head(run: RunFolder, theirs: bool, text: Text) -> dict[str, Any]:
    """The same of weights that somebody uploaded, of whose training nothing is known."""
    facts = [network_title(run, text)] if run.name else []
    facts += [text("train.uploaded"), data_title(run.config.data, text), _date(run)]
    facts += [] if theirs else [text("train.only_look.uploaded")]
    return {"title": run.name or network_title(run, text), "facts": facts, "note": run.note, **_download(run)}


def _slow(slow: SlowRun, text: Text) -> str:
    recorded = slow.recorded_accuracy
    known = {} if recorded is None else {"recorded": percent(recorded), "enough": f"{slow.recorded_steps:,}"}
    return text(
        "train.slow.recorded" if known else "train.slow",
        seconds=f"{slow.seconds:g}",
        steps=f"{slow.steps:,}",
        accuracy=percent(slow.accuracy),
        **known,
    )


def _job(services: Services, run: RunFolder, text: Text) -> list[str]:
    """Where else it trains or was trained, and what is left there once that has ended."""
    job, active = run.meta.get("job", {}), services.manager.status(run.id).state in ("queued", "running")
    words = [text("train.fact.job", flavor=job["flavor"])] if job.get("flavor") else []
    left = job.get("left") and not job.get("open") and not active and job.get("repository")
    return words + ([text("train.fact.job.left", repository=left)] if left else [])


def _date(run: RunFolder) -> str:
    return datetime.fromtimestamp(created(run)).strftime("%Y-%m-%d %H:%M")


def _download(run: RunFolder) -> dict[str, str]:
    if not run.has_weights():
        return {"download": "", "file": "", "onnx": ""}
    return {"download": downloads.address(run.id), "file": f"{run.id}.zip", "onnx": downloads.onnx_address(run.id)}
