"""The components of the loss surface and how they are connected; a fold below the network.

What they show is decided in `surface_handlers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...components.dots import dots
from ...components.notice import notice
from ...components.overlays import overlays
from ...components.prose import fold, lead
from ...events import PRIVATE, QUIET
from ...text import Text
from .surface_handlers import SurfaceHandlers

MEASURING = {"concurrency_id": "inside-surface", "concurrency_limit": 1, **PRIVATE}


@dataclass(frozen=True)
class SurfaceParts:
    """planes: recorded surfaces as images. lines: slices along one direction, with that of the selected model once it
    has been measured. measure, cancel, about: measuring it."""

    fold: Any
    planes: Any
    lines: Any
    about: Any
    measure: Any
    cancel: Any


def build_surface(text: Text) -> SurfaceParts:
    """The fold with its components."""
    with fold(text, "surface.title", elem_id="surface-fold") as folded:
        lead(text, "surface.about")
        planes = overlays(text, {}, elem_id="surface-planes")
        lines = dots(text, elem_id="surface-lines")
        about = notice(elem_id="surface-said")
        with gr.Row():
            measure = gr.Button(text("surface.measure"), size="sm", elem_id="surface-measure")
            cancel = gr.Button(text("surface.cancel"), size="sm", visible=False, elem_id="surface-cancel")
    return SurfaceParts(folded, planes, lines, about, measure, cancel)


def wire_surface(parts: SurfaceParts, handlers: SurfaceHandlers, question: list[Any], kept: Any) -> None:
    """Connect them. question: the components that say which model."""
    shown = [parts.planes, parts.lines, parts.about, parts.measure, parts.cancel]
    parts.fold.expand(handlers.open, None, shown, **QUIET)
    measuring = parts.measure.click(
        handlers.measure, [*question, kept], [parts.lines, parts.about, parts.measure, parts.cancel], **MEASURING
    )
    parts.cancel.click(handlers.cancel, None, [parts.about, parts.measure, parts.cancel], cancels=[measuring], **QUIET)
