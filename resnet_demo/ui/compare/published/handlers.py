"""What the part on published runs does when it is used: each handler returns the new values by component.

`views` and `verdict_views` make what is shown. No handler makes a component: the parts may be any object with the names
of `layout.Parts`.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is


class Handlers:
    """The handlers of one page."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def mount(self) -> Values:
        """List the comparisons when the part is opened, and show the first."""
        named = self._named()
        first = next(iter(named), "")
        which = gr.update(choices=list(named), value=first or None, visible=len(named) > 1)
        return {self.parts.which: which, **self._values(named.get(first))}

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
        return self._named().get(name) if isinstance(name, str) else None

    def _named(self) -> dict[str, Comparison]:
        """The comparisons by their titles, those of the most seeds first: only they decide anything."""
        there = comparisons(published_runs(self.services.runs))
        first = sorted(there, key=lambda one: -max(variant.n for variant in one.variants))
        return {views.title(one, self.text): one for one in first}

    def _values(self, comparison: Comparison | None) -> Values:
        """Everything about a comparison; a sentence in its place where there is none."""
        parts, text = self.parts, self.text
        if comparison is None:
            return {
                **dict.fromkeys((parts.costs, parts.pairs, parts.models)),
                **dict.fromkeys((parts.chart, parts.about, parts.measured, parts.method, parts.models_note), {}),
                **dict.fromkeys((parts.measure, parts.decided), gr.update(visible=False)),
                parts.findings: verdict_views.listed([text("comparison.none")]),
                parts.verdicts: "",
            }
        verdicts = verdict_views.verdicts_by_set(comparison)
        pairs = verdict_views.verdict_table(verdicts, text)
        return {
            parts.findings: verdict_views.findings(comparison, verdicts[comparison.primary], text),
            parts.chart: views.chart(comparison, text),
            parts.about: said(text("comparison.short") if comparison.short else ""),
            parts.costs: views.costs(comparison, text),
            parts.measure: gr.update(visible=True),
            parts.measured: {},
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
