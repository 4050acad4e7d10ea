"""What the tab Teach does: it has a run learn the images it is sent, follows it, and opens it in other tabs.

Each handler returns the new values by component. Images are checked and kept by `library.teaching`; of a run this tab
shows what every tab does, the rest is Train's.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import gradio as gr

from ....engine.events import RunFinished
from ....library import teaching
from ....library.runs import usable_run
from ...components.folder import brought
from ...components.notice import said
from ...errors import REFUSALS, sentence, why
from ...latest import Entries, background
from ...runs import chart_line, choices
from ...text import Text
from ...uploads import uploaded
from ...visitor import visitor
from . import views

if TYPE_CHECKING:
    from ....services import Services
    from .layout import Parts

TAB = "teach"
Values = dict[Any, Any]  # by component; what is left out stays as it is


class Handlers:
    """The handlers of one page."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def teach(self, sent: Any, whole: bool, kept: Any, request: gr.Request) -> Values:
        """Have a run learn the images of a zip, or say why not."""
        services, text, parts = self.services, self.text, self.parts
        file = brought(sent)
        if not file:
            return {}
        try:
            services.manager.warm_up()
            made = teaching.teach_zip(services, uploaded(file[0]), visitor(services, request, kept), whole=bool(whole))
        except REFUSALS as error:
            return {parts.status: said(sentence(error, text), error=True), parts.teacher: views.value()}
        run = made.run
        return {
            parts.status: said(views.started(made.backbone, bool(whole), text)),
            parts.teacher: views.value(training=True),
            parts.curves: {"runs": [chart_line(run, text)], "replay": None, "turn": time.monotonic()},
            parts.current: run.id,
            parts.kept: Entries(kept, {run.id: made.submitted.token, made.data: run.name}),
            parts.opens: gr.update(visible=True),
            parts.learning: gr.update(visible=True),
        }

    @background
    def follow(self, event: gr.EventData, run_id: str) -> Values:
        """Follow another state of the run: once it has ended its model answers, or it is said why it cannot."""
        run = usable_run(self.services, run_id) if event.run == run_id else None
        if run is None:
            return {}
        state = self.services.manager.status(run.id).state
        if state in ("queued", "running"):
            return {}
        threshold = teaching.threshold_of(run)
        if threshold is None:
            end = run.last_turn()
            reason = why(end.reason, end.code, end.values, self.text) if isinstance(end, RunFinished) else ""
            words = f"{self.text('teach.ended')} {reason}".rstrip()
            return {self.parts.status: said(words, error=True), self.parts.teacher: views.value()}
        return {
            self.parts.status: said(views.told(threshold, self.text)),
            self.parts.teacher: views.value(model=run.id, threshold=threshold),
        }

    def open_in_train(self, run_id: str) -> Values:
        """Open the tab Train with the run."""
        return {self.parts.tabs: gr.Tabs(selected="train"), self.parts.asked: self._link(run_id)}

    def open_in_confusion(self, run_id: str) -> Values:
        """Open the tab Confusion with the run."""
        return {self.parts.tabs: gr.Tabs(selected="confusion"), self.parts.question: self._link(run_id)}

    def open_in_classify(self, run_id: str, kept: Any, request: gr.Request) -> Values:
        """Open the tab Classify with the run's model alone."""
        options = choices(self.services, self.text, visitor(self.services, request, kept))
        return {
            self.parts.tabs: gr.Tabs(selected="classify"),
            self.parts.models: gr.update(choices=options, value=[run_id]),
        }

    def _link(self, run_id: str) -> dict[str, Any]:
        return {"run": run_id, "turn": time.monotonic()}  # a second click opens it again
