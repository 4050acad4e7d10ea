"""The components of the part on depth and how they are connected; what they show is decided in `handlers`.

It shows what is measured; the paper leaves the cause open and so does this part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ....services import Services
from ...components.curves import curves
from ...components.dots import dots
from ...components.notice import notice
from ...components.opening import opening
from ...components.prose import articles, fold, lead, prose
from ...components.table import table
from ...events import LAST, QUIET
from ...page_context import PageContext
from ...text import Text
from ..measuring import MEASURING
from .handlers import Handlers


@dataclass(frozen=True)
class Parts:
    """The components of the part.

    answer, duel: what the deepest plain and residual models did, in words and as a chart that plays. recorded: the fold
    with all recorded runs: which they are (`runs`), a `caution` where they are short, their `errors` as a table and
    their `course` as charts, and `curves` that `replay` plays back. unnormalised: the fold with the same of runs
    without batch normalization. norms_note, measure, progress, norms_chart: gradients that are measured here; then, in
    the column `measured`, as the table `norms_table`. norms: what was measured.
    """

    opening: Any
    answer: Any
    duel: Any
    recorded: Any
    runs: Any
    caution: Any
    errors: Any
    course: Any
    replay: Any
    curves: Any
    unnormalised: Any
    unnormalised_runs: Any
    unnormalised_errors: Any
    unnormalised_course: Any
    norms_note: Any
    measure: Any
    progress: Any
    norms_chart: Any
    measured: Any
    norms_table: Any
    norms: Any


def build(context: PageContext) -> None:
    """Fill the part, inside its tab."""
    services, text = context.services, context.text
    opened = opening(elem_id="depth-opening")
    first = {"answer": notice(elem_id="depth-answer"), "duel": dots(text, elem_id="depth-duel")}
    shown = recorded_runs(services, text) | unnormalised_runs(text) | measured_norms(text)
    with fold(text, "degradation.paper", elem_id="depth-paper-fold"):
        lead(text, "degradation.lead")
        names = ("degradation.paper", "degradation.paper.norm")
        prose(articles((text(name), text(f"{name}.words"), text(f"{name}.source")) for name in names), "depth-paper")
    parts = Parts(opening=opened, **first, **shown, norms=gr.State([]))
    wire(parts, Handlers(services, text, parts))


def recorded_runs(services: Services, text: Text) -> dict[str, Any]:
    """Published runs of several depths."""
    with fold(text, "degradation.all", elem_id="depth-recorded") as folded:
        return {
            "recorded": folded,
            "runs": notice(elem_id="depth-which"),
            "caution": notice(elem_id="depth-slow"),
            "errors": plain_table(text, "depth-ends", "degradation", "degradation.table"),
            "course": dots(text, elem_id="depth-course"),
            "replay": gr.Radio(
                [], label=text("degradation.replay"), info=text("degradation.replay.info"), elem_id="depth-replay",
                interactive=True,
            ),
            "curves": curves(text, services.tails.poll, elem_id="depth-curves"),
        }  # fmt: skip


def unnormalised_runs(text: Text) -> dict[str, Any]:
    """The same of models without batch normalization."""
    with fold(text, "degradation.without", elem_id="depth-without") as folded:
        return {
            "unnormalised": folded,
            "unnormalised_runs": notice(elem_id="depth-which-without"),
            "unnormalised_errors": plain_table(
                text, "depth-ends-without", "degradation-without-bn", "degradation.without"
            ),
            "unnormalised_course": dots(text, elem_id="depth-course-without"),
        }


def plain_table(text: Text, elem_id: str, name: str, label: str) -> gr.HTML:
    """A table whose rows open nothing."""
    return table(text, elem_id=elem_id, name=name, label=text(label), selectable=False)


def measured_norms(text: Text) -> dict[str, Any]:
    """Gradients of untrained models, measured here."""
    with fold(text, "degradation.norms", elem_id="depth-gradients"):
        norms_note = notice(elem_id="depth-about")
        with gr.Row():
            words = text("degradation.measure")
            measure = gr.Button(words, size="sm", scale=0, min_width=260, elem_id="depth-measure")
        progress = notice(elem_id="depth-measured")
        chart = dots(text, elem_id="depth-norms")
        with gr.Column(visible=False) as column:
            listed = plain_table(text, "depth-numbers", "gradients", "degradation.norms.table")
    return {
        "norms_note": norms_note, "measure": measure, "progress": progress, "norms_chart": chart, "measured": column,
        "norms_table": listed,
    }  # fmt: skip


def wire(parts: Parts, handlers: Handlers) -> None:
    """Connect the components to their handlers."""
    recorded = [
        parts.answer, parts.duel, parts.recorded, parts.runs, parts.caution, parts.errors, parts.course, parts.replay,
        parts.curves, parts.norms_note,
    ]  # fmt: skip
    unnormalised = [
        parts.unnormalised, parts.unnormalised_runs, parts.unnormalised_errors, parts.unnormalised_course
    ]  # fmt: skip
    parts.opening.mount(handlers.mount, None, [*recorded, *unnormalised], **QUIET)
    parts.replay.input(handlers.play, parts.replay, parts.curves, **LAST)
    measuring = [parts.measure, parts.progress, parts.norms_chart, parts.norms]
    parts.measure.click(handlers.measure, None, measuring, **MEASURING).then(
        handlers.list_norms, parts.norms, [parts.measured, parts.norms_table], **QUIET
    )
