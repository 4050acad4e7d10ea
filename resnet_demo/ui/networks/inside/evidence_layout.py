"""The components that ask whether a heat map is true, and how they are connected; the fold below the network.

What they show is decided in `evidence_handlers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ....inside.occlusion import COVERS
from ...components.brush import brush
from ...components.dots import dots
from ...components.notice import notice
from ...components.overlays import overlays
from ...components.prose import fold, lead
from ...components.result import result
from ...events import EVERY, PRIVATE, QUIET
from ...text import Text
from .evidence_handlers import EvidenceHandlers

MEASURING = {"concurrency_id": "inside-evidence", "concurrency_limit": 2, **PRIVATE}


@dataclass(frozen=True)
class EvidenceParts:
    """brush, painted: an image to paint over, and what the model answers then. curves, curves_about: deletion and
    insertion. sanity, sanity_about: the map beside that with a randomized last layer, which `randomize` asks for."""

    fold: Any
    brush: Any
    painted: Any
    curves: Any
    curves_about: Any
    sanity: Any
    sanity_about: Any
    randomize: Any


def build_evidence(text: Text) -> EvidenceParts:
    """The fold with its components."""
    covers = [(text(f"evidence.cover.{name}"), name) for name in COVERS]
    with fold(text, "evidence.title", elem_id="evidence-fold") as folded:
        lead(text, "evidence.paint")
        with gr.Row(elem_id="evidence-paint"):
            with gr.Column(scale=2, min_width=260):
                image = brush(text, covers, elem_id="evidence-brush")
            with gr.Column(scale=3, min_width=300):
                painted = result(text, elem_id="evidence-painted")
        lead(text, "evidence.curves")
        curves_about = notice(elem_id="evidence-curves-about")
        curves = dots(text, elem_id="evidence-curves")
        lead(text, "evidence.sanity")
        randomize = gr.Button(text("evidence.randomize"), size="sm", elem_id="evidence-randomize")
        sanity_about = notice(elem_id="evidence-sanity-about")
        sanity = overlays(text, {}, elem_id="evidence-sanity")
    return EvidenceParts(folded, image, painted, curves, curves_about, sanity, sanity_about, randomize)


def wire_evidence(parts: EvidenceParts, handlers: EvidenceHandlers, question: list[Any], changed: list[Any]) -> None:
    """Connect them. question: the components that say which model, image, cuts and class. changed: what happened once
    another image or class is shown."""
    shown = [parts.brush, parts.painted, parts.curves, parts.curves_about, parts.sanity, parts.sanity_about]
    parts.fold.expand(handlers.open, question, shown, **MEASURING)
    for event in changed:
        event.then(handlers.follow, [*question, parts.brush], shown, **MEASURING)
    parts.brush.paint(handlers.paint, [*question, parts.brush], [parts.brush, parts.painted], **EVERY, **QUIET)
    parts.randomize.click(handlers.randomize, question, [parts.sanity, parts.sanity_about], **PRIVATE)
