"""The form as components: made once, filled from a `Form`, and told beside each field what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from ...engine.config import PRECISIONS, PRESETS, UNITS
from ...engine.schedule import SCHEDULES
from ..shared.model_choice import SHORTCUTS, blocks
from ..shared.training_form import DEPTHS, NUMBERS, SIZES, Form
from ..text import Text

NAMES = tuple(Form.__dataclass_fields__)


class Controls:
    """The components of the form by the names of its fields; `all` in the order that `Form(*values)` takes."""

    def __init__(
        self, text: Text, form: Form, data: list[tuple[str, str]], initial: list[tuple[str, str]], devices: int = 1
    ):
        """devices: how many GPUs a run may have; with one there is nothing to choose."""
        self.text = text
        self.parts: dict[str, gr.components.Component] = {}
        self._choice("data", data, form.data)
        self._radio("family", self._named("networks", DEPTHS), form.family)
        with gr.Row():
            self._choice("depth", self._depths(form), form.depth)
            self._choice("block", self._blocks(form), form.block)
        self._radio("shortcut", self._named("networks", SHORTCUTS), form.shortcut)
        self._radio("preset", self._named("train.preset", PRESETS), form.preset)
        with gr.Row():
            self._number("length", form)
            self._choice("unit", self._named("train.unit", UNITS), form.unit)
        with gr.Accordion(text("train.details"), open=False, elem_id="train-details"):
            with gr.Row():
                self._number("batch_size", form)
                self._number("lr", form)
            with gr.Row():
                self._choice("schedule", self._named("train.schedule", SCHEDULES), form.schedule)
                self._number("warmup", form)
            with gr.Row():
                self._number("weight_decay", form)
                self._number("label_smoothing", form)
            with gr.Row():
                self._number("pad", form)
                self._number("cutout", form)
            self.parts["flip"] = gr.Checkbox(form.flip, label=text("train.flip"), elem_id="train-flip")
            with gr.Row():
                self._number("seed", form)
                self._choice("precision", self._named("train.precision", PRECISIONS), form.precision)
            self._choice("size", [(f"{size} × {size}", size) for size in SIZES], form.size)
            self._choice("initial", initial, form.initial)
            self.parts["freeze"] = gr.Checkbox(
                form.freeze, label=text("train.freeze"), info=text("train.freeze.info"), elem_id="train-freeze"
            )
        with gr.Row(visible=devices > 1):
            self._choice("processes", [(str(count), count) for count in range(1, devices + 1)], form.processes)
        self.all = [self.parts[name] for name in NAMES]

    def filled(self, form: Form, sent: Form | None = None) -> list[Any]:
        """Updates of `all` that show a form, with what is wrong beside each field.

        sent: what the fields say already, which is left as it is: somebody may be at it.
        """
        values = {name: getattr(form, name) for name in NAMES}
        values["depth"] = gr.update(choices=self._depths(form), value=form.depth)
        values["block"] = gr.update(choices=self._blocks(form), value=form.block)
        wrong = form.problems(self.text)
        for name in NUMBERS:
            values[name] = gr.update(value=values[name], **self._said(name, form, wrong))
        return [
            _without_value(values[name]) if sent and getattr(sent, name) == getattr(form, name) else values[name]
            for name in NAMES
        ]

    def judged(self, form: Form, wrong: Mapping[str, str]) -> list[Any]:
        """Updates of the typed fields (`numbers`) alone: ranges, or what is wrong."""
        return [gr.update(**self._said(name, form, wrong)) for name in NUMBERS]

    @property
    def numbers(self) -> list[gr.components.Component]:
        """The fields that are typed, in the order of `judged`."""
        return [self.parts[name] for name in NUMBERS]

    def _said(self, name: str, form: Form, wrong: Mapping[str, str]) -> dict[str, Any]:
        if name in wrong:
            return {"info": f"✗ {wrong[name]}", "elem_classes": ["wrong"]}
        return {"info": self._range(name, form), "elem_classes": []}

    def _range(self, name: str, form: Form) -> str:
        bound = form.bound(name)
        return self.text(f"train.{name}.info", low=f"{bound.low:,g}", high=f"{bound.high:,.10g}")

    def _depths(self, form: Form) -> list[tuple[str, int]]:
        return [(str(depth), depth) for depth in DEPTHS[form.family]]

    def _blocks(self, form: Form) -> list[tuple[str, str]]:
        return self._named("networks", blocks(form.family, form.depth))

    def _named(self, prefix: str, values: Any) -> list[tuple[str, Any]]:
        return [(self.text(f"{prefix}.{value}"), value) for value in values]

    def _number(self, name: str, form: Form) -> None:
        self.parts[name] = gr.Number(
            getattr(form, name), label=self.text(f"train.{name}"), info=self._range(name, form), min_width=100,
            step=1 if form.bound(name).whole or name == "length" else 0.01, elem_id=f"train-{name}",
        )  # fmt: skip

    def _choice(self, name: str, choices: list[tuple[str, Any]], value: Any) -> None:
        info = self.text.words.get(f"train.{name}.info")
        self.parts[name] = gr.Dropdown(
            choices, value=value, label=self.text(f"train.{name}"), info=info, filterable=False, interactive=True,
            min_width=100, elem_id=f"train-{name}",
        )  # fmt: skip

    def _radio(self, name: str, choices: list[tuple[str, Any]], value: Any) -> None:
        info = self.text.words.get(f"train.{name}.info")
        self.parts[name] = gr.Radio(
            choices, value=value, label=self.text(f"train.{name}"), info=info, elem_id=f"train-{name}"
        )


def _without_value(update: Any) -> dict[str, Any]:
    """An update, or a value, that leaves the value as it is."""
    more = update if isinstance(update, dict) else {}
    return {name: one for name, one in more.items() if name != "value"} or gr.skip()
