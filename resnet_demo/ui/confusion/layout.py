"""The components of the tab Confusion and how they are wired; what they show is decided in `handlers`.

Sections have a layout and handlers of their own: `cell` (the open cell), `correcting` (labels of own images), `curves`,
`difference` (two sides compared), `missing` (images that are not here), `timeline` (recorded epochs), `predictions` and
`models` (uploads).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.choices import Choices
from ..components.confidence import confidence
from ..components.located import located
from ..components.matrix import MOST_CLASSES, matrix
from ..components.notice import notice
from ..components.opening import opening
from ..components.run_head import run_head
from ..components.table import table
from ..events import EVERY, LAST, QUIET
from ..page_context import PageContext
from ..text import Text
from . import takeaway
from .cell_layout import REVEAL, TAB, CellParts, cell_layout, wire_cell
from .correcting_layout import CorrectingParts, wire_correcting
from .curves_layout import CurvesParts, curves_layout, wire_curves
from .difference_layout import (
    DifferenceParts,
    difference_controls,
    difference_images,
    difference_table,
    view_switch,
    wire_difference,
)
from .handlers import Handlers
from .missing_layout import MissingParts, missing_layout, wire_missing
from .models_layout import ModelsParts, models_layout, wire_models
from .predictions_layout import PredictionsParts, predictions_layout, wire_predictions
from .slices_layout import REVEAL_MATRIX, SlicesParts, slices_layout
from .timeline_layout import TimelineParts, timeline_layout, wire_timeline


@dataclass(frozen=True)
class Parts:
    """The components of the tab.

    runs, sets, epochs: lists that choose answers. only: which of many classes are drawn. groups: classes to merge, with
    the buttons `prepared` (fills it for CIFAR-10) and `merge`. head, figure: what is shown of the answers; files,
    per_class, averages, pairs, confidence: the same, in the column `results`. lossless, lossless_about,
    lossless_button: the fold about the losslessly stored test images. own: a visitor's own answers, which are shown
    instead of a run's. earlier, last: counts of the files shown before. refresh: changes when `own` is another.
    pair_cells: the cells of the table `pairs`. link: what another tab wants to be shown. opening: reports that the tab
    is opened, and what the address asks for. located: what the address says of it.
    """

    opening: Any
    located: Any
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
    results: Any
    files: Any
    lossless: Any
    lossless_about: Any
    lossless_button: Any
    per_class: Any
    averages: Any
    pairs: Any
    confidence: Any
    own: Any
    earlier: Any
    last: Any
    refresh: Any
    pair_cells: Any
    link: Any
    kept: Any
    cell: CellParts
    correcting: CorrectingParts
    curves: CurvesParts
    difference: DifferenceParts
    missing: MissingParts
    slices: SlicesParts
    timeline: TimelineParts
    predictions: PredictionsParts
    models: ModelsParts

    @property
    def choice(self) -> list[Any]:
        """The fields of a `Choice`, in their order."""
        shown = [self.runs, self.sets, self.epochs, self.only, self.groups, self.own, self.kept]
        return [*shown, *self.difference.choice, self.curves.chosen, *self.slices.choice, self.earlier, self.last]

    @property
    def shown(self) -> list[Any]:
        """What is filled when other answers are looked at."""
        return [
            self.located, self.head, self.figure, self.results, self.per_class, self.averages, self.pairs,
            self.pair_cells, self.confidence, self.files, self.lossless, self.lossless_about, self.lossless_button,
            self.groups_status, self.prepared, self.only, *self.missing.shown, *self.difference.shown,
            self.cell.panel, self.cell.surest, *self.cell.shown, *self.correcting.shown, *self.curves.shown,
            *self.slices.shown,
        ]  # fmt: skip

    @property
    def run(self) -> list[Any]:
        """What is filled when the tab begins with a run, or with a visitor's own answers."""
        return [
            self.runs,
            self.sets,
            self.epochs,
            *self.difference.side,
            self.own,
            self.groups,
            *self.shown,
            *self.timeline.shown,
        ]


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    services, text = context.services, context.text
    own, refresh, kept = gr.State(None), gr.State(0.0), context.kept
    parts: dict[str, Any] = {
        "own": own,
        "earlier": gr.State(None),
        "last": gr.State(None),
        "refresh": refresh,
        "kept": kept,
        "opening": opening(elem_id=f"{TAB}-opening"),
        "located": located(tab=TAB, elem_id=f"{TAB}-address"),
    }
    with gr.Row(elem_id="confusion"):
        with gr.Column(scale=2, min_width=280, elem_classes="controls"):
            difference = difference_controls(text)
            parts |= group_controls(text)
            parts["predictions"] = predictions_layout(text, own=own, refresh=refresh)
            parts["models"] = models_layout(services, text, own=own, refresh=refresh, kept=kept)
        with gr.Column(scale=5, min_width=320, elem_classes="output"):
            parts |= choice_controls(text)
            parts["slices"] = slices_layout(text)
            with gr.Row(elem_id="confusion-view"):
                with gr.Column(scale=3, min_width=320):
                    difference |= view_switch(text)
                    parts["figure"] = matrix(text, elem_id="confusion-matrix", value=waiting(text), located=TAB)
                    difference["status"] = notice(elem_id="confusion-told")
                with gr.Column(scale=2, min_width=260, elem_id="confusion-beside"):
                    parts["cell"], parts["correcting"] = cell_layout(context)
                    difference |= difference_images(text)
                    parts["missing"] = missing_layout(text, own=own, refresh=refresh)
            with gr.Column(visible=False) as results:
                parts |= lossless_part(text)
                parts["files"] = takeaway.links(text, elem_id="confusion-files")
                difference |= difference_table(text)
                parts |= numbers(text)
                parts["curves"] = curves_layout(text, parts["located"])
            parts["timeline"] = timeline_layout(text)
    link, pair_cells = context.shared_state(TAB), gr.State([])
    made = Parts(**parts, results=results, difference=DifferenceParts(**difference), pair_cells=pair_cells, link=link)
    wire(made, Handlers(services, text, made))


