"""Download files over HTTP: with progress, resumed where a connection broke, checked, complete or not there at all.

It must depend neither on the Hub nor on what a file holds; `hub` and `sources` say where the files are. huggingface_hub
lends its HTTP client, with the proxies and the offline mode that the user has set for it. An account is used only where
`Remote` has a token.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswer  # not Python's own before 3.11
from dataclasses import dataclass, field
from errno import ENOSPC
from os import strerror
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from .errors import DataError

Report = Callable[[int, int], None]  # bytes downloaded, bytes in all
Answer = TypeVar("Answer")
SECONDS_TO_ANSWER = 2.5
SECONDS_OF_SILENCE = 20
UNPACKED = {"Accept-Encoding": "identity"}  # so that sizes are those of the files
log = logging.getLogger(__name__)


class _BrokenConnection(Exception):
    """The stream ended before the file did."""


@dataclass(frozen=True)
class Wanted:
    """What is downloaded, as sentences name it.

    name: "CIFAR-10". repository: where it is published. files: the paths under which its files can be put by hand
    below the folder that the environment variable `variable` names.
    """

    name: str
    repository: str
    files: tuple[str, ...]
    variable: str


@dataclass(frozen=True)
class Remote:
    """A file on a server.

    size: bytes. digests: "sha256:5d06…", "md5:…" or "git:…" (SHA-1 of a git blob), each in full or its beginning; all
    are checked. version: differs where the content does, so that no other file is continued. token: what the server
    wants to see, "" for nothing.
    """

    address: str
    size: int
    digests: tuple[str, ...]
    version: str
    token: str = field(default="", repr=False)


def locate(wanted: Wanted, address: str, ask: Callable[[], Remote]) -> Remote:
    """What `ask` answers about the file at `address`; DataError within SECONDS_TO_ANSWER if it cannot be reached.

    An error of `ask` with a `response` is a refusal, any other means that there is no network.
    """
    host = urlsplit(address).hostname
    try:
        return within(SECONDS_TO_ANSWER, ask)
    except Exception as error:  # no route, no name server, no answer, offline by setting: all mean the same here
        log.debug("%s cannot be located at %s", wanted.name, address, exc_info=True)
        if status := getattr(getattr(error, "response", None), "status_code", None):
            raise DataError("download.refused", name=wanted.name, host=host, status=status) from error
        raise DataError(
            "download.offline", name=wanted.name, host=host, repository=wanted.repository,
            files=", ".join(wanted.files), variable=wanted.variable,
        ) from error  # fmt: skip


def locate_file(wanted: Wanted, address: str, digest: str) -> Remote:
    """The file at `address` of an ordinary web server; DataError as `locate`. digest: see `Remote`."""
    from huggingface_hub import get_session

    def ask() -> Remote:
        options: dict[str, Any] = {"headers": UNPACKED, "timeout": SECONDS_TO_ANSWER, "follow_redirects": True}
        answer = get_session().head(address, **options)
        answer.raise_for_status()
        return Remote(address, int(answer.headers["Content-Length"]), (digest,), digest)

    return locate(wanted, address, ask)


def download(wanted: Wanted, parts: Sequence[tuple[Remote, Path]], report: Report) -> None:
    """Download each file to its path, unless it is there already.

    Several processes may ask for a file at the same time: one downloads, the others wait for it. Raises DataError with
    one of the sentences "download.refused", "download.cut", "download.checksum" and "download.disk".
    """
    from huggingface_hub.utils import WeakFileLock

    total, before = sum(remote.size for remote, _ in parts), 0

    def behind(before: int) -> Callable[[int], None]:
        return lambda done: report(before + done, total)

    try:
        for remote, target in parts:
            target.parent.mkdir(parents=True, exist_ok=True)
            with WeakFileLock(target.with_suffix(".lock")):
                if not target.is_file():
                    _receive(wanted, remote, target, behind(before))
            before += remote.size
    except OSError as error:  # a disk that is full or not ours to write to
        log.debug("%s cannot be stored", wanted.name, exc_info=True)
        detail = error.strerror or type(error).__name__
        raise DataError("download.disk", name=wanted.name, detail=detail) from error


def _receive(wanted: Wanted, remote: Remote, target: Path, report: Callable[[int], None]) -> None:
    tag = hashlib.sha256(f"{remote.version} {remote.size}".encode()).hexdigest()[:12]
    part = target.with_name(f"{target.name}-{tag}.part")
    try:
        done = _write(wanted, remote, part, report)
    except OSError:
        part.unlink(missing_ok=True)  # a full disk is in the way of everything else
        raise
    if done != remote.size or not all(_has_digest(part, digest) for digest in remote.digests):
        part.unlink()
        raise DataError("download.checksum", name=wanted.name)
    part.replace(target)
    for other in target.parent.glob(f"{target.name}-*.part"):  # begun when the server had another version
        other.unlink(missing_ok=True)


def _write(wanted: Wanted, remote: Remote, part: Path, report: Callable[[int], None]) -> int:
    """Append to `part` what it lacks, and return its size: `remote.size`, or more where the server sends more."""
    with part.open("ab") as file:
        done = file.tell()
        if shutil.disk_usage(part.parent).free < remote.size - done:
            raise OSError(ENOSPC, strerror(ENOSPC))
        report(done)
        while done < remote.size:
            before, broken = done, None
            try:
                for piece in _pieces(wanted, remote, done):
                    file.write(piece)
                    done += len(piece)
                    report(done)
                    if done > remote.size:
                        break
            except _BrokenConnection as error:
                broken = error
            if done == before:  # one that broke after some pieces is taken up again at once
                log.debug("the connection for %s broke", remote.address, exc_info=broken)
                sizes = {"done": done / 1e6, "total": remote.size / 1e6}
                raise DataError("download.cut", name=wanted.name, **sizes) from broken
    return done


def _pieces(wanted: Wanted, remote: Remote, start: int) -> Iterator[bytes]:
    """The content from byte `start` on; DataError if the server has none, _BrokenConnection for all else."""
    from huggingface_hub import get_session

    headers = UNPACKED | ({"Range": f"bytes={start}-"} if start else {})
    if remote.token:
        headers |= {"Authorization": f"Bearer {remote.token}"}  # the client leaves it out where it is sent elsewhere
    options: dict[str, Any] = {"headers": headers, "timeout": SECONDS_OF_SILENCE, "follow_redirects": True}
    try:
        with get_session().stream("GET", remote.address, **options) as response:
            if response.status_code not in (200, 206):
                host = urlsplit(remote.address).hostname
                raise DataError("download.refused", name=wanted.name, host=host, status=response.status_code)
            known = start if response.status_code == 200 else 0  # a server that cannot begin in the middle
            for piece in response.iter_bytes():
                if known < len(piece):
                    yield piece[known:]
                known = max(0, known - len(piece))
    except DataError:
        raise
    except Exception as error:
        raise _BrokenConnection from error


def _has_digest(path: Path, expected: str) -> bool:
    kind, _, value = expected.partition(":")
    digest = hashlib.new({"git": "sha1"}.get(kind, kind), usedforsecurity=False)
    if kind == "git":
        digest.update(b"blob %d\0" % path.stat().st_size)
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest().startswith(value)


def within(seconds: float, call: Callable[[], Answer]) -> Answer:
    """The result of `call`, or TimeoutError: a name server that does not answer knows no timeout of its own."""
    future: Future[Answer] = Future()

    def work() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        return future.result(seconds)
    except NoAnswer as error:
        if future.done():
            raise
        raise TimeoutError(f"no answer within {seconds:g} s") from error
