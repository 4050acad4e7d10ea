"""The components of the tab Classify and how they are wired; what they show is decided in `handlers`.

The page opens with a sample that is answered, or with the images that this browser showed last. Answers appear as soon
as there is an image and again whenever a model or an option changes; the heat map of the best class follows them, that
of another one a click on it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...inference import explain
from ...library.visitors import NOBODY
from ...services import Services
from ..components.camera import camera
from ..components.choices import Choices
from ..components.into_view import into_view
from ..components.overlays import overlays
from ..components.picture import pictures
from ..components.result import result
from ..components.samples import sample_strips
from ..components.table import table
from ..components.welcome import welcome
from ..events import EVERY, FILLS_STATE, LAST, PRIVATE, QUIET
from ..page_context import PageContext
from ..runs import choices
from ..shared import answers
from ..shared.answers import MOST_NETWORKS, Options
from ..shared.heat_maps import rival_choices
from ..shared.inside_link import INSIDE, OPEN
from ..shared.samples import strips
from ..text import Text
from . import fetch, live
from . import welcome as first_look
from .handlers import Handlers

TAB = "classify"
QUEUE = {"concurrency_id": "classify", "concurrency_limit": 4, **PRIVATE}
DOWNLOAD = {"concurrency_id": "fetch", "concurrency_limit": 2, **PRIVATE}


@dataclass(frozen=True)
class Parts:
    """The components of the tab.

    uploads, strips: the images, and samples to take. first: the images that the page opens with. models: those that
    answer. top_k, temperature, crop: the fields of `Options`. missing, download, download_status, downloads: ImageNet's
    models that are not here, in the fold `downloads`. figure: answers to one image. rows, batch: a table for many, in a
    column. heat_maps, method, layer, against, heat: where the models look, in a column, for the `questions`, compared
    with one of the classes `rivals`. offer, offer_words, offer_download: the download of ImageNet's best model. camera:
    the live camera. look: leads to the inside of the first model, which `inside` names. listed: the choices that were
    sent last. remembered: what the browser showed last.
    """

    uploads: Any
    first: Any
    strips: Any
    models: Any
    top_k: Any
    temperature: Any
    crop: Any
    missing: Any
    download: Any
    download_status: Any
    downloads: Any
    figure: Any
    rows: Any
    batch: Any
    heat_maps: Any
    method: Any
    layer: Any
    against: Any
    heat: Any
    offer: Any
    offer_words: Any
    offer_download: Any
    camera: Any
    look: Any
    inside: Any
    questions: Any
    rivals: Any
    listed: Any
    remembered: Any


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    services, text = context.services, context.text
    ready, missing = choices(services, text, NOBODY), fetch.choices(services, text)
    chosen = [ready[0][1]] if ready else []
    sample = answers.first_sample(services, chosen)
    opening = [sample.captioned(text)] if sample else []
    with gr.Row(elem_id="classify"):
        with gr.Column(scale=1, min_width=300, elem_classes=["controls", "kept"]):
            controls = {**images(text, opening), "models": model_list(text, ready, chosen)}
            controls |= {**options(text), **downloads(text, missing)}
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            film = camera(
                text, live.aim(chosen, Options()), address=live.ADDRESS, tab=TAB,
                draws={"figure": "result", "views": "heatmap"},
            )  # fmt: skip
            output = answer(services, text, chosen) | {"camera": film}
            output["look"] = gr.Button(text("inside.look"), size="sm", elem_id="look-inside")
            output |= offer(services, text)
            welcome(text, first_look.value(services, text))
    # kept in the browser under this name; the secret only keeps Gradio from making up a new one at each start
    remembered = gr.BrowserState({}, storage_key="resnet_demo.images", secret="resnet_demo")
    states = {
        "questions": gr.State([]),
        "rivals": gr.State([]),
        "listed": gr.State((ready, missing)),
        "remembered": remembered,
    }
    parts = Parts(**controls, **output, **states, inside=context.shared_state(INSIDE))
    wire(context, parts, Handlers(services, text, parts), opening)
    context.shared[TAB], context.shared["pictures"] = parts.models, parts.uploads


def images(text: Text, opening: list[tuple[str, str]]) -> dict[str, Any]:
    """Where images come from; at first those of `opening` are there."""
    first = gr.Gallery(opening, type="filepath", visible=False)
    return {"uploads": pictures(text, opening), "first": first, "strips": sample_strips(strips(text), classes="keeps")}


def model_list(text: Text, ready: list[tuple[str, str]], chosen: list[str]) -> gr.Dropdown:
    """The models that answer."""
    return gr.Dropdown(
        ready, value=chosen, label=text("run.label"), info=text("run.several", most=MOST_NETWORKS), multiselect=True,
        max_choices=MOST_NETWORKS, filterable=False, interactive=True, elem_id="run", elem_classes="keeps",
    )  # fmt: skip


def options(text: Text) -> dict[str, Any]:
    """What may be changed about an answer, by the fields of `Options`."""
    usual = Options()
    with gr.Accordion(text("options.label"), open=False, elem_id="options"):
        top_k = gr.Slider(1, 20, usual.top_k, step=1, label=text("options.top_k"))
        info = text("options.temperature.info")
        temperature = gr.Slider(0.1, 10, usual.temperature, step=0.1, label=text("options.temperature"), info=info)
        crops = [(text(f"options.crop.{name}"), name) for name in ("centre", "whole")]
        crop = gr.Radio(crops, value=usual.crop, label=text("options.crop"))
    return {"top_k": top_k, "temperature": temperature, "crop": crop}


def downloads(text: Text, missing: list[tuple[str, str]]) -> dict[str, Any]:
    """ImageNet's models that are not here yet."""
    with gr.Accordion(text("fetch.label"), open=False, elem_id="fetch") as fold:
        return {
            "downloads": fold,
            "missing": gr.Dropdown(missing, label=text("fetch.which"), filterable=False, interactive=True),
            "download": gr.Button(text("fetch.button"), size="sm"),
            "download_status": gr.Markdown(text("fetch.about")),
        }