def waiting(text: Text) -> dict[str, Any]:
    """What stands in the matrix's place until the tab's first answer has come."""
    return {"note": text("confusion.loading")}


def choice_controls(text: Text) -> dict[str, Any]:
    """What chooses the answers, and what is said of them as a whole."""
    plain: dict[str, Any] = {"filterable": False, "interactive": True}
    with gr.Row(elem_id="confusion-choice"):  # in the presenter's page one line
        parts: dict[str, Any] = {
            "runs": Choices([], label=text("confusion.run"), elem_id="confusion-run", scale=3, **plain),
            "sets": Choices(
                [], label=text("confusion.set"), elem_id="confusion-set", scale=2, visible=False, **plain
            ),
            "epochs": Choices(
                [], label=text("confusion.epoch"), elem_id="confusion-at", scale=1, visible=False, **plain
            ),
        }  # fmt: skip
        parts["head"] = run_head(text, elem_id="confusion-head")
    parts["only"] = gr.Textbox(
        label=text("confusion.only"), info=text("confusion.only.info", most=MOST_CLASSES), visible=False,
        elem_id="confusion-only",
    )  # fmt: skip
    return parts


def group_controls(text: Text) -> dict[str, Any]:
    """Which classes are merged."""
    with gr.Accordion(text("confusion.groups"), open=False, elem_id="confusion-groups"):
        label, info = text("confusion.groups.label"), text("confusion.groups.info")
        parts: dict[str, Any] = {"groups": gr.Textbox(label=label, info=info, lines=3, elem_id="confusion-groups-text")}
        with gr.Row():
            parts["prepared"] = gr.Button(text("confusion.groups.prepared"), size="sm", visible=False)
            parts["merge"] = gr.Button(text("confusion.groups.merge"), size="sm", elem_id="confusion-merge")
        parts["groups_status"] = notice(elem_id="confusion-groups-said")
    return parts


def lossless_part(text: Text) -> dict[str, Any]:
    """The test images that are stored losslessly: a fold with a sentence, and a button that counts these alone."""
    with gr.Accordion(text("confusion.lossless"), open=False, visible=False, elem_id="confusion-lossless") as fold:
        return {
            "lossless": fold,
            "lossless_about": notice(elem_id="confusion-lossless-about"),
            "lossless_button": gr.Button(
                text("confusion.lossless.only"), size="sm", elem_id="confusion-lossless-button"
            ),
        }


