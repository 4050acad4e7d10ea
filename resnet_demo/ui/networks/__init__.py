"""The tab Networks: what is inside a residual network, drawn and counted from the module that runs.

Nothing is computed before the tab is opened: `mount` tells that it is, and which network the address asks for. An
opened block stays open while the network changes, so that one sees what a choice does to it.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import gradio as gr

from ..components.beside import beside
from ..components.block import block
from ..components.diagram import diagram
from ..components.prose import contents, heading, note
from ..components.table import table
from ..frame import EVERY, Frame
from ..text import Text
from . import compare, paper, views
from .choice import FAMILIES, SHORTCUTS, STRIDES, Choice, beginning, blocks, depth_choices, from_address
from .ideas import ideas, told_ideas

TAB = "networks"
QUIET = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
SECTIONS = ("bars", "layers", "compare", "paper", "ideas")
IDEAS = ("degrade", "cause", "shortcut", "conv")


def build(frame: Frame) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    text = frame.text
    first = beginning("imagenet")
    with gr.Row(elem_id="networks"):
        with gr.Column(scale=1, min_width=280, elem_classes="controls"):
            controls = [
                gr.Radio(named(text, FAMILIES), value=first.family, label=text("networks.family"), elem_id="family"),
                gr.Dropdown(
                    depth_choices(first.family), value=first.depth, label=text("networks.depth"),
                    info=text("networks.depth.info"), elem_id="depth",
                ),
                gr.Radio(label=text("networks.block"), elem_id="kind"),
                gr.Radio(named(text, SHORTCUTS), value=first.shortcut, label=text("networks.shortcut"), elem_id="ways"),
                gr.Radio(named(text, STRIDES), value="3x3", label=text("networks.stride_in"), elem_id="stride"),
            ]  # fmt: skip
            with gr.Row():
                for name in ("input_size", "num_classes"):
                    label, value = text(f"networks.{name}"), getattr(first, name)
                    controls.append(gr.Number(value, label=label, min_width=100, elem_id=name.replace("_", "-")))
            contents(text, TAB, SECTIONS)
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            figure = diagram(text)
            panel = block(text)
            heading(text, TAB, "bars")
            bars = table(
                text, elem_id="bars", name="stages", label=text("networks.bars"), selectable=False, compact=True
            )
            heading(text, TAB, "layers")
            layers = table(text, elem_id="layers", name="layers", label=text("networks.layers"), compact=True)
            heading(text, TAB, "compare")
            kind = gr.Radio(
                [(text(f"blocks.{one}"), one) for one in compare.KINDS], value="shortcuts",
                label=text("blocks.what"), elem_id="compare-kind",
            )  # fmt: skip
            place = gr.Radio(
                [(text(f"blocks.{one}"), one) for one in compare.PLACES], value="conv",
                label=text("blocks.where"), elem_id="compare-place",
            )  # fmt: skip
            drawings = beside(text, elem_id="compared")
            idea = ideas(text, ["shortcuts"], elem_id="compared-idea")
            numbers = table(
                text, elem_id="numbers", name="compared", label=text("blocks.table"), selectable=False, compact=True
            )
            heading(text, TAB, "paper")
            papers = []
            for name in ("table1", "table6"):
                note(text, f"paper.{name}", "h4")
                papers.append(table(text, elem_id=name, name=name, label=text(f"paper.{name}"), selectable=False))
                note(text, f"paper.{name}.note", "p")
            heading(text, TAB, "ideas")
            ideas(text, IDEAS, elem_id="networks-ideas")
    shown = gr.State(first)  # the choice that is drawn: what the controls say, unless that makes no network
    opened = gr.State(None)  # the name of the part whose panel is open
    unfolded = gr.State(())  # the stages whose blocks are all drawn
    everything = [*controls, figure, panel, bars, layers, drawings, numbers, shown, opened, unfolded]

    def show(choice: Choice, part: str | None, what: str, where: str, said: Choice | None = None) -> list[Any]:
        """Values of `everything`; a new network is drawn folded. said: see `settings`."""
        choice = choice.settled()
        updates = settings(choice, text, said)
        if problem := choice.problem(text):
            kept = [gr.skip()] * (len(everything) - len(updates) - 1)
            return [*updates, {"wrong": problem}, *kept]
        spec = choice.spec()
        side = compare.compared(spec, what, where, text)
        panel_value, part = look(choice, part)
        return [
            *updates,
            views.diagram_value(spec, text),
            panel_value,
            views.bars_value(spec, text),
            views.layers_value(spec, text),
            side.figures,
            side.table,
            choice,
            part,
            (),
        ]

    def look(choice: Choice, part: str | None) -> tuple[Any, str | None]:
        """The panel and the name of what it shows; None where the network has no such part."""
        value = views.block_value(choice.spec(), part, text) if isinstance(part, str) else None
        return value, part if value else None

    def choose(part: str | None, what: str, where: str, *values: Any) -> list[Any]:
        return show(Choice(*values), part, what, where, Choice(*values))

    def change_family(family: str, part: str | None, what: str, where: str) -> list[Any]:
        return show(beginning(family), part, what, where)

    def mount(event: gr.EventData, choice: Choice, what: str, where: str) -> list[Any]:
        asked = from_address(event._data or {})
        return [*show(asked or choice, None, what, where), paper.table_1(text), paper.table_6(text)]

    def open_part(event: gr.SelectData, choice: Choice) -> tuple[Any, str | None]:
        return look(choice, event.value)

    def step(event: gr.EventData, choice: Choice) -> tuple[Any, str | None]:
        return look(choice, event.name)

    def open_layer(event: gr.SelectData, choice: Choice) -> tuple[Any, str | None]:
        return look(choice, views.part_of_layer(choice.spec(), event.index))

    def fold(event: gr.EventData, choice: Choice, stages: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
        stages = views.toggled(choice.spec(), stages, event.stage)
        return views.diagram_value(choice.spec(), text, stages), stages

    def compare_anew(choice: Choice, what: str, where: str) -> tuple[Any, Any, str]:
        side = compare.compared(choice.spec(), what, where, text)
        return side.figures, side.table, told_ideas(text, [what])

    asked, one_part = [kind, place], [panel, opened]
    figure.mount(mount, [shown, *asked], [*everything, *papers], **QUIET)
    controls[0].input(change_family, [controls[0], opened, *asked], everything, **EVERY, **QUIET)
    last = {"trigger_mode": "always_last", **QUIET}
    for control in controls[1:]:
        control.input(choose, [opened, *asked, *controls], everything, **last)
    for control in asked:
        control.input(compare_anew, [shown, *asked], [drawings, numbers, idea], **last)
    figure.select(open_part, shown, one_part, **EVERY, **QUIET)
    layers.select(open_layer, shown, one_part, **EVERY, **QUIET)
    panel.step(step, shown, one_part, **EVERY, **QUIET)
    for component in (figure, panel):
        component.shut(lambda: (None, None), None, one_part, **QUIET)
    figure.fold(fold, [shown, unfolded], [figure, unfolded], **QUIET)


def settings(choice: Choice, text: Text, said: Choice | None = None) -> list[Any]:
    """What the controls show of a settled choice: only what can be chosen, and what is chosen.

    said: what they say already, which is left as it is: somebody may be at it.
    """
    depths = {} if said and said.family == choice.family else {"choices": depth_choices(choice.family)}
    more = {
        "depth": depths,
        "block": {"choices": named(text, blocks(choice.family, choice.depth))},
        "stride_in": {"visible": choice.block == "bottleneck"},
    }
    values = {part.name: getattr(choice, part.name) for part in fields(choice)}
    return [
        gr.update(**more.get(name, {}), **({} if said and getattr(said, name) == value else {"value": value}))
        for name, value in values.items()
    ]


def named(text: Text, values: Any) -> list[tuple[str, str]]:
    """(words, value) of each."""
    return [(text(f"networks.{value}"), value) for value in values]
