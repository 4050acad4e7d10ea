"""What is shown of a run: its head, its curves, which buttons it has, and how its last epoch looks. No component."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import gradio as gr
import torch

from ...data.datasets import availability, find_folder, is_prepared, list_datasets
from ...data.own import OWN
from ...engine.defaults import suggested
from ...runs.execute import can_resume
from ...runs.folder import EPOCHS, PREDICTIONS, RunError, RunFolder
from ...runs.index import UnknownRun, created, last_trained
from ...runs.results import PAPER
from ...runs.uploaded import is_uploaded_network
from ...services import Services
from .. import downloads
from ..errors import REFUSALS, sentence
from ..runs import data_title, network_title
from ..text import Text
from ..visitor import NOBODY, Visitor
from . import launching, progress
from .form import Form, for_config

log = logging.getLogger(__name__)
A_SHORT_WHILE = 3600  # seconds
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
    theirs = is_theirs(services, run, who)
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
    beside = [found for one in others if one != run.id and (found := found_run(services, one))]
    lines = [line(one, text) for one in (run, *beside)]
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


def line(run: RunFolder, text: Text) -> dict[str, Any]:
    """A run as the chart knows it."""
    spec = run.config.model
    style = {"none": "plain"}.get(spec.shortcut, spec.shortcut)
    return {
        "id": run.id,
        "title": run.name or f"{network_title(run, text)}, {data_title(run.config.data, text)}",
        "style": style,
        "paper": PAPER.get((spec.name, spec.shortcut, run.config.data)),
    }


def found_run(services: Services, run_id: Any) -> RunFolder | None:
    """The run with this id that can be used, None if there is none (any more)."""
    run = any_run(services, run_id)
    return None if run is None or run.damage else run


def any_run(services: Services, run_id: Any) -> RunFolder | None:
    """The run with this id, be it damaged; None if there is none (any more)."""
    try:
        return services.runs.find(run_id) if isinstance(run_id, str) and run_id else None
    except UnknownRun:
        return None


def damage(run: RunFolder) -> RunError | None:
    """Why the run cannot be shown: one of its files, or a line of its log, cannot be read."""
    try:
        return run.damage or (run.events() and None)
    except RunError as error:
        return error


def first_run(services: Services, who: Visitor, asked: str, data: str) -> RunFolder | None:
    """What to begin with: the run an address names, else the visitor's latest that trains, else their latest if it was
    written to a short while ago (whoever closed the page too early finds it ended, or to be resumed), else a published
    one.

    Of the published ones the one on the data set that the form begins with.
    """
    if run := any_run(services, asked):
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


def epoch(services: Services, run: RunFolder | None, step: int | None, who: Visitor, text: Text) -> progress.Epoch:
    """The matrices and mistakes of an epoch; nothing where the run or its pictures are not here, and a sentence while
    these are being prepared (`launching.preparation`), for which it does not wait, or where they could not be.

    Pictures that somebody brought are shown to nobody else who has a link to the run.
    """
    if run is None or run.damage or not is_here(services, run.config.data):
        return progress.Epoch()
    try:
        where = launching.where(services, run.config)
        if not is_prepared(**where):
            if problem := services.preparing.problem(**where):
                raise problem
            note = text("train.preparing", data=data_title(run.config.data, text))
            return progress.Epoch(mistakes={"note": note, "items": []})
        found = progress.epoch(run, step, launching.dataset_of(services, run.config), text)
    except REFUSALS as error:
        return progress.Epoch(mistakes={"note": sentence(error, text), "items": []})
    except OSError as error:
        log.warning("the pictures of a run cannot be opened: %s", error.strerror or type(error).__name__)
        return progress.Epoch()
    return replace(found, mistakes=None) if is_private(services, run, who) else found


def preparation(services: Services, run: RunFolder | None, who: Visitor = NOBODY) -> Future[Any] | None:
    """What `epoch` needs to be done first, begun; None where it needs nothing. Errors are those of `launching`."""
    return launching.preparation(services, run.config, who) if run and is_here(services, run.config.data) else None


def is_private(services: Services, run: RunFolder, who: Visitor) -> bool:
    """Whether the pictures of the run are somebody else's."""
    return run.config.data not in list_datasets() and not is_theirs(services, run, who)


def is_theirs(services: Services, run: RunFolder, who: Visitor) -> bool:
    """Whether the visitor may change the run; nobody may change a published one."""
    return services.manager.owns(run.id, who.key(run.id))


def beginning(services: Services) -> Form:
    """The form as it is first seen: what teaches something in half a minute on the device there is."""
    data = "cifar10" if is_here(services, "cifar10") else "shapes"
    return for_config(suggested(services.manager.queue.slots[0].partition(":")[0], torch.get_num_threads(), data))


def data_choices(services: Services, text: Text) -> list[tuple[str, str]]:
    """(title, name) of the data sets on this machine."""
    return [(data_title(name, text), name) for name in list_datasets() if is_here(services, name)]


def is_here(services: Services, data: str) -> bool:
    """Whether a data set needs no download. Own pictures were uploaded; a folder is there or it is not."""
    if data not in list_datasets():
        return data.startswith(OWN) or find_folder(data) is not None
    return availability(data, services.places.data, services.places.cache).ready
