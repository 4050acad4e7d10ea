"""What phones in a room ask the server for, beside Gradio's own addresses: plain HTTP and JSON, behind any proxy.

The address names the room, the header PHONE the phone. A phone is shown its own images alone. What takes a processor is
done in few threads, and refused where too many wait. Must not depend on Gradio or on a tab.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from ..errors import Refusal
from ..library import rooms as work
from ..library.runs import usable_run
from ..rooms.images import small
from ..rooms.room import Room
from ..rooms.state import Phone
from ..services import Services
from . import phone_page
from .errors import sentence
from .visitor import page_text, visitor

PHONE = "x-phone"  # the header with a phone's key
AT_ONCE, MOST_WAITING = 2, 40  # images that are decoded or answered, and that wait for it
STATUS = {"room.gone": 404, "room.phone": 403, "room.rate": 429, "room.busy": 429}  # of a refusal; others are 400
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
Answer = TypeVar("Answer")


class Gate:
    """Work that few threads do, one for each of AT_ONCE requests; Refusal where too many wait already."""

    def __init__(self) -> None:
        self._free, self._here = asyncio.Semaphore(AT_ONCE), 0

    async def run(self, task: Callable[..., Answer], *arguments: Any) -> Answer:
        """Do it in a thread."""
        if self._here >= AT_ONCE + MOST_WAITING:
            raise Refusal("room.busy")
        self._here += 1
        try:
            async with self._free:
                return await run_in_threadpool(task, *arguments)
        finally:
            self._here -= 1


def link(room_id: str) -> str:
    """The address of a room's page, relative to that of the whole page."""
    return f"room/{room_id}"


def routes(services: Services) -> list[Route]:
    """The addresses of all rooms."""
    phones = Phones(services)
    return [
        Route("/room/{room}", phones.page),
        Route("/room/{room}/state", answering(phones.state)),
        Route("/room/{room}/join", answering(phones.join), methods=["POST"]),
        Route("/room/{room}/send", answering(phones.send), methods=["POST"]),
        Route("/room/{room}/back", answering(phones.take_back), methods=["POST"]),
        Route("/room/{room}/try", answering(phones.ask), methods=["POST"]),
        Route("/room/{room}/train", answering(phones.train), methods=["POST"]),
        Route("/room/{room}/image/{image}", phones.image),
    ]


def answering(handler: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    """A handler's answer as JSON; a refusal as a sentence in the language of the page."""

    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await handler(request), headers=PRIVATE)
        except Refusal as error:
            words = sentence(error, page_text(request))
            return JSONResponse({"error": words}, STATUS.get(error.code, 400), PRIVATE)

    return answer


class Phones:
    """The handlers of one server."""

    def __init__(self, services: Services) -> None:
        self.services, self.gate = services, Gate()

    async def page(self, request: Request) -> Response:
        """The page of a phone; of a room that is gone the sentence that says so."""
        text = page_text(request)
        try:
            room = self._room(request)
            return HTMLResponse(phone_page.page(room.id, text), headers=PRIVATE)
        except Refusal as error:
            return HTMLResponse(phone_page.message(sentence(error, text), text), 404, PRIVATE)

    async def state(self, request: Request) -> dict[str, Any]:
        """What a phone may know; only the version where that is the one that it has, and nothing trains."""
        room, key = self._room(request), request.headers.get(PHONE)
        state = room.state
        if request.query_params.get("version") == str(state.version) and state.stage != "train":
            return {"version": state.version}
        answer: dict[str, Any] = {"version": state.version, "stage": state.stage, "classes": state.classes}
        if not key:
            return answer
        phone = room.phone(key)
        pictures = [{"id": p.id, "label": p.label, "accepted": p.accepted} for p in state.of_phone(phone.id)]
        answer |= {"name": phone.name, "pictures": pictures}
        if state.stage == "train":
            answer["runs"] = await run_in_threadpool(self._runs, room, phone)
        return answer

    async def join(self, request: Request) -> dict[str, Any]:
        """Let somebody in."""
        room, asked = self._room(request), await body(request)
        return {"key": room.join(asked.get("name") or "")}

    async def send(self, request: Request) -> dict[str, Any]:
        """Keep an image for the class `label` of the query."""
        room = self._room(request)
        phone = room.allow(request.headers.get(PHONE), "collect")
        room.check_more(phone)
        content = await self.gate.run(small, await request.body())
        return {"id": room.add(phone, request.query_params.get("label", ""), content).id}

    async def take_back(self, request: Request) -> dict[str, Any]:
        """Delete an image of the phone's own."""
        room, asked = self._room(request), await body(request)
        room.take_back(room.phone(request.headers.get(PHONE)), str(asked.get("id")))
        return {}

    async def ask(self, request: Request) -> dict[str, Any]:
        """What the model of the room says about an image, which is not kept."""
        room = self._room(request)
        room.allow(request.headers.get(PHONE), "try")
        said = await self.gate.run(work.answer, self.services, room, await request.body())
        answers = list(zip(said.prediction.labels, said.prediction.probabilities, strict=True))
        return {"answers": answers, "sure": said.sure}

    async def train(self, request: Request) -> dict[str, Any]:
        """Begin the phone's run of the network that it names."""
        room, asked = self._room(request), await body(request)
        phone, who = room.allow(request.headers.get(PHONE), "train"), visitor(self.services, request)
        await self.gate.run(work.begin, self.services, room, phone, str(asked.get("network")), who)
        return {}

    async def image(self, request: Request) -> Response:
        """An image for whoever knows its id: its phone and the teacher are told."""
        try:
            picture = self._room(request).picture(request.path_params["image"])
        except Refusal:
            picture = None
        if picture is None:
            return Response(status_code=404, headers=PRIVATE)
        return Response(picture.content, media_type="image/jpeg", headers=PRIVATE)

    def _room(self, request: Request) -> Room:
        return self.services.rooms.get(request.path_params["room"])

    def _runs(self, room: Room, phone: Phone) -> list[dict[str, Any]]:
        """How the phone's own runs stand."""
        mine = [begun for begun in room.state.runs if begun.phone == phone.id]
        found = [(begun, run) for begun in mine if (run := usable_run(self.services, begun.run))]
        stand = [work.standing(self.services, begun, run, phone.name) for begun, run in found]
        return [
            {"network": one.begun.network, "state": one.state, "position": one.position, "accuracy": one.accuracy}
            for one in stand
        ]


async def body(request: Request) -> dict[str, Any]:
    """The JSON object that a phone sends; an empty one for anything else."""
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError):  # the latter of what is nested too deeply
        return {}
    return found if isinstance(found, dict) else {}
