"""The open cell: its pictures page by page, where the network looks in one of them, or the rows of a file in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from ...services import Services
from ..components.heatmap import heatmap
from ..components.mistakes import mistakes
from ..components.table import table
from ..errors import REFUSALS
from ..frame import EVERY, Frame
from ..runs import choices
from ..text import Text
from ..visitor import visitor
from . import cells, source, views
from .choosing import Choice
from .source import Answers

QUIET = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
Look = Callable[[Choice, gr.Request], Answers | None]  # the answers that are chosen


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

    def closed(self) -> list[Any]:
        """Values of `outputs` when no cell is open."""
        hidden = gr.update(visible=False)
        return [{}, hidden, hidden, hidden, {}, {}, hidden, None, None, 0, None]

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

    def wire(self, frame: Frame, chosen: Sequence[Any], look: Look) -> None:
        """Connect the parts; look(choice, request): the answers that are chosen."""

        def turn(step: int) -> Callable[..., list[Any]]:
            def turned(request: gr.Request, at: Any, page: int, *values: Any) -> list[Any]:
                choice = Choice(*values)
                return self.filled(look(choice, request), at, page + step, choice)

            return turned

        def pick(event: gr.SelectData, request: gr.Request, *values: Any) -> list[Any]:
            choice, hidden = Choice(*values), gr.update(visible=False)
            found, nothing = look(choice, request), [hidden, {}, {}, hidden, None]
            if found is None or not found.network or (choice.groups or "").strip():
                return nothing  # merged classes are none of the network's
            try:
                true, predicted = cells.looked(self.services, found, int(event.index), self.text)
            except REFUSALS:
                return nothing
            seen = gr.update(visible=bool(true))
            return [seen, true, predicted, seen, int(event.index)]

        def to_classify(request: gr.Request, at: Any, *values: Any) -> tuple[Any, Any, Any]:
            choice = Choice(*values)
            found = look(choice, request)
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
            to_classify, [self.picked, *chosen], [frame.tabs, frame.doors["pictures"], frame.doors["classify"]], **QUIET
        )
