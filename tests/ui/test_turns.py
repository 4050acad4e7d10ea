"""Whose turn it is: a loop of requests by one visitor takes one thread, and delays nobody else."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from threading import Event

import httpx
import pytest
from loops import finish
from small_page import idle_services
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse

from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.turns import MOST_WAITING, Turns

MANY = MOST_WAITING + 1  # one that is answered, and those that may wait


@pytest.fixture
def slow(tmp_path):
    """(an application whose answers to 10.0.0.1 take until `go` is set, `go`, the addresses that it works for)."""
    go, working = Event(), []

    def handler(request):
        who = request.client.host
        working.append(who)
        if who == "10.0.0.1":
            go.wait()
        return PlainTextResponse(who)

    return Starlette(routes=[Turns(idle_services(tmp_path)).route("/file", handler)]), go, working


def test_many_requests_of_one_visitor_delay_nobody_else(slow):
    app, go, working = slow

    async def visit():
        async with AsyncExitStack() as opened:
            transports = [httpx.ASGITransport(app, client=(f"10.0.0.{number}", 1)) for number in (1, 2, 3)]
            clients = {
                transport.client[0]: await opened.enter_async_context(
                    httpx.AsyncClient(transport=transport, base_url="http://here")
                )
                for transport in transports
            }

            def ask(who: str, language: str = ""):
                return clients[who].get("/file", params={"language": language})

            loop = [asyncio.create_task(ask("10.0.0.1")) for _ in range(MANY)]
            try:
                while not working:
                    await asyncio.sleep(0)
                for who in ("10.0.0.2", "10.0.0.3"):
                    assert (await ask(who)).text == who
                assert working.count("10.0.0.1") == 1  # the others wait, in no thread
                for language, text in LANGUAGES.items():
                    refused = await ask("10.0.0.1", language)
                    assert (refused.status_code, refused.text) == (429, text("download.busy", most=MOST_WAITING))
            finally:
                go.set()
            assert {answer.status_code for answer in await asyncio.gather(*loop)} == {200}
            assert (await ask("10.0.0.1")).status_code == 200  # who waited for too much is refused no longer

    finish(visit())
    assert working.count("10.0.0.1") == MANY + 1


def test_what_fails_ends_its_turn(tmp_path):
    def handler(request):
        if "wrong" in request.query_params:
            raise KeyError
        return PlainTextResponse("")

    app = Starlette(routes=[Turns(idle_services(tmp_path)).route("/file", handler)])

    async def visit():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            assert (await client.get("/file?wrong")).status_code == 500
            assert (await client.get("/file")).status_code == 200

    finish(visit())
