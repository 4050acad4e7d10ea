"""The open cell: its pictures page by page, where the network looks in one of them, or the rows of a file in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from ...library import answers as source
from ...library.answers import Answers
from ...services import Services
from ..components.heatmap import heatmap
from ..components.mistakes import mistakes
from ..components.table import table
from ..errors import REFUSALS, sentence
from ..events import EVERY, QUIET
from ..page_context import PageContext
from ..runs import choices
from ..text import Text
from ..visitor import visitor
from . import cells, views
from .choosing import Choice

Look = Callable[[Choice, gr.Request], tuple[Answers | None, str]]  # the answers that are chosen, and what is wrong


class Opened:
    """What lies below the matrix when one of its cells is open. `outputs` are filled by `closed` and `filled`."""

    def __init__(self, services: Services, text: Text):
        self.services, self.text = services, text
        self.strip = mistakes(text, elem_id="confusion-cell")
        with gr.Row(elem_id="confusion-pages"):
            self.before = gr.Button(text("confusion.before"), size="sm", visible=False, min_width=80)
            self.after = gr.Button(text("confusion.after"), size="sm", visible=False, min_width=80)
        with gr.Row(visible=False) as self.looked_at:
            self.heats = [heatmap(text, elem_id=f"confusion-heat-{one}") for one in ("true", "predicted")]
        self.classify = gr.Button(text("confusion.classify"), size="sm", visible=False, elem_id="confusion-classify")
        self.rows = table(text, elem_id="confusion-rows", name="rows", label=text("confusion.rows"), selectable=False)
        self.cell = gr.State(None)  # (true, predicted), and which page of it
        self.page = gr.State(0)
        self.picked = gr.State(None)  # position of the picture whose heat maps are shown
        self.outputs = [
            self.strip, self.before, self.after, self.looked_at, *self.heats, self.classify, self.rows, self.cell,
            self.page, self.picked,
        ]  # fmt: skip

    def closed(self, why: str = "") -> list[Any]:
        """Values of `outputs` when no cell is open; why: what stood in the way of one that was to be opened."""
        hidden = gr.update(visible=False)
        return [{"note": why, "items": []} if why else {}, hidden, hidden, hidden, {}, {}, hidden, None, None, 0, None]

    def unseen(self, why: str = "") -> list[Any]:
        """Values of the places of both heat maps, the button below and the picture, where none are shown, and why."""
        value = {"message": why, "layers": [], "layer": None} if why else {}
        return [gr.update(visible=bool(why)), value, {}, gr.update(visible=False), None]

    def filled(self, found: Answers | None, at: Sequence[int] | None, page: int, choice: Choice) -> list[Any]:
        """Values of `outputs` for a page of a cell, the last one where it has fewer."""
        if found is None or at is None:
            return self.closed()
        cell, own, hidden = (int(at[0]), int(at[1])), choice.own, gr.update(visible=False)
        last = cells.pages(found, cell) - 1
        page = max(0, min(page, last))
        value = cells.strip(self.services, found, cell, page, self.text)
        rows = views.rows_table(found, own.table, cell, self.text) if own is not None and own.table else None
        more = bool(value.get("items"))
        return [
            value, gr.update(visible=more and page > 0), gr.update(visible=more and page < last), hidden,
            {}, {}, hidden, rows, cell, page, None,
        ]  # fmt: skip

    def wire(self, context: PageContext, chosen: Sequence[Any], look: Look) -> None:
        """Connect the parts; look: see `Look`."""

        def turn(step: int) -> Callable[..., list[Any]]:
            def turned(request: gr.Request, at: Any, page: int, *values: Any) -> list[Any]:
                choice = Choice(*values)
                found, why = look(choice, request)
                return self.closed(why) if found is None else self.filled(found, at, page + step, choice)

            return turned

        def pick(event: gr.SelectData, request: gr.Request, *values: Any) -> list[Any]:
            choice = Choice(*values)
            found, why = look(choice, request)
            if found is None:
                return self.unseen(why)
            if not found.network or (choice.groups or "").strip():
                return self.unseen()  # merged classes are none of the network's
            try:
                true, predicted = cells.looked(self.services, found, int(event.index), self.text)
            except REFUSALS as error:
                return self.unseen(sentence(error, self.text))
            seen = gr.update(visible=bool(true))
            return [seen, true, predicted, seen, int(event.index)]

        def to_classify(request: gr.Request, at: Any, *values: Any) -> tuple[Any, Any, Any]:
            choice = Choice(*values)
            found, _ = look(choice, request)
            split = source.pictures(self.services, found).split if found and at is not None else None
            if split is None:
                return gr.skip(), gr.skip(), gr.skip()
            image = split.picture(int(found.rows[at]))
            kept = {**(choice.kept or {}), found.network: ""}  # a linked run is listed too
            known = choices(self.services, self.text, visitor(self.services, request, kept))
            listed = found.network in [one for _, one in known]
            classify = gr.update(choices=known, value=[found.network]) if listed else gr.skip()
            return gr.Tabs(selected="classify"), [image], classify

        place = [self.cell, self.page, *chosen]
        self.before.click(turn(-1), place, self.outputs, **QUIET)
        self.after.click(turn(1), place, self.outputs, **QUIET)
        self.strip.select(pick, chosen, [self.looked_at, *self.heats, self.classify, self.picked], **EVERY, **QUIET)
        self.classify.click(
            to_classify,
            [self.picked, *chosen],
            [context.tabs, context.shared["pictures"], context.shared["classify"]],
            **QUIET,
        )
