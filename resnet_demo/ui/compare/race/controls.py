"""The fields of a race's form: the components, and the updates that fill them and say what is wrong with them.

It must not depend on runs or on the other components of the section.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from ....engine.config import LENGTHS
from ...shared.model_choice import SHORTCUTS
from ...shared.training_form import Form
from ...text import Text
from .form import DEPTHS, NAMES, NUMBERS, RaceForm

Choices = list[tuple[str, Any]]


def race_controls(text: Text, form: RaceForm, first: Form, data: Choices) -> dict[str, Any]:
    """The components by the names of the fields, in their order. data: (title, name) of the data sets."""

    def number(name: str) -> gr.Number:
        whole = form.bound(name, first).whole or name == "length"
        return gr.Number(
            getattr(form, name), label=text(f"train.{name}"), info=range_words(name, form, first, text), min_width=100,
            step=1 if whole else 0.01, elem_id=f"race-{name}",
        )  # fmt: skip

    def choice(name: str, choices: Choices) -> gr.Dropdown:
        return gr.Dropdown(
            choices, value=getattr(form, name), label=text(f"train.{name}"), elem_id=f"race-{name}", filterable=False,
            interactive=True, min_width=100,
        )  # fmt: skip

    variants = gr.CheckboxGroup(
        [(text(f"networks.{one}"), one) for one in SHORTCUTS], value=list(form.variants), label=text("race.variants"),
        info=text("race.variants.info"), elem_id="race-variants",
    )  # fmt: skip
    controls: dict[str, Any] = {"variants": variants}
    with gr.Row():
        controls["data"] = choice("data", data)
        controls["depth"] = choice("depth", [(str(depth), depth) for depth in DEPTHS])
    with gr.Row():
        controls["length"] = number("length")
        controls["unit"] = choice("unit", [(text(f"train.unit.{unit}"), unit) for unit in LENGTHS])
    with gr.Accordion(text("train.details"), open=False, elem_id="race-details"):
        with gr.Row():
            controls["batch_size"] = number("batch_size")
            controls["lr"] = number("lr")
        controls["seed"] = number("seed")
        gr.Markdown(text("race.details.info"))
    return controls


def filled(form: RaceForm, first: Form, text: Text, data: Choices) -> dict[str, Any]:
    """Updates by the names of the fields that show a form. data: the data sets there are now."""
    values: dict[str, Any] = {name: getattr(form, name) for name in NAMES} | {"variants": list(form.variants)}
    there = form.data in [name for _, name in data]
    values["data"] = gr.update(choices=data, value=form.data if there else first.data)
    states = judged(form, first, text, form.problems(first, text))
    return values | {name: states[name] | {"value": values[name]} for name in NUMBERS}


def judged(form: RaceForm, first: Form, text: Text, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Updates of the typed fields by their names: the range of each, or what is `wrong` with its value."""
    updates = {}
    for name in NUMBERS:
        info = f"✗ {wrong[name]}" if name in wrong else range_words(name, form, first, text)
        updates[name] = gr.update(info=info, elem_classes=["wrong"] if name in wrong else [])
    return updates


def range_words(name: str, form: RaceForm, first: Form, text: Text) -> str:
    """The allowed values of a typed field, in words."""
    bound, key = form.bound(name, first), "race.length" if name == "length" else f"train.{name}"
    return text(f"{key}.info", low=f"{bound.low:,g}", high=f"{bound.high:,.10g}")
