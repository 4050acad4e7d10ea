"""What requests may carry: so many bytes, uploads alone files, and nothing that makes the server ask another host.

`watched` shows a body to whoever bounds it, piece by piece as it arrives. This module knows no tab and no account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import unquote

import gradio as gr
from gradio.processing_utils import client_utils
from starlette.formparsers import MultiPartException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import Refusal
from .errors import sentence
from .visitor import page_text

MOST_BYTES = 2**20  # of a request that is no upload; those of the page's own have a few KB
UPLOAD = "/upload"
OWN = "/gradio_api/file="  # what an upload's address has before its path


def is_upload(scope: Scope) -> bool:
    """Whether a request goes to the one address that takes files."""
    return scope["type"] == "http" and scope["method"] == "POST" and scope["path"].endswith(UPLOAD)


async def watched(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, watch: Callable[[Message], None]
) -> int | None:
    """Let an application answer a request and return the status of its answer; None if there is none.

    watch: called with each ASGI message from the client. Where it raises Refusal the request ends, nothing of what
    the application makes of that is sent, and the error is raised here.
    """
    refused: Refusal | None = None
    status: int | None = None

    async def receiving() -> Message:
        nonlocal refused
        message = await receive()
        try:
            watch(message)
        except Refusal as error:
            refused = error
            raise MultiPartException(str(error)) from error  # after which Gradio deletes the files of an upload
        return message

    async def sending(message: Message) -> None:
        nonlocal status
        if refused and status is None:
            return
        if message["type"] == "http.response.start":
            status = message["status"]
        await send(message)

    try:
        await app(scope, receiving, sending)
    except MultiPartException:
        if not refused:
            raise
    if refused and status is None:
        raise refused
    return status


class BoundedBodies:
    """ASGI middleware that refuses, in a sentence, requests with too large a body, forms with files that are no
    uploads, and addresses below which the server would pass on files of other hosts."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or is_upload(scope):
            return await self.app(scope, receive, send)
        request, arrived = HTTPConnection(scope), 0

        def watch(message: Message) -> None:
            nonlocal arrived
            arrived += len(message.get("body", b""))
            if arrived > MOST_BYTES:
                raise Refusal("request_size", most=MOST_BYTES / 2**20)

        try:
            _check_head(request)
            await watched(self.app, scope, receive, send, watch)
        except Refusal as error:
            words = sentence(error, page_text(request))
            answer = JSONResponse({"detail": words, "error": words}, status_code=413)  # Gradio's page shows either
            await answer(scope, receive, send)


def _check_head(request: HTTPConnection) -> None:
    headers = request.headers
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > MOST_BYTES:
        raise Refusal("request_size", most=MOST_BYTES / 2**20)
    if headers.get("content-type", "").lower().startswith("multipart/"):  # Gradio writes its parts to files
        raise Refusal("request_form")
    if client_utils.is_http_url_like(request.scope["path"].partition("/file=")[2]):
        raise Refusal("request_host")


def refuse_addresses(page: gr.Blocks) -> None:
    """Have a page that is built refuse files that are addresses of other hosts, which Gradio would download."""
    process = page.process_api

    @wraps(process)
    async def processed(block_fn: Any, inputs: Any, request: Any = None, **named: Any) -> Any:
        for file in _files(inputs):  # an upload is known to programs by its address here: its path is checked later
            if client_utils.is_http_url_like(file["path"]) and OWN in file["path"]:
                file["path"] = unquote(file["path"].partition(OWN)[2])
        if any(client_utils.is_http_url_like(file["path"]) for file in _files(inputs)):
            words = sentence(Refusal("request_host"), page_text(request.request))
            raise gr.Error(words, print_exception=False)
        return await process(block_fn=block_fn, inputs=inputs, request=request, **named)

    page.process_api = processed  # type: ignore[method-assign,assignment]  # Gradio has no place for such checks


def _files(value: Any) -> Iterable[dict]:
    """The files in the inputs of a call, as Gradio recognises them."""
    if client_utils.is_file_obj_with_meta(value):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _files(one)