def answer(services: Services, text: Text, chosen: list[str]) -> dict[str, Any]:
    """The answers to one image with its heat maps beside them, below a table for many."""
    with gr.Column(visible=False) as batch:
        rows = table(text, elem_id="batch", name="classify")
    first = answers.first(services, text, chosen)
    with gr.Row(elem_id="answer"):
        with gr.Column(scale=5, min_width=280):
            figure = result(text, first.figure)
        maps = heat_part(text, first)
    return {"batch": batch, "rows": rows, "figure": figure, **maps}


def heat_part(text: Text, first: answers.Answer) -> dict[str, Any]:
    """Where the models look."""
    plain: dict[str, Any] = {"filterable": False, "interactive": True}
    methods = [(text(f"heat.method.{name}"), name) for name in explain.METHODS]
    with gr.Column(scale=3, min_width=220, visible=bool(first.views), elem_id="heat") as column:
        heat_maps = overlays(text, first.views, elem_id="heatmap")
        with gr.Accordion(text("heat.options"), open=False, elem_id="heat-options"):
            method = gr.Dropdown(
                methods, value=explain.METHODS[0], label=text("heat.method"), elem_id="method", **plain
            )
            layer = gr.Dropdown(label=text("heat.layer"), elem_id="layer", **plain)
            against = Choices(
                rival_choices([], text), value="", label=text("heat.against"), info=text("heat.against.info"),
                elem_id="against", **plain,
            )  # fmt: skip
    return {"heat": column, "heat_maps": heat_maps, "method": method, "layer": layer, "against": against}


def offer(services: Services, text: Text) -> dict[str, Any]:
    """The model that knows a thousand classes, where it is not here."""
    best = fetch.best_missing(services)
    with gr.Row(visible=best is not None, elem_id="offer") as row:
        words = gr.Markdown(fetch.offer(best, text) if best else "")
        button = gr.Button(text("offer.button"), size="sm", scale=0, min_width=120)
    return {"offer": row, "offer_words": words, "offer_download": button}


