"""The components of the difference and how they are wired; what they show is decided in `difference_handlers`.

The other side is chosen in a fold among the tab's controls; the difference stands in the tab's output.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.choices import Choices
from ..components.matrix import matrix
from ..components.mistakes import mistakes
from ..components.notice import notice
from ..components.table import table
from ..events import EVERY, QUIET
from ..text import Text
from .difference_handlers import DifferenceHandlers
from .difference_views import OTHER, THIS


@dataclass(frozen=True)
class DifferenceParts:
    """The components of the section.

    fold: with the lists that choose the other side (runs, sets, epochs) and the button `compare`. output: the column
    with everything else. status: the difference in words, or why there is none. change, changes: the signed matrix, and
    a table by class. whose: which side alone is right on the images below it, with buttons to the previous and the
    next page; `page` is the open one.
    """

    fold: Any
    runs: Any
    sets: Any
    epochs: Any
    compare: Any
    output: Any
    status: Any
    change: Any
    changes: Any
    whose: Any
    images: Any
    previous: Any
    next: Any
    page: Any

    @property
    def side(self) -> list[Any]:
        """The lists that choose the other side."""
        return [self.runs, self.sets, self.epochs]

    @property
    def strip(self) -> list[Any]:
        """What is filled when a page of images is shown."""
        return [self.images, self.previous, self.next, self.page]

    @property
    def shown(self) -> list[Any]:
        """What is filled when two sides are compared."""
        return [self.output, self.status, self.change, self.changes, self.whose, *self.strip]


def difference_controls(text: Text) -> dict[str, Any]:
    """What chooses the other side."""
    plain: dict[str, Any] = {"filterable": False, "interactive": True}
    with gr.Accordion(text("confusion.difference"), open=False, elem_id="confusion-difference") as fold:
        return {
            "fold": fold,
            "runs": Choices([], label=text("confusion.difference.run"), elem_id="confusion-other", **plain),
            "sets": Choices([], label=text("confusion.set"), elem_id="confusion-other-set", **plain),
            "epochs": Choices(
                [], label=text("confusion.epoch"), elem_id="confusion-other-epoch", visible=False, **plain
            ),
            "compare": gr.Button(text("confusion.difference.go"), size="sm", elem_id="confusion-compare"),
        }


def difference_output(text: Text) -> dict[str, Any]:
    """The difference itself."""
    button: dict[str, Any] = {"visible": False, "size": "sm", "min_width": 80}
    with gr.Column(visible=False) as output:
        gr.Markdown(f"### {text('confusion.difference')}")
        parts = {
            "output": output,
            "status": notice(elem_id="confusion-told"),
            "change": matrix(text, elem_id="confusion-change", selectable=False),
            "changes": table(
                text, elem_id="confusion-changes", name="changes", label=text("confusion.difference"), selectable=False
            ),
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


def wire_difference(parts: DifferenceParts, handlers: DifferenceHandlers, choice: Sequence[Any]) -> None:
    """Connect the components to their handlers; choice: components with the fields of a `Choice`, of this side."""
    parts.runs.input(handlers.choose_run, [parts.runs, parts.sets], [parts.sets, parts.epochs], **EVERY, **QUIET)
    parts.sets.input(handlers.choose_set, [parts.runs, parts.sets], parts.epochs, **EVERY, **QUIET)
    parts.compare.click(handlers.compare, [*parts.side, *choice], parts.shown, **QUIET)
    place = [parts.whose, parts.page, *parts.side, *choice]
    parts.whose.input(handlers.choose_side, place, parts.strip, **EVERY, **QUIET)
    parts.previous.click(handlers.previous_page, place, parts.strip, **QUIET)
    parts.next.click(handlers.next_page, place, parts.strip, **QUIET)
