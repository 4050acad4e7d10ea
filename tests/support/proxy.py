"""A reverse proxy that serves another server below a path and strips that path, as nginx is often set up to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "date", "server"}


@contextmanager
def proxy(target: str, path: str) -> Iterator[str]:
    """The address under which `target` is reached through a proxy at `path`; anything outside `path` is 404."""
    host = urlsplit(target).netloc

    class Forward(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.startswith(f"{path}/"):
                return self.send_error(404)
            upstream = HTTPConnection(host)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            headers["X-Forwarded-Host"] = self.headers["Host"]
            upstream.request(self.command, self.path.removeprefix(path), body, headers)
            answer = upstream.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):  # a visitor may leave
                while chunk := answer.read1(65536):  # an event stream goes on as it comes
                    self.wfile.write(chunk)
                    self.wfile.flush()

        do_POST = do_GET

        def log_message(self, *arguments: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Forward)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{path}/"
    server.shutdown()
    server.server_close()
