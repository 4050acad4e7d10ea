"""The components of the tab Teach and how they are wired; what they show is decided in `handlers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ....library.teaching import LEAST_CLASSES, LONGEST_NAME, MOST_CLASSES
from ...components.curves import curves
from ...components.into_view import into_view
from ...components.notice import notice
from ...components.prose import lead
from ...components.teacher import TeachLimits, teacher
from ...events import EVERY, FILLS_STATE, PRIVATE, QUIET
from ...page_context import PageContext
from .handlers import TAB, Handlers

LIMITS = TeachLimits((LEAST_CLASSES, MOST_CLASSES), images=120, begin=5, enough=20, name=LONGEST_NAME, side=256)
LIVE = "live"  # where Classify's camera sends its frames, too
# with the zips of other tabs: few are decoded at a time
LOADING = PRIVATE | {"concurrency_id": "bring", "concurrency_limit": 2}


@dataclass(frozen=True)
class Parts:
    """The components of the tab, and those of the page and of other tabs that it fills.

    teacher: camera, classes and live answers. whole: whether all layers learn. status: a sentence. learning: what shows
    the run, with its curves. opens: the buttons train, confusion and classify, which open it there. current: its id.
    kept: what the browser keeps. asked, question, models: what Train, Confusion and Classify are to show.
    """

    teacher: Any
    whole: Any
    status: Any
    learning: Any
    curves: Any
    opens: Any
    train: Any
    confusion: Any
    classify: Any
    current: Any
    kept: Any
    tabs: Any
    asked: Any
    question: Any
    models: Any


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    services, text = context.services, context.text
    with gr.Row(elem_id="teach"):
        with gr.Column(scale=1, min_width=300):
            lead(text, "teach.lead")
            shown = teacher(text, LIMITS, address=LIVE, tab=TAB, elem_id="teacher")
            whole = gr.Checkbox(False, label=text("teach.whole"), info=text("teach.whole.info"), elem_id="teach-whole")
        with gr.Column(scale=1, min_width=300):
            status = notice(elem_id="teach-said")
            with gr.Column(visible=False, elem_id="teach-run") as learning:
                chart = curves(text, services.tails.poll, elem_id="teach-curves")
            with gr.Row(visible=False, elem_id="teach-opens") as opens:
                buttons = {
                    name: gr.Button(text(f"teach.open.{name}"), size="sm", min_width=100, elem_id=f"teach-{name}")
                    for name in ("train", "confusion", "classify")
                }
    parts = Parts(
        teacher=shown,
        whole=whole,
        status=status,
        learning=learning,
        curves=chart,
        opens=opens,
        **buttons,
        current=gr.State(""),
        kept=context.kept,
        tabs=context.tabs,
        asked=context.shared_state("train"),
        question=context.shared_state("confusion"),
        models=context.shared["classify"],
    )
    wire(parts, Handlers(services, text, parts))


def wire(parts: Parts, handlers: Handlers) -> None:
    """Connect the components to their handlers."""
    begun = [parts.status, parts.teacher, parts.curves, parts.current, parts.kept, parts.opens, parts.learning]
    taught = parts.teacher.teach(handlers.teach, [parts.teacher, parts.whole, parts.kept], begun, **LOADING)
    taught.then(None, js=into_view("#teach-said"))
    parts.curves.state(handlers.follow, parts.current, [parts.status, parts.teacher], **EVERY, **QUIET)
    parts.train.click(handlers.open_in_train, parts.current, [parts.tabs, parts.asked], **FILLS_STATE)
    parts.confusion.click(handlers.open_in_confusion, parts.current, [parts.tabs, parts.question], **FILLS_STATE)
    parts.classify.click(handlers.open_in_classify, [parts.current, parts.kept], [parts.tabs, parts.models], **QUIET)
