"""A race's form as components: made once, filled from an `Entry`, and told beside each field what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from ...engine.config import UNITS
from ..shared.model_choice import SHORTCUTS
from ..shared.training_form import Form
from ..text import Text
from .entry import DEPTHS, NAMES, NUMBERS, Entry


class Controls:
    """The components by the names of the fields; `all` in the order that `Entry(*values)` takes."""

    def __init__(self, text: Text, first: Form, data: list[tuple[str, str]]):
        """first: the form of the tab Train as it begins."""
        self.text, self.first = text, first
        entry = beginning(first)
        plain = {"filterable": False, "interactive": True, "min_width": 100}
        self.parts: dict[str, gr.components.Component] = {
            "variants": gr.CheckboxGroup(
                [(text(f"networks.{one}"), one) for one in SHORTCUTS], value=list(entry.variants),
                label=text("race.variants"), info=text("race.variants.info"), elem_id="race-variants",
            )
        }  # fmt: skip
        with gr.Row():
            self._choice("data", data, entry.data, plain)
            self._choice("depth", [(str(depth), depth) for depth in DEPTHS], entry.depth, plain)
        with gr.Row():
            self._number("length", entry)
            self._choice("unit", [(text(f"train.unit.{unit}"), unit) for unit in UNITS], entry.unit, plain)
        with gr.Accordion(text("train.details"), open=False, elem_id="race-details"):
            with gr.Row():
                self._number("batch_size", entry)
                self._number("lr", entry)
            self._number("seed", entry)
            gr.Markdown(text("race.details.info"))
        self.all = [self.parts[name] for name in NAMES]
        self.numbers = [self.parts[name] for name in NUMBERS]

    def filled(self, entry: Entry, data: list[tuple[str, str]]) -> list[Any]:
        """Updates of `all` that show an entry; data: what there is to choose from now."""
        values: dict[str, Any] = {name: getattr(entry, name) for name in NAMES}
        values["variants"] = list(entry.variants)
        known = [name for _, name in data]
        values["data"] = gr.update(choices=data, value=entry.data if entry.data in known else self.first.data)
        wrong = entry.problems(self.first, self.text)
        for name in NUMBERS:
            values[name] = gr.update(value=values[name], **self._said(name, entry, wrong))
        return [values[name] for name in NAMES]

    def judged(self, entry: Entry, wrong: Mapping[str, str]) -> list[Any]:
        """Updates of `numbers`: ranges, or what is wrong."""
        return [gr.update(**self._said(name, entry, wrong)) for name in NUMBERS]

    def _said(self, name: str, entry: Entry, wrong: Mapping[str, str]) -> dict[str, Any]:
        if name in wrong:
            return {"info": f"✗ {wrong[name]}", "elem_classes": ["wrong"]}
        return {"info": self._range(name, entry), "elem_classes": []}

    def _range(self, name: str, entry: Entry) -> str:
        bound, key = entry.form(self.first).bound(name), "race.length" if name == "length" else f"train.{name}"
        return self.text(f"{key}.info", low=f"{bound.low:,g}", high=f"{bound.high:,.10g}")

    def _number(self, name: str, entry: Entry) -> None:
        whole = entry.form(self.first).bound(name).whole or name == "length"
        self.parts[name] = gr.Number(
            getattr(entry, name), label=self.text(f"train.{name}"), info=self._range(name, entry), min_width=100,
            step=1 if whole else 0.01, elem_id=f"race-{name}",
        )  # fmt: skip

    def _choice(self, name: str, choices: list[tuple[str, Any]], value: Any, plain: dict[str, Any]) -> None:
        self.parts[name] = gr.Dropdown(
            choices, value=value, label=self.text(f"train.{name}"), elem_id=f"race-{name}", **plain
        )


def beginning(first: Form) -> Entry:
    """The race to begin with: all four as the tab Train begins, for twice as long, which they share."""
    asked = {name: getattr(first, name) for name in NAMES if name != "variants"}
    return Entry(SHORTCUTS, **asked | {"length": 2 * first.length}).settled()
