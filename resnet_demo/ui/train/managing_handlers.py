"""What the owner of a run may do with it: name it, note something, train it further, delete it and restore it; uploads.

Each handler returns the new values by component. The rules are `runs.manager`'s, a run's files `runs.transfer`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from ...engine.config import LENGTHS, Unit
from ...errors import Refusal
from ...library.launching import continue_run
from ...library.runs import may_change, usable_run
from ...library.slow_runs import slow_run
from ...runs.exchange.transfer import unpack
from ...runs.queue.manager import Submitted
from ..components.notice import said
from ..errors import REFUSALS, sentence
from ..latest import Entries
from ..shared.hub_load import loaded
from ..uploads import upload_size
from ..visitor import visitor
from .managing import LONGEST_NAME, LONGEST_NOTE
from .run_view import RunView, Values

if TYPE_CHECKING:
    from .layout import Parts

HIDDEN = gr.update(visible=False)


class ManagingHandlers:
    """The handlers of one page."""

    def __init__(self, view: RunView, parts: Parts) -> None:
        self.services, self.text, self.view, self.kept = view.services, view.text, view, parts.kept
        self.manage, self.upload = parts.manage, parts.upload

    def save(self, run_id: str, name: str, note: str, others: Any, kept: Any, request: gr.Request) -> Values:
        """Store name and note; the fields stay as they are, as somebody may be editing them again."""
        key = visitor(self.services, request, kept).key(run_id)
        try:
            self.services.manager.rename(run_id, key, name.strip()[:LONGEST_NAME])
            self.services.manager.annotate(run_id, key, note.strip()[:LONGEST_NOTE])
        except REFUSALS as error:
            return self._refused(error)
        shown = self.view.everything(run_id, others, kept, request)
        del shown[self.manage.name], shown[self.manage.note]
        return {self.manage.status: said(self.text("manage.saved")), **shown}

    def train_longer(self, run_id: str, others: Any, kept: Any, request: gr.Request) -> Values:
        """Train a run that was too slow to learn for as long as is offered beside its head."""
        run = usable_run(self.services, run_id)
        slow = run and slow_run(self.services, run)
        return self.train_further(run_id, slow.further, "seconds", others, kept, request) if slow else {}

    def train_further(
        self, run_id: str, length: Any, unit: Unit, others: Any, kept: Any, request: gr.Request
    ) -> Values:
        """Start a run that begins from the weights of this one."""
        who, bound = visitor(self.services, request, kept), LENGTHS[unit]
        if not bound.holds(length):
            words = self.text("train.wrong", low=f"{bound.low:,g}", high=f"{bound.high:,.10g}")
            return {self.manage.status: said(words, error=True)}
        try:
            parent = self.services.runs.get(run_id)
            if not may_change(self.services, parent, who):
                raise Refusal("not_yours", name=run_id)
            made = continue_run(self.services, parent, int(length) if bound.whole else float(length), unit, who)
        except REFUSALS as error:
            return self._refused(error)
        return {self.manage.status: said(), **self._added(made, others, kept, request)}

    def delete(self, run_id: str, others: Any, kept: Any, request: gr.Request) -> Values:
        """Delete a run, which can be restored, and show another one."""
        try:
            self.services.manager.delete(run_id, visitor(self.services, request, kept).key(run_id))
        except REFUSALS as error:
            return self._refused(error)
        return {
            self.manage.status: said(self.text("manage.deleted")),
            self.manage.undo: gr.update(visible=True),
            self.manage.deleted: run_id,
            **self.view.everything("", others, kept, request),
        }

    def undo(self, run_id: str, others: Any, kept: Any, request: gr.Request) -> Values:
        """Restore the run that was deleted last, and show it."""
        nothing = {self.manage.undo: HIDDEN, self.manage.deleted: ""}
        try:
            self.services.manager.restore(run_id, visitor(self.services, request, kept).key(run_id))
        except REFUSALS as error:
            return self._refused(error) | nothing
        status = {self.manage.status: said(self.text("manage.restored"))}
        return {**status, **nothing, **self.view.everything(run_id, others, kept, request)}

    def upload_run(self, path: str | None, others: Any, kept: Any, request: gr.Request) -> Values:
        """Take a run back as the zip that it was downloaded as, and show it."""
        if not path:
            return {self.upload.status: said()}
        address = visitor(self.services, request, kept).address
        try:
            made = self.services.manager.adopt(lambda root: unpack(Path(path), root), address, upload_size(path))
        except REFUSALS as error:
            return {self.upload.status: said(sentence(error, self.text), error=True)}
        status = {self.upload.status: said(self.text("upload.done"))}
        return {**status, **self._added(made, others, kept, request)}

    def load_from_hub(self, name: str, private: bool, others: Any, kept: Any, request: gr.Request) -> Iterator[Values]:
        """Load a model from the Hub as a run, and show it."""
        for status, made in loaded(self.services, self.text, name, private, "hub.load.done", request):
            added = self._added(made, others, kept, request) if made else {}
            yield {self.upload.loaded: status, **added}

    def _added(self, made: Submitted, others: Any, kept: Any, request: gr.Request) -> Values:
        """A new run, which the browser keeps from now on."""
        kept = Entries(kept, {made.run.id: made.token})
        return {self.kept: kept, **self.view.everything(made.run.id, others, kept, request)}

    def _refused(self, error: Exception) -> Values:
        return {self.manage.status: said(sentence(error, self.text), error=True)}
