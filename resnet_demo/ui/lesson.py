"""The lesson: six stops that lead through the page, and the teacher's sheet, a page to print.

A stop opens a tab as its address would and asks one question about what is seen there. It must not depend on a tab.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from .components.custom import custom
from .text import LANGUAGES, Text

SHEET = "lesson-sheet"  # its address, below that of the page


@dataclass(frozen=True)
class Stop:
    """name: where among the words its own are. minutes: how long it takes. address: parameters that open its figure."""

    name: str
    minutes: int
    address: dict[str, str]


STOPS = (
    Stop("depth", 4, {"tab": "compare", "part": "depth"}),
    Stop("shortcut", 3, {"tab": "networks", "part": "architecture", "network": "cifar-resnet20"}),
    Stop("options", 3, {"tab": "compare", "part": "shortcuts"}),
    Stop("train", 4, {"tab": "train"}),
    Stop("confusion", 3, {"tab": "confusion"}),
    Stop("look", 3, {"tab": "networks", "part": "inside"}),
)


def lesson(text: Text, errors: dict[str, str] | None = None) -> gr.HTML:
    """The lesson, hidden until it is started. errors: see `answer`."""
    stops = [
        {
            "question": text(f"lesson.{stop.name}.question"),
            "do": text(f"lesson.{stop.name}.do"),
            "answer": answer(stop, text, errors),
            "minutes": text("lesson.minutes", minutes=stop.minutes),
            "address": stop.address,
        }
        for stop in STOPS
    ]
    sheet = f"{SHEET}?language={text.language}"
    return custom("lesson", elem_id="lesson", text=text.part("lesson"), stops=stops, sheet=sheet)


def answer(stop: Stop, text: Text, errors: dict[str, str] | None) -> str:
    """The answer of a stop. errors: training errors in words, "plain" and "residual", where such runs are here."""
    if stop.name == "depth" and errors:
        return text("lesson.depth.measured", **errors)
    return text(f"lesson.{stop.name}.answer")


def sheet(text: Text, errors: dict[str, str] | None) -> str:
    """The teacher's sheet as a page of HTML that needs nothing else."""
    parts = []
    for number, stop in enumerate(STOPS, 1):
        words = {name: text(f"lesson.{stop.name}.{name}") for name in ("question", "do", "ask")}
        words["answer"] = answer(stop, text, errors)
        address = "&".join(f"{name}={value}" for name, value in {"lesson": number, **stop.address}.items())
        rows = "".join(
            f"<p><b>{escape(text(f'lesson.sheet.{name}'))}</b> {escape(words[name])}</p>"
            for name in ("do", "answer", "ask")
        )
        minutes = escape(text("lesson.minutes", minutes=stop.minutes))
        parts.append(
            f'<section><h2><a href="./{text.path}?{escape(address)}">{number}. {escape(words["question"])}</a>'
            f" <small>{minutes}</small></h2>{rows}</section>"
        )
    title = escape(text("lesson.sheet.title"))
    return (
        f'<!doctype html><html lang="{text.locale}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style>'
        f"<h1>{title}</h1><p>{escape(text('lesson.sheet.about'))}</p>{''.join(parts)}</html>"
    )


STYLE = """
body { max-width: 46em; margin: 2em auto; padding: 0 1.2em; font: 16px/1.5 system-ui, sans-serif; color: #18181b; }
h1 { font-size: 1.5em; line-height: 1.25; } h2 { margin: 1.4em 0 .3em; font-size: 1.15em; } p { margin: .3em 0; }
small { font-weight: 400; color: #52525b; } a { color: inherit; } section { break-inside: avoid; }
@media print { body { margin: 0; font-size: 12pt; } a { text-decoration: none; } }
"""


def routes(errors: dict[str, Any]) -> list[Route]:
    """Where the sheet is served. errors: by language, see `answer`."""

    async def serve(request: Request) -> HTMLResponse:
        language = request.query_params.get("language", "")
        text = LANGUAGES.get(language) or next(iter(LANGUAGES.values()))
        return HTMLResponse(sheet(text, errors.get(text.language)))

    return [Route(f"/{SHEET}", serve)]
