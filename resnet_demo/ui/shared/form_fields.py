"""The fields of a form that trains: the components, and what stands beside a typed one.

The form may be any that has `bound` and `problems`. It must not depend on a tab.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import gradio as gr

from ..text import Text
from .training_form import Bound

Options = Sequence[tuple[str, Any]]  # (title, value)
Properties = dict[str, dict[str, Any]]  # by the names of fields; what is left out stays as it is


class AnyForm(Protocol):
    """Values by the names of the fields, and what is allowed for those that are typed."""

    def bound(self, name: str) -> Bound:
        """What is allowed for a typed field."""


class Fields:
    """Makes the components in their places on the page. place: the beginning of their ids, and of words that only this
    form has. made: those that have been made, by name."""

    def __init__(self, text: Text, form: AnyForm, place: str) -> None:
        self.text, self.form, self.place = text, form, place
        self.made: dict[str, Any] = {}

    def number(self, name: str) -> None:
        """A field that is typed."""
        whole = self.form.bound(name).whole or name == "length"
        info = range_text(self.form, name, self.text, self.place)
        self._add(gr.Number, name, info=info, min_width=100, step=1 if whole else 0.01)

    def dropdown(self, name: str, options: Options) -> None:
        """One of many."""
        self._add(gr.Dropdown, name, choices=options, filterable=False, interactive=True, min_width=100)

    def radio(self, name: str, options: Options) -> None:
        """One of a few."""
        self._add(gr.Radio, name, choices=options)

    def several(self, name: str, options: Options) -> None:
        """Some of a few."""
        self._add(gr.CheckboxGroup, name, choices=options)

    def checkbox(self, name: str) -> None:
        """Yes or no."""
        self._add(gr.Checkbox, name)

    def _add(self, component: type, name: str, **properties: Any) -> None:
        label, info = (worded(name, self.text, self.place, ending) for ending in ("", ".info"))
        value = getattr(self.form, name)
        value = list(value) if isinstance(value, tuple) else value
        properties = {"info": info, "value": value, "label": label} | properties
        self.made[name] = component(elem_id=f"{self.place}-{name}", **properties)


def number_properties(
    form: AnyForm, names: Iterable[str], problems: Mapping[str, str], text: Text, place: str
) -> Properties:
    """Of the typed fields `names`: what is wrong, else the range."""
    return {
        name: {"info": f"✗ {problems[name]}", "elem_classes": ["wrong"]}
        if name in problems
        else {"info": range_text(form, name, text, place), "elem_classes": []}
        for name in names
    }


def range_text(form: AnyForm, name: str, text: Text, place: str) -> str:
    """What may be typed into a field."""
    bound = form.bound(name)
    return (worded(name, text, place, ".info") or "").format(low=f"{bound.low:,g}", high=f"{bound.high:,.10g}")


def worded(name: str, text: Text, place: str, ending: str) -> str | None:
    """The words of a field: those of its form where it has some, else those of the tab Train, which names each."""
    return text.words.get(f"{place}.{name}{ending}", text.words.get(f"train.{name}{ending}"))


def named(text: Text, prefix: str, values: Iterable[Any]) -> list[tuple[str, Any]]:
    """(title, value) of each value."""
    return [(text(f"{prefix}.{value}"), value) for value in values]