def wire(context: PageContext, parts: Parts, handlers: Handlers, opening: list[tuple[str, str]]) -> None:
    """Connect the components to their handlers. opening: the images that are there before any answer."""
    chosen = [parts.top_k, parts.temperature, parts.crop]
    question = [parts.uploads, parts.models, parts.method, *chosen]
    maps = [parts.heat_maps, parts.layer]
    asked = [*maps, parts.against, parts.rivals, parts.questions]
    one = [parts.figure, parts.heat, *asked]
    many = [*one, parts.uploads, parts.rows, parts.batch, parts.remembered]
    changed = [parts.uploads.change, parts.models.change, *(option.change for option in chosen)]
    gr.on(changed, handlers.show, question, many, trigger_mode="always_last", **QUEUE)
    lists = [parts.models, parts.missing, parts.downloads, parts.offer, parts.listed]
    loaded = context.page.load(
        handlers.open, [parts.models, context.kept, parts.remembered], [parts.first, *lists], **PRIVATE
    )
    opened = loaded.then(None, [parts.first, parts.uploads], parts.uploads, js=unless_chosen(opening), **PRIVATE)
    opened.then(handlers.show, question, many, **QUEUE)  # what is set while a page loads is no change to Gradio
    wire_camera(parts, handlers, opened, question, many)
    parts.models.focus(handlers.update_lists, [parts.models, parts.listed, context.kept], lists, **PRIVATE)
    parts.uploads.select(handlers.show_one, question, one, **EVERY, **QUEUE)
    parts.rows.select(handlers.show_row, question, one, **EVERY, **QUEUE)
    parts.strips.select(
        handlers.take_sample, [parts.models, context.kept], [parts.uploads, parts.models], **EVERY, **QUEUE
    )
    parts.figure.select(
        handlers.explain, [parts.questions, parts.method, parts.against, parts.rivals], asked, **EVERY, **QUEUE
    ).then(None, None, None, js=into_view("#heatmap"), **PRIVATE)
    for control in (parts.method, parts.layer, parts.against):
        control.input(
            handlers.explain_again, [parts.questions, parts.method, parts.layer, parts.against], maps, **EVERY, **QUEUE
        )
    parts.look.click(
        handlers.look_inside, [parts.uploads, parts.models, parts.questions], parts.inside, **FILLS_STATE
    ).then(None, None, None, js=OPEN, **PRIVATE)
    parts.download.click(
        handlers.download, [parts.missing, parts.models, context.kept], [parts.download_status, *lists], **DOWNLOAD
    )
    parts.offer_download.click(
        handlers.download_offered, [parts.models, context.kept], [parts.offer_words, *lists], **DOWNLOAD
    )


def unless_chosen(opening: list[tuple[str, str]]) -> str:
    """A script that has `first` take the place of `opening`, unless the visitor has put other images there meanwhile.

    The page decides: a server's answer may still be on its way when an image is dropped, and would take its place.
    """
    captions = json.dumps([caption for _, caption in opening])
    return f"(first, shown) => [shown?.some(image => !{captions}.includes(image.caption)) ? shown : first]"


def wire_camera(parts: Parts, handlers: Handlers, opened: Any, question: list[Any], many: list[Any]) -> None:
    """Have the camera ask what is set, and take the place of the images until it stops or one of them is chosen."""
    asked = [parts.models, parts.top_k, parts.temperature, parts.crop]
    gr.on([one.change for one in asked], handlers.aim, asked, parts.camera, **LAST)
    opened.then(handlers.aim, asked, parts.camera, **QUIET)  # see above
    parts.camera.start(handlers.clear, None, [parts.batch, parts.heat, parts.heat_maps, parts.questions], **PRIVATE)
    parts.camera.end(handlers.show, question, many, **QUEUE)
    chosen = [parts.uploads.change, parts.uploads.select, parts.rows.select, parts.strips.select]
    gr.on(chosen, None, None, None, js="() => document.dispatchEvent(new Event('camera:stop'))", **PRIVATE)
