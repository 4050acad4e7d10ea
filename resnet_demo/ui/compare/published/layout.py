"""The components of the section on published runs and how they are connected; what they show is decided in `handlers`.

Runs of full length and short runs are compared apart from each other. Below them what the papers published, marked as
such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...components.dots import dots
from ...components.notice import notice
from ...components.opening import opening
from ...components.prose import lead, note, prose
from ...components.table import table
from ...events import FILLS_STATE, QUIET
from ...page_context import PageContext
from ...shared.confusion_link import CONFUSION
from ...text import Text
from ..measuring import MEASURING
from . import papers
from .handlers import Handlers, KindHandlers

KINDS = ("full", "short")


@dataclass(frozen=True)
class KindParts:
    """The components for runs of one kind, in a `column`.

    which: the comparison that is shown. costs: cost and accuracy of each variant, with latencies once `measure` is
    clicked, as `measured` says. chart: every seed. verdicts, and in the column `decided` the same as the table `pairs`
    with a `method` note. models, models_note: tests of two single models. tabs, confusion: to open a pair in the tab
    Confusion; None where it is not on the page.
    """

    column: Any
    which: Any
    costs: Any
    measure: Any
    measured: Any
    chart: Any
    verdicts: Any
    decided: Any
    pairs: Any
    method: Any
    models_note: Any
    models: Any
    tabs: Any = None
    confusion: Any = None


def build(context: PageContext) -> None:
    """Fill the section, inside the tab."""
    text = context.text
    opened = opening(elem_id="published-opening")
    lead(text, "comparison.lead")
    empty = notice(elem_id="published-empty")
    of_page = {"tabs": context.tabs, "confusion": context.shared[CONFUSION]} if CONFUSION in context.shared else {}
    kinds = {kind: KindParts(**one_kind(text, kind, openable=bool(of_page)), **of_page) for kind in KINDS}
    tables_of_papers(text)
    handlers = Handlers(context.services, text, empty, kinds)
    for parts, kind_handlers in zip(kinds.values(), handlers.kinds, strict=True):
        wire(parts, kind_handlers)
    filled = [component for parts in kinds.values() for component in (parts.column, parts.which, *shown(parts))]
    opened.mount(handlers.mount, None, [empty, *filled], **QUIET)


def one_kind(text: Text, kind: str, openable: bool) -> dict[str, Any]:
    """The components for runs of one kind. openable: whether a row of the last table opens the tab Confusion."""
    place = f"published-{kind}"

    def table_of(name: str, label: str, selectable: bool = False) -> gr.HTML:
        return table(text, elem_id=f"{place}-{name}", name=f"{name}-{kind}", label=text(label), selectable=selectable)

    with gr.Column(visible=False, elem_id=place) as column:
        note(text, f"comparison.{kind}", "h4")
        if kind == "short":
            note(text, "comparison.short.about", "p")
        label = text("comparison.which")
        which = gr.Dropdown([], label=label, elem_id=f"{place}-which", filterable=False, interactive=True)
        costs = table_of("numbers", "comparison.label")
        note(text, "comparison.table.note", "p")
        with gr.Row():
            words = text("comparison.measure")
            measure = gr.Button(words, size="sm", scale=0, min_width=260, elem_id=f"{place}-measure")
        measured = notice(elem_id=f"{place}-measured")
        chart = dots(text, elem_id=f"{place}-dots")
        note(text, "comparison.verdicts", "h4")
        verdicts = prose("", f"{place}-verdicts")
        with gr.Column(visible=False) as decided:
            pairs = table_of("pairs", "comparison.verdicts.label")
            method = notice(elem_id=f"{place}-reckoned")
        note(text, "comparison.networks", "h4")
        models_note = notice(elem_id=f"{place}-about")
        models = table_of("networks", "comparison.networks.label", openable)
    return {
        "column": column, "which": which, "costs": costs, "measure": measure, "measured": measured, "chart": chart,
        "verdicts": verdicts, "decided": decided, "pairs": pairs, "method": method, "models_note": models_note,
        "models": models,
    }  # fmt: skip


def tables_of_papers(text: Text) -> None:
    """What the papers published, as two small tables."""
    for section, value in (("paper", papers.imagenet(text)), ("deep", papers.deep(text))):
        note(text, f"comparison.{section}", "h4")
        label = text(f"comparison.{section}.label")
        table(text, elem_id=f"published-{section}", name=section, label=label, value=value, selectable=False)
        note(text, f"comparison.{section}.note", "p")


def shown(parts: KindParts) -> list[Any]:
    """The components that show a comparison."""
    return [
        parts.costs, parts.measured, parts.chart, parts.verdicts, parts.decided, parts.pairs, parts.method,
        parts.models_note, parts.models,
    ]  # fmt: skip


def wire(parts: KindParts, handlers: KindHandlers) -> None:
    """Connect the components of one kind to their handlers."""
    parts.which.input(handlers.choose, parts.which, shown(parts), trigger_mode="always_last", **QUIET)
    parts.measure.click(handlers.measure, parts.which, [parts.measure, parts.measured, parts.costs], **MEASURING)
    if parts.confusion is not None:
        parts.models.select(handlers.open_pair, parts.which, [parts.tabs, parts.confusion], **FILLS_STATE)
