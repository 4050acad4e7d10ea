"""Answers to the frames of a camera, at an address of their own: nothing of a frame is written to a file or kept.

A page sends its next frame when the answer to the last one is there; visitors have their turns (`round_robin`). A run
answers whoever has its id, as everywhere. It must not make components.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ...data.decode import decode
from ...inference.classifier import Classifier
from ...inference.classify import Prediction
from ...inference.explain import HeatMap
from ...inference.live import classify_and_explain
from ...services import Services
from ..components.address import data_address
from ..errors import REFUSALS, sentence
from ..round_robin import Busy, RoundRobin
from ..shared import heat_maps as heat
from ..shared.answers import MOST_NETWORKS, Options, figure_of
from ..text import Text
from ..text.classes import class_names
from ..visitor import page_text, visitor

ADDRESS = "live"  # relative to the page's own
KIND = "image/jpeg"  # which no form of another site can send
MOST_BYTES = 2**17  # of a frame; one of 256 pixels has about 20 KB
MOST_PIXELS = 512**2
AT_ONCE = 2  # frames in work
MOST_NAME = 64  # characters of a page's name


class TooLarge(Exception):
    """The frame has more bytes than are accepted."""


@dataclass(frozen=True)
class Question:
    """What a page asks about a frame.

    classes: for each of `models` the class whose evidence is shown, None for its best one. heat: whether any is.
    """

    models: list[str]
    classes: list[int | None]
    options: Options
    heat: bool


def aim(ids: Sequence[str], options: Options) -> dict[str, Any]:
    """What a page is to ask about its frames, as the value of `components.camera`; `question` reads it."""
    return {"models": list(ids[:MOST_NETWORKS]), **asdict(options)}


def question(query: QueryParams) -> Question:
    """What the query of a request asks; ValueError for what none of our pages asks."""
    models, classes = query.getlist("model")[:MOST_NETWORKS], query.getlist("class")[:MOST_NETWORKS]
    usual = Options()
    options = Options(
        int(query.get("top_k", usual.top_k)),
        float(query.get("temperature", usual.temperature)),
        query.get("crop", usual.crop),
    )
    chosen = [int(one) if one else None for one in classes]
    return Question(models, chosen + [None] * (len(models) - len(chosen)), options, query.get("heat") == "1")


def answered(services: Services, text: Text, frame: bytes, asked: Question) -> dict[str, Any]:
    """The values of `components.result` and `components.overlays` for a frame; REFUSALS for one that is no image."""
    image = decode(frame, text("camera.frame"), MOST_PIXELS, MOST_BYTES)
    classes, maps = dict(zip(asked.models, asked.classes, strict=False)), dict[str, tuple[str, HeatMap]]()

    def ask(classifier: Classifier, options: Options) -> Prediction:
        wanted = classes[classifier.id]
        found, heat_map = classify_and_explain(
            image, classifier, services.store, wanted, options.top_k, options.temperature, options.crop
        )
        index = found.indices[0] if wanted is None else wanted
        maps[classifier.id] = class_names(classifier.classes, text.language)[index], heat_map
        return found

    shown = figure_of(services, text, ask, asked.models, asked.options)
    shown["live"] = True
    answers = [one for one in shown["cards"] if one["rows"]]
    views = with_evidence(heat.as_seen(answers, text), [maps[one["id"]] for one in answers], text) if asked.heat else {}
    for card in answers:
        del card["view"], card["pixelated"]  # `views` has them
        card["knows"] = card["knows"] | {"all": ""}  # a thousand names, several times a second
    return {"figure": shown, "views": views}


def with_evidence(views: dict[str, Any], maps: list[tuple[str, HeatMap]], text: Text) -> dict[str, Any]:
    """The images as the models saw them with these heat maps, of these classes, over them."""
    if not maps:
        return views
    for item, (label, one) in zip(views["items"], maps, strict=True):
        item |= {"map": data_address(heat.coloured(one.values)), "label": label}
        item["note"] = text("heat.blank") if one.blank else ""
    labels, first = {label for label, _ in maps}, maps[0][1]
    height, width = first.values.shape
    title = text("heat.title", label=labels.pop()) if len(labels) == 1 else text("heat.each")
    caption = text(f"heat.about.{first.method}", layer=first.layer, height=height, width=width)
    return views | {"title": title, "caption": caption}


def routes(services: Services) -> list[Route]:
    """The route of this address."""
    turns = RoundRobin(AT_ONCE)

    async def answer(request: Request) -> Response:
        text, query = page_text(request), request.query_params
        if request.headers.get("content-type") != KIND:
            return refusal(text("camera.kind"), 415)
        try:
            asked, frame = question(query), await body(request)
            async with turns.turn(visitor(services, request).address, query.get("page", "")[:MOST_NAME]):
                if await request.is_disconnected():
                    return Response(status_code=204)
                return JSONResponse(await run_in_threadpool(answered, services, text, frame, asked))
        except TooLarge:
            return refusal(text("camera.large", kilobytes=MOST_BYTES >> 10), 413)
        except Busy:
            return refusal(text("camera.busy"), 429, {"retry-after": "1"})
        except REFUSALS as error:
            return refusal(sentence(error, text), 400)
        except ValueError:
            return refusal(text("camera.kind"), 400)

    return [Route(f"/{ADDRESS}", answer, methods=["POST"])]


async def body(request: Request) -> bytes:
    """The body of a request, of which no more is read than is accepted."""
    frame = bytearray()
    async for part in request.stream():
        frame += part
        if len(frame) > MOST_BYTES:
            raise TooLarge
    return bytes(frame)


def refusal(words: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """An answer with a sentence."""
    return JSONResponse({"error": words}, status, headers)
