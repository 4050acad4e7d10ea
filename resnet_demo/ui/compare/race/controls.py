"""The fields of a race's form: the components, and the updates that fill them and say what is wrong with them.

It must not depend on runs or on the other components of the part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from ....engine.config import LENGTHS
from ...shared.form_fields import Fields, Options, Properties, named, number_properties
from ...shared.model_choice import SHORTCUTS
from ...text import Text
from .form import DEPTHS, NAMES, NUMBERS, RaceForm, beginning

PLACE = "race"


def race_controls(text: Text, form: RaceForm, data: Options) -> dict[str, Any]:
    """The components by the names of the fields, in their order. data: (title, name) of the data sets."""
    fields = Fields(text, form, PLACE)
    fields.several("variants", named(text, "networks", SHORTCUTS))
    with gr.Row():
        fields.dropdown("data", data)
        fields.dropdown("depth", [(str(depth), depth) for depth in DEPTHS])
        fields.number("length")
        fields.dropdown("unit", named(text, "train.unit", LENGTHS))
    with gr.Row():
        fields.number("batch_size")
        fields.number("lr")
        fields.number("seed")
    return fields.made


def filled(form: RaceForm, text: Text, data: Options) -> dict[str, Any]:
    """Updates by the names of the fields that show a form. data: the data sets there are now."""
    updates = {name: {"value": getattr(form, name)} for name in NAMES} | {"variants": {"value": list(form.variants)}}
    there = [name for _, name in data]
    updates["data"] = {"choices": data, "value": form.data if form.data in there else beginning().data}
    states = _judged(form, text, form.problems(text))
    return {name: gr.update(**update, **states.get(name, {})) for name, update in updates.items()}


def judged(form: RaceForm, text: Text, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Updates of the typed fields by their names: the range of each, or what is `wrong` with its value."""
    return {name: gr.update(**properties) for name, properties in _judged(form, text, wrong).items()}


def _judged(form: RaceForm, text: Text, wrong: Mapping[str, str]) -> Properties:
    return number_properties(form, NUMBERS, wrong, text, PLACE)
