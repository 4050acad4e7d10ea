"""What the part on depth does when it is used: each handler returns the new values by component.

`gradients` measures, `views` makes what is shown. No handler makes a component: `parts` may be any object with the
names of `layout.Parts`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from ....inference.gradients import LayerNorms
from ....runs.comparison.depths import Recorded, deepest_pair
from ....services import Services
from ...components.notice import said
from ...errors import REFUSALS, sentence
from ...runs import data_title, network_title
from ...text import Text
from ..published_runs import recorded_runs
from . import gradients, views

if TYPE_CHECKING:
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = gr.update(visible=False)


class Handlers:
    """The handlers of one page."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def mount(self) -> Values:
        """Show the recorded runs when the part is opened, and say what can be measured."""
        data = data_title(gradients.data_set(self.services), self.text)
        words = self.text("degradation.norms.note", images=gradients.IMAGES, data=data)
        return {self.parts.norms_note: said(words), **self._recorded(), **self._unnormalised()}

    def play(self, run_id: Any) -> Values:
        """Play a run back; all curves at once for any other value."""
        runs = recorded_runs(self.services.runs)
        known = [one.run.id for one in runs]
        return {self.parts.curves: self._curves(runs, run_id if run_id in known else None)}

    def measure(self) -> Iterator[Values]:
        """Measure the gradients of untrained networks, one after another; meanwhile the button waits."""
        parts, text = self.parts, self.text
        norms: tuple[LayerNorms, ...] = ()
        ready = {parts.measure: gr.update(interactive=True)}
        yield {parts.measure: gr.update(interactive=False), parts.progress: self._progress(0), parts.norms: []}
        try:
            for norms in gradients.measured(self.services):
                chart = views.norms_chart(norms, text)
                yield {parts.progress: self._progress(len(norms)), parts.norms_chart: chart}
        except REFUSALS as error:
            yield {**ready, parts.progress: said(sentence(error, text), error=True), parts.norms: []}
            return
        words = text("degradation.measured", device=self.services.device)
        words += " " + text("degradation.norms.signal", chance=f"{math.log(10):.3f}")
        yield {**ready, parts.progress: said(words), parts.norms: list(norms)}

    def list_norms(self, norms: list[LayerNorms]) -> Values:
        """List what was measured."""
        shown = gr.update(visible=bool(norms))
        return {self.parts.measured: shown, self.parts.norms_table: views.norms_table(norms, self.text)}

    def _recorded(self) -> Values:
        """The recorded runs; one sentence where there are none."""
        parts, text, runs = self.parts, self.text, recorded_runs(self.services.runs)
        curves = {parts.curves: self._curves(runs, None)}
        if not runs:
            nothing: Values = dict.fromkeys((parts.duel, parts.runs, parts.caution, parts.errors, parts.course), {})
            return {parts.answer: said(text("degradation.empty")), parts.recorded: HIDDEN, **nothing, **curves}
        choices = [(text("degradation.replay.none"), "")]
        choices += [(network_title(one.run, text), one.run.id) for one in runs]
        pair = deepest_pair(runs)
        return {
            parts.answer: said(views.answer(pair, text) if pair else ""),
            parts.duel: views.duel(pair, text) if pair else {},
            parts.recorded: gr.update(visible=True),
            parts.runs: said(views.heading(runs, text)),
            parts.caution: said(views.caution(runs, text)),
            parts.errors: views.final_errors(runs, text),
            parts.course: views.course(runs, text),
            parts.replay: gr.update(choices=choices, value=""),
            **curves,
        }

    def _unnormalised(self) -> Values:
        """The recorded runs without batch normalisation, where there are any."""
        parts, runs = self.parts, recorded_runs(self.services.runs, "none")
        shown = (parts.unnormalised_runs, parts.unnormalised_errors, parts.unnormalised_course)
        if not runs:
            return {parts.unnormalised: HIDDEN, **dict.fromkeys(shown, {})}
        return {
            parts.unnormalised: gr.update(visible=True),
            parts.unnormalised_runs: said(views.unnormalised(runs, self.text)),
            parts.unnormalised_errors: views.final_errors(runs, self.text),
            parts.unnormalised_course: views.course(runs, self.text, ("norm", "training")),
        }

    def _curves(self, runs: tuple[Recorded, ...], run_id: str | None) -> dict[str, Any]:
        # "turn" makes the value another one each time: an equal one would not reach the page
        return {"runs": [views.curve(one, self.text) for one in runs], "replay": run_id, "turn": time.monotonic()}

    def _progress(self, done: int) -> dict[str, Any]:
        return said(self.text("degradation.measuring", done=done, all=len(gradients.SPECS)))
