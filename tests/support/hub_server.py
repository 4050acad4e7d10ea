"""A server on this machine that behaves as the Hugging Face Hub does, and badly where a test says so."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import huggingface_hub

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

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            hub.asked.append(f"HEAD {self.path} {self.headers.get('Authorization', '')}".strip())
            name, content = hub.content(self.path) or ("", b"")
            if self.path.startswith("/mirror/"):  # an ordinary web server
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                return self.end_headers()
            self.send_response(hub.head_status if name else 404)
            if hub.commit:
                self.send_header("X-Repo-Commit", hub.commit)
            self.send_header("X-Linked-ETag", f'"{hub.etags.get(name, hashlib.sha256(content).hexdigest())}"')
            self.send_header("X-Linked-Size", str(len(content)))
            self.send_header("Location", f"http://localhost:{server.server_port}/bytes/{name}")
            self.end_headers()

        def do_GET(self):
            content, asked = hub.content(self.path)[1], self.headers.get("Range", "")
            hub.asked.append(f"GET {asked}".strip())
            if hub.gate:
                hub.gate.wait(PATIENCE)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and hub.ranges else 0
            self.send_response(hub.status if hub.status != 200 or not start else 206)
            if not hub.extra:
                self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            if hub.status == 200:
                with suppress(ConnectionError):  # whoever asked has had enough
                    end = start + (hub.cuts.pop(0) if hub.cuts else len(content))
                    self.wfile.write(content[start:end] + hub.extra)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    for module in ("download", "hub"):
        monkeypatch.setattr(f"resnet_demo.data.{module}.SECONDS_TO_ANSWER", PATIENCE)
    monkeypatch.setattr("resnet_demo.data.download.SECONDS_OF_SILENCE", PATIENCE)
    monkeypatch.setattr(
        huggingface_hub, "hf_hub_url", lambda *names, repo_type=None: "/".join((hub.address, repo_type, *names))
    )
    yield hub
    server.shutdown()
    server.server_close()
    thread.join()
