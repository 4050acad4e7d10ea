"""The components that correct the labels of a visitor's own images and train again, and how they are wired; what they
do is decided in `correcting_handlers`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.choices import Choices
from ..components.notice import notice
from ..components.table import table
from ..events import EVERY, PRIVATE, QUIET
from ..page_context import PageContext
from .correcting_handlers import LOOK, CorrectingHandlers

# what is uploaded again is decoded as uploads are: a few at a time
LOADING = PRIVATE | {"show_progress": "minimal", "concurrency_id": "bring", "concurrency_limit": 2}


@dataclass(frozen=True)
class CorrectingParts:
    """The components of the section.

    fold: all of it. action: what a click on an image does beside showing where the model looks. changes: a state with
    the images that are relabeled or left out, and `listed`, a table of them. again: starts the run, with `status`, a
    notice. tabs, wanted: open the tab Train with it. kept: what the browser keeps.
    """

    fold: Any
    action: Any
    changes: Any
    listed: Any
    again: Any
    status: Any
    tabs: Any
    wanted: Any
    kept: Any

    @property
    def shown(self) -> list[Any]:
        """What is filled when other answers are looked at."""
        return [self.fold, self.action, *self.changed]

    @property
    def changed(self) -> list[Any]:
        """What is filled when an image is relabeled or left out."""
        return [self.changes, self.listed, self.again, self.status]


def correcting_layout(context: PageContext) -> CorrectingParts:
    """Lay out the section."""
    text = context.text
    with gr.Accordion(text("correct.fold"), open=False, visible=False, elem_id="confusion-correct") as fold:
        gr.Markdown(text("correct.about"))
        action = Choices(
            [(text("correct.look"), LOOK)], value=LOOK, label=text("correct.action"), filterable=False,
            interactive=True, elem_id="confusion-correct-action",
        )  # fmt: skip
        listed = table(text, elem_id="confusion-correct-list", name="changes", label=text("correct.list"), height=240)
        again = gr.Button(text("correct.again"), size="sm", visible=False, elem_id="confusion-correct-again")
        status = notice(elem_id="confusion-correct-said")
    return CorrectingParts(
        fold=fold,
        action=action,
        changes=gr.State(None),
        listed=listed,
        again=again,
        status=status,
        tabs=context.tabs,
        wanted=context.shared_state("train"),
        kept=context.kept,
    )


def wire_correcting(parts: CorrectingParts, handlers: CorrectingHandlers, images: Any, choice: Sequence[Any]) -> None:
    """Connect the components to their handlers; images: the strip that is clicked; choice: components with the fields
    of a `Choice`."""
    given = [parts.changes, *choice]
    images.select(handlers.change, [parts.action, *given], parts.changed, **EVERY, **QUIET)
    parts.listed.select(handlers.take_back, given, parts.changed, **EVERY, **QUIET)
    parts.again.click(handlers.train_again, given, [*parts.changed, parts.tabs, parts.wanted, parts.kept], **LOADING)
