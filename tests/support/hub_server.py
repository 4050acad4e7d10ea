"""Downloads from the Hugging Face Hub that go wrong as a test says: the stand-in with answers of its own."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import huggingface_hub
from hub_api import Answer, HubApi, Request, running

PATIENCE = 240  # seconds: this machine may be busy


@dataclass
class Hub:
    """How the server behaves. files: content by the end of the path. etags: of files, else their sha256. cuts: after
    how many bytes each of the next connections breaks. extra: bytes sent beyond the announced size."""

    files: dict[str, bytes]
    etags: dict[str, str] = field(default_factory=dict)
    head_status: int = 302
    status: int = 200
    ranges: bool = True
    commit: str | None = "abc"
    cuts: list[int] = field(default_factory=list)
    extra: bytes = b""
    asked: list[str] = field(default_factory=list)
    gate: threading.Event | None = None
    address: str = ""

    def content(self, path: str) -> tuple[str, bytes] | None:
        """(name, content) of the file that a path ends with."""
        return next(((name, content) for name, content in self.files.items() if path.endswith(name)), None)

    def offline(self) -> None:
        """From now on nobody answers."""
        self.head_status, self.commit = 200, None  # a page that asks for a password, as a hotel's network has one


@contextmanager
def serving(monkeypatch, files: dict[str, bytes]) -> Iterator[Hub]:
    """The server as the Hub of this process: it says where a file lies, and another address has the bytes."""
    hub = Hub(files)
    with running() as server:

        @server.route("HEAD", ".*")
        def describe(server: HubApi, request: Request) -> Answer:
            hub.asked.append(f"HEAD {request.path} {request.headers.get('authorization', '')}".strip())
            name, content = hub.content(request.path) or ("", b"")
            if request.path.startswith("/mirror/"):  # an ordinary web server
                return Answer(headers={"Content-Length": str(len(content))})
            headers = {"X-Repo-Commit": hub.commit} if hub.commit else {}
            headers["X-Linked-ETag"] = f'"{hub.etags.get(name, hashlib.sha256(content).hexdigest())}"'
            headers["X-Linked-Size"] = str(len(content))
            headers["Location"] = f"{server.address.replace('127.0.0.1', 'localhost')}/bytes/{name}"
            return Answer(b"", hub.head_status if name else 404, headers)

        @server.route("GET", ".*")
        def send(server: HubApi, request: Request) -> Answer:
            content, asked = hub.content(request.path)[1], request.headers.get("range", "")
            hub.asked.append(f"GET {asked}".strip())
            if hub.gate:
                hub.gate.wait(PATIENCE)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and hub.ranges else 0
            headers = {} if hub.extra else {"Content-Length": str(len(content) - start)}
            if hub.status != 200:
                return Answer(iter(()), hub.status, headers)
            end = start + (hub.cuts.pop(0) if hub.cuts else len(content))
            return Answer(iter([content[start:end] + hub.extra]), 206 if start else 200, headers)

        hub.address = server.address
        for module in ("download", "hub"):
            monkeypatch.setattr(f"resnet_demo.data.{module}.SECONDS_TO_ANSWER", PATIENCE)
        monkeypatch.setattr("resnet_demo.data.download.SECONDS_OF_SILENCE", PATIENCE)
        monkeypatch.setattr(
            huggingface_hub, "hf_hub_url", lambda *names, repo_type=None: "/".join((hub.address, repo_type, *names))
        )
        yield hub
