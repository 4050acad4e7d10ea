"""What the part on how networks are built does when it is used: each handler returns the new values by component.

An open block stays open while the model changes, so that one sees what a choice does to it. No handler makes a
component: `parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import gradio as gr

from ...shared import block_comparison as compare
from ...shared import model_views as views
from ...shared.model_choice import Choice, beginning, blocks, depth_choices, from_address
from ...text import Text
from . import paper
from .ideas import told_ideas

if TYPE_CHECKING:
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is


class Handlers:
    """The handlers of one page."""

    def __init__(self, text: Text, parts: Parts) -> None:
        self.text, self.parts = text, parts

    def mount(self, event: gr.EventData, choice: Choice, what: str, where: str) -> Values:
        """Show the model that the address asks for, else `choice`."""
        asked = from_address(event._data or {})
        tables = {self.parts.table1: paper.table_1(self.text), self.parts.table6: paper.table_6(self.text)}
        return self._model(asked or choice, None, what, where) | tables

    def choose(self, part: str | None, what: str, where: str, *values: Any) -> Values:
        """Show the model that the controls describe; `values` in the order of `Choice`."""
        return self._model(Choice(*values), part, what, where, typed=Choice(*values))

    def change_family(self, family: str, part: str | None, what: str, where: str) -> Values:
        """Begin with a family's first model."""
        return self._model(beginning(family), part, what, where)

    def compare(self, choice: Choice, what: str, where: str) -> Values:
        """Show other blocks side by side."""
        return self._side_by_side(choice, what, where) | {self.parts.idea: told_ideas(self.text, [what])}

    def open_part(self, event: gr.SelectData, choice: Choice) -> Values:
        """Open the block that was clicked in the drawing."""
        return self._block(choice, event.value)

    def open_layer(self, event: gr.SelectData, choice: Choice) -> Values:
        """Open the block of a row of the table of layers."""
        return self._block(choice, views.part_of_layer(choice.spec(), event.index))

    def step(self, event: gr.EventData, choice: Choice) -> Values:
        """Open the next or the previous block."""
        return self._block(choice, event.name)

    def close_part(self) -> Values:
        """Close the open block."""
        return {self.parts.panel: None, self.parts.opened: None}

    def fold(self, event: gr.EventData, choice: Choice, stages: tuple[str, ...]) -> Values:
        """Draw all blocks of a stage, or only the first and the last again."""
        stages = views.toggled(choice.spec(), stages, event.stage)
        drawing = views.diagram_value(choice.spec(), self.text, stages)
        return {self.parts.figure: drawing, self.parts.unfolded: stages}

    def settings(self, choice: Choice, typed: Choice | None) -> Values:
        """The controls of a settled choice: only what can be chosen, and what is chosen.

        typed: what they hold already; a value that is the same is not sent, as the visitor may be editing it.
        """
        same_family = typed is not None and typed.family == choice.family
        more: dict[str, dict[str, Any]] = {
            "depth": {} if same_family else {"choices": depth_choices(choice.family)},
            "block": {"choices": views.named(self.text, blocks(choice.family, choice.depth))},
            "stride_in": {"visible": choice.block == "bottleneck"},
        }
        updates = {}
        for name in (field.name for field in fields(choice)):
            value = getattr(choice, name)
            unchanged = typed is not None and getattr(typed, name) == value
            changes = more.get(name, {}) | ({} if unchanged else {"value": value})
            updates[self.parts.controls[name]] = gr.update(**changes)
        return updates

    def _model(self, choice: Choice, part: str | None, what: str, where: str, typed: Choice | None = None) -> Values:
        """Everything about a model, which is drawn folded; a sentence where `choice` makes none. typed: see
        `settings`."""
        choice = choice.settled()
        settings = self.settings(choice, typed)
        if problem := choice.problem(self.text):
            return settings | {self.parts.figure: {"wrong": problem}}
        spec = choice.spec()
        return {
            **settings,
            **self._block(choice, part),
            **self._side_by_side(choice, what, where),
            self.parts.figure: views.diagram_value(spec, self.text),
            self.parts.bars: views.bars_value(spec, self.text),
            self.parts.layers: views.layers_value(spec, self.text),
            self.parts.shown: choice,
            self.parts.unfolded: (),
        }

    def _block(self, choice: Choice, part: str | None) -> Values:
        """One block opened; closed where the model has no such block."""
        value = views.block_value(choice.spec(), part, self.text) if isinstance(part, str) else None
        return {self.parts.panel: value, self.parts.opened: part if value else None}

    def _side_by_side(self, choice: Choice, what: str, where: str) -> Values:
        side = compare.compared(choice.spec(), what, where, self.text)
        return {self.parts.drawings: side.figures, self.parts.numbers: side.table}
