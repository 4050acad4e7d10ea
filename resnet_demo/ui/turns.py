"""Whose turn it is: requests for files are answered one at a time for each address, so that a loop delays nobody else.

A turn lasts until the answer is ready; what is then on its way to somebody who may never read it is in an account, and
is released with it (`Sending`). It knows addresses and how long their queues are, and not what is asked for.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from typing import BinaryIO
from weakref import WeakValueDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..runs.accounts import Held
from ..services import Services
from .visitor import page_text, visitor

log = logging.getLogger(__name__)
CHUNK = 2**18  # bytes that are sent at a time: no more wait for whoever does not read them
MOST_WAITING = 60  # of one address, which may be that of a whole class


class Turns:
    """The queues of one server, by address; only its event loop touches them."""

    def __init__(self, services: Services):
        self.services = services
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._asking: Counter[str] = Counter()

    def route(self, path: str, handler: Callable[[Request], Response]) -> Route:
        """A route whose handler runs in a thread, for one request of an address after the other; those that wait take
        no thread. 429 where too many of the address wait already."""

        async def answer(request: Request) -> Response:
            address = visitor(self.services, request).address
            if self._asking[address] > MOST_WAITING:
                log.info("refused: more than %d requests of an address wait", MOST_WAITING)
                text = page_text(request)
                return PlainTextResponse(text("download.busy", most=MOST_WAITING), status_code=429)
            lock = self._locks.setdefault(address, asyncio.Lock())
            self._asking[address] += 1
            try:
                async with lock:
                    return await run_in_threadpool(handler, request)
            finally:
                self._asking[address] -= 1
                if not self._asking[address]:
                    del self._asking[address]

        return Route(path, answer)


class Sending(StreamingResponse):
    """An answer from a file, which is closed once it is sent or its reader has gone. held: its bytes until then."""

    def __init__(self, file: BinaryIO, held: Held, media_type: str, headers: Mapping[str, str]):
        self._file, self._held = file, held
        super().__init__(iter(lambda: file.read(CHUNK), b""), media_type=media_type, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        with self._held, self._file:
            await super().__call__(scope, receive, send)
