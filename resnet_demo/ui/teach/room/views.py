"""What a class of phones shows: values for the board, the curves and the table. It makes no component."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....library.rooms import Standing
from ....library.runs import usable_run
from ....models import ModelSpec
from ....rooms.room import Room
from ....services import Services
from ...percent import percent
from ...runs import chart_line
from ...text import Text


def board(room: Room, runs: Sequence[Standing], version: Any) -> dict[str, Any]:
    """What the board is told of a room, whose state it has already if `version` is that one; see `components.board`."""
    state = room.state
    minutes = max(0, int((room.until - room.clock()) / 60))
    stand = " ".join(f"{one.begun.run}{one.state}{one.position}{one.accuracy}" for one in runs)
    answer: dict[str, Any] = {"version": state.version, "runs": stand, "minutes": minutes}
    if version == state.version:
        return answer
    names = {phone.id: phone.name for phone in state.phones}
    pictures = [
        {"id": one.id, "label": one.label, "name": names.get(one.phone, ""), "accepted": one.accepted}
        for one in state.pictures
    ]
    phones = [{"id": phone.id, "name": phone.name} for phone in state.phones]
    return answer | {"stage": state.stage, "classes": state.classes, "phones": phones, "pictures": pictures}


def curves(services: Services, room: Room | None, text: Text) -> dict[str, Any]:
    """The run on the images of the room."""
    return curves_of(services, room.state.run if room else "", text, text("room.curves"))


def curves_of(services: Services, run_id: str, text: Text, title: str = "") -> dict[str, Any]:
    """A run as the chart knows it, under its own name or another title; no run where there is none such."""
    run = usable_run(services, run_id)
    return {"runs": [chart_line(run, text) | ({"title": title} if title else {})] if run else []}


def table(runs: Sequence[Standing], text: Text) -> dict[str, Any]:
    """Everybody's runs, {} where nobody has begun one."""
    if not runs:
        return {}
    columns = [
        {"key": key, "title": text(f"room.column.{key}"), "numeric": key == "accuracy"}
        for key in ("name", "network", "state", "accuracy")
    ]
    return {"columns": columns, "rows": [row(one, text) for one in runs]}


def network(one: Standing) -> str:
    """The model that somebody trains."""
    return ModelSpec.from_name(one.begun.network).title


def row(one: Standing, text: Text) -> dict[str, Any]:
    """One line of the table."""
    cells: dict[str, Any] = {
        "name": one.name,
        "network": network(one),
        "state": text(f"phone.state.{one.state}", position=one.position),
    }
    if one.accuracy is not None:
        shown = percent(one.accuracy, language=text.language)
        cells["accuracy"] = {"text": shown, "sort": one.accuracy, "bar": one.accuracy}
    return cells
