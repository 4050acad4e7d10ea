"""What is published of A, B, C and plain: cost, accuracy seed by seed, and what that says about each pair.

Runs of full length and short runs stand apart. Beside them what the papers published, marked as such.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from ...inference.latency import ROUNDS, measure_latency
from ...runs.comparison import Comparison, comparisons, networks_test
from ..components.dots import dots
from ..components.notice import notice, said
from ..components.opening import opening
from ..components.prose import lead, note, prose
from ..components.table import table
from ..errors import REFUSALS, sentence
from ..events import FILLS_STATE, QUIET
from ..page_context import PageContext
from ..shared.confusion_link import CONFUSION, difference_of
from . import papers, verdict_views
from . import published_views as views

KINDS = ("full", "short")
# of all visitors one at a time, or they would measure each other
MEASURING = {
    "show_progress": "hidden", "api_visibility": "private", "concurrency_limit": 1, "concurrency_id": "measuring",
}  # fmt: skip


def build(context: PageContext) -> None:
    """Lay the section out and wire it."""
    text = context.text
    begun = opening(elem_id="published-opening")
    lead(text, "comparison.lead")
    empty = notice(elem_id="published-empty")
    sections = [Section(context, kind) for kind in KINDS]
    papers.build(text)

    def mount() -> list[Any]:
        found = published(context)
        shown = [value for section in sections for value in section.opened(found)]
        return [said("" if found else text("comparison.none")), *shown]

    begun.mount(mount, None, [empty, *(one for section in sections for one in section.all)], **QUIET)


def published(context: PageContext) -> tuple[Comparison, ...]:
    """The comparisons that the published runs allow."""
    index = context.services.runs
    return comparisons(run for run in index.list() if index.is_published(run))


class Section:
    """The comparisons of one kind, one of which is looked at. `all` is filled by `opened`."""

    def __init__(self, context: PageContext, kind: str):
        self.context, self.text, self.kind, text = context, context.text, kind, context.text
        opens = CONFUSION in context.shared
        with gr.Column(visible=False, elem_id=f"published-{kind}") as self.block:
            note(text, f"comparison.{kind}", "h4")
            if kind == "short":
                note(text, "comparison.short.about", "p")
            self.which = gr.Dropdown(
                [],
                label=text("comparison.which"),
                elem_id=f"published-{kind}-which",
                filterable=False,
                interactive=True,
            )
            self.numbers = self._table("numbers", "comparison.label")
            note(text, "comparison.table.note", "p")
            with gr.Row():
                self.measure = gr.Button(
                    text("comparison.measure"), size="sm", scale=0, min_width=260, elem_id=f"published-{kind}-measure"
                )
            self.measured = notice(elem_id=f"published-{kind}-measured")
            self.chart = dots(text, elem_id=f"published-{kind}-dots")
            note(text, "comparison.verdicts", "h4")
            self.verdicts = prose("", f"published-{kind}-verdicts")
            with gr.Column(visible=False) as self.decided:
                self.pairs = self._table("pairs", "comparison.verdicts.label")
                self.reckoned = notice(elem_id=f"published-{kind}-reckoned")
            note(text, "comparison.networks", "h4")
            self.about = notice(elem_id=f"published-{kind}-about")
            self.networks = self._table("networks", "comparison.networks.label", selectable=opens)
        self.shown = [
            self.numbers, self.measured, self.chart, self.verdicts, self.decided, self.pairs, self.reckoned,
            self.about, self.networks,
        ]  # fmt: skip
        self.all = [self.block, self.which, *self.shown]
        self.which.input(self.choose, self.which, self.shown, trigger_mode="always_last", **QUIET)
        self.measure.click(
            self.measure_now, self.which, [self.measure, self.measured, self.numbers], trigger_mode="once", **MEASURING
        )
        if opens:
            self.networks.select(self.open, self.which, [context.tabs, context.shared[CONFUSION]], **FILLS_STATE)

    def _table(self, name: str, label: str, selectable: bool = False) -> gr.HTML:
        return table(
            self.text, elem_id=f"published-{self.kind}-{name}", name=f"{name}-{self.kind}", label=self.text(label),
            selectable=selectable,
        )  # fmt: skip

    def mine(self, found: tuple[Comparison, ...]) -> dict[str, Comparison]:
        """The comparisons of this kind, by what they are called."""
        return {views.title(one, self.text): one for one in found if one.short == (self.kind == "short")}

    def opened(self, found: tuple[Comparison, ...]) -> list[Any]:
        """Values of `all`."""
        mine = self.mine(found)
        first = next(iter(mine), None)
        which = gr.update(choices=list(mine), value=first, visible=len(mine) > 1)
        return [gr.update(visible=bool(mine)), which, *self.values(mine.get(first))]

    def choose(self, name: Any) -> list[Any]:
        """Values of `shown` for a comparison that was chosen."""
        return self.values(self.chosen(name))

    def chosen(self, name: Any) -> Comparison | None:
        """The comparison called `name`, None if there is none (any more)."""
        return self.mine(published(self.context)).get(name) if isinstance(name, str) else None

    def values(self, comparison: Comparison | None) -> list[Any]:
        """Values of `shown`."""
        if comparison is None:
            return [None, {}, {}, "", gr.update(visible=False), None, {}, {}, None]
        text = self.text
        try:
            tests = networks_test(comparison)
            about = said(verdict_views.networks_note(tests, text) + self.hint(bool(tests)))
        except REFUSALS as error:
            tests, about = (), said(sentence(error, text), error=True)
        verdicts = verdict_views.reckoned(comparison)
        pairs = verdict_views.verdict_table(verdicts, text)
        return [
            views.numbers(comparison, text),
            {},
            views.chart(comparison, text),
            verdict_views.told(verdicts, text),
            gr.update(visible=bool(pairs["rows"])),
            pairs,
            said(verdict_views.verdict_note(comparison, verdicts, text)),
            about,
            verdict_views.networks_table(tests, text),
        ]

    def hint(self, wanted: bool) -> str:
        """That a row can be opened, where it can."""
        return f" {self.text('comparison.networks.hint')}" if wanted and CONFUSION in self.context.shared else ""

    def measure_now(self, name: Any) -> Iterator[tuple[Any, Any, Any]]:
        """Latencies of the variants; meanwhile the button waits."""
        comparison, text = self.chosen(name), self.text
        if comparison is None:
            return
        yield gr.update(interactive=False), said(text("comparison.measuring")), gr.skip()
        found = measure_latency([variant.spec for variant in comparison.variants])
        by_key = dict(zip((variant.key for variant in comparison.variants), found, strict=True))
        words = text("comparison.measured", device=self.context.services.device, rounds=ROUNDS)
        yield gr.update(interactive=True), said(words), views.numbers(comparison, text, by_key)

    def open(self, event: gr.SelectData, name: Any) -> tuple[Any, Any]:
        """The confusion matrices of a pair of networks, set against each other."""
        comparison = self.chosen(name)
        try:
            test = networks_test(comparison)[event.index] if comparison else None
        except (IndexError, *REFUSALS):
            test = None
        if test is None:
            return gr.skip(), gr.skip()
        first, second = (
            variant.runs[variant.seeds.index(test.seed)].id
            for variant in (comparison.variant(test.first), comparison.variant(test.second))
        )
        return difference_of(second, first, test.on)
