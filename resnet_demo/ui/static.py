"""The scripts and style sheets of `web/` as files that a browser fetches once and keeps.

Their address holds a version, a digest of all of them: no browser mixes files of two versions, and none asks again for
what it has. Must not depend on what is on the page.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from .components.drawing import STYLE as DRAWING

WEB = Path(__file__).with_name("web")
PAGE_STYLE = WEB / "page.css"  # Gradio puts this one into the page: its selectors have to be those of Gradio's version
SCRIPTED = "scripted"  # the class of an element that a script makes usable
SHARED = ("drawing", "chart")  # style sheets of several components come first: those of single ones build on them
IMPORTED = re.compile(rb"^(?:import|export)\b[^;']*'\./([^']+)'", re.MULTILINE)
OPENING = ("page", "header", "lesson", "samples", "camera", "welcome", "result", "overlays")  # what a page opens with
TYPES = {".js": "text/javascript", ".css": "text/css"}
FOREVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"


def template(name: str) -> str:
    """The markup of a component."""
    return (WEB / f"{name}.html").read_text(encoding="utf-8")


def style_sheet() -> str:
    """The style sheets of all components as one, each limited to the elements of its component.

    `#_` is no element: it gives every rule the weight of an id, more than any of Gradio's.
    """
    own = {path.stem: path.read_text(encoding="utf-8") for path in sorted(WEB.glob("*.css")) if path != PAGE_STYLE}
    own["drawing"] = DRAWING
    names = [*SHARED, *(name for name in own if name not in SHARED)]
    unready = (
        f".html-container > .{SCRIPTED}:not([data-ready]) {{ visibility: hidden; }}"  # what is clicked would be lost
    )
    return "\n".join(
        [unready, *(f":is(#_, .html-container > .{style_class(name)}) {{\n{own[name]}\n}}" for name in names)]
    )


def style_class(name: str) -> str:
    """The class of components that have this style sheet."""
    return f"c-{name}"


FILES = {path.name: path.read_bytes() for path in sorted(WEB.glob("*.js"))} | {"components.css": style_sheet().encode()}
VERSION = sha256(b"".join(name.encode() + content for name, content in FILES.items())).hexdigest()[:12]


def with_imports(name: str) -> set[str]:
    """A script and all that it imports, by name."""
    imported = (one.decode() for one in IMPORTED.findall(FILES[name]))
    return {name}.union(*map(with_imports, imported))


PRELOADED = sorted(set[str]().union(*(with_imports(f"{name}.js") for name in OPENING)))


def address(name: str) -> str:
    """Where a file is, relative to the page: below a proxy's path too."""
    if name not in FILES:
        raise KeyError(f"no such file in web/: {name}")
    return f"web/{VERSION}/{name}"


def run(name: str, arguments: str = "") -> str:
    """JavaScript, an expression, that imports a script, once a page, and calls the function that it exports."""
    return f"import(new URL({json.dumps(address(name))}, document.baseURI)).then(script => script.default({arguments}))"


def make_usable(name: str, arguments: str) -> str:
    """The same for the script of a component, whose element is hidden (`SCRIPTED`) until it has run."""
    return f"{run(name, arguments)}.finally(() => element.setAttribute('data-ready', ''))"


def routes() -> list[Route]:
    """Where the files are served."""
    return [Route("/web/{version}/{name}", _serve)]


async def _serve(request: Request) -> Response:
    """A file; under another version, of a page that was open when the server changed, the present one."""
    name = request.path_params["name"]
    if name not in FILES:
        return PlainTextResponse("Not Found", 404)
    kept = FOREVER if request.path_params["version"] == VERSION else ASK_AGAIN
    return Response(FILES[name], media_type=TYPES[Path(name).suffix], headers={"Cache-Control": kept})
