"""The components of a class of phones, and how they are connected; what they show is decided in `handlers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ....rooms.images import SIDE
from ...components.board import board
from ...components.curves import curves
from ...components.notice import notice
from ...components.opening import opening
from ...components.prose import lead
from ...components.table import table
from ...events import EVERY, LAST, PRIVATE, QUIET
from ...page_context import PageContext
from .handlers import Handlers, Servant


@dataclass(frozen=True)
class Parts:
    """The components of the part.

    form: what opens a room, with `classes`, `open` and a `form_notice`. board: of the room. work: what follows from its
    images: `train`, a `train_notice`, and `runs`, the table of everybody's; in the column `trained` the `curves` of the
    run on the images, or of one of the table. room: what this browser keeps of its room, {"room": id, "key"}. kept: as
    in `PageContext`.
    """

    form: Any
    classes: Any
    open: Any
    form_notice: Any
    board: Any
    work: Any
    train: Any
    train_notice: Any
    trained: Any
    curves: Any
    runs: Any
    room: Any
    kept: Any

    @property
    def shown(self) -> list[Any]:
        """What changes with the room."""
        notices = [self.form_notice, self.train_notice]
        return [self.form, *notices, self.board, self.work, self.trained, self.curves, self.runs, self.room]


def build(context: PageContext) -> None:
    """Fill the part, inside its tab."""
    services, text = context.services, context.text
    servant = Servant(services, text)
    opened = opening(elem_id="room-opening")
    with gr.Column(elem_id="room"):
        with gr.Column(elem_id="room-form") as form:
            lead(text, "room.lead")
            with gr.Row(elem_id="room-open-row"):
                classes = gr.Textbox(
                    label=text("room.classes"), info=text("room.classes.info"), max_length=400, scale=3,
                    elem_id="room-classes",
                )  # fmt: skip
                button = gr.Button(text("room.open"), variant="primary", elem_id="room-open")
            form_notice = notice(elem_id="room-form-notice")
            lead(text, "room.kept", side=SIDE, hours=f"{services.rooms.limits.seconds / 3600:g}")
        shown = board(text, servant.look, servant.moderate, servant.share, elem_id="room-board")
        with gr.Column(visible=False, elem_id="room-work") as work:
            train = gr.Button(text("room.train"), variant="primary", elem_id="room-train")
            train_notice = notice(elem_id="room-train-notice")
            with gr.Column(visible=False, elem_id="room-trained") as trained:
                charts = curves(text, services.tails.poll, elem_id="room-curves", value={"runs": []})
            runs = table(text, elem_id="room-runs", name="room", label=text("room.runs"))
    room = gr.BrowserState({}, storage_key="resnet_demo.room", secret="resnet_demo")
    parts = Parts(
        form=form, classes=classes, open=button, form_notice=form_notice, board=shown, work=work, train=train,
        train_notice=train_notice, trained=trained, curves=charts, runs=runs, room=room, kept=context.kept,
    )  # fmt: skip
    wire(parts, opened, Handlers(services, text, parts))


def wire(parts: Parts, opened: Any, handlers: Handlers) -> None:
    """Connect the components to their handlers."""
    opened.mount(handlers.mount, parts.room, parts.shown, **PRIVATE)
    for event in (parts.open.click, parts.classes.submit):
        event(handlers.open, parts.classes, parts.shown, **PRIVATE)
    parts.train.click(handlers.train, [parts.room, parts.kept], [*parts.shown, parts.kept], **PRIVATE)
    parts.runs.select(
        handlers.open_run, parts.room, [parts.train_notice, parts.trained, parts.curves], **EVERY, **PRIVATE
    )
    parts.board.runs(handlers.list_runs, parts.room, parts.runs, **LAST)
    parts.board.shut(handlers.shut, parts.room, parts.shown, **QUIET)
