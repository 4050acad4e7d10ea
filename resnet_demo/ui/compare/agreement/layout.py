"""The components of the part on one image and all variants, and how they are connected.

What they show is decided in `handlers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...components.mistakes import mistakes
from ...components.notice import notice
from ...components.opening import opening
from ...components.overlays import overlays
from ...components.prose import fold, lead
from ...components.samples import sample_strips
from ...components.sides import sides
from ...components.table import table
from ...events import EVERY, LAST, QUIET
from ...page_context import PageContext
from ...shared.samples import Sample, strips
from ...text import Text
from .comparisons import PublishedComparisons
from .handlers import Handlers, fitting_samples


@dataclass(frozen=True)
class Parts:
    """The components of the part.

    which: the comparison. upload, samples: where images come from. answers, overlays: what each model answers, and
    where it finds evidence for the class `class_index`, on `image`, the `ChosenImage`. summary, only, strip, previous,
    next, rows: the gallery of images that one model alone has right, a `page` of it.
    """

    opening: Any
    which: Any
    upload: Any
    samples: Any
    answers: Any
    overlays: Any
    summary: Any
    only: Any
    strip: Any
    previous: Any
    next: Any
    rows: Any
    image: Any
    class_index: Any
    page: Any


def build(context: PageContext) -> None:
    """Fill the part, inside its tab."""
    services, text = context.services, context.text
    samples = fitting_samples(services)
    opened = opening(elem_id="agreement-opening")
    controls = image_sources(text, samples)
    with gr.Row(elem_id="agreement"):
        with gr.Column(scale=3, min_width=320):
            output = {"answers": sides(text, elem_id="agreement-sides")}
        with gr.Column(scale=2, min_width=320):
            output["overlays"] = overlays(text, elem_id="agreement-overlays")
    which = gr.Dropdown(
        [], label=text("agreement.which"), filterable=False, interactive=True, elem_id="agreement-which"
    )  # fmt: skip
    output |= {"which": which} | gallery(text)
    with fold(text, "agreement.more", elem_id="agreement-more"):
        lead(text, "agreement.about")
    states = {"image": gr.State(None), "class_index": gr.State(None), "page": gr.State(0)}
    parts = Parts(opening=opened, **controls, **output, **states)
    handlers = Handlers(services, text, parts, PublishedComparisons(services.runs), samples)
    wire(parts, handlers)


def image_sources(text: Text, samples: list[Sample]) -> dict[str, Any]:
    """Where images come from."""
    words = text("agreement.upload")
    with gr.Row(elem_id="agreement-sources"):
        return {
            "samples": sample_strips(strips(text, samples), elem_id="agreement-samples"),
            "upload": gr.UploadButton(words, file_types=["file"], size="sm", elem_id="agreement-upload"),
        }


def gallery(text: Text) -> dict[str, Any]:
    """Test images that one model alone has right."""
    with fold(text, "agreement.gallery", elem_id="agreement-gallery"):
        summary = notice(elem_id="agreement-summary")
        only = gr.Radio([], label=text("agreement.who"), elem_id="agreement-only", visible=False)
        strip = mistakes(text, elem_id="agreement-strip")
        with gr.Row(elem_id="agreement-pages"):
            previous = gr.Button(text("confusion.before"), size="sm", visible=False, min_width=80)
            following = gr.Button(text("confusion.after"), size="sm", visible=False, min_width=80)
        rows = table(
            text, elem_id="agreement-rows", name="only-one-right", label=text("agreement.gallery"), selectable=False,
            compact=True, height=300,
        )  # fmt: skip
        return {"summary": summary, "only": only, "strip": strip, "previous": previous, "next": following, "rows": rows}


def wire(parts: Parts, handlers: Handlers) -> None:
    """Connect the components to their handlers."""
    page = [parts.strip, parts.previous, parts.next, parts.rows, parts.page]
    whole_gallery = [parts.summary, parts.only, *page]
    one_image = [parts.answers, parts.overlays, parts.image, parts.class_index]
    # heat maps come afterwards, so that answers never wait for them
    maps = [handlers.explain, [parts.which, parts.image, parts.class_index], parts.overlays]
    parts.opening.mount(handlers.mount, None, [parts.which, *one_image, *whole_gallery], **QUIET).then(*maps, **QUIET)
    parts.which.input(
        handlers.choose_comparison, [parts.which, parts.image], [*one_image, *whole_gallery], **LAST
    ).then(*maps, **QUIET)
    parts.samples.select(handlers.take_sample, parts.which, [parts.which, *one_image], **EVERY, **QUIET).then(
        *maps, **QUIET
    )
    parts.upload.upload(handlers.take_upload, [parts.upload, parts.which], one_image, **EVERY, **QUIET).then(
        *maps, **QUIET
    )
    parts.strip.select(handlers.take_test_image, parts.which, one_image, **EVERY, **QUIET).then(*maps, **QUIET)
    parts.answers.select(
        handlers.choose_class, [parts.which, parts.image], [parts.overlays, parts.class_index], **EVERY, **QUIET
    )
    parts.only.input(handlers.choose_model, [parts.which, parts.only], page, **LAST)
    for button, handler in ((parts.previous, handlers.previous_page), (parts.next, handlers.next_page)):
        button.click(handler, [parts.which, parts.only, parts.page], page, **QUIET)
