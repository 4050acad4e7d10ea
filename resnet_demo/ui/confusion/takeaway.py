"""The files of a matrix to download: drawings, tables, a report; each at an address, made when it is requested.

Drawings are made in processes of their own, and visitors wait their turn (`turns`). Those of a run are for whoever has
its id; those of uploads have an address that cannot be guessed, for as long as the visitor's page holds them. It must
not depend on a handler.
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
from .choice import Choice, OwnAnswers, about, sliced
from .slices_views import fact

FILES = {
    "matrix.png": "image/png",
    "matrix.svg": "image/svg+xml",
    "tutorial.png": "image/png",
    "tutorial.svg": "image/svg+xml",
    "reliability.png": "image/png",
    "reliability.svg": "image/svg+xml",
    "curves.png": "image/png",
    "curves.svg": "image/svg+xml",
    "curves.csv": "text/csv; charset=utf-8",
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


def addresses(services: Services, choice: Choice, answers: Answers, text: Text) -> dict:
    """The value of `links` for the answers that are chosen; a visitor's own ones have addresses from now on."""
    part: dict[str, str] = {}
    if own := choice.own:
        services.uploaded_predictions[own.key] = own
        base, prefix = f"brought/{own.key}", own.stem
        if answers.places is not None:
            part = {"slice": choice.slicing, "slice_value": choice.slice_value}
    else:
        prefix = answers.run.id if answers.run else ""
        base = f"confusion/{quote(prefix)}/{quote(answers.name)}"
    options = {"language": text.language, "groups": (choice.groups or "").strip(), "step": answers.step}
    query = urlencode({key: value for key, value in options.items() if value} | part)
    names = [name for name in FILES if not name.startswith(_unknown(answers))]
    files = [[text(f"confusion.file.{name}"), f"{base}/{name}?{query}", f"{prefix}-{name}"] for name in names]
    return {"label": text("confusion.files"), "files": files}


def _unknown(answers: Answers) -> tuple[str, ...]:
    """How the names of files begin that these answers do not have."""
    if answers.probabilities is None:
        return ("reliability", "curves")
    return () if answers.make_curves else ("curves",)


def routes(services: Services, turns: Turns) -> list[Route]:
    """The routes of these addresses, and of an example of predictions."""

    def of_run(request: Request) -> Response:
        wanted, text, step = request.path_params, page_text(request), request.query_params.get("step", "0")
        if not (step.isdecimal() and step.isascii() and len(step) < 16):
            return nothing(request)
        try:
            run = services.runs.get(wanted["run_id"])
            answers = source.answers(services, run, wanted["name"], int(step))
        except (UnknownRun, RunError) as error:
            return PlainTextResponse(sentence(error, text), status_code=404)
        return file_response(request, answers, None, run.id)

    def of_visitor(request: Request) -> Response:
        own = services.uploaded_predictions.get(request.path_params["key"])
        if own is None:
            return PlainTextResponse(page_text(request)("download.closed"), status_code=404)
        query = request.query_params
        answers = sliced(own, query.get("slice"), query.get("slice_value"))
        return file_response(request, answers, own, own.stem)

    def file_response(request: Request, answers: Answers | None, own: OwnAnswers | None, prefix: str) -> Response:
        file, query, text = request.path_params["file"], request.query_params, page_text(request)
        if file not in FILES or answers is None:
            return nothing(request)
        try:
            if groups := query.get("groups", ""):
                answers = source.grouped(answers, parse_groups(groups, answers.classes))
            part = fact(query.get("slice", ""), query.get("slice_value", ""), answers, text)
            content = file_content(services, answers, own, file, text, part)
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
        """Predictions of a published run, as an example of a file to upload."""
        for run in services.runs.list():
            try:
                answers = source.answers(services, run, "test") if services.runs.is_published(run) else None
            except RunError:  # another will do
                continue
            if answers:
                table = Table("example", answers.classes, answers.labels, answers.predicted, answers.probabilities)
                content = table.as_csv(range(min(EXAMPLE_ROWS, len(answers.labels))))
                headers = {"content-disposition": "attachment; filename=predictions-example.csv"}
                return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
        return nothing(request)

    return [
        turns.route("/confusion/{run_id}/{name}/{file}", of_run),
        turns.route("/brought/{key}/{file}", of_visitor),
        turns.route("/download/predictions-example.csv", example),
    ]


def file_content(
    services: Services, answers: Answers, own: OwnAnswers | None, name: str, text: Text, part: str = ""
) -> bytes:
    """The content of one of FILES, in a page's language; KeyError for one that needs probabilities that are unknown.

    own: the visitor's own answers that these are, None for those of a run. part: which of its rows, in words.
    """
    title = own.name if own else run_title(services.runs, answers.run, text) if answers.run else ""
    files = confusion_files(
        ConfusionMatrix(answers.matrix.counts, class_names(answers.classes, text.language)),
        title=", ".join(filter(None, [title, about(answers, text), part])),
        about=origin(answers, own) | ({"slice": part} if part else {}),
        probabilities=answers.probabilities,
        labels=answers.labels,
        predicted=answers.predicted,
        curves=answers.make_curves,
        look="tutorial" if name.startswith(TUTORIAL) else "plain",
        figure_words=text.part("print"),
        report_words=text.part("report"),
        draw=services.drawing.run,
    )
    return files[name.replace(TUTORIAL, "matrix")]()


def origin(answers: Answers, own: OwnAnswers | None) -> dict[str, str]:
    """Where the answers are from, for the report."""
    fields = {
        "file": own.name if own and own.table else "",
        "run": answers.run.id if answers.run else "",
        "network": answers.network if not answers.run else "",
        "set": answers.name,
        "step": str(answers.step or ""),
        "note": own.note if own else "",
    }
    return {key: value for key, value in fields.items() if value}
