"""The tab Train: a form, a run that learns while one looks on, and the runs there are.

This module lays the page out and wires it. The form is `form` (pure) and `controls` (components); `launching` makes a
run of it; `viewing` says what is shown of a run, `progress` how an epoch looks, `listing` which runs there are;
`managing`, `own`, `fetching` and `link` are parts of the page of their own. Training itself is `runs.manager`'s.
"""

from __future__ import annotations

import time
from asyncio import wrap_future
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import gradio as gr
from starlette.concurrency import run_in_threadpool

from ...library.runs import find_run, first_run, usable_run
from ...library.visitors import NOBODY, Visitor
from ...runs.folder import RunFolder
from ..components.curves import curves
from ..components.into_view import into_view
from ..components.link import link as link_component
from ..components.matrix import matrix
from ..components.mistakes import mistakes
from ..components.notice import notice, said
from ..components.run_head import run_head
from ..components.table import table
from ..errors import REFUSALS, sentence
from ..events import EVERY, FILLS_STATE, LAST, QUIET
from ..latest import background
from ..page_context import PageContext
from ..runs import choices, data_choices, run_title
from ..shared import form_link as link
from ..shared import own_images as own
from ..shared import training_form as forms
from ..shared.data_download import Fetching
from ..shared.epoch_views import epoch_of, preparation
from ..shared.training_form import Form, first_form, launch
from ..visitor import visitor
from . import listing, viewing
from .controls import NAMES, Controls
from .managing import Managing, Uploading

