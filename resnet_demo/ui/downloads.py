"""Files that leave the server beside Gradio's own addresses: a run as one zip, for whoever has its id."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ..runs.folder import RunError
from ..runs.index import UnknownRun
from ..runs.transfer import pack
from ..services import Services
from .turns import Turns

IN_MEMORY = 8 * 2**20  # bytes; a larger zip is made on disk
CHUNK = 2**18


def address(run_id: str) -> str:
    """Where a page finds the zip of a run, relative to its own address."""
    return f"download/{quote(run_id)}.zip"


def routes(services: Services, turns: Turns) -> list[Route]:
    """The addresses, for every page's path."""

    def run(request: Request) -> Response:
        try:
            found = services.runs.get(request.path_params["run_id"])
            file = SpooledTemporaryFile(IN_MEMORY)
            pack(found, file)
        except (UnknownRun, RunError) as error:
            return PlainTextResponse(str(error), status_code=404)
        size = file.tell()
        file.seek(0)
        name = f"attachment; filename*=UTF-8''{quote(found.id)}.zip"
        headers = {"content-disposition": name, "content-length": str(size)}
        chunks = iter(lambda: file.read(CHUNK), b"")
        return StreamingResponse(chunks, media_type="application/zip", headers=headers)

    return [turns.route("/download/{run_id}.zip", run)]
