"""The head of each page as it leaves the server: language, title, share picture, and what must precede drawing.

Gradio sends the same head for every page, with its own name and picture in it, and lets scripts of ours run only
after it has drawn. `Head` stands between Gradio and the visitor and rewrites that head; `web/head.js` and
`web/requests.js` are the scripts. Must not depend on what is on the page.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

from gradio.brotli_middleware import BrotliMiddleware
from starlette.datastructures import MutableHeaders
from starlette.responses import FileResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..places import PROJECT
from . import static
from .text import LANGUAGES, Text

STYLE = """<style>
:root[data-theme=light] body { background: var(--bg); color: var(--col); }
:root[data-theme=dark] body { background: var(--bg-dark); color: var(--col-dark); }
</style>"""  # Gradio paints the empty page as the system has it; a choice made on the page counts more
SIZE = (1200, 630)  # of a share picture, as the services that show it expect
PAGES = {f"/{text.path}": text for text in LANGUAGES.values()}

OTHERS = re.compile(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*')  # what Gradio says of itself
HTML = re.compile(r'<html\s+lang="[^"]*"')
BODY = re.compile(r"<body[^>]*>")
ENTRY = '<script type="module"'  # Gradio's own
ROOT = re.compile(r'"root":\s*"([^"]*)"')  # this page's own address, which Gradio works out for every request


def share_picture(text: Text) -> Path:
    """The picture that others show beside a link to the page in this language."""
    return PROJECT / "assets" / ("share.png" if not text.path else f"share-{text.path}.png")


def routes() -> list[Route]:
    """Where the share pictures are served, beside Gradio's own addresses."""

    def serve(path: Path) -> Any:
        return lambda request: FileResponse(path)

    paths = map(share_picture, LANGUAGES.values())
    return [Route(f"/{path.name}", serve(path)) for path in paths]


def rewrite(page: str, text: Text) -> str:
    """Gradio's page with the head of the page in this language."""
    found = ROOT.search(page)
    root = found[1] if found else ""
    picture = share_picture(text).name
    properties = {
        "og:type": "website",
        "og:title": text("page.title"),
        "og:description": text("page.sentence"),
        "og:url": f"{root}/{text.path}",
        "og:locale": text.locale.replace("-", "_"),
        "og:image": f"{root}/{picture}",
        "og:image:width": str(SIZE[0]),
        "og:image:height": str(SIZE[1]),
        "og:image:alt": text("page.picture"),
    }
    head = [f"<title>{escape(text('page.title'))}</title>"]
    head += [f'<meta name="description" content="{escape(text("page.sentence"))}">']
    head += [f'<meta property="{name}" content="{escape(content)}">' for name, content in properties.items()]
    head += ['<meta name="twitter:card" content="summary_large_image">']
    head += ['<link rel="icon" href="favicon.ico" type="image/svg+xml">']
    head += [f'<link rel="stylesheet" href="{static.address("components.css")}">']
    head += [
        f'<link rel="alternate" hreflang="{other.locale}" href="{escape(f"{root}/{other.path}")}">'
        for other in LANGUAGES.values()
    ]
    head += [f'<link rel="modulepreload" href="{static.address(name)}">' for name in static.PRELOADED]
    first = static.address("head.js")
    script = f'<script src="{first}" data-language="{text.language}" data-locale="{text.locale}"></script>'
    requests = f'<script type="module" src="{static.address("requests.js")}"></script>'
    page = HTML.sub(f'<html lang="{text.locale}"', OTHERS.sub("", page), count=1)
    page = page.replace('href="/manifest.json"', 'href="manifest.json"', 1)  # below a proxy's path too
    page = page.replace(ENTRY, f"{requests}\n{ENTRY}", 1)  # modules run in the order in which they stand
    page = page.replace("</head>", "\n".join((*head, STYLE, "</head>")), 1)
    return BODY.sub(lambda body: f"{body[0]}\n{script}", page, count=1)


class Compressed(BrotliMiddleware):
    """Gradio's compression (Brotli, else gzip), which leaves out addresses without a file's ending: the pages."""

    def _is_compressible_file_type(self, scope: Scope) -> bool:
        return True


class Head:
    """ASGI middleware that sends each page of `PAGES` with its own head, compressed, and everything else as it is:
    streams, pictures and archives pass."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.pages = Compressed(self._rewritten)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_page = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope.get("path", "") in PAGES
        await (self.pages if is_page else self.app)(scope, receive, send)

    async def _rewritten(self, scope: Scope, receive: Receive, send: Send) -> None:
        text = PAGES[scope["path"]]
        start: Message = {}
        body = bytearray()

        async def rewritten(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            headers = MutableHeaders(raw=list(start["headers"]))  # a list: some, such as Set-Cookie, come repeatedly
            content = bytes(body)
            if start["status"] == 200 and headers.get("content-type", "").startswith("text/html"):
                content = rewrite(content.decode(), text).encode()
            if "content-length" in headers:
                headers["content-length"] = str(len(content))
            headers.add_vary_header("Accept-Encoding")
            await send({**start, "headers": headers.raw})
            await send({"type": "http.response.body", "body": content})

        # asked for by HEAD, a page's length is that of the same page: the server leaves out the content
        await self.app({**scope, "method": "GET"}, receive, rewritten)
