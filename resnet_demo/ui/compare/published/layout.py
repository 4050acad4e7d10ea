"""The components of the part on published runs and how they are connected; what they show is decided in `handlers`.

One comparison is shown at a time, its findings in words first; tests are folded away, and what the papers published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...components.dots import dots
from ...components.notice import notice
from ...components.opening import opening
from ...components.prose import fold, lead, note, prose
from ...components.table import table
from ...events import FILLS_STATE, LAST, QUIET
from ...page_context import PageContext
from ...shared.confusion_link import CONFUSION
from ...text import Text
from ..measuring import MEASURING
from . import papers
from .handlers import Handlers


@dataclass(frozen=True)
class Parts:
    """The components of the part.

    which: the comparison that is shown. findings: a line for each pair and one on costs. chart: every seed. about: what
    short runs do not show. costs: cost and accuracy of each variant, with latencies once `measure` is clicked, as
    `measured` says. verdicts, and in the column `decided` the same as the table `pairs` with a `method` note. models,
    models_note: tests of two single models. tabs, confusion: to open a pair in the tab Confusion; None where it is not
    on the page.
    """

    opening: Any
    which: Any
    findings: Any
    chart: Any
    about: Any
    costs: Any
    measure: Any
    measured: Any
    verdicts: Any
    decided: Any
    pairs: Any
    method: Any
    models_note: Any
    models: Any
    tabs: Any = None
    confusion: Any = None

    @property
    def shown(self) -> list[Any]:
        """What shows a comparison."""
        return [
            self.findings, self.chart, self.about, self.costs, self.measure, self.measured, self.verdicts, self.decided,
            self.pairs, self.method, self.models_note, self.models,
        ]  # fmt: skip


def build(context: PageContext) -> None:
    """Fill the part, inside its tab."""
    text = context.text
    of_page = {"tabs": context.tabs, "confusion": context.shared[CONFUSION]} if CONFUSION in context.shared else {}
    opened = opening(elem_id="published-opening")
    shown = comparison(text) | statistics(text, openable=bool(of_page))
    with fold(text, "comparison.papers", elem_id="published-papers"):
        tables_of_papers(text)
    with fold(text, "comparison.how", elem_id="published-how"):
        lead(text, "comparison.lead")
        lead(text, "comparison.table.note")
    parts = Parts(opening=opened, **shown, **of_page)
    wire(parts, Handlers(context.services, text, parts))


def comparison(text: Text) -> dict[str, Any]:
    """What a comparison finds, its seeds and its costs."""
    label = text("comparison.which")
    which = gr.Dropdown(
        [], label=label, elem_id="published-which", elem_classes="controls", filterable=False, interactive=True,
        visible=False,
    )  # fmt: skip
    findings = prose("", "published-findings")
    chart = dots(text, elem_id="published-dots")
    about = notice(elem_id="published-about")
    costs = plain_table(text, "numbers", "comparison.label")
    with gr.Row():
        words = text("comparison.measure")
        measure = gr.Button(words, size="sm", scale=0, min_width=260, elem_id="published-measure", visible=False)
    return {
        "which": which, "findings": findings, "chart": chart, "about": about, "costs": costs, "measure": measure,
        "measured": notice(elem_id="published-measured"),
    }  # fmt: skip


def statistics(text: Text, openable: bool) -> dict[str, Any]:
    """Tests of the pairs and of single models. openable: whether a row of the last table opens the tab Confusion."""
    with fold(text, "comparison.statistics", elem_id="published-statistics"):
        note(text, "comparison.verdicts", "h3")
        verdicts = prose("", "published-verdicts")
        with gr.Column(visible=False) as decided:
            pairs = plain_table(text, "pairs", "comparison.verdicts.label")
            method = notice(elem_id="published-method")
        note(text, "comparison.networks", "h3")
        return {
            "verdicts": verdicts, "decided": decided, "pairs": pairs, "method": method,
            "models_note": notice(elem_id="published-networks-about"),
            "models": plain_table(text, "networks", "comparison.networks.label", openable),
        }  # fmt: skip


def plain_table(text: Text, name: str, label: str, selectable: bool = False) -> gr.HTML:
    """A table of this part."""
    return table(text, elem_id=f"published-{name}", name=name, label=text(label), selectable=selectable)


def tables_of_papers(text: Text) -> None:
    """What the papers published, as two small tables."""
    for section, value in (("paper", papers.imagenet(text)), ("deep", papers.deep(text))):
        note(text, f"comparison.{section}", "h3")
        label = text(f"comparison.{section}.label")
        table(text, elem_id=f"published-{section}", name=section, label=label, value=value, selectable=False)
        note(text, f"comparison.{section}.note", "p")


def wire(parts: Parts, handlers: Handlers) -> None:
    """Connect the components to their handlers."""
    parts.opening.mount(handlers.mount, None, [parts.which, *parts.shown], **QUIET)
    parts.which.input(handlers.choose, parts.which, parts.shown, **LAST)
    parts.measure.click(handlers.measure, parts.which, [parts.measure, parts.measured, parts.costs], **MEASURING)
    if parts.confusion is not None:
        parts.models.select(handlers.open_pair, parts.which, [parts.tabs, parts.confusion], **FILLS_STATE)
