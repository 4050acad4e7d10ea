"""The tab Classify: pictures, networks, their answers, and where the networks look.

This module lays the page out and wires it; what is shown is made by `answers` (one picture), `batch` (many), `heat`,
`fetch` (ImageNet's weights) and `samples`. Answers appear as soon as there is a picture and again whenever a network
or an option changes; heat maps are asked for by a click on a class, so that labels never wait for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from ...inference import explain
from ..components.heatmap import heatmap
from ..components.picture import pictures
from ..components.result import result
from ..components.samples import sample_strips
from ..components.table import table
from ..frame import EVERY, Frame
from ..runs import choices
from ..visitor import NOBODY, visitor
from . import answers, batch, fetch, heat
from .answers import MOST_NETWORKS, Options
from .samples import SAMPLES, fitting

TAB = "classify"
QUIET = {"api_visibility": "private", "show_progress": "hidden"}
QUEUE = QUIET | {"concurrency_id": "classify", "concurrency_limit": 4}

Uploads = list[tuple[str, str | None]] | None


def build(frame: Frame) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    services, text = frame.services, frame.text
    first = choices(services, text, NOBODY)
    chosen = [first[0][1]] if first else []
    with gr.Row(elem_id="classify"):
        with gr.Column(scale=1, min_width=300, elem_classes="controls"):
            uploads = pictures(text)
            strips = sample_strips(
                [
                    (
                        text(f"samples.{data or 'photos'}"),
                        [(text(f"sample.{s.name}"), s.path) for s in SAMPLES if s.data == data],
                    )
                    for data in ("", "shapes")
                ]
            )
            networks = gr.Dropdown(
                first, value=chosen, label=text("run.label"), info=text("run.several", most=MOST_NETWORKS),
                multiselect=True, max_choices=MOST_NETWORKS, filterable=False, interactive=True, elem_id="run",
            )  # fmt: skip
            with gr.Accordion(text("options.label"), open=False, elem_id="options"):
                top_k = gr.Slider(1, 20, 5, step=1, label=text("options.top_k"))
                temperature = gr.Slider(
                    0.1, 10, 1, step=0.1, label=text("options.temperature"), info=text("options.temperature.info")
                )
                crop = gr.Radio(
                    [(text(f"options.crop.{name}"), name) for name in ("centre", "whole")],
                    value="centre", label=text("options.crop"),
                )  # fmt: skip
            with gr.Accordion(text("fetch.label"), open=False, elem_id="fetch") as fetching:
                missing = gr.Dropdown(
                    fetch.choices(services, text), label=text("fetch.which"), filterable=False, interactive=True
                )
                fetch_button = gr.Button(text("fetch.button"), size="sm")
                fetch_status = gr.Markdown(text("fetch.about"))
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            with gr.Column(visible=False) as batch_part:
                rows = table(text, elem_id="batch", name="classify")
            figure = result(text, answers.figure(services, text, None, chosen, Options()))
            with gr.Column(visible=False, elem_id="heat") as heat_part:
                heat_figure = heatmap(text)
                with gr.Row():
                    method = gr.Dropdown(
                        [(text(f"heat.method.{name}"), name) for name in explain.METHODS],
                        label=text("heat.method"), filterable=False, interactive=True, elem_id="method",
                    )  # fmt: skip
                    layer = gr.Dropdown(label=text("heat.layer"), filterable=False, interactive=True, elem_id="layer")
    shown = gr.State(0)  # which of the uploaded pictures the figure is about
    question = gr.State(None)  # what the heat map is about
    listed = gr.State((first, fetch.choices(services, text)))  # the networks that this visitor can see in the lists
    options = [top_k, temperature, crop]
    hidden = gr.update(visible=False)
    no_table = None  # not gr.skip(): a table that was never shown would lose its words by it

    def list_networks(
        current: list[str], kept: Any, request: gr.Request, wanted: list[str] | None = None
    ) -> tuple[Any, ...]:
        """Values of `lists`. wanted: what is to be chosen; else that stays, also if somebody changes it meanwhile."""
        now, absent = choices(services, text, visitor(services, request, kept)), fetch.choices(services, text)
        ids = [one for _, one in now]
        chosen = [one for one in wanted or current or [] if one in ids] or ids[:1]
        networks = gr.update(choices=now, **({} if chosen == current else {"value": chosen}))
        to_fetch = gr.update(choices=absent, value=absent[0][1] if absent else None)
        return networks, to_fetch, gr.update(visible=bool(absent)), (now, absent)

    def look_for_networks(current: list[str], before: Any, kept: Any, request: gr.Request) -> tuple[Any, ...]:
        found = list_networks(current, kept, request)
        return (gr.skip(),) * 4 if found[-1] == before else found  # an open list stays as it is

    def show(uploaded: Uploads, ids: list[str], *chosen: Any) -> Iterator[tuple[Any, ...]]:
        paths, wanted = [path for path, _ in uploaded or []], Options(*chosen)
        if len(paths) < 2:
            answer = answers.figure(services, text, paths[0] if paths else None, ids or [], wanted)
            yield no_table, hidden, answer, hidden, 0
            return
        if not ids:
            yield no_table, hidden, answers.figure(services, text, None, [], wanted), hidden, 0
            return
        yield no_table, hidden, answers.message(batch.progress(text, 0, len(paths))), hidden, 0
        for value, done in batch.tables(services, text, paths, ids, wanted):
            words = answers.message(batch.progress(text, done, len(paths)))
            yield value, gr.update(visible=True), words, hidden, 0

    def show_one(event: gr.SelectData, uploaded: Uploads, ids: list[str], *chosen: Any) -> tuple[Any, ...]:
        return detail(event.index, uploaded, ids, *chosen)

    def show_row(event: gr.SelectData, uploaded: Uploads, ids: list[str], *chosen: Any) -> tuple[Any, ...]:
        return detail(event.index // max(1, len(ids or [])), uploaded, ids, *chosen)  # a row for each network

    def detail(index: int, uploaded: Uploads, ids: list[str], *chosen: Any) -> tuple[Any, ...]:
        if not uploaded or not 0 <= index < len(uploaded):
            return gr.skip(), hidden, 0
        path = uploaded[index][0]
        answer = answers.figure(services, text, path, ids or [], Options(*chosen))
        return answer | {"file": Path(path).name}, hidden, index

    def take_sample(event: gr.SelectData, ids: list[str], kept: Any, request: gr.Request) -> tuple[Any, list[str]]:
        ready = services.catalogue.ready(visitor(services, request, kept).ids)
        sample, chosen = SAMPLES[event.index], [one for one in ready if one.id in (ids or [])]
        return [str(sample.path)], fitting(sample, chosen, ready)

    def ask(event: gr.SelectData, uploaded: Uploads, index: int, crop: str, method: str) -> tuple[Any, ...]:
        asked = heat.Question(uploaded[index][0], event.value, event.index, crop)
        drawn = heat.figure(services, text, asked, method, None)
        choose = gr.update(choices=drawn["layers"], value=drawn["layer"], interactive=bool(drawn["layers"]))
        return drawn, choose, gr.update(visible=True), asked

    def look_again(asked: heat.Question | None, method: str, layer: str | None) -> tuple[Any, Any]:
        if asked is None:
            return gr.skip(), gr.skip()
        drawn = heat.figure(services, text, asked, method, layer)
        return drawn, gr.update(value=drawn["layer"] or layer, interactive=bool(drawn["layers"]))

    def fetch_network(wanted: str | None, ids: list[str], kept: Any, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        for words, here in fetch.fetched(services, text, wanted) if wanted else ():
            if not here:
                yield words, *(gr.skip(),) * 4
                continue
            wanted_first = [wanted, *(one for one in ids or [] if one != wanted)][:MOST_NETWORKS]
            yield words, *list_networks(ids, kept, request, wanted_first)

    changed = [uploads.change, networks.change, *(option.change for option in options)]
    gr.on(
        changed, show, [uploads, networks, *options], [rows, batch_part, figure, heat_part, shown],
        trigger_mode="always_last", **QUEUE,
    )  # fmt: skip
    lists = [networks, missing, fetching, listed]
    frame.page.load(list_networks, [networks, frame.kept], lists, **QUIET)
    networks.focus(look_for_networks, [networks, listed, frame.kept], lists, **QUIET)
    uploads.select(show_one, [uploads, networks, *options], [figure, heat_part, shown], **EVERY, **QUEUE)
    rows.select(show_row, [uploads, networks, *options], [figure, heat_part, shown], **EVERY, **QUEUE)
    strips.select(take_sample, [networks, frame.kept], [uploads, networks], **EVERY, **QUEUE)
    figure.select(ask, [uploads, shown, crop, method], [heat_figure, layer, heat_part, question], **EVERY, **QUEUE)
    for control in (method, layer):
        control.input(look_again, [question, method, layer], [heat_figure, layer], **EVERY, **QUEUE)
    fetch_button.click(
        fetch_network, [missing, networks, frame.kept], [fetch_status, *lists],
        concurrency_id="fetch", concurrency_limit=2, **QUIET,
    )  # fmt: skip
    frame.doors[TAB] = networks
    frame.doors["pictures"] = uploads
