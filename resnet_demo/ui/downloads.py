"""Files that leave the server beside Gradio's own addresses: a run as one zip, or as ONNX, for whoever has its id."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from io import BytesIO
from tempfile import TemporaryFile
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..errors import Refusal
from ..runs.checks import weights_bytes
from ..runs.exchange.onnx_file import is_available, onnx_bytes
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


def onnx_address(run_id: str) -> str:
    """Where it finds the run's network as ONNX, "" where the packages for that are not installed."""
    return f"download/{quote(run_id)}.onnx" if is_available() else ""


def routes(services: Services, turns: Turns) -> list[Route]:
    """The addresses, for every page's path."""

    def run(request: Request) -> Response:
        return answer(request, sending)

    def onnx(request: Request) -> Response:
        return answer(request, as_onnx)

    def answer(request: Request, send: Callable[[RunFolder, str], Response]) -> Response:
        text = page_text(request)
        try:
            return send(services.runs.get(request.path_params["run_id"]), visitor(services, request).address)
        except Refusal as error:
            return PlainTextResponse(sentence(error, text), status_code=404)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            log.warning("a run could not be packed: %s", error.strerror)
            return PlainTextResponse(text("download.no_space" if full else "download.gone"), 507 if full else 404)

    def as_onnx(found: RunFolder, address: str) -> Response:
        with services.memory.hold(address, 2 * weights_bytes(found.config.model)):  # the network, and the file
            content = onnx_bytes(found)
        held = services.memory.hold(address, len(content))
        name = f"attachment; filename*=UTF-8''{quote(found.id)}.onnx"
        headers = {"content-disposition": name, "content-length": str(len(content))}
        return Sending(BytesIO(content), held, "application/octet-stream", headers)

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

    return [turns.route("/download/{run_id}.zip", run), turns.route("/download/{run_id}.onnx", onnx)]
