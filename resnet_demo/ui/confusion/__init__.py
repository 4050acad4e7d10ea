"""The tab Confusion: what a classifier takes for what, for any run and set, and for predictions that visitors bring.

This module lays the page out and wires it. `source` finds the answers, `views` says what is shown of them, `cells`
finds their pictures, `comparing` sets two sides against each other, `bringing` takes files, `takeaway` gives some.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from ...data.sources import HUB_SOURCES
from ...metrics.groups import PREPARED, as_text, parse_groups
from ...runs.folder import RunFolder
from ..components.confidence import confidence
from ..components.heatmap import heatmap
from ..components.matrix import matrix
from ..components.mistakes import mistakes
from ..components.notice import notice, said
from ..components.opening import opening
from ..components.run_head import run_head
from ..components.scrubber import scrubber
from ..components.table import table
from ..errors import REFUSALS, sentence
from ..frame import Frame
from ..runs import run_title
from ..train import viewing
from ..visitor import Visitor, visitor
from . import cells, comparing, source, takeaway, views
from .bringing import Bringing
from .source import Answers

TAB = "confusion"
FOLLOW_SECONDS = 3
QUIET = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
LAST = {"trigger_mode": "always_last", **QUIET}
CIFAR10 = HUB_SOURCES["cifar10"].classes


def build(frame: Frame) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    services, text, kept = frame.services, frame.text, frame.kept
    begun = opening(elem_id="confusion-opening")
    plain = {"filterable": False, "interactive": True}
    with gr.Row(elem_id="confusion"):
        with gr.Column(scale=1, min_width=300, elem_classes="controls"):
            which = gr.Dropdown([], label=text("confusion.run"), elem_id="confusion-run", **plain)
            on = gr.Dropdown([], label=text("confusion.set"), elem_id="confusion-set", **plain)
            with gr.Accordion(text("confusion.groups"), open=False, elem_id="confusion-groups"):
                groups = gr.Textbox(
                    label=text("confusion.groups.label"), info=text("confusion.groups.info"), lines=3,
                    elem_id="confusion-groups-text",
                )  # fmt: skip
                with gr.Row():
                    prepared = gr.Button(text("confusion.groups.prepared"), size="sm", visible=False)
                    merge = gr.Button(text("confusion.groups.merge"), size="sm", elem_id="confusion-merge")
                wrong_groups = notice(elem_id="confusion-groups-said")
            with gr.Accordion(text("confusion.difference"), open=False, elem_id="confusion-difference"):
                other = gr.Dropdown([], label=text("confusion.difference.run"), elem_id="confusion-other", **plain)
                other_on = gr.Dropdown([], label=text("confusion.set"), elem_id="confusion-other-set", **plain)
                compare = gr.Button(text("confusion.difference.go"), size="sm", elem_id="confusion-compare")
            bringing = Bringing(services, text)
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            head = run_head(text, elem_id="confusion-head")
            figure = matrix(text, elem_id="confusion-matrix")
            strip = mistakes(text, elem_id="confusion-cell")
            with gr.Row(elem_id="confusion-pages"):
                before = gr.Button(text("confusion.before"), size="sm", visible=False, min_width=80)
                after = gr.Button(text("confusion.after"), size="sm", visible=False, min_width=80)
            with gr.Row(visible=False) as looked_at:
                heats = [heatmap(text, elem_id=f"confusion-heat-{one}") for one in ("true", "predicted")]
            classify = gr.Button(text("confusion.classify"), size="sm", visible=False, elem_id="confusion-classify")
            listed = table(text, elem_id="confusion-rows", name="rows", label=text("confusion.rows"), selectable=False)
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
            with gr.Column(visible=False) as changed:
                gr.Markdown(f"### {text('confusion.difference')}")
                told = notice(elem_id="confusion-told")
                change = matrix(text, elem_id="confusion-change", selectable=False)
                changes = table(
                    text, elem_id="confusion-changes", name="changes", label=text("confusion.difference"),
                    selectable=False,
                )  # fmt: skip
            gr.Markdown(f"### {text('confusion.time')}")
            place = scrubber(text, elem_id="confusion-time")
            with gr.Row(elem_id="confusion-epoch"):
                of_train = matrix(text, elem_id="confusion-train", selectable=False, controls=False)
                of_validation = matrix(text, elem_id="confusion-validation", selectable=False, controls=False)
    brought = gr.State(None)  # the table of predictions that this visitor brought, while it is looked at
    cell = gr.State(None)  # (true, predicted) of the open cell, and its page
    page_of = gr.State(0)
    picked = gr.State(None)  # position of the picture whose heat maps are shown
    paired = gr.State([])  # the cells of the table of pairs
    chosen = [which, on, groups, brought]
    opened = [strip, before, after, looked_at, *heats, classify, listed, cell, page_of, picked]
    everything = [head, figure, per_class, mean, pairs, paired, sure, files, wrong_groups, prepared, *opened]
    clock = gr.Timer(FOLLOW_SECONDS, active=False)  # while the run that is looked at trains
    over_time = [place, of_train, of_validation, clock]

    # --- what is looked at

    def found(run_id: Any, name: Any, written: str, own: Any) -> Answers | None:
        """The answers that are chosen, classes merged."""
        if own is not None:
            answers = own.answers
        else:
            run = viewing.found_run(services, run_id)
            answers = source.answers(services, run, name) if run and isinstance(name, str) else None
        if answers is None or not (written or "").strip():
            return answers
        return source.grouped(answers, parse_groups(written, answers.classes))

    def shown(run_id: Any, name: Any, written: str, own: Any) -> list[Any]:
        """Values of `everything`."""
        try:
            answers, problem = found(run_id, name, written, own), said()
        except REFUSALS as error:
            answers, problem = found(run_id, name, "", own), said(sentence(error, text), error=True)
        if answers is None or not len(answers.labels):
            nothing = {"title": text("confusion.empty")}
            return [nothing, {}, None, None, None, [], {}, {}, problem, gr.update(visible=False), *closed()]
        pair_value, pair_cells = views.pair_table(answers.matrix, text)
        title = own.name if own is not None else title_of(run_id)
        about = text(f"confusion.set.{answers.name}") if answers.name else ""
        cifar = answers.run is not None and answers.run.config.classes == CIFAR10
        return [
            {"title": title, "facts": [about, *views.headline(answers, text)]},
            views.matrix_value(answers, "", text),
            views.class_table(answers.matrix, text),
            views.averages(answers.matrix, text),
            pair_value,
            pair_cells,
            views.sure(answers, text),
            takeaway.addresses(answers, written or "", text),
            problem,
            gr.update(visible=cifar),
            *closed(),
        ]

    def title_of(run_id: Any) -> str:
        run = viewing.found_run(services, run_id)
        return run_title(services.runs, run, text) if run else ""

    def closed() -> list[Any]:
        """Values of `opened` when no cell is open."""
        hidden = gr.update(visible=False)
        return [{}, hidden, hidden, hidden, {}, {}, hidden, None, None, 0, None]

    def open_cell(answers: Answers | None, at: tuple[int, int] | None, page: int, own: Any) -> list[Any]:
        """Values of `opened` for a cell."""
        if answers is None or at is None:
            return closed()
        value = cells.strip(services, answers, at, page, text)
        rows = views.rows_table(answers, own.table, at, text) if own is not None and own.table else None
        last = cells.pages(answers, at) - 1
        more = bool(value.get("items"))
        return [
            value, gr.update(visible=more and page > 0), gr.update(visible=more and page < last),
            gr.update(visible=False), {}, {}, gr.update(visible=False), rows, at, page, None,
        ]  # fmt: skip

    def select(event: gr.SelectData, *values: Any) -> list[Any]:
        answers = found(*values)
        if answers is None:
            return closed()
        true, predicted = (views.class_of_cell(answers, int(index)) for index in event.index)
        return open_cell(answers, (true, predicted), 0, values[3])

    def select_pair(event: gr.SelectData, known: list[tuple[int, int]], *values: Any) -> list[Any]:
        at = tuple(known[event.index]) if 0 <= event.index < len(known) else None
        return open_cell(found(*values), at, 0, values[3])

    def mark_class(event: gr.SelectData, *values: Any) -> Any:
        answers = found(*values)
        if answers is None:
            return gr.skip()
        return views.matrix_value(answers, "", text) | {"highlight": event.index}

    def turn(step: int) -> Any:
        def turned(at: Any, page: int, *values: Any) -> list[Any]:
            return open_cell(found(*values), tuple(at) if at else None, page + step, values[3])

        return turned

    def pick(event: gr.SelectData, *values: Any) -> list[Any]:
        answers, hidden = found(*values), gr.update(visible=False)
        nothing = [hidden, {}, {}, hidden, None]
        if answers is None or answers.run is None or (values[2] or "").strip():
            return nothing  # merged classes are none of the network's
        try:
            true, predicted = cells.looked(services, answers, int(event.index), text)
        except REFUSALS:
            return nothing
        seen = gr.update(visible=bool(true))
        return [seen, true, predicted, seen, int(event.index)]

    def to_classify(at: Any, *values: Any) -> tuple[Any, Any, Any]:
        answers = found(*values)
        split = source.pictures(services, answers).split if answers and at is not None else None
        if split is None:
            return gr.skip(), gr.skip(), gr.skip()
        image = split.picture(int(answers.rows[at]))
        return gr.Tabs(selected="classify"), [image], gr.update(value=[answers.run.id])

    # --- choosing

    def runs_for(who: Visitor) -> list[tuple[str, str]]:
        return [(run_title(services.runs, run, text), run.id) for run in who.runs(services.runs) if run.has_weights()]

    def sets_for(run: RunFolder | None) -> list[tuple[str, str]]:
        return [(text(f"confusion.set.{name}"), name) for name in (source.sets_of(run) if run else ())]

    def set_update(run_id: Any, wanted: Any = None) -> Any:
        choices = sets_for(viewing.found_run(services, run_id))
        names = [name for _, name in choices]
        return gr.update(choices=choices, value=wanted if wanted in names else names[0] if names else None)

    def time_of(run_id: Any) -> list[Any]:
        """Values of `over_time`."""
        run = viewing.found_run(services, run_id)
        if run is None:
            return [{}, None, None, gr.update(active=False)]
        value = source.scrubbed(services, run, text)
        ended = value["epochs"]
        return [value, *matrices(run, ended[-1][0] if ended else None), gr.update(active=value["running"])]

    def follow(run_id: Any) -> tuple[Any, Any]:
        """New epochs of a run that trains; the scrubber tells where they carry it."""
        run = viewing.found_run(services, run_id)
        if run is None:
            return gr.skip(), gr.update(active=False)
        value = source.scrubbed(services, run, text)
        return value, gr.update(active=value["running"])

    def matrices(run: RunFolder, step: int | None) -> list[Any]:
        epoch = viewing.epoch(services, run, step, visitor(services, None), text)
        return [epoch.train, epoch.validation]

    def mount(event: gr.EventData, kept: Any, request: gr.Request) -> list[Any]:
        who, asked = visitor(services, request, kept), event._data or {}
        choices = runs_for(who)
        ids = [one for _, one in choices]
        wanted = asked.get("run")
        if viewing.found_run(services, wanted) and wanted not in ids:  # a shared link
            choices = [(title_of(wanted), wanted), *choices]
            ids = [wanted, *ids]
        run_id = wanted if wanted in ids else ids[0] if ids else None
        now_on = set_update(run_id, asked.get("set"))
        second = ids[1] if len(ids) > 1 else run_id
        return [
            gr.update(choices=choices, value=run_id), now_on, gr.update(choices=choices, value=second),
            set_update(second, now_on["value"]), *shown(run_id, now_on["value"], "", None), *time_of(run_id),
        ]  # fmt: skip

    def choose_run(run_id: str, name: str) -> list[Any]:
        now_on = set_update(run_id, name)
        return [now_on, None, "", *shown(run_id, now_on["value"], "", None), *time_of(run_id)]

    def choose_set(run_id: str, name: str, written: str) -> list[Any]:
        return [None, *shown(run_id, name, written, None)]

    def scrub(event: gr.EventData) -> list[Any]:
        run = viewing.found_run(services, event.run)
        return matrices(run, int(event.step)) if run else [None, None]

    def difference(written: str, own: Any, run_id: str, name: str, second: str, second_on: str) -> list[Any]:
        try:
            a, b = found(second, second_on, written, None), found(run_id, name, written, own)
            if a is None or b is None:
                return [gr.update(visible=True), said(text("confusion.empty"), error=True), {}, None]
            value, rows, words = comparing.compared(a, b, text)
        except REFUSALS as error:
            return [gr.update(visible=True), said(sentence(error, text), error=True), {}, None]
        return [gr.update(visible=True), said(words), value, rows]

    begun.mount(mount, kept, [which, on, other, other_on, *everything, *over_time], **QUIET)
    which.input(choose_run, [which, on], [on, brought, groups, *everything, *over_time], **LAST)
    on.input(choose_set, [which, on, groups], [brought, *everything], **LAST)
    merge.click(shown, chosen, everything, **LAST)
    prepared.click(lambda: as_text(PREPARED[CIFAR10], CIFAR10), None, groups, **QUIET).then(
        shown, chosen, everything, **QUIET
    )
    other.input(lambda run_id, name: set_update(run_id, name), [other, on], other_on, **QUIET)
    compare.click(difference, [groups, brought, which, on, other, other_on], [changed, told, change, changes], **QUIET)
    figure.select(select, chosen, opened, **QUIET)
    pairs.select(select_pair, [paired, *chosen], opened, **QUIET)
    per_class.select(mark_class, chosen, figure, **QUIET)
    before.click(turn(-1), [cell, page_of, *chosen], opened, **QUIET)
    after.click(turn(1), [cell, page_of, *chosen], opened, **QUIET)
    strip.select(pick, chosen, [looked_at, *heats, classify, picked], **LAST)
    classify.click(
        to_classify, [picked, *chosen], [frame.tabs, frame.doors["pictures"], frame.doors["classify"]], **QUIET
    )
    place.epoch(scrub, None, [of_train, of_validation], **LAST)
    clock.tick(follow, which, [place, clock], **QUIET)

    def list_runs(run_id: Any, kept: Any, request: gr.Request) -> Any:
        choices = runs_for(visitor(services, request, kept))
        return gr.update(choices=choices, value=run_id)

    bringing.wire(frame, brought, chosen, everything, shown, list_runs)
