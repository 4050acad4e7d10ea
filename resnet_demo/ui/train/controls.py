"""The components of the form; what they show is decided in `form_views`."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ...engine.config import PRESETS
from ..shared.form_fields import Fields, Options, named
from ..shared.model_choice import SHORTCUTS
from ..shared.training_form import CHOICES, DEPTHS, SIZES, Form
from ..text import Text
from .form_views import NAMES, block_options, depth_options


def form_controls(text: Text, form: Form, data: Options, initial: Options, devices: int) -> dict[str, Any]:
    """The components by the names of `Form`'s fields, in their order.

    data, initial: data sets and models to choose from. devices: how many GPUs a run may have; with one there is nothing
    to choose.
    """
    fields = Fields(text, form, "train")
    fields.dropdown("data", data)
    fields.radio("family", named(text, "networks", DEPTHS))
    with gr.Row():
        fields.dropdown("depth", depth_options(form))
        fields.dropdown("block", block_options(form, text))
    fields.radio("shortcut", named(text, "networks", SHORTCUTS))
    fields.radio("preset", named(text, "train.preset", PRESETS))
    with gr.Row():
        fields.number("length")
        fields.dropdown("unit", named(text, "train.unit", CHOICES["unit"]))
    with gr.Accordion(text("train.details"), open=False, elem_id="train-details"):
        with gr.Row():
            fields.number("batch_size")
            fields.number("lr")
        with gr.Row():
            fields.dropdown("schedule", named(text, "train.schedule", CHOICES["schedule"]))
            fields.number("warmup")
        with gr.Row():
            fields.number("weight_decay")
            fields.number("label_smoothing")
        with gr.Row():
            fields.number("pad")
            fields.number("cutout")
        fields.checkbox("flip")
        with gr.Row():
            fields.number("seed")
            fields.dropdown("precision", named(text, "train.precision", CHOICES["precision"]))
        fields.dropdown("size", [(f"{size} × {size}", size) for size in SIZES])
        fields.dropdown("initial", initial)
        fields.checkbox("freeze")
    with gr.Row(visible=devices > 1):
        fields.dropdown("processes", [(str(count), count) for count in range(1, devices + 1)])
    return {name: fields.made[name] for name in NAMES}
