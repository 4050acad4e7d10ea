"""What the section on published runs does when it is used: each handler returns the new values by component.

`views` and `verdict_views` make what is shown. No handler makes a component: the parts may be any object with the names
of `layout.KindParts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from ....benchmarks.latency import ROUNDS, measure_latency
from ....runs.comparison.published import Comparison, comparisons, networks_test
from ....services import Services
from ...components.notice import said
from ...errors import REFUSALS, sentence
from ...shared.confusion_link import difference_of
from ...text import Text
from ..published_runs import published_runs
from . import verdict_views, views

if TYPE_CHECKING:
    from .layout import KindParts

Comparisons = tuple[Comparison, ...]
Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = gr.update(visible=False)


class Handlers:
    """The handlers of one page. empty: the notice that there is nothing to compare. kinds: "full" and "short"."""

    def __init__(self, services: Services, text: Text, empty: Any, kinds: Mapping[str, KindParts]) -> None:
        self.services, self.text, self.empty = services, text, empty
        self.kinds = [KindHandlers(services, text, parts, kind == "short") for kind, parts in kinds.items()]

    def mount(self) -> Values:
        """Show the first comparison of each kind when the tab is opened."""
        there = published_comparisons(self.services)
        values: Values = {self.empty: said("" if there else self.text("comparison.none"))}
        for kind in self.kinds:
            values |= kind.first(there)
        return values


class KindHandlers:
    """The handlers for runs of one kind. short: whether these are the short runs, else those of full length."""

    def __init__(self, services: Services, text: Text, parts: KindParts, short: bool) -> None:
        self.services, self.text, self.parts, self.short = services, text, parts, short

    def first(self, there: Comparisons) -> Values:
        """List the comparisons of this kind and show the first."""
        named = self._named(there)
        name = next(iter(named), None)
        return {
            self.parts.column: gr.update(visible=bool(named)),
            self.parts.which: gr.update(choices=list(named), value=name, visible=len(named) > 1),
            **self._values(named.get(name) if name else None),
        }

    def choose(self, name: Any) -> Values:
        """Show the comparison that was chosen."""
        return self._values(self._chosen(name))

    def measure(self, name: Any) -> Iterator[Values]:
        """Measure the latency of each variant; meanwhile the button waits."""
        comparison, text, parts = self._chosen(name), self.text, self.parts
        if comparison is None:
            return
        yield {parts.measure: gr.update(interactive=False), parts.measured: said(text("comparison.measuring"))}
        latencies = measure_latency([variant.spec for variant in comparison.variants])
        by_key = dict(zip((variant.key for variant in comparison.variants), latencies, strict=True))
        yield {
            parts.measure: gr.update(interactive=True),
            parts.measured: said(text("comparison.measured", device=self.services.device, rounds=ROUNDS)),
            parts.costs: views.costs(comparison, text, by_key),
        }

    def open_pair(self, event: gr.SelectData, name: Any) -> Values:
        """Open the difference of the confusion matrices of the two models in a row."""
        comparison = self._chosen(name)
        if comparison is None:
            return {}
        try:
            test = networks_test(comparison)[event.index]
        except (IndexError, *REFUSALS):
            return {}
        first, second = (
            variant.runs[variant.seeds.index(test.seed)].id
            for variant in (comparison.variant(test.first), comparison.variant(test.second))
        )
        tab, difference = difference_of(second, first, test.on)
        return {self.parts.tabs: tab, self.parts.confusion: difference}

    def _chosen(self, name: Any) -> Comparison | None:
        """The comparison with this title, None if there is none (any more)."""
        return self._named(published_comparisons(self.services)).get(name) if isinstance(name, str) else None

    def _named(self, there: Comparisons) -> dict[str, Comparison]:
        """The comparisons of this kind, by their titles."""
        return {views.title(one, self.text): one for one in there if one.short == self.short}

    def _values(self, comparison: Comparison | None) -> Values:
        """Everything about a comparison; nothing of none."""
        parts, text = self.parts, self.text
        if comparison is None:
            empty = {parts.measured: {}, parts.chart: {}, parts.verdicts: "", parts.decided: HIDDEN, parts.method: {}}
            tables = dict.fromkeys((parts.costs, parts.pairs, parts.models))
            return {**empty, **tables, parts.models_note: {}}
        verdicts = verdict_views.verdicts_by_set(comparison)
        pairs = verdict_views.verdict_table(verdicts, text)
        return {
            parts.costs: views.costs(comparison, text),
            parts.measured: {},
            parts.chart: views.chart(comparison, text),
            parts.verdicts: verdict_views.verdict_articles(verdicts, text),
            parts.decided: gr.update(visible=bool(pairs["rows"])),
            parts.pairs: pairs,
            parts.method: said(verdict_views.verdict_note(comparison, verdicts, text)),
            **self._models(comparison),
        }

    def _models(self, comparison: Comparison) -> Values:
        """Tests of two single models each; a sentence where their predictions cannot be read."""
        parts, text = self.parts, self.text
        try:
            tests = networks_test(comparison)
        except REFUSALS as error:
            notice, tests = said(sentence(error, text), error=True), ()
        else:
            hint = f" {text('comparison.networks.hint')}" if tests and parts.confusion is not None else ""
            notice = said(verdict_views.models_note(tests, text) + hint)
        return {parts.models_note: notice, parts.models: verdict_views.models_table(tests, text)}


def published_comparisons(services: Services) -> Comparisons:
    """The comparisons that the published runs allow."""
    return comparisons(published_runs(services.runs))
