"""The components of the tab Confusion and how they are wired; what they show is decided in `handlers`.

Sections have a layout and handlers of their own: `cell` (the open cell), `difference` (two sides compared), `missing`
(images that are not here), `timeline` (recorded epochs), `predictions` and `models` (uploads).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.choices import Choices
from ..components.confidence import confidence
from ..components.into_view import into_view
from ..components.matrix import MOST_CLASSES, matrix
from ..components.notice import notice
from ..components.opening import opening
from ..components.run_head import run_head
from ..components.table import table
from ..events import EVERY, LAST, QUIET
from ..page_context import PageContext
from ..text import Text
from . import takeaway
from .cell_layout import CellParts, cell_layout, wire_cell
from .difference_layout import DifferenceParts, difference_controls, difference_output, wire_difference
from .handlers import Handlers
from .missing_layout import MissingParts, missing_layout, wire_missing
from .models_layout import ModelsParts, models_layout, wire_models
from .predictions_layout import PredictionsParts, predictions_layout, wire_predictions
from .timeline_layout import TimelineParts, timeline_layout, wire_timeline

TAB = "confusion"
SCROLL = into_view("#confusion-told", only_if="#confusion-told")  # to a difference that a link or another tab asked for


@dataclass(frozen=True)
class Parts:
    """The components of the tab.

    runs, sets, epochs: lists that choose answers. only: which of many classes are drawn. groups: classes to merge, with
    the buttons `prepared` (fills it for CIFAR-10) and `merge`. head, figure, files, per_class, averages, pairs,
    confidence: what is shown of the answers. own: a visitor's own answers, which are shown instead of a run's. refresh:
    changes when there is something new to show. pair_cells: the cells of the table `pairs`. link: what another tab
    wants to be shown. opening: reports that the tab is opened, and what the address asks for.
    """

    opening: Any
    runs: Any
    sets: Any
    epochs: Any
    only: Any
    groups: Any
    prepared: Any
    merge: Any
    groups_status: Any
    head: Any
    figure: Any
    files: Any
    per_class: Any
    averages: Any
    pairs: Any
    confidence: Any
    own: Any
    refresh: Any
    pair_cells: Any
    link: Any
    kept: Any
    cell: CellParts
    difference: DifferenceParts
    missing: MissingParts
    timeline: TimelineParts
    predictions: PredictionsParts
    models: ModelsParts

    @property
    def choice(self) -> list[Any]:
        """The fields of a `Choice`, in their order."""
        return [self.runs, self.sets, self.epochs, self.only, self.groups, self.own, self.kept]

    @property
    def shown(self) -> list[Any]:
        """What is filled when other answers are looked at."""
        return [
            self.head, self.figure, self.per_class, self.averages, self.pairs, self.pair_cells, self.confidence,
            self.files, self.groups_status, self.prepared, self.only, *self.missing.shown, *self.cell.shown,
        ]  # fmt: skip


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    services, text = context.services, context.text
    own, refresh, kept = gr.State(None), gr.State(0.0), context.kept
    parts: dict[str, Any] = {"own": own, "refresh": refresh, "kept": kept, "opening": opening(elem_id=f"{TAB}-opening")}
    with gr.Row(elem_id="confusion"):
        with gr.Column(scale=1, min_width=300, elem_classes="controls"):
            parts |= choice_controls(text)
            difference = difference_controls(text)
            parts["predictions"] = predictions_layout(text, own=own, refresh=refresh)
            parts["models"] = models_layout(services, text, own=own, refresh=refresh, kept=kept)
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            parts["head"] = run_head(text, elem_id="confusion-head")
            parts["missing"] = missing_layout(text, own=own, refresh=refresh)
            parts["figure"] = matrix(text, elem_id="confusion-matrix")
            parts["cell"] = cell_layout(context)
            parts |= numbers(text)
            parts["difference"] = DifferenceParts(**difference, **difference_output(text))
            gr.Markdown(f"### {text('confusion.time')}")
            parts["timeline"] = timeline_layout(text)
    made = Parts(**parts, pair_cells=gr.State([]), link=context.shared_state(TAB))
    wire(made, Handlers(services, text, made))


def choice_controls(text: Text) -> dict[str, Any]:
    """What chooses the answers, and which of their classes are merged."""
    plain: dict[str, Any] = {"filterable": False, "interactive": True}
    parts: dict[str, Any] = {
        "runs": Choices([], label=text("confusion.run"), elem_id="confusion-run", **plain),
        "sets": Choices([], label=text("confusion.set"), elem_id="confusion-set", **plain),
        "epochs": Choices([], label=text("confusion.epoch"), elem_id="confusion-at", visible=False, **plain),
        "only": gr.Textbox(
            label=text("confusion.only"), info=text("confusion.only.info", most=MOST_CLASSES), visible=False,
            elem_id="confusion-only",
        ),
    }  # fmt: skip
    with gr.Accordion(text("confusion.groups"), open=False, elem_id="confusion-groups"):
        label, info = text("confusion.groups.label"), text("confusion.groups.info")
        parts["groups"] = gr.Textbox(label=label, info=info, lines=3, elem_id="confusion-groups-text")
        with gr.Row():
            parts["prepared"] = gr.Button(text("confusion.groups.prepared"), size="sm", visible=False)
            parts["merge"] = gr.Button(text("confusion.groups.merge"), size="sm", elem_id="confusion-merge")
        parts["groups_status"] = notice(elem_id="confusion-groups-said")
    return parts


def numbers(text: Text) -> dict[str, Any]:
    """What is counted: files, tables, charts of confidence."""
    parts = {"files": takeaway.links(text, elem_id="confusion-files")}
    label = text("confusion.classes")
    gr.Markdown(f"### {label}")
    parts["per_class"] = table(text, elem_id="confusion-classes", name="classes", label=label, compact=True)
    label = text("confusion.averages")
    parts["averages"] = table(text, elem_id="confusion-averages", name="averages", label=label, selectable=False)
    label = text("confusion.pairs")
    gr.Markdown(f"### {label}")
    parts["pairs"] = table(text, elem_id="confusion-pairs", name="pairs", label=label, height=300)
    gr.Markdown(f"### {text('confusion.sure')}")
    return parts | {"confidence": confidence(text, elem_id="confusion-sure")}


def wire(parts: Parts, handlers: Handlers) -> None:
    """Connect the components to their handlers."""
    choice, cell, difference, timeline = parts.choice, parts.cell, parts.difference, parts.timeline
    chosen = [parts.sets, parts.epochs, parts.own]
    opened = [
        parts.runs, *chosen, parts.groups, *difference.side, difference.fold, *difference.shown, *parts.shown,
        *timeline.shown,
    ]  # fmt: skip
    parts.opening.mount(handlers.mount, [parts.link, parts.kept], opened, **QUIET).then(None, js=SCROLL)
    parts.link.change(handlers.follow_link, [parts.link, parts.kept], opened, **QUIET).then(None, js=SCROLL)
    run = [*chosen, parts.groups, *parts.shown, *timeline.shown]
    parts.runs.input(handlers.choose_run, [parts.runs, parts.sets, parts.kept], run, **LAST)
    parts.sets.input(handlers.choose_set, choice, [parts.epochs, parts.own, *parts.shown], **LAST)
    parts.epochs.input(handlers.choose_epoch, choice, [parts.own, *parts.shown], **LAST)
    parts.only.submit(handlers.draw, choice, [parts.figure, *cell.shown], **LAST)
    gr.on([parts.merge.click, parts.refresh.change], handlers.show, choice, parts.shown, **LAST)
    parts.prepared.click(handlers.prepared_groups, None, parts.groups, **QUIET).then(
        handlers.show, choice, parts.shown, **QUIET
    )
    parts.figure.select(handlers.open_cell, choice, [parts.per_class, *cell.shown], **EVERY, **QUIET)
    parts.figure.mark(handlers.mark_row, choice, parts.per_class, **EVERY, **QUIET)
    parts.pairs.select(handlers.open_pair, [parts.pair_cells, *choice], cell.shown, **EVERY, **QUIET)
    parts.per_class.select(handlers.mark_class, choice, [parts.figure, parts.only], **EVERY, **QUIET)
    following = [cell.cell, cell.page, cell.picked, *choice]
    timeline.stage.change(handlers.follow, following, [parts.sets, parts.epochs, *parts.shown], **LAST)
    wire_cell(cell, handlers.cell, choice)
    wire_difference(difference, handlers.difference, choice)
    wire_timeline(timeline, handlers.timeline, parts.runs)
    wire_missing(parts.missing, handlers.missing, choice)
    wire_predictions(parts.predictions, handlers.predictions)
    wire_models(parts.models, handlers.models, parts.runs, handlers.list_runs)
