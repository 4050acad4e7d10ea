"""What can be taken away of a run's matrix: pictures, tables, a report; each at an address, made when it is asked for.

For whoever has the run's id. Predictions that a visitor brought are at no address: what is shown of them is copied and
downloaded where it is shown.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

import gradio as gr
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ...data.predictions import Table
from ...figures.files import confusion_files
from ...metrics.confusion import ConfusionMatrix
from ...metrics.groups import parse_groups
from ...runs.folder import RunError
from ...runs.index import UnknownRun
from ...services import Services
from ..components.custom import custom
from ..errors import REFUSALS
from ..runs import run_title
from ..text import LANGUAGES, Text
from ..text.classes import class_names
from . import source
from .choosing import about
from .source import Answers

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


def addresses(found: Answers, groups: str, text: Text) -> dict:
    """The value of `links` for some answers; nothing where they are at no address."""
    if found.run is None or not found.name or found.split is not None:
        return {}
    asked = {"groups": groups.strip() and groups, "step": found.step or ""}
    query = urlencode({"language": text.language} | {key: value for key, value in asked.items() if value})
    base = f"confusion/{quote(found.run.id)}/{quote(found.name)}"
    known = [name for name in FILES if found.probabilities is not None or not name.startswith("reliability")]
    files = [[text(f"confusion.file.{name}"), f"{base}/{name}?{query}", f"{found.run.id}-{name}"] for name in known]
    return {"label": text("confusion.files"), "files": files}


def routes(services: Services) -> list[Route]:
    """The addresses, and that of an example of predictions."""

    def file(request: Request) -> Response:
        wanted, kind = request.path_params, FILES.get(request.path_params["file"])
        text = LANGUAGES.get(request.query_params.get("language", ""), LANGUAGES["en"])
        try:
            step = int(request.query_params.get("step", 0))
            found = source.answers(services, services.runs.get(wanted["run_id"]), wanted["name"], step)
            if kind is None or found is None:
                return PlainTextResponse("There is no such file.", status_code=404)
            if written := request.query_params.get("groups", ""):
                found = source.grouped(found, parse_groups(written, found.classes))
            content = made(services, found, wanted["file"], text)
        except (UnknownRun, RunError) as error:
            return PlainTextResponse(str(error), status_code=404)
        except KeyError:
            return PlainTextResponse("There is no such file.", status_code=404)
        except (ValueError, *REFUSALS) as error:
            return PlainTextResponse(str(error), status_code=400)
        name = f"attachment; filename*=UTF-8''{quote(found.run.id)}-{wanted['file']}"
        return Response(content, media_type=kind, headers={"content-disposition": name})

    def example(request: Request) -> Response:
        """Predictions of a published run, as a file of one's own may look."""
        for run in services.runs.list():
            if services.runs.is_published(run) and (found := source.answers(services, run, "test")):
                table = Table("example", found.classes, found.labels, found.predicted, found.probabilities)
                content = table.as_csv(range(min(EXAMPLE_ROWS, len(found.labels))))
                headers = {"content-disposition": "attachment; filename=predictions-example.csv"}
                return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
        return PlainTextResponse("No run is published here.", status_code=404)

    return [Route("/confusion/{run_id}/{name}/{file}", file), Route("/download/predictions-example.csv", example)]


def made(services: Services, found: Answers, name: str, text: Text) -> bytes:
    """The content of one of FILES, in the words of a page; KeyError for a picture of what is not known."""
    files = confusion_files(
        ConfusionMatrix(found.matrix.counts, class_names(found.classes, text.language)),
        title=f"{run_title(services.runs, found.run, text)}, {about(found, text)}",
        about={"run": found.run.id, "set": found.name} | ({"step": str(found.step)} if found.step else {}),
        probabilities=found.probabilities,
        labels=found.labels,
        predicted=found.predicted,
        look="tutorial" if name.startswith(TUTORIAL) else "plain",
        said=text.part("print"),
        written=text.part("report"),
    )
    return files[name.replace(TUTORIAL, "matrix")]
