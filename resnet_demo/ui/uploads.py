"""Uploaded files: how much of them a server takes, and how handlers meet those that Gradio has deleted meanwhile."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ..data.decode import printable
from ..data.errors import refusal
from ..runs.accounts import Account, Held
from ..runs.limits import Refused
from .errors import sentence
from .text import LANGUAGES, Text
from .visitor import limited_address

KEPT_MINUTES = 60  # the longest that an upload is kept
SECONDS_BETWEEN = 60 * KEPT_MINUTES // 4  # looks for uploads to delete
DELETED_AFTER = 60 * KEPT_MINUTES * 3 // 4  # seconds


def uploaded(path: str | Path) -> Path:
    """Return the path of an upload; DataError if it has been deleted by now."""
    upload_size(path)
    return Path(path)


def upload_size(path: str | Path) -> int:
    """Return the bytes of an upload; DataError if it has been deleted by now."""
    try:
        return Path(path).stat().st_size
    except OSError as error:
        raise refusal("data.expired", name=printable(Path(path).name), minutes=KEPT_MINUTES) from error


class BoundedUploads:
    """ASGI middleware that counts uploads in an account until Gradio has deleted them, and refuses those beyond it."""

    def __init__(self, app: ASGIApp, account: Account):
        self.app, self.account = app, account
        self._held: deque[tuple[float, Held]] = deque()  # (when it is deleted, its bytes), the oldest first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer an upload that is too much with a sentence."""
        upload = scope["type"] == "http" and scope["method"] == "POST" and scope["path"].endswith("/upload")
        if upload and (refused := self._refused(scope)):
            return await refused(scope, receive, send)
        await self.app(scope, receive, send)

    def _refused(self, scope: Scope) -> PlainTextResponse | None:
        now, headers = time.monotonic(), Headers(scope=scope)
        while self._held and self._held[0][0] < now:
            self._held.popleft()[1].release()
        length = headers.get("content-length", "")
        if not length.isdecimal():  # of a body in chunks nobody knows where it ends
            return PlainTextResponse("An upload must say its length.", status_code=411)
        try:
            held = self.account.hold(limited_address((scope.get("client") or ("",))[0]), int(length))
        except Refused as error:
            return PlainTextResponse(sentence(error, _text_of(headers)), status_code=413)
        self._held.append((now + 60 * KEPT_MINUTES, held))
        return None


def _text_of(headers: Headers) -> Text:
    """The words of the page that a request comes from."""
    path = urlsplit(headers.get("referer", "")).path.rstrip("/")
    return next((text for text in LANGUAGES.values() if text.path and path.endswith(f"/{text.path}")), LANGUAGES["en"])
