"""The tab Confusion: what a classifier takes for what, for any run and set, and for predictions that visitors bring.

This module lays the page out and wires it. `choosing` says what is looked at, `source` finds the answers, `views` says
what is shown of them. Parts of the page of their own: `opened` (the pictures of a cell), `differing` (two sides, set
against each other by `comparing`), `overtime` (epochs), `remedy` (data that is not here), `bringing` (files that
visitors bring), `takeaway` (files that they take away).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import gradio as gr

from ...data.sources import HUB_SOURCES
from ...library.answers import Answers
from ...library.visitors import Visitor
from ...metrics.groups import PREPARED, as_text
from ..components.choices import Choices
from ..components.confidence import confidence
from ..components.matrix import MOST_CLASSES, matrix
from ..components.notice import notice, said
from ..components.opening import opening
from ..components.run_head import run_head
from ..components.table import table
from ..errors import REFUSALS, sentence
from ..events import EVERY, LAST, QUIET
from ..latest import background
from ..page_context import PageContext
from ..visitor import visitor
from . import choosing, takeaway, views
from .bringing import Bringing
from .choosing import Choice
from .differing import SCROLL, Differing
from .opened import Opened
from .overtime import OverTime
from .remedy import Remedy

__all__ = ["TAB", "build", "takeaway"]
TAB = "confusion"
CIFAR10 = HUB_SOURCES["cifar10"].classes


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    services, text, kept = context.services, context.text, context.kept
    begun = opening(elem_id="confusion-opening")
    plain = {"filterable": False, "interactive": True}
    with gr.Row(elem_id="confusion"):
        with gr.Column(scale=1, min_width=300, elem_classes="controls"):
            which = Choices([], label=text("confusion.run"), elem_id="confusion-run", **plain)
            on = Choices([], label=text("confusion.set"), elem_id="confusion-set", **plain)
            epoch = Choices([], label=text("confusion.epoch"), elem_id="confusion-at", visible=False, **plain)
            only = gr.Textbox(
                label=text("confusion.only"), info=text("confusion.only.info", most=MOST_CLASSES), visible=False,
                elem_id="confusion-only",
            )  # fmt: skip
            with gr.Accordion(text("confusion.groups"), open=False, elem_id="confusion-groups"):
                groups = gr.Textbox(
                    label=text("confusion.groups.label"), info=text("confusion.groups.info"), lines=3,
                    elem_id="confusion-groups-text",
                )  # fmt: skip
                with gr.Row():
                    prepared = gr.Button(text("confusion.groups.prepared"), size="sm", visible=False)
                    merge = gr.Button(text("confusion.groups.merge"), size="sm", elem_id="confusion-merge")
                wrong_groups = notice(elem_id="confusion-groups-said")
            differing = Differing(services, text)
            bringing = Bringing(services, text)
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            head = run_head(text, elem_id="confusion-head")
            remedy = Remedy(services, text)
            figure = matrix(text, elem_id="confusion-matrix")
            opened = Opened(services, text)
            files = takeaway.links(text, elem_id="confusion-files")
            gr.Markdown(f"### {text('confusion.classes')}")
            per_class = table(
                text, elem_id="confusion-classes", name="classes", label=text("confusion.classes"), compact=True
            )
            mean = table(
                text, elem_id="confusion-averages", name="averages", label=text("confusion.averages"), selectable=False
            )
            gr.Markdown(f"### {text('confusion.pairs')}")
            pairs = table(text, elem_id="confusion-pairs", name="pairs", label=text("confusion.pairs"), height=300)
            gr.Markdown(f"### {text('confusion.sure')}")
            sure = confidence(text, elem_id="confusion-sure")
            differing.output()
            gr.Markdown(f"### {text('confusion.time')}")
            over_time = OverTime(services, text)
    brought = gr.State(None)  # what this visitor brought, while it is looked at
    came = gr.State(0.0)  # when there was last something new to show: a file, answers, a data set
    paired = gr.State([])  # the cells of the table of pairs
    asked = context.shared_state(TAB)  # what another tab wants to be shown
    chosen = [which, on, epoch, only, groups, brought, kept]  # the fields of a Choice
    everything = [
        head, figure, per_class, mean, pairs, paired, sure, files, wrong_groups, prepared, only, *remedy.outputs,
        *opened.outputs,
    ]  # fmt: skip

    # --- what is looked at

    def look(choice: Choice, request: gr.Request) -> tuple[Answers | None, str]:
        """The answers that are chosen, classes merged where that can be done; and what is wrong, or ""."""
        found, problem = looked(choice, visitor(services, request, choice.kept))
        return found, problem["text"]

    def looked(choice: Choice, who: Visitor) -> tuple[Answers | None, dict[str, Any]]:
        """The same, and what is wrong."""
        found = None
        try:
            found = choosing.answers(services, choice, who)
            return choosing.merged(found, choice.groups), said()
        except REFUSALS as error:
            return found, said(sentence(error, text), error=True)

    def show(choice: Choice, who: Visitor, anew: bool = False) -> list[Any]:
        """Values of `everything`. anew: of another run, whose classes are others; else what is typed stays."""
        found, problem = looked(choice, who)
        helped, own = remedy.filled(found, choice), choice.own
        hidden = gr.update(visible=False)
        if found is None or not len(found.labels):
            nothing = {"title": text("confusion.empty")}
            return [nothing, {}, None, None, None, [], {}, {}, problem, hidden, hidden, *helped, *opened.closed()]
        pair_value, pair_cells = views.pair_table(found.matrix, text)
        facts = [choosing.about(found, text), *([own.note] if own and own.note else []), *views.headline(found, text)]
        return [
            {"title": own.name if own else choosing.title(services, choice.run, text), "facts": facts},
            views.matrix_value(found, "", text, choice.only),
            views.class_table(found.matrix, text),
            views.averages(found.matrix, text),
            pair_value,
            pair_cells,
            views.sure(found, text),
            takeaway.addresses(services, choice, found, text),
            problem,
            gr.update(visible=found.run is not None and found.run.config.classes == CIFAR10),
            gr.update(visible=len(found.classes) > MOST_CLASSES, **({"value": ""} if anew else {})),
            *helped,
            *opened.closed(),
        ]

    def shown(request: gr.Request, *values: Any) -> list[Any]:
        choice = Choice(*values)
        return show(choice, visitor(services, request, choice.kept))

    # --- cells and classes

    def marked(found: Answers, index: int) -> dict[str, Any]:
        """The table of classes with one of them marked and in view; "turn": each time anew."""
        return views.class_table(found.matrix, text) | {"marked": index, "turn": time.monotonic()}

    def select(event: gr.SelectData, request: gr.Request, *values: Any) -> list[Any]:
        choice = Choice(*values)
        found, why = look(choice, request)
        if found is None:
            return [gr.skip(), *opened.closed(why)]
        cell = [views.class_of_cell(found, int(index), choice.only) for index in event.index]
        return [marked(found, cell[0]), *opened.filled(found, cell, 0, choice)]

    def select_pair(event: gr.SelectData, request: gr.Request, known: list[Any], *values: Any) -> list[Any]:
        choice, at = Choice(*values), known[event.index] if 0 <= event.index < len(known) else None
        found, why = look(choice, request)
        return opened.closed(why) if found is None else opened.filled(found, at, 0, choice)

    def mark_row(event: gr.EventData, request: gr.Request, *values: Any) -> Any:
        choice = Choice(*values)
        found, _ = look(choice, request)
        return marked(found, views.class_of_cell(found, int(event.index), choice.only)) if found else gr.skip()

    def mark_class(event: gr.SelectData, request: gr.Request, *values: Any) -> tuple[Any, Any]:
        choice = Choice(*values)
        found, _ = look(choice, request)
        if found is None:
            return gr.skip(), gr.skip()
        wanted = choice.only
        if event.index not in views.drawn(found, wanted):  # it comes with those that it is confused with
            wanted = found.classes[event.index]
        value = views.matrix_value(found, "", text, wanted)
        value |= {"highlight": views.drawn(found, wanted).index(event.index)}
        return value, gr.skip() if wanted == choice.only else gr.update(value=wanted)

    # --- choosing

    def arrive(asked: Mapping[str, Any], kept: Any, who: Visitor) -> list[Any]:
        """Everything, as a link, another tab, or nobody asks for it."""
        wanted, second = asked.get("run"), asked.get("other")
        runs = choosing.runs(services, who, text, (wanted, second))
        ids = [one for _, one in runs]
        run_id = wanted if wanted in ids else ids[0] if ids else None
        sets = choosing.set_update(services, run_id, asked.get("set"), text)
        steps = choosing.epoch_update(services, run_id, sets["value"], asked.get("step"), text)
        other = second if second in ids else next((one for one in ids if one != run_id), run_id)
        sides = differing.chosen(runs, other, asked.get("other_set") or sets["value"], asked.get("other_step"))
        choice = Choice(run_id, sets["value"], steps["value"], kept=kept)
        return [
            gr.update(choices=runs, value=run_id), sets, steps, "", None, *sides,
            *differing.arrived(asked, choice, Choice(*(one["value"] for one in sides)), who),
            *show(choice, who, anew=True), *over_time.filled(run_id),
        ]  # fmt: skip

    def mount(event: gr.EventData, asked: Any, kept: Any, request: gr.Request) -> list[Any]:
        return arrive(asked or event._data or {}, kept, visitor(services, request, kept))

    def enter(asked: Any, kept: Any, request: gr.Request) -> list[Any]:
        return arrive(asked or {}, kept, visitor(services, request, kept))

    def choose_run(run_id: Any, name: Any, kept: Any, request: gr.Request) -> list[Any]:
        sets = choosing.set_update(services, run_id, name, text)
        steps = choosing.epoch_update(services, run_id, sets["value"], 0, text)
        choice, who = Choice(run_id, sets["value"], steps["value"], kept=kept), visitor(services, request, kept)
        return [sets, steps, None, "", *show(choice, who, anew=True), *over_time.filled(run_id)]

    def choose_set(request: gr.Request, *values: Any) -> list[Any]:
        choice = Choice(*values)
        steps = choosing.epoch_update(services, choice.run, choice.name, 0, text)
        choice = choice._replace(step=steps["value"], own=None)
        return [steps, None, *show(choice, visitor(services, request, choice.kept))]

    def choose_epoch(request: gr.Request, *values: Any) -> list[Any]:
        choice = Choice(*values)._replace(own=None)
        return [None, *show(choice, visitor(services, request, choice.kept))]

    @background
    def follow(request: gr.Request, cell: Any, page: int, picked: Any, *values: Any) -> list[Any]:
        """What a run that trains has new; the open cell stays open, and a picture that is looked at where it is."""
        choice = Choice(*values)
        if choice.own or choice.step:
            return [gr.skip()] * (2 + len(everything))
        sets = choosing.set_update(services, choice.run, choice.name, text)
        choice = choice._replace(name=sets["value"])
        found, _ = look(choice, request)
        shown = show(choice, visitor(services, request, choice.kept))
        untouched = cell is None or picked is not None  # nothing is open, unless since a moment ago
        below = [gr.skip()] * len(opened.outputs) if untouched else opened.filled(found, cell, page, choice)
        shown[-len(opened.outputs) :] = below
        return [sets, choosing.epoch_update(services, choice.run, choice.name, 0, text), *shown]

    def draw(request: gr.Request, *values: Any) -> tuple[Any, ...]:
        choice = Choice(*values)
        found, _ = look(choice, request)
        return (views.matrix_value(found, "", text, choice.only) if found else {}, *opened.closed())

    def list_runs(run_id: Any, kept: Any, request: gr.Request) -> Any:
        runs = choosing.runs(services, visitor(services, request, kept), text, (run_id,))
        return gr.update(choices=runs, value=run_id)

    arriving = [which, on, epoch, groups, brought, *differing.sides, differing.part, *differing.outputs]
    arriving += [*everything, *over_time.outputs]
    begun.mount(mount, [asked, kept], arriving, **QUIET).then(None, js=SCROLL)
    asked.change(enter, [asked, kept], arriving, **QUIET).then(None, js=SCROLL)
    outputs = [on, epoch, brought, groups, *everything, *over_time.outputs]
    which.input(choose_run, [which, on, kept], outputs, **LAST)
    on.input(choose_set, chosen, [epoch, brought, *everything], **LAST)
    epoch.input(choose_epoch, chosen, [brought, *everything], **LAST)
    only.submit(draw, chosen, [figure, *opened.outputs], **LAST)
    gr.on([merge.click, came.change], shown, chosen, everything, **LAST)
    prepared.click(lambda: as_text(PREPARED[CIFAR10], CIFAR10), None, groups, **QUIET).then(
        shown, chosen, everything, **QUIET
    )
    figure.select(select, chosen, [per_class, *opened.outputs], **EVERY, **QUIET)
    figure.mark(mark_row, chosen, per_class, **EVERY, **QUIET)
    pairs.select(select_pair, [paired, *chosen], opened.outputs, **EVERY, **QUIET)
    per_class.select(mark_class, chosen, [figure, only], **EVERY, **QUIET)
    over_time.stage.change(follow, [opened.cell, opened.page, opened.picked, *chosen], [on, epoch, *everything], **LAST)
    opened.wire(context, chosen, look)
    differing.wire(chosen)
    over_time.wire(which)
    remedy.wire(chosen, brought, came)
    bringing.wire(context, which, brought, came, list_runs)