def numbers(text: Text) -> dict[str, Any]:
    """What is counted: tables, charts of confidence."""
    parts = {}
    label = text("confusion.pairs")
    gr.Markdown(f"### {label}")
    parts["pairs"] = table(text, elem_id="confusion-pairs", name="pairs", label=label, height=300)
    label = text("confusion.classes")
    gr.Markdown(f"### {label}")
    parts["per_class"] = table(text, elem_id="confusion-classes", name="classes", label=label, compact=True)
    label = text("confusion.averages")
    parts["averages"] = table(
        text, elem_id="confusion-averages", name="averages", label=label, selectable=False, compact=True
    )
    gr.Markdown(f"### {text('confusion.sure')}")
    return parts | {"confidence": confidence(text, elem_id="confusion-sure")}


def wire(parts: Parts, handlers: Handlers) -> None:
    """Connect the components to their handlers."""
    choice, cell, difference, timeline = parts.choice, parts.cell, parts.difference, parts.timeline
    kept_open = [cell.cell, *choice]
    opened = [*parts.run, difference.fold, parts.curves.chosen]
    for shown in (
        parts.opening.mount(handlers.mount, [parts.link, parts.kept], opened, **QUIET),
        parts.link.change(handlers.follow_link, [parts.link, parts.kept], opened, **QUIET),
        parts.runs.input(handlers.choose_run, choice, parts.run, **LAST),
    ):
        shown.then(handlers.missing.await_images, choice, parts.missing.waited, **QUIET).then(
            handlers.show_awaited, [parts.missing.waited, *kept_open], parts.shown, **QUIET
        )
    parts.sets.input(handlers.choose_set, kept_open, [parts.epochs, *parts.shown], **LAST)
    for epochs in (parts.epochs, difference.epochs):  # one trigger each: `latest` has to know which was set
        epochs.input(handlers.show_same, kept_open, parts.shown, **LAST)
    difference.view.input(handlers.choose_view, kept_open, parts.shown, **LAST)
    sides = [difference.sets, difference.epochs, *parts.shown]
    difference.runs.input(handlers.choose_other, choice, sides, **LAST)
    difference.sets.input(handlers.choose_other_set, kept_open, sides, **LAST)
    parts.lossless_button.click(handlers.choose_lossless, kept_open, [parts.sets, *parts.shown], **QUIET)
    parts.missing.arrived.change(handlers.show_same, kept_open, parts.shown, **QUIET)
    parts.refresh.change(handlers.show_own, choice, [*parts.run, parts.earlier, parts.last], **LAST)
    parts.slices.columns.input(handlers.choose_column, choice, parts.shown, **LAST)
    parts.slices.table.select(handlers.choose_slice, kept_open, parts.shown, **EVERY, **QUIET).then(
        None, js=REVEAL_MATRIX
    )
    parts.merge.click(handlers.merge, choice, parts.shown, **LAST)
    parts.prepared.click(handlers.prepared_groups, None, parts.groups, **QUIET).then(
        handlers.merge, choice, parts.shown, **QUIET
    )
    parts.only.submit(handlers.draw, choice, [parts.figure, *cell.shown], **LAST)
    clicked = [*cell.shown, *difference.strip]
    parts.figure.select(
        handlers.open_cell, [difference.whose, *choice], [parts.per_class, *clicked], **EVERY, **QUIET
    ).then(None, js=REVEAL)
    parts.pairs.select(
        handlers.open_pair, [parts.pair_cells, difference.whose, *choice], clicked, **EVERY, **QUIET
    ).then(None, js=REVEAL)
    cell.surest.click(handlers.open_surest, choice, [parts.figure, *cell.shown], **QUIET).then(None, js=REVEAL)
    parts.figure.mark(handlers.mark_row, choice, parts.per_class, **EVERY, **QUIET)
    marked = [parts.figure, parts.only, *parts.curves.drawn]
    parts.per_class.select(handlers.mark_class, choice, marked, **EVERY, **QUIET)
    following = [cell.cell, cell.page, cell.picked, *choice]
    timeline.stage.change(handlers.follow, following, [parts.sets, parts.epochs, *parts.shown], **LAST)
    wire_cell(cell, handlers.cell, choice)
    wire_curves(parts.curves, handlers.curves, choice)
    wire_correcting(parts.correcting, handlers.showing.correcting, cell.images, choice)
    wire_difference(difference, handlers.difference, cell.cell, choice)
    wire_timeline(timeline, handlers.timeline, parts.runs)
    wire_missing(parts.missing, handlers.missing, choice)
    wire_predictions(parts.predictions, handlers.predictions)
    wire_models(parts.models, handlers.models, [parts.runs, parts.own], handlers.list_runs)
