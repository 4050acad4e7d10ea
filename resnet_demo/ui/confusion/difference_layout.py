"""The components that compare two sides and how they are wired; what they show is decided in `difference_handlers`.

The other side is chosen in a fold among the tab's controls. The difference takes the matrix's place, by the switch
above it; the images beside it are those that only one side gets right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.choices import Choices
from ..components.mistakes import mistakes
from ..components.table import table
from ..events import EVERY, QUIET
from ..text import Text
from .cell_layout import REVEAL
from .choice import OTHER, THIS, VIEWS
from .difference_handlers import DifferenceHandlers


@dataclass(frozen=True)
class DifferenceParts:
    """The components of the section.

    fold: with the lists that choose the other side (runs, sets, epochs). view: the switch between both sides and their
    difference. status: the difference in words, or why there is none. panel: the column with the images beside the
    difference. whose: which side alone is right on them, with buttons to the previous and the next page; `page` is the
    open one. output, changes: the column with a table by class.
    """

    fold: Any
    runs: Any
    sets: Any
    epochs: Any
    view: Any
    status: Any
    panel: Any
    whose: Any
    images: Any
    previous: Any
    next: Any
    page: Any
    output: Any
    changes: Any

    @property
    def side(self) -> list[Any]:
        """The lists that choose the other side."""
        return [self.runs, self.sets, self.epochs]

    @property
    def choice(self) -> list[Any]:
        """The last fields of a `Choice`."""
        return [self.view, *self.side]

    @property
    def strip(self) -> list[Any]:
        """What is filled when a page of images is shown."""
        return [self.images, self.previous, self.next, self.page]

    @property
    def shown(self) -> list[Any]:
        """What is filled when other answers are looked at."""
        return [self.view, self.status, self.panel, self.whose, *self.strip, self.output, self.changes]


def difference_controls(text: Text) -> dict[str, Any]:
    """What chooses the other side."""
    plain: dict[str, Any] = {"filterable": False, "interactive": True}
    with gr.Accordion(text("confusion.difference"), open=False, elem_id="confusion-difference") as fold:
        return {
            "fold": fold,
            "runs": Choices([], label=text("confusion.difference.run"), elem_id="confusion-other", **plain),
            "sets": Choices([], label=text("confusion.set"), visible=False, elem_id="confusion-other-set", **plain),
            "epochs": Choices(
                [], label=text("confusion.epoch"), elem_id="confusion-other-epoch", visible=False, **plain
            ),
        }


def view_switch(text: Text) -> dict[str, Any]:
    """What stands above the matrix: which side it shows."""
    return {
        "view": gr.Radio(
            [(text(f"confusion.view.{one}"), one) for one in VIEWS], value=THIS, label=text("confusion.view"),
            visible=False, interactive=True, elem_id="confusion-switch",
        )
    }  # fmt: skip


def difference_images(text: Text) -> dict[str, Any]:
    """What stands beside a difference."""
    button: dict[str, Any] = {"visible": False, "size": "sm", "min_width": 80}
    with gr.Column(visible=False) as panel:
        parts = {
            "panel": panel,
            "whose": gr.Radio(
                [(text(f"confusion.alone.{one}"), one) for one in (THIS, OTHER)], value=THIS,
                label=text("confusion.alone"), visible=False, interactive=True, elem_id="confusion-alone",
            ),
            "images": mistakes(text, elem_id="confusion-alone-pictures", selectable=False),
        }  # fmt: skip
        with gr.Row(elem_id="confusion-alone-pages"):
            parts["previous"] = gr.Button(text("confusion.before"), **button)
            parts["next"] = gr.Button(text("confusion.after"), **button)
        return parts | {"page": gr.State(0)}


def difference_table(text: Text) -> dict[str, Any]:
    """The changes by class."""
    label = text("confusion.changes")
    with gr.Column(visible=False) as output:
        gr.Markdown(f"### {label}")
        changes = table(text, elem_id="confusion-changes", name="changes", label=label, selectable=False)
    return {"output": output, "changes": changes}


def wire_difference(parts: DifferenceParts, handlers: DifferenceHandlers, cell: Any, choice: Sequence[Any]) -> None:
    """Connect the images to their handlers; cell: state with the open cell; choice: components with the fields of a
    `Choice`. What chooses the other side, and the switch, are wired by the tab."""
    place = [parts.whose, parts.page, cell, *choice]
    parts.whose.input(handlers.choose_side, place, parts.strip, **EVERY, **QUIET)
    for button, handler in ((parts.previous, handlers.previous_page), (parts.next, handlers.next_page)):
        button.click(handler, place, parts.strip, **QUIET).then(None, js=REVEAL)
