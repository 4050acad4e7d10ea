"""What a class of phones does when it is used: each handler returns the new values by component.

The board asks `Servant` directly, without a queue: whoever has the teacher's key may. No handler makes a component:
`parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import gradio as gr

from ....errors import Refusal
from ....library import rooms as work
from ....rooms.room import Room
from ....services import Services
from ...components.notice import said
from ...errors import REFUSALS, sentence
from ...latest import Entries, background
from ...shared import form_link
from ...text import Text
from ...visitor import visitor
from . import views

if TYPE_CHECKING:
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is
SEPARATORS = re.compile(r"[,，、;；\n]")


class Servant:
    """What the board asks. A request is a visitor's: what is not understood is answered as for a room that is gone."""

    def __init__(self, services: Services, text: Text) -> None:
        self.services, self.text = services, text

    def look(self, asked: Any) -> dict[str, Any]:
        """What is in the room; see `components.board`."""
        room = room_of(self.services, asked)
        return self._answer(room, asked.get("version")) if room else {"gone": True}

    def moderate(self, asked: Any) -> dict[str, Any]:
        """Do what the teacher wants, and answer like `look`."""
        room = room_of(self.services, asked)
        if room is None:
            return {"gone": True}
        named = asked.get("ids")
        ids = {str(one) for one in named[: room.limits.images]} if isinstance(named, list) else set()
        match asked.get("action"):
            case "accept":
                room.accept(ids)
            case "accept_all":
                room.accept()
            case "remove":
                room.remove(ids)
            case "away":
                for phone in ids:
                    room.remove_phone(phone)
            case "stage":
                room.turn_to(asked.get("stage"))
            case "close":
                self.services.rooms.close(room)
                return {"gone": True}
        return self._answer(room, None)

    def share(self, asked: Any) -> dict[str, Any]:
        """The address of the room in the language of the page, and its QR code."""
        address = str(asked.get("address")) if isinstance(asked, dict) else ""
        return form_link.shown(address, {"language": self.text.language})

    def _answer(self, room: Room, version: Any) -> dict[str, Any]:
        return views.board(room, work.standings(self.services, room), version)


class Handlers:
    """The handlers of one page."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def mount(self, kept_room: Any) -> Values:
        """Show the room that this browser has opened, where it is still open."""
        return self._shown(room_of(self.services, kept_room))

    def open(self, classes: str, request: gr.Request) -> Values:
        """Open a room."""
        who = visitor(self.services, request)
        try:
            room = self.services.rooms.open(SEPARATORS.split(classes or ""), "" if who.local else who.address)
        except REFUSALS as error:
            return {self.parts.form_notice: said(sentence(error, self.text), error=True)}
        return self._shown(room)

    def shut(self, kept_room: Any) -> Values:
        """Show the form again, once the room is gone."""
        return self._shown(room_of(self.services, kept_room))

    def train(self, kept_room: Any, kept: Any, request: gr.Request) -> Values:
        """Train on the accepted images, or say why that cannot be."""
        parts, room = self.parts, room_of(self.services, kept_room)
        if room is None:
            return self._shown(None)
        try:
            made = work.train(self.services, room, visitor(self.services, request, kept))
        except REFUSALS as error:
            return {parts.train_notice: said(sentence(error, self.text), error=True)}
        return {
            parts.train_notice: said(self.text("room.training")),
            **self._trained(room),
            parts.kept: Entries(kept, {made.run.id: made.token}),
        }

    def open_run(self, event: gr.SelectData, kept_room: Any) -> Values:
        """Show the curves of a run that was chosen in the table."""
        room = room_of(self.services, kept_room)
        listed = work.standings(self.services, room) if room else ()
        if not 0 <= event.index < len(listed):
            return {}
        chosen = listed[event.index]
        return {
            self.parts.train_notice: said(f"{chosen.name}, {views.network(chosen)}"),
            self.parts.trained: gr.update(visible=True),
            self.parts.curves: views.curves_of(self.services, chosen.begun.run, self.text),
        }

    @background
    def list_runs(self, kept_room: Any) -> Values:
        """Show how everybody's runs stand."""
        room = room_of(self.services, kept_room)
        found = work.standings(self.services, room) if room else ()
        return {self.parts.runs: views.table(found, self.text)}

    def _shown(self, room: Room | None) -> Values:
        """A room, or the form that opens one."""
        parts = self.parts
        kept = {"room": room.id, "key": room.key} if room else {}
        return {
            parts.form: gr.update(visible=room is None),
            parts.form_notice: said(),
            parts.board: kept,
            parts.work: gr.update(visible=room is not None),
            parts.train_notice: said(),
            **self._trained(room),
            parts.runs: views.table(work.standings(self.services, room) if room else (), self.text),
            parts.room: kept,
        }

    def _trained(self, room: Room | None) -> Values:
        """The run on the images of a room, where there is one."""
        shown = views.curves(self.services, room, self.text)
        return {self.parts.trained: gr.update(visible=bool(shown["runs"])), self.parts.curves: shown}


def room_of(services: Services, asked: Any) -> Room | None:
    """The room for whoever has its id and the teacher's key; None for anybody else, and once it is gone."""
    try:
        return services.rooms.of_teacher(asked.get("room"), asked.get("key")) if isinstance(asked, dict) else None
    except Refusal:
        return None
