"""The components of the part on the inside of a trained model, and how they are connected.

What they show is decided in `handlers` (an image in the network, with cuts) and `measure_handlers` (what takes time).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ....library.visitors import NOBODY
from ...components.channels import channels
from ...components.dots import dots
from ...components.flow import flow
from ...components.located import located
from ...components.notice import notice
from ...components.opening import opening
from ...components.overlays import overlays
from ...components.prose import fold, lead
from ...components.result import result
from ...components.samples import sample_strips
from ...events import EVERY, LAST, PRIVATE, QUIET
from ...page_context import PageContext
from ...runs import choices
from ...shared.inside_link import INSIDE
from ...shared.samples import strips
from ...text import Text
from .evidence_handlers import EvidenceHandlers
from .evidence_layout import build_evidence, wire_evidence
from .handlers import Handlers
from .measure_handlers import MeasureHandlers
from .surface_handlers import SurfaceHandlers
from .surface_layout import build_surface, wire_surface

COUNTING = {"concurrency_id": "inside-count", "concurrency_limit": 2, **PRIVATE}


@dataclass(frozen=True)
class Parts:
    """The components of the part.

    samples, upload, model: what is asked. answer, heat: what the model answers and where it looks, as trained and with
    cuts; accuracy: a sentence on test images. flow, channels: the network, and all channels of a part of it. norms,
    responses, removal: charts with sentences `norms_about`, `removal_about`; removal_run: measures the last one. path,
    cuts, index: the image, what is cut, and the class of the heat maps, None for the best. address: what leads back.
    """

    opening: Any
    samples: Any
    upload: Any
    model: Any
    answer: Any
    heat: Any
    accuracy: Any
    flow: Any
    channels: Any
    norms: Any
    responses: Any
    norms_fold: Any
    removal: Any
    removal_fold: Any
    removal_about: Any
    removal_run: Any
    path: Any
    cuts: Any
    index: Any
    address: Any
    asked: Any


def build(context: PageContext) -> None:
    """Fill the part, inside its tab."""
    services, text = context.services, context.text
    opened = opening(elem_id="inside-opening")
    with gr.Column(elem_id="inside"):
        sources = image_sources(context)
        with gr.Row(elem_id="inside-view"):
            with gr.Column(scale=2, min_width=300, elem_id="inside-beside"):
                answer = result(text, elem_id="inside-result")
                accuracy = notice(elem_id="inside-accuracy")
                heat = overlays(text, {}, elem_id="inside-heat")
            with gr.Column(scale=3, min_width=320):
                drawn = {
                    "flow": flow(text, elem_id="inside-flow"),
                    "channels": channels(text, elem_id="inside-channels"),
                }
                lead(text, "inside.lead")
        output = {"answer": answer, "accuracy": accuracy, "heat": heat, **drawn}
        evidence = build_evidence(text)
        output |= measured(text)
        surface = build_surface(text)
    states = {"path": gr.State(None), "cuts": gr.State([]), "index": gr.State(None)}
    address = located(tab="networks", elem_id="inside-address")
    asked = context.shared_state(INSIDE)
    parts = Parts(opening=opened, **sources, **output, **states, address=address, asked=asked)
    answers = [parts.answer, evidence.painted]
    changed = wire(context, parts, answers, Handlers(services, text, parts), MeasureHandlers(services, text, parts))
    question = [parts.model, parts.path, parts.cuts, parts.index]
    wire_evidence(evidence, EvidenceHandlers(services, text, evidence), question, changed)
    wire_surface(surface, SurfaceHandlers(services, text, surface), question, context.kept)


def image_sources(context: PageContext) -> dict[str, Any]:
    """What is asked: an image, and a model."""
    text = context.text
    models = choices(context.services, text, NOBODY)
    samples = sample_strips(strips(text), elem_id="inside-samples", classes="slim")
    with gr.Row(elem_id="inside-sources"):
        model = gr.Dropdown(
            models, value=models[0][1] if models else None, label=text("run.label"), filterable=False, interactive=True,
            elem_id="inside-model",
        )  # fmt: skip
        upload = gr.UploadButton(text("inside.upload"), file_types=["file"], size="sm", elem_id="inside-upload")
    return {"samples": samples, "upload": upload, "model": model}


def measured(text: Text) -> dict[str, Any]:
    """What is measured of the whole network."""
    with fold(text, "inside.norms", elem_id="inside-norms-fold") as norms_fold:
        lead(text, "inside.norms.about")
        norms = dots(text, elem_id="inside-norms")
        responses = dots(text, elem_id="inside-responses")
    with fold(text, "inside.removal", elem_id="inside-removal-fold") as removal_fold:
        lead(text, "inside.removal.about")
        about = notice(elem_id="inside-removal-about")
        removal = dots(text, elem_id="inside-removal")
        button = gr.Button(text("inside.removal.run"), size="sm", elem_id="inside-removal-run")
    return {
        "norms_fold": norms_fold, "norms": norms, "responses": responses, "removal_fold": removal_fold,
        "removal": removal, "removal_about": about, "removal_run": button,
    }  # fmt: skip


def wire(
    context: PageContext, parts: Parts, answers: list[Any], handlers: Handlers, measure: MeasureHandlers
) -> list[Any]:
    """Connect the components to their handlers. answers: the components of which a class can be clicked.

    Returns what happens once another image, model or class is shown.
    """
    question = [parts.model, parts.path, parts.cuts, parts.index]
    answered = [parts.answer, parts.address, parts.cuts, parts.index, parts.path, parts.model]
    looked = [parts.heat, parts.flow, parts.channels]
    events = (
        parts.opening.mount(handlers.mount, [context.kept], answered, **QUIET),
        parts.asked.change(handlers.follow, [parts.asked, context.kept], answered, **QUIET),
        parts.samples.select(handlers.take_sample, question, answered, **EVERY, **QUIET),
        parts.upload.upload(handlers.take_upload, [parts.upload, *question], answered, **EVERY, **QUIET),
        parts.model.input(handlers.choose_model, question, answered, **LAST),
        parts.flow.cut(handlers.cut, question, answered, **EVERY, **QUIET),
        *(one.select(handlers.choose_class, question, answered, **EVERY, **QUIET) for one in answers),
    )
    shown = [event.then(handlers.look, question, looked, **QUIET) for event in events]
    for event in shown:
        event.then(measure.count, [*question, context.kept], parts.accuracy, **COUNTING)
    parts.flow.open(handlers.open_part, question, parts.channels, **EVERY, **QUIET)
    parts.channels.unit(handlers.point, [*question, parts.channels], parts.channels, **EVERY, **QUIET)
    parts.channels.shut(handlers.shut, None, parts.channels, **QUIET)
    removal = [parts.removal, parts.removal_about, parts.removal_run]
    parts.norms_fold.expand(measure.norms, question, [parts.norms, parts.responses], **QUIET)
    parts.removal_fold.expand(measure.recorded_removal, question, removal, **QUIET)
    parts.removal_run.click(measure.measure_removal, [*question, context.kept], removal, **COUNTING)
    parts.model.focus(handlers.list_models, [parts.model, context.kept], parts.model, **QUIET)
    return shown
