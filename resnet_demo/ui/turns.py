"""Whose turn it is: requests for files are answered one at a time for each address, so that a loop delays nobody else.

It knows addresses and how long their queues are, and not what is asked for.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from weakref import WeakValueDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..services import Services
from .text import LANGUAGES
from .visitor import visitor

log = logging.getLogger(__name__)
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
                text = LANGUAGES.get(request.query_params.get("language", ""), LANGUAGES["en"])
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
