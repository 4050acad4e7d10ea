"""Files that leave the server beside Gradio's own addresses: a run as one zip, for whoever has its id."""

from __future__ import annotations

import errno
import logging
from tempfile import TemporaryFile
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..errors import Refusal
from ..runs.exchange.transfer import pack
from ..runs.folder import RunFolder
from ..services import Services
from .errors import sentence
from .turns import Sending, Turns
from .visitor import page_text, visitor

log = logging.getLogger(__name__)


def address(run_id: str) -> str:
    """Where a page finds the zip of a run, relative to its own address."""
    return f"download/{quote(run_id)}.zip"


def routes(services: Services, turns: Turns) -> list[Route]:
    """The addresses, for every page's path."""

    def run(request: Request) -> Response:
        text = page_text(request)
        try:
            return sending(services.runs.get(request.path_params["run_id"]), visitor(services, request).address)
        except Refusal as error:
            return PlainTextResponse(sentence(error, text), status_code=404)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            log.warning("a run could not be packed: %s", error.strerror)
            return PlainTextResponse(text("download.no_space" if full else "download.gone"), 507 if full else 404)

    def sending(found: RunFolder, address: str) -> Response:
        file = TemporaryFile()
        try:
            pack(found, file)
            size = file.tell()
            held = services.manager.room.disk.hold(address, size)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        name = f"attachment; filename*=UTF-8''{quote(found.id)}.zip"
        headers = {"content-disposition": name, "content-length": str(size)}
        return Sending(file, held, "application/zip", headers)

    return [turns.route("/download/{run_id}.zip", run)]
