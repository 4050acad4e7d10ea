"""The components of the tab Networks and how they are wired; what they show is decided in `handlers`.

Nothing is computed before the tab is opened: `mount` reports that it is, and which model the address asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...components.beside import beside
from ...components.block import block
from ...components.diagram import diagram
from ...components.prose import contents, heading, note
from ...components.table import table
from ...events import EVERY, LAST, QUIET
from ...page_context import PageContext
from ...shared import block_comparison as compare
from ...shared.model_choice import FAMILIES, SHORTCUTS, STRIDES, beginning, depth_choices
from ...shared.model_views import named
from ...text import Text
from .handlers import Handlers
from .ideas import ideas

TAB = "networks"
SECTIONS = ("bars", "layers", "compare", "paper", "ideas")
IDEAS = ("degrade", "cause", "shortcut", "conv")


@dataclass(frozen=True)
class Parts:
    """The components of the tab.

    controls: by the fields of `Choice`. figure, panel: the drawing, and the block of it that is open. kind, place: what
    is compared side by side, in `drawings` and `numbers`. shown: the `Choice` that is drawn, which is what the controls
    say unless that makes no model. opened: the name of the open block. unfolded: the stages whose blocks are all drawn.
    """

    controls: dict[str, Any]
    figure: Any
    panel: Any
    bars: Any
    layers: Any
    kind: Any
    place: Any
    drawings: Any
    idea: Any
    numbers: Any
    table1: Any
    table6: Any
    shown: Any
    opened: Any
    unfolded: Any


def build(context: PageContext) -> None:
    """Fill the tab, inside a `gr.Tab` of the page."""
    text = context.text
    with gr.Row(elem_id="networks"):
        with gr.Column(scale=1, min_width=280, elem_classes="controls"):
            controls = model_controls(text)
            contents(text, TAB, SECTIONS)
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            output = drawn(text) | compared(text) | paper_tables(text)
            heading(text, TAB, "ideas")
            ideas(text, IDEAS, elem_id="networks-ideas")
    states = {"shown": gr.State(beginning("imagenet")), "opened": gr.State(None), "unfolded": gr.State(())}
    parts = Parts(controls=controls, **output, **states)
    wire(parts, Handlers(text, parts))


def model_controls(text: Text) -> dict[str, Any]:
    """What chooses the model, by the fields of `Choice`."""
    first = beginning("imagenet")
    depth: dict[str, Any] = {"label": text("networks.depth"), "info": text("networks.depth.info"), "elem_id": "depth"}
    return {
        "family": gr.Radio(named(text, FAMILIES), value=first.family, label=text("networks.family"), elem_id="family"),
        "depth": gr.Dropdown(depth_choices(first.family), value=first.depth, **depth),
        "block": gr.Radio(label=text("networks.block"), elem_id="kind"),
        "shortcut": gr.Radio(
            named(text, SHORTCUTS), value=first.shortcut, label=text("networks.shortcut"), elem_id="ways"
        ),
        "stride_in": gr.Radio(
            named(text, STRIDES), value=first.stride_in, label=text("networks.stride_in"), elem_id="stride"
        ),
        **number_controls(text, input_size=first.input_size, num_classes=first.num_classes),
    }


def number_controls(text: Text, **values: float | None) -> dict[str, gr.Number]:
    """A row of numbers, by their names."""
    with gr.Row():
        return {
            name: gr.Number(value, label=text(f"networks.{name}"), min_width=100, elem_id=name.replace("_", "-"))
            for name, value in values.items()
        }


def drawn(text: Text) -> dict[str, Any]:
    """The model as a drawing, as bars and as a table of layers."""
    figure, panel = diagram(text), block(text)
    heading(text, TAB, "bars")
    label = text("networks.bars")
    bars = table(text, elem_id="bars", name="stages", label=label, selectable=False, compact=True)
    heading(text, TAB, "layers")
    layers = table(text, elem_id="layers", name="layers", label=text("networks.layers"), compact=True)
    return {"figure": figure, "panel": panel, "bars": bars, "layers": layers}


def compared(text: Text) -> dict[str, Any]:
    """Blocks side by side."""
    heading(text, TAB, "compare")
    chosen = {
        name: gr.Radio(
            [(text(f"blocks.{one}"), one) for one in options], value=options[0], label=text(label), elem_id=elem_id
        )
        for name, options, label, elem_id in (
            ("kind", compare.KINDS, "blocks.what", "compare-kind"),
            ("place", compare.PLACES, "blocks.where", "compare-place"),
        )
    }
    drawings = beside(text, elem_id="compared")
    idea = ideas(text, ["shortcuts"], elem_id="compared-idea")
    label = text("blocks.table")
    numbers = table(text, elem_id="numbers", name="compared", label=label, selectable=False, compact=True)
    return {**chosen, "drawings": drawings, "idea": idea, "numbers": numbers}


def paper_tables(text: Text) -> dict[str, Any]:
    """Tables of the paper beside our counts."""
    heading(text, TAB, "paper")
    tables = {}
    for name in ("table1", "table6"):
        note(text, f"paper.{name}", "h4")
        tables[name] = table(text, elem_id=name, name=name, label=text(f"paper.{name}"), selectable=False)
        note(text, f"paper.{name}.note", "p")
    return tables


def wire(parts: Parts, handlers: Handlers) -> None:
    """Connect the components to their handlers."""
    family, *others = parts.controls.values()
    comparison, one_block = [parts.kind, parts.place], [parts.panel, parts.opened]
    model = [
        *parts.controls.values(), parts.figure, parts.panel, parts.bars, parts.layers, parts.drawings, parts.numbers,
        parts.shown, parts.opened, parts.unfolded,
    ]  # fmt: skip
    papers = [parts.table1, parts.table6]
    parts.figure.mount(handlers.mount, [parts.shown, *comparison], [*model, *papers], **QUIET)
    family.input(handlers.change_family, [family, parts.opened, *comparison], model, **EVERY, **QUIET)
    for control in others:
        control.input(handlers.choose, [parts.opened, *comparison, family, *others], model, **LAST)
    for control in comparison:
        control.input(handlers.compare, [parts.shown, *comparison], [parts.drawings, parts.numbers, parts.idea], **LAST)
    parts.figure.select(handlers.open_part, parts.shown, one_block, **EVERY, **QUIET)
    parts.layers.select(handlers.open_layer, parts.shown, one_block, **EVERY, **QUIET)
    parts.panel.step(handlers.step, parts.shown, one_block, **EVERY, **QUIET)
    for component in (parts.figure, parts.panel):
        component.shut(handlers.close_part, None, one_block, **QUIET)
    parts.figure.fold(handlers.fold, [parts.shown, parts.unfolded], [parts.figure, parts.unfolded], **QUIET)
