"""The components of the matrix's open cell and how they are wired; what they show is decided in `cell_handlers`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.into_view import revealed
from ..components.located import located
from ..components.mistakes import mistakes
from ..components.overlays import overlays
from ..components.table import table
from ..events import EVERY, QUIET
from ..page_context import PageContext
from .cell_handlers import CellHandlers
from .correcting_layout import CorrectingParts, correcting_layout

TAB = "confusion"
REVEAL = revealed("#confusion-beside")  # what a click brings: beside the matrix, on a phone below it
REVEAL_HEAT = revealed("#confusion-heat")


@dataclass(frozen=True)
class CellParts:
    """The components of the section.

    panel: the column with all of it. surest: opens the most confident mistakes over all classes in the place of a cell.
    images: a page of what is open, with buttons to the previous and the next one. heat: heat maps of the image `picked`
    (its position among the answers), for its two classes. classify: opens that image in Classify: the tab, its images
    and its models are tabs, uploads and models. rows: what an uploaded file has there. cell, page: what is open, a
    `cells.Cell`, and which page of it. located: the same in the page's address.
    """

    panel: Any
    surest: Any
    images: Any
    previous: Any
    next: Any
    heat: Any
    classify: Any
    rows: Any
    cell: Any
    page: Any
    picked: Any
    located: Any
    tabs: Any
    uploads: Any
    models: Any

    @property
    def explained(self) -> list[Any]:
        """What is filled when an image is picked."""
        return [self.heat, self.classify, self.picked]

    @property
    def shown(self) -> list[Any]:
        """What is filled when a cell is opened or closed."""
        return [self.images, self.previous, self.next, self.rows, self.cell, self.page, self.located, *self.explained]


def cell_layout(context: PageContext) -> tuple[CellParts, CorrectingParts]:
    """Lay out the section, with the one that corrects labels between its images and their heat maps."""
    text = context.text
    button: dict[str, Any] = {"size": "sm", "visible": False}
    with gr.Column(visible=False) as panel:
        surest = gr.Button(text("confusion.surest.open"), elem_id="confusion-surest", **button)
        images = mistakes(text, elem_id="confusion-cell")
        with gr.Row(elem_id="confusion-pages"):
            previous = gr.Button(text("confusion.before"), min_width=80, **button)
            following = gr.Button(text("confusion.after"), min_width=80, **button)
        correcting = correcting_layout(context)
        heat = overlays(text, elem_id="confusion-heat")
        classify = gr.Button(text("confusion.classify"), elem_id="confusion-classify", **button)
        rows = table(text, elem_id="confusion-rows", name="rows", label=text("confusion.rows"), selectable=False)
    parts = CellParts(
        panel=panel,
        surest=surest,
        images=images,
        previous=previous,
        next=following,
        heat=heat,
        classify=classify,
        rows=rows,
        cell=gr.State(None),
        page=gr.State(0),
        picked=gr.State(None),
        located=located(tab=TAB, elem_id="confusion-cell-address"),
        tabs=context.tabs,
        uploads=context.shared["pictures"],
        models=context.shared["classify"],
    )
    return parts, correcting


def wire_cell(parts: CellParts, handlers: CellHandlers, choice: Sequence[Any]) -> None:
    """Connect the components to their handlers; choice: components with the fields of a `Choice`."""
    place = [parts.cell, parts.page, *choice]
    for button, handler in ((parts.previous, handlers.previous_page), (parts.next, handlers.next_page)):
        button.click(handler, place, parts.shown, **QUIET).then(None, js=REVEAL)
    parts.images.select(handlers.explain, choice, parts.explained, **EVERY, **QUIET).then(None, js=REVEAL_HEAT)
    parts.classify.click(
        handlers.open_in_classify, [parts.picked, *choice], [parts.tabs, parts.uploads, parts.models], **QUIET
    )
