"""How the form looks for a `Form`: properties of its fields by their names. It makes no component."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from ...data.own import OWN
from ...engine.reproduce import command_for, python_for
from ...services import Services
from ..errors import REFUSALS, sentence
from ..shared import form_fields
from ..shared.form_fields import Properties, named
from ..shared.model_choice import blocks
from ..shared.training_form import DEPTHS, NUMBERS, Form, configured, initial_of
from ..text import Text

NAMES = tuple(field.name for field in fields(Form))


def form_properties(form: Form, text: Text, typed: Form | None = None) -> Properties:
    """What shows a form, with what is wrong beside each typed field.

    typed: what the fields hold already; a value that is the same is not sent, as the visitor may be editing it.
    """
    options: Properties = {
        "depth": {"choices": depth_options(form)},
        "block": {"choices": block_options(form, text)},
    }
    properties = options | number_properties(form, text)
    for name in NAMES:
        value = getattr(form, name)
        if typed is None or getattr(typed, name) != value:
            properties[name] = {**properties.get(name, {}), "value": value}
    return properties


def number_properties(form: Form, text: Text) -> Properties:
    """Of the typed fields alone: what is wrong, else the range."""
    return form_fields.number_properties(form, NUMBERS, form.problems(text), text, "train")


def form_snippets(services: Services, form: Form, text: Text) -> dict[str, Any]:
    """A form as a command and as lines of Python, for the component `snippets`; what is wrong in place of both."""
    if form.problems(text):
        return {"note": text("train.wrong.form")}
    try:
        config = configured(form, initial_of(services, form))
    except REFUSALS as error:
        return {"note": sentence(error, text)}
    items = (("command", command_for(config, form.processes)), ("python", python_for(config)))
    note = text("snippets.own", data=form.data) if form.data.startswith(OWN) else ""
    return {"items": [{"title": text(f"snippets.{name}"), "code": code} for name, code in items], "note": note}


def depth_options(form: Form) -> list[tuple[str, int]]:
    """(title, depth) in the form's family."""
    return [(str(depth), depth) for depth in DEPTHS[form.family]]


def block_options(form: Form, text: Text) -> list[tuple[str, str]]:
    """(title, block) of the form's family and depth."""
    return named(text, "networks", blocks(form.family, form.depth))
