"""What an owner does with a run: name it, note something, train it further, delete it and think again; and uploads.

Components and their handlers; the rules are `runs.manager`'s, a run's files `runs.transfer`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from ...engine.config import UNITS
from ...errors import Refusal
from ...library.launching import continue_run
from ...library.runs import may_change
from ...library.visitors import Visitor
from ...runs.folder import RunFolder
from ...runs.transfer import unpack
from ...services import Services
from ..components.notice import notice, said
from ..errors import REFUSALS, sentence
from ..events import QUIET
from ..page_context import PageContext
from ..shared.training_form import LONGEST, Bound
from ..text import Text
from ..uploads import upload_size
from ..visitor import visitor

LONGEST_NAME, LONGEST_NOTE = 80, 2_000  # characters
View = Callable[..., list[Any]]  # (id of the run or "", beside, kept, request) -> values of the page's view and lists


class Managing:
    """The folded part below a run's buttons, for whoever may change the run."""

    def __init__(self, services: Services, text: Text):
        self.services, self.text = services, text
        with gr.Accordion(text("manage.label"), open=False, visible=False, elem_id="manage") as self.part:
            with gr.Row():
                self.name = gr.Textbox(
                    label=text("manage.name"), max_length=LONGEST_NAME, min_width=140, elem_id="manage-name"
                )
                self.note = gr.Textbox(
                    label=text("manage.note"), max_length=LONGEST_NOTE, min_width=140, lines=1, elem_id="manage-note"
                )
            self.save = gr.Button(text("manage.save"), size="sm", elem_id="manage-save")
            with gr.Row(visible=False) as self.more:
                self.length = gr.Number(
                    30, label=text("manage.length"), info=text("manage.length.info"), min_width=100,
                    elem_id="manage-length",
                )  # fmt: skip
                self.unit = gr.Dropdown(
                    [(text(f"train.unit.{unit}"), unit) for unit in UNITS], value="seconds", label=text("train.unit"),
                    filterable=False, interactive=True, min_width=100,
                )  # fmt: skip
                self.go = gr.Button(text("manage.continue"), size="sm", elem_id="manage-continue")
            self.delete = gr.Button(text("manage.delete"), variant="stop", size="sm", elem_id="manage-delete")
        self.undo = gr.Button(text("manage.undo"), size="sm", visible=False, elem_id="manage-undo")
        self.said = notice(elem_id="manage-said")
        self.deleted = gr.State("")  # the id of the run that can be brought back
        self.parts = [self.part, self.more]
        self.outputs = [*self.parts, self.name, self.note]

    def opened(self, run: RunFolder | None, who: Visitor) -> list[Any]:
        """Values of `parts` for a run as it stands."""
        theirs = run is not None and may_change(self.services, run, who)
        state = self.services.manager.status(run.id).state if theirs else ""
        idle = state not in ("queued", "running", "damaged")
        return [gr.update(visible=theirs), gr.update(visible=theirs and run.has_weights() and idle)]

    def filled(self, run: RunFolder | None, who: Visitor) -> list[Any]:
        """Values of `outputs` for a run."""
        parts = self.opened(run, who)
        return [*parts, run.name, run.note] if parts[0]["visible"] else [*parts, "", ""]

    def wire(
        self, context: PageContext, current: gr.State, beside: gr.Dropdown, shown: Sequence[Any], show: View
    ) -> None:
        """Connect the buttons. `show` gives the values of `shown` after something has changed."""
        services, text, kept = self.services, self.text, context.kept
        same = [gr.skip()] * len(shown)

        def save(run_id: str, name: str, note: str, others: Any, kept: Any, request: gr.Request) -> list[Any]:
            key = visitor(services, request, kept).key(run_id)
            try:
                services.manager.rename(run_id, key, name.strip()[:LONGEST_NAME])
                services.manager.annotate(run_id, key, note.strip()[:LONGEST_NOTE])
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), *same]
            values = show(run_id, others, kept, request)
            typed = (self.name, self.note)  # which stay: somebody may be at them again
            return [
                said(text("manage.saved")),
                *(gr.skip() if part in typed else value for part, value in zip(shown, values, strict=True)),
            ]

        def go_on(run_id: str, length: Any, unit: str, others: Any, kept: Any, request: gr.Request) -> list[Any]:
            who = visitor(services, request, kept)
            bound = Bound(1 if unit == "steps" else 0.1, LONGEST.get(unit, 1), unit == "steps")
            if not bound.holds(length):
                words = text("train.wrong", low=f"{bound.low:,g}", high=f"{bound.high:,.10g}")
                return [said(words, error=True), kept, *same]
            try:
                parent = services.runs.get(run_id)
                if not may_change(services, parent, who):
                    raise Refusal("not_yours", name=run_id)
                made = continue_run(services, parent, int(length) if unit == "steps" else float(length), unit, who)
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), kept, *same]
            kept = {**(kept or {}), made.run.id: made.token}
            return [said(), kept, *show(made.run.id, others, kept, request)]

        def delete(run_id: str, others: Any, kept: Any, request: gr.Request) -> list[Any]:
            try:
                services.manager.delete(run_id, visitor(services, request, kept).key(run_id))
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), gr.skip(), gr.skip(), *same]
            told = [said(text("manage.deleted")), gr.update(visible=True), run_id]
            return [*told, *show("", others, kept, request)]

        def undo(run_id: str, others: Any, kept: Any, request: gr.Request) -> list[Any]:
            try:
                services.manager.restore(run_id, visitor(services, request, kept).key(run_id))
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), gr.update(visible=False), "", *same]
            return [said(text("manage.restored")), gr.update(visible=False), "", *show(run_id, others, kept, request)]

        asked = [current, beside, kept]
        self.save.click(save, [current, self.name, self.note, beside, kept], [self.said, *shown], **QUIET)
        self.go.click(go_on, [current, self.length, self.unit, beside, kept], [self.said, kept, *shown], **QUIET)
        self.delete.click(delete, asked, [self.said, self.undo, self.deleted, *shown], **QUIET)
        self.undo.click(undo, [self.deleted, beside, kept], [self.said, self.undo, self.deleted, *shown], **QUIET)


class Uploading:
    """A run brought back as the zip that it was downloaded as."""

    def __init__(self, services: Services, text: Text):
        self.services, self.text = services, text
        with gr.Accordion(text("upload.label"), open=False, elem_id="upload-run"):
            self.file = gr.File(
                label=text("upload.file"), file_types=[".zip"], file_count="single", height=160, elem_id="upload-file"
            )
        self.said = notice(elem_id="upload-said")

    def wire(self, context: PageContext, beside: gr.Dropdown, shown: Sequence[Any], show: View) -> None:
        """Connect the upload. `show` gives the values of `shown` for a run that has come."""
        services, text = self.services, self.text

        def take(path: str | None, others: Any, kept: Any, request: gr.Request) -> list[Any]:
            if not path:
                return [said(), kept, *[gr.skip()] * len(shown)]
            who = visitor(services, request, kept)
            try:
                made = services.manager.adopt(lambda root: unpack(path, root), who.address, upload_size(path))
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), kept, *[gr.skip()] * len(shown)]
            kept = {**(kept or {}), made.run.id: made.token}
            return [said(text("upload.done")), kept, *show(made.run.id, others, kept, request)]

        asked = [self.file, beside, context.kept]
        outputs = [self.said, context.kept, *shown]
        self.file.upload(take, asked, outputs, show_progress="minimal", api_visibility="private")