TAB = "train"
MOST_BESIDE = 4  # runs in the chart beside the one that is looked at
BUTTONS = ("stop", "resume", "classify", "confusion", "replay", "fill")


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    services, text, kept = context.services, context.text, context.kept
    first = first_form(services)
    data = [(title, name) for title, name in data_choices(services, text)]

    def begin_choices(who: Visitor) -> list[tuple[str, str]]:
        return [(text("train.scratch"), ""), *choices(services, text, who)]

    def all_data(kept: Any) -> list[tuple[str, str]]:
        return [*data_choices(services, text), *own.choices(services, kept, text)]

    with gr.Row(elem_id="train"):
        with gr.Column(scale=1, min_width=300, elem_classes="controls"):
            controls = Controls(text, first, data, begin_choices(NOBODY), len(services.manager.queue.slots))
            start = gr.Button(text("train.start"), variant="primary", elem_id="train-start")
            said_of_form = notice(elem_id="train-said")
            fetching = Fetching(services, text)
            brought = own.OwnPart(services, text)
            linked = link_component(text, elem_id="train-link")
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            head = run_head(text, elem_id="run-head")
            figure = curves(text, services.tails.poll)
            with gr.Row(elem_id="run-buttons"):
                stop, resume, classify, confusion, replay, fill = (
                    gr.Button(text(f"train.{name}"), size="sm", visible=False, min_width=100, elem_id=f"run-{name}")
                    for name in BUTTONS
                )
            said_of_run = notice(elem_id="run-said")
            managing = Managing(services, text)
            with gr.Row(elem_id="run-matrices"):
                of_train = matrix(text, elem_id="matrix-train", selectable=False)
                of_validation = matrix(text, elem_id="matrix-validation", selectable=False)
            strip = mistakes(text, elem_id="run-mistakes", selectable=False)
            beside = gr.Dropdown(
                [], value=[], multiselect=True, max_choices=MOST_BESIDE, filterable=False, interactive=True,
                label=text("train.beside"), info=text("train.beside.info", most=MOST_BESIDE), elem_id="runs-beside",
            )  # fmt: skip
            gr.Markdown(f"### {text('train.runs')}\n{text('train.runs.local' if services.local else 'train.runs.own')}")
            runs = table(text, elem_id="runs", name="runs", label=text("train.runs"), height=360)
            uploading = Uploading(services, text)
    current = gr.State("")  # the id of the run that is looked at
    prepared = gr.State(0.0)  # when pictures were last waited for
    listed = gr.State([])  # the ids of the table's rows
    fields, epoch = controls.all, [of_train, of_validation, strip]
    buttons = [stop, resume, classify, confusion, replay, fill]
    view = [head, figure, *buttons, *managing.outputs, current]
    lists = [runs, listed, beside]

    # --- what is shown

    def looked_at(run: RunFolder | None, who: Visitor, others: Any, replayed: bool = False) -> list[Any]:
        """Values of `view`."""
        shown = viewing.shown(services, run, others or [], who, text, replayed)
        return [shown.head, shown.curves, *shown.visible, *managing.filled(run, who), run.id if run else ""]

    def list_of(who: Visitor, others: Any) -> list[Any]:
        """Values of `lists`."""
        value, found = listing.rows(services, who, text)
        named = [(run_title(services.runs, run, text), run.id) for run in found if not run.damage]
        ids = [run.id for run in found]
        left = [one for one in others or [] if one in ids]
        return [value, ids, gr.update(choices=named, **({} if left == others else {"value": left}))]

    def epoch_values(run: RunFolder | None, who: Visitor, step: int | None = None) -> list[Any]:
        """Values of `epoch`."""
        found = epoch_of(services, run, step, who, text)
        return [found.train, found.validation, found.mistakes]

    def everything(run_id: str, others: Any, kept: Any, request: gr.Request) -> list[Any]:
        """Values of `view`, `lists` and `epoch`; without a run, of the one to begin with."""
        who = visitor(services, request, kept)
        run = find_run(services, run_id) or first_run(services, who, "", first.data)
        return [*looked_at(run, who, others), *list_of(who, others), *epoch_values(run, who)]

    def mount(event: gr.EventData, kept: Any, request: gr.Request) -> list[Any]:
        services.manager.warm_up()
        who, asked, data = visitor(services, request, kept), event._data or {}, all_data(kept)
        filled = forms.from_address(asked, first, tuple(name for _, name in data))
        run = first_run(services, who, str(asked.get("run") or ""), filled.data)
        values = controls.filled(filled)
        values[NAMES.index("data")] = gr.update(choices=data, value=filled.data)
        values[NAMES.index("initial")] = gr.update(choices=begin_choices(who), value="")
        return [*values, *looked_at(run, who, []), *list_of(who, []), *epoch_values(run, who)]

    def look(run_id: str, others: Any, kept: Any, request: gr.Request, replayed: bool = False) -> list[Any]:
        """Values of `view` and `epoch`."""
        run, who = find_run(services, run_id), visitor(services, request, kept)
        return [*looked_at(run, who, others, replayed), *epoch_values(run, who)]

    def play(run_id: str, others: Any, kept: Any, request: gr.Request) -> list[Any]:
        return look(run_id, others, kept, request, replayed=True)

    def open_row(event: gr.SelectData, ids: list[str], others: Any, kept: Any, request: gr.Request) -> list[Any]:
        if not 0 <= event.index < len(ids):
            return [gr.skip()] * (len(view) + len(epoch))
        return look(ids[event.index], others, kept, request)

    @background
    def refresh(run_id: str, others: Any, kept: Any, request: gr.Request) -> list[Any]:
        """Another state: buttons and table follow; the curves go on by themselves, and what is typed stays.

        Which run is looked at stays, too: it may be another one by the time that this is answered.
        """
        run, who = find_run(services, run_id), visitor(services, request, kept)
        shown = viewing.shown(services, run, others or [], who, text, False)
        return [shown.head, *shown.visible, *managing.opened(run, who), *list_of(who, others)]

    @background
    def recorded(event: gr.EventData, run_id: str, kept: Any, request: gr.Request) -> list[Any]:
        if event.run != run_id:
            return [gr.skip()] * len(epoch)
        return epoch_values(find_run(services, run_id), visitor(services, request, kept), int(event.step))

    async def prepare(run_id: str, request: gr.Request) -> Any:
        """Waits, in no thread, until the pictures of a run are in the cache, or cannot be; then the epoch is shown
        again, which says why."""
        with suppress(*REFUSALS):
            run = usable_run(services, run_id)
            work = await run_in_threadpool(preparation, services, run, visitor(services, request))
            if work is None:
                return gr.skip()
            await wrap_future(work)
        return time.monotonic()

    def show_prepared(run_id: str, kept: Any, request: gr.Request) -> list[Any]:
        return epoch_values(usable_run(services, run_id), visitor(services, request, kept))

    # --- the form

    def begin(request: gr.Request, kept: Any, others: Any, *values: Any) -> list[Any]:
        who, filled = visitor(services, request, kept), Form(*values).settled()
        wrong = filled.problems(text)
        same = [gr.skip()] * (len(view) + len(lists) + len(epoch))
        judged = controls.judged(filled, wrong)
        if wrong:
            return [said(text("train.wrong.form"), error=True), *judged, kept, *same]
        try:
            made = launch(services, filled, who)
        except REFUSALS as error:
            return [said(sentence(error, text), error=True), *judged, kept, *same]
        kept = {**(kept or {}), made.run.id: made.token}
        who = replace(who, keys=kept)
        return [
            said(),
            *judged,
            kept,
            *looked_at(made.run, who, others),
            *list_of(who, others),
            *epoch_values(None, who),
        ]

    def refill(*values: Any) -> list[Any]:
        return controls.filled(Form(*values).settled(), Form(*values))

    def apply_preset(*values: Any) -> list[Any]:
        filled = Form(*values).settled()
        return controls.filled(forms.with_preset(filled, filled.preset), Form(*values))

    def judge(*values: Any) -> list[Any]:
        filled = Form(*values).settled()
        return controls.judged(filled, filled.problems(text))

    def fill_again(run_id: str, *values: Any) -> list[Any]:
        run, filled = usable_run(services, run_id), Form(*values).settled()
        if run is None:
            return controls.filled(filled)
        asked = forms.for_config(run.config)
        known = run.config.data in [name for _, name in data_choices(services, text)]
        return controls.filled(asked if known else replace(asked, data=filled.data))

    def share(event: gr.EventData, *values: Any) -> dict[str, Any]:
        return link.shown(event.address, {"tab": TAB, **Form(*values).settled().address(first)})

    # --- what the buttons of a run do

    def ordered(act: Callable[[str, Visitor], None]) -> Callable[..., dict[str, Any]]:
        """A handler that asks the manager for something and says why it does not do it."""

        def handle(run_id: str, kept: Any, request: gr.Request) -> dict[str, Any]:
            try:
                act(run_id, visitor(services, request, kept))
            except REFUSALS as error:
                return said(sentence(error, text), error=True)
            return said()

        return handle

    def stop_run(run_id: str, who: Visitor) -> None:
        services.manager.stop(run_id, who.key(run_id))

    def resume_run(run_id: str, who: Visitor) -> None:
        services.manager.resume(run_id, who.key(run_id), who.address)

    def to_classify(run_id: str, kept: Any, request: gr.Request) -> tuple[Any, Any]:
        now = choices(services, text, visitor(services, request, {**(kept or {}), run_id: ""}))
        return gr.Tabs(selected="classify"), gr.update(choices=now, value=[run_id])

    def to_confusion(run_id: str) -> tuple[Any, Any]:
        return gr.Tabs(selected="confusion"), {"run": run_id, "turn": time.monotonic()}

    asked, whole = [current, beside, kept], [*view, *lists, *epoch]
    opened = figure.mount(mount, kept, [*fields, *whole], **QUIET)
    opened.then(None, js=into_view("#run-head", asked="run"))
    figure.state(refresh, asked, [head, *buttons, *managing.parts, *lists], **LAST)
    figure.epoch(recorded, [current, kept], epoch, **EVERY, **QUIET)
    start.click(begin, [kept, beside, *fields], [said_of_form, *controls.numbers, kept, *whole], **QUIET).then(
        None, js=into_view("#run-head", unless="#train-said [role=alert]")
    )
    for name in ("family", "depth"):
        controls.parts[name].input(refill, fields, fields, **EVERY, **QUIET)
    controls.parts["preset"].input(apply_preset, fields, fields, **EVERY, **QUIET)
    for name in (*forms.NUMBERS, "unit"):
        controls.parts[name].input(judge, fields, controls.numbers, **LAST)
    chosen = runs.select(open_row, [listed, *asked[1:]], [*view, *epoch], **EVERY, **QUIET)
    chosen.then(None, js=into_view("#run-head"))
    for event in (opened, chosen):
        event.then(prepare, current, prepared, **FILLS_STATE)
    prepared.change(show_prepared, [current, kept], epoch, **QUIET)
    beside.input(look, asked, [*view, *epoch], **LAST)
    replay.click(play, asked, [*view, *epoch], **QUIET)
    stop.click(ordered(stop_run), [current, kept], said_of_run, **QUIET)
    resume.click(ordered(resume_run), [current, kept], said_of_run, **QUIET).then(look, asked, [*view, *epoch], **QUIET)
    classify.click(to_classify, [current, kept], [context.tabs, context.shared["classify"]], **QUIET)
    confusion.click(to_confusion, current, [context.tabs, context.shared_state("confusion")], **FILLS_STATE)
    fill.click(fill_again, [current, *fields], fields, **QUIET)
    linked.ask(share, fields, linked, **QUIET)
    managing.wire(context, current, beside, whole, everything)
    uploading.wire(context, beside, whole, everything)
    fetching.wire(controls.parts["data"], all_data, kept)
    brought.wire(controls.parts["data"], all_data, kept)
