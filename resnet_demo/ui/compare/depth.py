"""Deeper plain networks beside residual ones: recorded training errors first, replay, and gradients measured here.

It says what is measured; the paper leaves the cause open and so does this section.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from ...data.datasets import load_dataset
from ...inference.gradients import LayerNorms, first_batch, layer_norms
from ...library.datasets import is_available
from ...library.runs import damage
from ...models import ModelSpec
from ..components.curves import curves
from ..components.dots import dots
from ..components.notice import notice, said
from ..components.opening import opening
from ..components.prose import articles, lead, note, prose
from ..components.table import table
from ..errors import REFUSALS, sentence
from ..events import QUIET
from ..page_context import PageContext
from ..runs import data_title, network_title
from ..text import Text
from . import depth_views as views
from .published import MEASURING

NETWORKS = ("resnet20", "resnet56", "plain20", "plain56")
PICTURES = 128


def build(context: PageContext) -> None:
    """Lay the section out and wire it."""
    services, text = context.services, context.text
    begun = opening(elem_id="depth-opening")
    lead(text, "degradation.lead")
    empty = notice(elem_id="depth-empty")
    with gr.Column(visible=False, elem_id="depth-recorded") as block:
        which = notice(elem_id="depth-which")
        slow = notice(elem_id="depth-slow")
        ends = table(text, elem_id="depth-ends", name="degradation", label=text("degradation.table"), selectable=False)
        course = dots(text, elem_id="depth-course")
        replay = gr.Radio(
            [], label=text("degradation.replay"), info=text("degradation.replay.info"), elem_id="depth-replay",
            interactive=True,
        )  # fmt: skip
        played = curves(text, services.tails.poll, elem_id="depth-curves")
    with gr.Column(visible=False, elem_id="depth-without") as without:
        note(text, "degradation.without", "h4")
        which_without = notice(elem_id="depth-which-without")
        ends_without = table(
            text, elem_id="depth-ends-without", name="degradation-without-bn", label=text("degradation.without"),
            selectable=False,
        )  # fmt: skip
        course_without = dots(text, elem_id="depth-course-without")
    note(text, "degradation.norms", "h4")
    about = notice(elem_id="depth-about")
    with gr.Row():
        measure = gr.Button(text("degradation.measure"), size="sm", scale=0, min_width=260, elem_id="depth-measure")
    measured = notice(elem_id="depth-measured")
    chart = dots(text, elem_id="depth-norms")
    with gr.Column(visible=False) as numbers:
        listed = table(
            text, elem_id="depth-numbers", name="gradients", label=text("degradation.norms.table"), selectable=False
        )
    prose(_paper(text), "depth-paper")
    norms = gr.State([])

    def members(norm: str = "batch") -> tuple[views.Recorded, ...]:
        published = (run for run in services.runs.list() if services.runs.is_published(run))
        return views.recorded((run for run in published if not damage(run)), norm)

    def unnormalised() -> list[Any]:
        """Values of the recorded runs without normalisation."""
        found = members("none")
        if not found:
            return [gr.update(visible=False), {}, {}, {}]
        shown = views.ends(found, text), views.course(found, text, ("norm", "training"))
        return [gr.update(visible=True), said(views.without(found, text)), *shown]

    def playing(found: tuple[views.Recorded, ...], run_id: str | None) -> dict[str, Any]:
        # "turn" makes the value another one each time: an equal one would not reach the page
        return {"runs": [views.curve(one, text) for one in found], "replay": run_id, "turn": time.monotonic()}

    def mount() -> list[Any]:
        found, data = members(), measured_on()
        what = said(text("degradation.norms.note", pictures=PICTURES, data=data_title(data, text)))
        if not found:
            hidden = gr.update(visible=False)
            nothing = [said(text("degradation.empty")), hidden, {}, {}, {}, {}, gr.skip(), {"runs": []}, what]
            return [*nothing, *unnormalised()]
        choices = [(text("degradation.replay.none"), "")]
        choices += [(network_title(one.run, text), one.run.id) for one in found]
        return [
            said(""), gr.update(visible=True), said(views.heading(found, text)), said(views.caution(found, text)),
            views.ends(found, text), views.course(found, text), gr.update(choices=choices, value=""),
            playing(found, None), what, *unnormalised(),
        ]  # fmt: skip

    def play(run_id: Any) -> Any:
        found = members()
        return playing(found, run_id if run_id in [one.run.id for one in found] else None)

    def measured_on() -> str:
        return "cifar10" if is_available(services, "cifar10") else "shapes"

    def measure_now() -> Iterator[list[Any]]:
        """Values of button, notice, chart and `norms`; a network more each time."""
        data, found = measured_on(), []
        specs = [(norm, name) for norm in views.NORMS for name in NETWORKS]
        try:
            yield [gr.update(interactive=False), progress(found, len(specs)), gr.skip(), []]
            where = {"name": data, "data": services.places.data, "cache": services.places.cache}
            if work := services.preparing.begin(**where):
                work.result()
            dataset = load_dataset(**where)
            pictures, labels = first_batch(dataset, PICTURES)
            for norm, name in specs:
                classes, (height, _, channels) = len(dataset.classes), dataset.image_shape
                spec = ModelSpec.from_name(
                    name, norm=norm, num_classes=classes, in_channels=channels, input_size=height
                )
                found.append(layer_norms(spec, pictures, labels))
                yield [gr.skip(), progress(found, len(specs)), views.norms_chart(found, text), gr.skip()]
        except REFUSALS as error:
            yield [gr.update(interactive=True), said(sentence(error, text), error=True), gr.skip(), []]
            return
        words = text("degradation.measured", device=services.device)
        words += " " + text("degradation.norms.signal", chance=f"{math.log(10):.3f}")
        yield [gr.update(interactive=True), said(words), gr.skip(), found]

    def list_norms(found: list[LayerNorms]) -> tuple[Any, Any]:
        return gr.update(visible=bool(found)), views.norms_table(found, text)

    def progress(found: list[LayerNorms], of: int) -> dict[str, Any]:
        return said(text("degradation.measuring", done=len(found), all=of))

    shown = [empty, block, which, slow, ends, course, replay, played, about]
    begun.mount(mount, None, [*shown, without, which_without, ends_without, course_without], **QUIET)
    replay.input(play, replay, played, trigger_mode="always_last", **QUIET)
    measure.click(measure_now, None, [measure, measured, chart, norms], trigger_mode="once", **MEASURING).then(
        list_norms, norms, [numbers, listed], **QUIET
    )


def _paper(text: Text) -> str:
    """What the paper says of the cause, and what is measured here."""
    return articles(
        (text(name), text(f"{name}.words"), text(f"{name}.source"))
        for name in ("degradation.paper", "degradation.paper.norm")
    )
