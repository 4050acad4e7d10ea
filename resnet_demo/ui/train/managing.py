"""The folded parts of the tab Train below a run's buttons, for its owner, and below the table, for a run's upload.

Components alone; what they do is in `managing_handlers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...engine.config import LENGTHS
from ..components.notice import notice
from ..shared.hub_load import load_form
from ..text import Text

LONGEST_NAME, LONGEST_NOTE = 80, 2_000  # characters


@dataclass(frozen=True)
class Manage:
    """What the owner of a run may do. fold: all of it but `undo` and `status`, a notice. further: the row with `length`
    and `unit` of a run that begins from this one. deleted: the id of the run that can be restored."""

    fold: Any
    name: Any
    note: Any
    save: Any
    further: Any
    length: Any
    unit: Any
    go_on: Any
    delete: Any
    undo: Any
    status: Any
    deleted: Any


@dataclass(frozen=True)
class Upload:
    """A run as a zip, or a model on the Hub. status, loaded: notices. private: whether the account is used."""

    file: Any
    status: Any
    model: Any
    private: Any
    load: Any
    loaded: Any


def manage_section(text: Text) -> Manage:
    """Lay out what the owner of a run may do."""
    with gr.Accordion(text("manage.label"), open=False, visible=False, elem_id="manage") as fold:
        with gr.Row():
            name = gr.Textbox(label=text("manage.name"), max_length=LONGEST_NAME, min_width=140, elem_id="manage-name")
            note = gr.Textbox(
                label=text("manage.note"), max_length=LONGEST_NOTE, min_width=140, lines=1, elem_id="manage-note"
            )
        save = gr.Button(text("manage.save"), size="sm", elem_id="manage-save")
        with gr.Row(visible=False) as further:
            length = gr.Number(
                30, label=text("manage.length"), info=text("manage.length.info"), min_width=100, elem_id="manage-length"
            )
            unit = gr.Dropdown(
                [(text(f"train.unit.{unit}"), unit) for unit in LENGTHS], value="seconds", label=text("train.unit"),
                filterable=False, interactive=True, min_width=100,
            )  # fmt: skip
            go_on = gr.Button(text("manage.continue"), size="sm", elem_id="manage-continue")
        delete = gr.Button(text("manage.delete"), variant="stop", size="sm", elem_id="manage-delete")
    undo = gr.Button(text("manage.undo"), size="sm", visible=False, elem_id="manage-undo")
    status, deleted = notice(elem_id="manage-said"), gr.State("")
    return Manage(fold, name, note, save, further, length, unit, go_on, delete, undo, status, deleted)


def upload_section(text: Text) -> Upload:
    """Lay out the upload of a run, and loading one from the Hub."""
    with gr.Accordion(text("upload.label"), open=False, elem_id="upload-run"):
        file = gr.File(
            label=text("upload.file"), file_types=[".zip"], file_count="single", height=160, elem_id="upload-file"
        )
    status = notice(elem_id="upload-said")
    with gr.Accordion(text("hub.load"), open=False, elem_id="hub-load"):
        model, private, load = load_form(text, "hub-load")
    return Upload(file, status, model, private, load, notice(elem_id="hub-load-said"))
