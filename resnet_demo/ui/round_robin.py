"""Whose turn it is where pages ask without end: a few work at a time, the addresses in turn, and of each its pages.

Of a page one request at most works and one waits, the newest: no queue builds up, however fast somebody asks. It knows
pages by names that they give themselves, and not what they ask for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST_WAITING = 240  # pages
MOST_OF_ADDRESS = 60  # of them, of one address, which may be that of a whole class


class Busy(Exception):
    """There is no turn for a request: too many wait, or a newer one of the same page has taken its place."""


class RoundRobin:
    """The requests of one server; only its event loop touches them. at_once: how many work at a time."""

    def __init__(self, at_once: int):
        self._free = at_once
        self._working: set[tuple[str, str]] = set()
        self._waiting: dict[str, dict[str, asyncio.Future[None]]] = {}  # by address and page, the next ones first

    @asynccontextmanager
    async def turn(self, address: str, page: str) -> AsyncIterator[None]:
        """Wait for the turn of a page and have it until the block ends; Busy if there is none."""
        request: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._join(address, page, request)
        self._admit()
        try:
            await request
        except asyncio.CancelledError:
            if self._waiting.get(address, {}).get(page) is request:
                self._remove(address, page)
            elif not request.cancelled() and not request.exception():  # it has just been admitted
                self._leave(address, page)
            raise
        try:
            yield
        finally:
            self._leave(address, page)

    def _join(self, address: str, page: str, request: asyncio.Future[None]) -> None:
        pages = self._waiting.get(address, {})
        if page in pages:
            if not pages[page].done():
                pages[page].set_exception(Busy())
        elif len(pages) >= MOST_OF_ADDRESS or sum(map(len, self._waiting.values())) >= MOST_WAITING:
            raise Busy
        self._waiting.setdefault(address, pages)[page] = request  # one that takes another's place keeps that place

    def _admit(self) -> None:
        """Let those work whose turn it is; the address of each goes to the end of the line."""
        while self._free and (turn := self._next()):
            address, page = turn
            request = self._remove(address, page)
            if pages := self._waiting.pop(address, None):
                self._waiting[address] = pages
            if not request.done():  # it is where its visitor has just gone
                self._free -= 1
                self._working.add(turn)
                request.set_result(None)

    def _next(self) -> tuple[str, str] | None:
        """The first page of the first address that does not work yet."""
        waiting = ((address, page) for address, pages in self._waiting.items() for page in pages)
        return next((turn for turn in waiting if turn not in self._working), None)

    def _remove(self, address: str, page: str) -> asyncio.Future[None]:
        pages = self._waiting[address]
        request = pages.pop(page)
        if not pages:
            del self._waiting[address]
        return request

    def _leave(self, address: str, page: str) -> None:
        self._free += 1
        self._working.remove((address, page))
        self._admit()
