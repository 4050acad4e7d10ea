"""The components of the form; what they show is decided in `form_views`."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ...engine.config import PRESETS
from ..shared.model_choice import SHORTCUTS
from ..shared.training_form import CHOICES, DEPTHS, SIZES, Form
from ..text import Text
from .form_views import NAMES, block_options, depth_options, named, range_text

Options = list[tuple[str, Any]]  # (title, value)


def form_controls(text: Text, form: Form, data: Options, initial: Options, devices: int) -> dict[str, Any]:
    """The components by the names of `Form`'s fields, in their order.

    data, initial: data sets and models to choose from. devices: how many GPUs a run may have; with one there is nothing
    to choose.
    """
    fields = Fields(text, form)
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


class Fields:
    """Makes the components in their places on the page. made: those that have been made, by name."""

    def __init__(self, text: Text, form: Form) -> None:
        self.text, self.form = text, form
        self.made: dict[str, Any] = {}

    def number(self, name: str) -> None:
        """A field that is typed."""
        whole = self.form.bound(name).whole or name == "length"
        info = range_text(self.form, name, self.text)
        self._add(gr.Number, name, info=info, min_width=100, step=1 if whole else 0.01)

    def dropdown(self, name: str, options: Options) -> None:
        """One of many."""
        self._add(gr.Dropdown, name, choices=options, filterable=False, interactive=True, min_width=100)

    def radio(self, name: str, options: Options) -> None:
        """One of a few."""
        self._add(gr.Radio, name, choices=options)

    def checkbox(self, name: str) -> None:
        """Yes or no."""
        self._add(gr.Checkbox, name)

    def _add(self, component: type, name: str, **properties: Any) -> None:
        properties = {"info": self.text.words.get(f"train.{name}.info")} | properties
        self.made[name] = component(
            value=getattr(self.form, name), label=self.text(f"train.{name}"), elem_id=f"train-{name}", **properties
        )
