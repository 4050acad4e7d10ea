"""Uploaded files: how much of them a server takes, and how handlers meet those that Gradio has deleted meanwhile."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path

from PIL import Image
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..data.decode import decode, printable
from ..data.errors import DataError
from ..errors import Refusal
from ..library.visitors import limited_address
from ..runs.accounts import Account, Held
from .bodies import is_upload, watched
from .errors import sentence
from .visitor import page_text

KEPT_MINUTES = 60  # the longest that an upload is kept
SECONDS_BETWEEN = 60 * KEPT_MINUTES // 4  # looks for uploads to delete
DELETED_AFTER = 60 * KEPT_MINUTES * 3 // 4  # seconds
TOO_MUCH = 413  # the status of what is refused, by us or by Gradio
FIELD = b"files"  # the name of the parts that Gradio takes


def uploaded(path: str | Path) -> Path:
    """Return the path of an upload; DataError if it has been deleted by now."""
    upload_size(path)
    return Path(path)


def opened(path: str | Path) -> Image.Image:
    """An uploaded image, RGB; ImageError if it cannot be decoded, DataError if it has been deleted by now."""
    return decode(uploaded(path))


def upload_size(path: str | Path) -> int:
    """Return the bytes of an upload; DataError if it has been deleted by now."""
    try:
        return Path(path).stat().st_size
    except OSError as error:
        raise DataError("data.expired", name=printable(Path(path).name), minutes=KEPT_MINUTES) from error


class BoundedUploads:
    """ASGI middleware that counts the bytes of uploads as they arrive, until Gradio has deleted them, and refuses those
    beyond an account in a sentence."""

    def __init__(self, app: ASGIApp, account: Account):
        self.app, self.account = app, account
        self._held: deque[tuple[float, Held]] = deque()  # (when it is deleted, its bytes), the oldest first
        self._swept = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; of an upload, count what arrives of it."""
        if not is_upload(scope):
            return await self.app(scope, receive, send)
        self._release_deleted(scope)
        request = HTTPConnection(scope)
        upload = _Upload(self.account, request)
        status: int | None = None
        try:
            status = await watched(self.app, scope, receive, send, upload.watch)
        except Refusal as error:
            status = TOO_MUCH
            await PlainTextResponse(sentence(error, page_text(request)), status)(scope, receive, send)
        finally:
            if upload.held and status == TOO_MUCH:  # Gradio has deleted what it had written of it
                upload.held.release()
            elif upload.held:
                self._held.append((time.monotonic() + 60 * KEPT_MINUTES, upload.held))

    def _release_deleted(self, scope: Scope) -> None:
        now = time.monotonic()
        while self._held and self._held[0][0] < now:
            self._held.popleft()[1].release()
        if now - self._swept > SECONDS_BETWEEN:
            self._swept = now
            _delete_remains(Path(scope["app"].uploaded_file_dir))


class _Upload:
    """One upload while it arrives. held: its bytes so far in an account, None before the first."""

    def __init__(self, account: Account, request: HTTPConnection):
        self.account = account
        self.held: Held | None = None
        self._address = limited_address(request.client.host if request.client else "")
        self._length = request.headers.get("content-length", "")
        _, options = parse_options_header(request.headers.get("content-type"))
        self._boundary, self._arrived = options.get(b"boundary"), 0
        self._form: _Form | None = None

    def watch(self, message: Message) -> None:
        """Count a piece; Refusal where it is too much, or the form is one of which Gradio leaves files behind."""
        if self._form is None:
            if self._boundary is None:
                raise Refusal("upload_form")
            if self._length.isdecimal():  # what will be too much is not taken at all
                self.account.check(self._address, int(self._length[:20]))
            self._form = _Form(self._boundary)
        if self._form.complete and message["type"] == "http.disconnect":
            return
        piece = message.get("body", b"")
        self._arrived += len(piece)
        if self.held:
            self.held.release()
        self.held = self.account.hold(self._address, self._arrived)  # one for all: nothing else runs between the two
        self._form.read(piece)
        if not (message.get("more_body") or self._form.complete):
            raise Refusal("upload_form")


class _Form:
    """The parts of a form as they arrive: files, or it is refused. complete: whether it has ended."""

    def __init__(self, boundary: bytes):
        self.complete = self._is_file = False
        self._name, self._value = bytearray(), bytearray()
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begin,
                "on_header_field": lambda data, start, end: self._name.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_end": self._end,
            },
        )

    def read(self, piece: bytes) -> None:
        """Read on; Refusal at a part that is no file, which Gradio would keep in memory, and what is no form."""
        try:
            self._parser.write(piece)
        except MultipartParseError as error:
            raise Refusal("upload_form") from error

    def _part_begin(self) -> None:
        self._is_file = False

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self._is_file = options.get(b"name") == FIELD and b"filename" in options
        self._name.clear()
        self._value.clear()

    def _headers_finished(self) -> None:
        if not self._is_file:
            raise Refusal("upload_form")

    def _end(self) -> None:
        self.complete = True


def _delete_remains(folder: Path) -> None:
    """Delete what Gradio has written of uploads that failed, on a full disk for example: it forgets these files.

    Files of finished uploads lie in folders of their own.
    """
    oldest = time.time() - DELETED_AFTER
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
        except OSError:  # somebody else has deleted it
            continue
