"""The components of the tab Train and how they are wired; what they show is decided in the handlers.

The form is laid out in `controls`, the folds below a run in `managing`, uploaded images and downloads in `shared`.
Nothing is computed before the tab is opened: `mount` reports that it is, and what the address asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...library.visitors import NOBODY
from ..components.curves import curves
from ..components.into_view import into_view
from ..components.link import link
from ..components.matrix import matrix
from ..components.mistakes import mistakes
from ..components.notice import notice
from ..components.run_head import run_head
from ..components.snippets import snippets
from ..components.table import table
from ..events import EVERY, FILLS_STATE, LAST, PRIVATE, QUIET
from ..page_context import PageContext
from ..runs import data_choices
from ..shared import data_download, hub_save, own_images
from ..shared.training_form import NUMBERS, Form, first_form
from ..text import Text
from . import elsewhere
from .controls import form_controls
from .form_handlers import FormHandlers, initial_options
from .handlers import Handlers
from .managing import Manage, Upload, manage_section, upload_section
from .managing_handlers import ManagingHandlers
from .run_view import RunView
from .views import ABOVE, BELOW

FIRST_DATA = "shapes"  # what a small model learns in half a minute, and what the first recorded run learned
MOST_BESIDE = 4  # runs in the chart with the one that is looked at


@dataclass(frozen=True)
class Parts:
    """The components of the tab, and those of the page and of other tabs that it fills.

    controls: the form, by the fields of `Form`. elsewhere: where it trains. start, again: what starts it, below the
    form and, on this server, beside the head of a run. form_status, run_status: notices. download, own, manage, save,
    upload: sections. link, snippets: the form as an address, and as text to run. buttons: of a run, by the names in
    `views.BUTTONS`. beside: further runs in the chart. current: the id of the run that is looked at. wanted: the run
    that another tab wants to be shown. waited: whether images had to be waited for. listed: the ids of the table's
    rows. kept: what the browser keeps. models: those that Classify answers with. question: what Confusion is to show.
    """

    controls: dict[str, Any]
    elsewhere: elsewhere.Parts
    start: Any
    again: Any
    form_status: Any
    download: data_download.Parts
    own: own_images.Parts
    link: Any
    snippets: Any
    head: Any
    curves: Any
    buttons: dict[str, Any]
    run_status: Any
    manage: Manage
    save: hub_save.Parts
    matrix_train: Any
    matrix_validation: Any
    mistakes: Any
    beside: Any
    runs: Any
    upload: Upload
    current: Any
    wanted: Any
    waited: Any
    listed: Any
    kept: Any
    tabs: Any
    models: Any
    question: Any

    @property
    def form(self) -> list[Any]:
        """The form, in the order that `Form(*values)` takes."""
        return [*self.controls.values()]

    @property
    def numbers(self) -> list[Any]:
        """The fields that are typed."""
        return [self.controls[name] for name in NUMBERS]

    @property
    def of_state(self) -> list[Any]:
        """What changes with the state of a run."""
        folds = [self.manage.fold, self.manage.further, self.save.fold]
        return [self.head, *self.buttons.values(), self.again, *folds, self.elsewhere.resume]

    @property
    def of_run(self) -> list[Any]:
        """What shows a run."""
        return [*self.of_state, self.curves, self.manage.name, self.manage.note, self.current]

    @property
    def of_epoch(self) -> list[Any]:
        """What shows an epoch of a run."""
        return [self.matrix_train, self.matrix_validation, self.mistakes]

    @property
    def lists(self) -> list[Any]:
        """What lists runs."""
        return [self.runs, self.listed, self.beside]

    @property
    def everything(self) -> list[Any]:
        """All of these but the form."""
        return [*self.of_run, *self.lists, *self.of_epoch]


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    services, text = context.services, context.text
    first = first_form(services, FIRST_DATA)
    with gr.Row(elem_id="train"):
        with gr.Column(scale=1, min_width=300, elem_classes="controls"):
            components = form_column(context, first)
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            components |= run_column(context) | list_column(context)
    parts = Parts(
        **components,
        current=gr.State(""),
        wanted=context.shared_state("train"),
        waited=gr.State(False),
        listed=gr.State([]),
        kept=context.kept,
        tabs=context.tabs,
        models=context.shared["classify"],
        question=context.shared_state("confusion"),
    )
    view = RunView(services, text, parts, first.data)
    away = elsewhere.Elsewhere(services, text, parts.elsewhere, parts.start)
    handlers, of_form = Handlers(view, parts), FormHandlers(view, parts, first, away)
    wire_form(parts, of_form)
    wire_runs(parts, handlers, of_form)
    wire_buttons(parts, handlers, of_form)
    resumed = elsewhere.wire(away, parts.current, parts.kept)
    resumed.then(handlers.look, [parts.current, parts.beside, parts.kept], [*parts.of_run, *parts.of_epoch], **QUIET)
    wire_managing(parts, ManagingHandlers(view, parts))
    data = parts.controls["data"]
    data_download.wire(data_download.Handlers(services, text, parts.download, data), parts.kept)
    hub_save.wire(hub_save.Handlers(services, text, parts.save), parts.current)
    own_images.wire(own_images.Handlers(services, text, parts.own, data, parts.kept))


def form_column(context: PageContext, first: Form) -> dict[str, Any]:
    """The form, and where its data comes from."""
    services, text = context.services, context.text
    data, initial = data_choices(services, text), initial_options(services, text, NOBODY)
    return {
        "controls": form_controls(text, first, data, initial, len(services.manager.queue.slots)),
        "elsewhere": elsewhere.section(services, text),
        "start": gr.Button(text("train.start"), variant="primary", elem_id="train-start"),
        "form_status": notice(elem_id="train-said"),
        "download": data_download.download_section(services, text),
        "own": own_images.upload_section(services, text),
        "link": link(text, elem_id="train-link"),
        "snippets": snippets(text, elem_id="train-snippets"),
    }


def run_column(context: PageContext) -> dict[str, Any]:
    """The run that is looked at."""
    text = context.text
    with gr.Row(elem_id="run-top"):
        head = run_head(text, elem_id="run-head")
        with gr.Row(elem_id="run-actions"):
            buttons = {name: run_button(text, name) for name in ABOVE}
            again = gr.Button(
                text("train.start"), variant="primary", size="sm", min_width=100, elem_id="run-again",
                elem_classes=["another"],
            )  # fmt: skip
    status = notice(elem_id="run-said")
    chart = curves(text, context.services.tails.poll)
    with gr.Row(elem_id="run-buttons"):
        buttons |= {name: run_button(text, name) for name in BELOW}
    save, manage = hub_save.save_section(text), manage_section(text)
    with gr.Row(elem_id="run-matrices"):
        matrices = {
            f"matrix_{name}": matrix(text, elem_id=f"matrix-{name}", selectable=False)
            for name in ("train", "validation")
        }
    wrong = mistakes(text, elem_id="run-mistakes", selectable=False)
    return {
        "head": head, "again": again, "curves": chart, "buttons": buttons, "run_status": status, "save": save,
        "manage": manage, **matrices, "mistakes": wrong,
    }  # fmt: skip


def run_button(text: Text, name: str) -> gr.Button:
    """One of `views.BUTTONS`, hidden until a run wants it."""
    return gr.Button(text(f"train.{name}", minutes=1), size="sm", visible=False, min_width=100, elem_id=f"run-{name}")


def list_column(context: PageContext) -> dict[str, Any]:
    """The runs there are."""
    text = context.text
    beside = gr.Dropdown(
        [], value=[], multiselect=True, max_choices=MOST_BESIDE, filterable=False, interactive=True,
        label=text("train.beside"), info=text("train.beside.info", most=MOST_BESIDE), elem_id="runs-beside",
    )  # fmt: skip
    whose = text("train.runs.local" if context.services.local else "train.runs.own")
    gr.Markdown(f"### {text('train.runs')}\n{whose}", elem_id="runs-heading")
    runs = table(text, elem_id="runs", name="runs", label=text("train.runs"), height=360)
    return {"beside": beside, "runs": runs, "upload": upload_section(text)}


def wire_form(parts: Parts, handlers: FormHandlers) -> None:
    """Connect the form."""
    controls, form = parts.controls, parts.form
    beside = [parts.kept, parts.beside]
    for button, start, inputs in (
        (parts.start, handlers.start, [*beside, *parts.elsewhere.choice, *form]),
        (parts.again, handlers.start_here, [*beside, *form]),
    ):
        button.click(
            start, inputs,
            [parts.form_status, *parts.numbers, parts.kept, *parts.everything], **QUIET,
        ).then(None, js=into_view("#run-top", unless="#train-said [role=alert]"))  # fmt: skip
    for name in ("family", "depth"):
        controls[name].input(handlers.settle, form, form, **EVERY, **QUIET)
    controls["preset"].input(handlers.apply_preset, form, form, **EVERY, **QUIET)
    for name in (*NUMBERS, "unit"):
        controls[name].input(handlers.check, form, parts.numbers, **LAST)
    shared = parts.link.ask(handlers.share, form, [parts.link, parts.snippets], **QUIET)
    shared.then(None, js=into_view("#train-link"))


def wire_runs(parts: Parts, handlers: Handlers, of_form: FormHandlers) -> None:
    """Connect what shows a run: the chart and the lists."""
    run, shown = [parts.current, parts.beside, parts.kept], [*parts.of_run, *parts.of_epoch]
    mounted = parts.curves.mount(of_form.mount, parts.kept, [*parts.form, *parts.everything], **QUIET)
    mounted.then(None, js=into_view("#run-top", asked="run"))
    linked = [*parts.everything, parts.controls["data"]]
    parts.wanted.change(handlers.follow_link, [parts.wanted, parts.beside, parts.kept], linked, **QUIET)
    parts.curves.state(handlers.refresh, run, [*parts.of_state, *parts.lists], **LAST)
    parts.curves.state(handlers.evaluated, [parts.current, parts.kept], parts.of_epoch, **EVERY, **QUIET)
    parts.curves.epoch(handlers.recorded, [parts.current, parts.kept], parts.of_epoch, **EVERY, **QUIET)
    chosen = parts.runs.select(handlers.open_row, [parts.listed, parts.beside, parts.kept], shown, **EVERY, **QUIET)
    chosen.then(None, js=into_view("#run-top"))
    for event in (mounted, chosen):
        event.then(handlers.prepare, parts.current, parts.waited, **QUIET).then(
            handlers.show_prepared, [parts.waited, parts.current, parts.kept], parts.of_epoch, **QUIET
        )
    parts.beside.input(handlers.look, run, shown, **LAST)


def wire_buttons(parts: Parts, handlers: Handlers, of_form: FormHandlers) -> None:
    """Connect the buttons of a run."""
    buttons, one = parts.buttons, [parts.current, parts.kept]
    run, shown = [parts.current, parts.beside, parts.kept], [*parts.of_run, *parts.of_epoch]
    buttons["replay"].click(handlers.replay, run, shown, **QUIET)
    buttons["stop"].click(handlers.stop, one, parts.run_status, **QUIET)
    resumed = buttons["resume"].click(handlers.resume, one, parts.run_status, **QUIET)
    resumed.then(handlers.look, run, shown, **QUIET)
    buttons["classify"].click(handlers.open_in_classify, one, [parts.tabs, parts.models], **QUIET)
    buttons["confusion"].click(handlers.open_in_confusion, parts.current, [parts.tabs, parts.question], **FILLS_STATE)
    buttons["fill"].click(of_form.use_settings, [parts.current, *parts.form], parts.form, **QUIET)


def wire_managing(parts: Parts, handlers: ManagingHandlers) -> None:
    """Connect what the owner of a run may do, and the upload of a run."""
    manage, everything = parts.manage, parts.everything
    current, lists = parts.current, [parts.beside, parts.kept]
    typed = (manage.name, manage.note)
    saved = [manage.status, *(one for one in everything if one not in typed)]
    manage.save.click(handlers.save, [current, *typed, *lists], saved, **QUIET)
    manage.go_on.click(
        handlers.train_further, [current, manage.length, manage.unit, *lists],
        [manage.status, parts.kept, *everything], **QUIET,
    )  # fmt: skip
    parts.buttons["longer"].click(
        handlers.train_longer, [current, *lists], [manage.status, parts.kept, *everything], **QUIET
    )
    deleted = [manage.status, manage.undo, manage.deleted, *everything]
    manage.delete.click(handlers.delete, [current, *lists], deleted, **QUIET)
    manage.undo.click(handlers.undo, [manage.deleted, *lists], deleted, **QUIET)
    parts.upload.load.click(
        handlers.load_from_hub, [parts.upload.model, parts.upload.private, *lists],
        [parts.upload.loaded, parts.kept, *everything], concurrency_id="fetch", concurrency_limit=2, **PRIVATE,
    )  # fmt: skip
    parts.upload.file.upload(
        handlers.upload_run, [parts.upload.file, *lists], [parts.upload.status, parts.kept, *everything],
        show_progress="minimal", api_visibility="private", **EVERY,
    )  # fmt: skip
