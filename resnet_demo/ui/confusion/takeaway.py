"""What can be taken away of a matrix: pictures, tables, a report; each at an address, made when it is asked for.

Pictures are drawn in processes of their own, and each visitor has their turn (`turns`). Of a run for whoever has its
id; of what a visitor brought at an address that nobody can guess, for as long as their page holds it.
"""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote, urlencode

import gradio as gr
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ...data.predictions import Table
from ...figures.files import confusion_files
from ...library import answers as source
from ...library.answers import Answers
from ...metrics.confusion import ConfusionMatrix
from ...metrics.groups import parse_groups
from ...runs.folder import RunError
from ...runs.index import UnknownRun
from ...services import Services
from ..components.custom import custom
from ..errors import REFUSALS, sentence
from ..runs import run_title
from ..text import Text
from ..text.classes import class_names
from ..turns import Sending, Turns
from ..visitor import page_text, visitor
from .choosing import Brought, Choice, about

FILES = {
    "matrix.png": "image/png",
    "matrix.svg": "image/svg+xml",
    "tutorial.png": "image/png",
    "tutorial.svg": "image/svg+xml",
    "reliability.png": "image/png",
    "reliability.svg": "image/svg+xml",
    "matrix.csv": "text/csv; charset=utf-8",
    "classes.csv": "text/csv; charset=utf-8",
    "report.md": "text/markdown; charset=utf-8",
    "report.json": "application/json",
}
EXAMPLE_ROWS = 200
TUTORIAL = "tutorial"  # the matrix as the tutorial draws it: greys, red counts, rotated names


def links(text: Text, *, elem_id: str) -> gr.HTML:
    """The addresses as links. value: {"label", "files": [[words, address, name of the file]]}."""
    return custom("links", {}, elem_id=elem_id)


def addresses(services: Services, choice: Choice, found: Answers, text: Text) -> dict:
    """The value of `links` for the answers that are chosen; what a visitor brought has addresses from now on."""
    if own := choice.own:
        services.brought[own.key] = own
        base, prefix = f"brought/{own.key}", own.stem
    else:
        base, prefix = f"confusion/{quote(found.run.id)}/{quote(found.name)}", found.run.id
    asked = {"language": text.language, "groups": (choice.groups or "").strip(), "step": found.step}
    query = urlencode({key: value for key, value in asked.items() if value})
    known = [name for name in FILES if found.probabilities is not None or not name.startswith("reliability")]
    files = [[text(f"confusion.file.{name}"), f"{base}/{name}?{query}", f"{prefix}-{name}"] for name in known]
    return {"label": text("confusion.files"), "files": files}


def routes(services: Services, turns: Turns) -> list[Route]:
    """The addresses, and that of an example of predictions."""

    def of_run(request: Request) -> Response:
        wanted, text, step = request.path_params, page_text(request), request.query_params.get("step", "0")
        if not (step.isdecimal() and step.isascii() and len(step) < 16):
            return nothing(request)
        try:
            run = services.runs.get(wanted["run_id"])
            found = source.answers(services, run, wanted["name"], int(step))
        except (UnknownRun, RunError) as error:
            return PlainTextResponse(sentence(error, text), status_code=404)
        return answered(request, found, None, run.id)

    def of_visitor(request: Request) -> Response:
        own = services.brought.get(request.path_params["key"])
        if own is None:
            return PlainTextResponse(page_text(request)("download.closed"), status_code=404)
        return answered(request, own.answers, own, own.stem)

    def answered(request: Request, found: Answers | None, own: Brought | None, prefix: str) -> Response:
        file, asked, text = request.path_params["file"], request.query_params, page_text(request)
        if file not in FILES or found is None:
            return nothing(request)
        try:
            if written := asked.get("groups", ""):
                found = source.grouped(found, parse_groups(written, found.classes))
            content = made(services, found, own, file, text)
            held = services.memory.hold(visitor(services, request).address, len(content))
        except KeyError:
            return nothing(request)
        except (ValueError, *REFUSALS) as error:
            return PlainTextResponse(sentence(error, text), status_code=400)
        name = f"attachment; filename*=UTF-8''{quote(prefix)}-{file}"
        headers = {"content-disposition": name, "content-length": str(len(content))}
        return Sending(BytesIO(content), held, FILES[file], headers)

    def nothing(request: Request) -> Response:
        return PlainTextResponse(page_text(request)("download.nothing"), status_code=404)

    def example(request: Request) -> Response:
        """Predictions of a published run, as a file of one's own may look."""
        for run in services.runs.list():
            try:
                found = source.answers(services, run, "test") if services.runs.is_published(run) else None
            except RunError:  # another will do
                continue
            if found:
                table = Table("example", found.classes, found.labels, found.predicted, found.probabilities)
                content = table.as_csv(range(min(EXAMPLE_ROWS, len(found.labels))))
                headers = {"content-disposition": "attachment; filename=predictions-example.csv"}
                return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
        return nothing(request)

    return [
        turns.route("/confusion/{run_id}/{name}/{file}", of_run),
        turns.route("/brought/{key}/{file}", of_visitor),
        turns.route("/download/predictions-example.csv", example),
    ]


def made(services: Services, found: Answers, own: Brought | None, name: str, text: Text) -> bytes:
    """The content of one of FILES, in the words of a page; KeyError for a picture of what is not known.

    own: what the answers are from, if they are not as a run recorded them.
    """
    title = own.name if own else run_title(services.runs, found.run, text)
    files = confusion_files(
        ConfusionMatrix(found.matrix.counts, class_names(found.classes, text.language)),
        title=", ".join(filter(None, [title, about(found, text)])),
        about=origin(found, own),
        probabilities=found.probabilities,
        labels=found.labels,
        predicted=found.predicted,
        look="tutorial" if name.startswith(TUTORIAL) else "plain",
        said=text.part("print"),
        written=text.part("report"),
        draw=services.drawing.run,
    )
    return files[name.replace(TUTORIAL, "matrix")]()


def origin(found: Answers, own: Brought | None) -> dict[str, str]:
    """What the report says that the answers are."""
    known = {
        "file": own.name if own and own.table else "",
        "run": found.run.id if found.run else "",
        "network": found.network if not found.run else "",
        "set": found.name,
        "step": str(found.step or ""),
        "note": own.note if own else "",
    }
    return {key: value for key, value in known.items() if value}
