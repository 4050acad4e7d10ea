"""The fold of precision-recall and ROC curves and how it is wired; what it shows is decided in `curves_handlers`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.dots import dots
from ..components.into_view import revealed
from ..components.table import table
from ..events import EVERY, QUIET
from ..text import Text
from .curves_handlers import CurvesHandlers

REVEAL_CURVES = revealed("#confusion-curves-chart")


@dataclass(frozen=True)
class CurvesParts:
    """The components of the section.

    fold: with the charts and the table of areas. chosen: None while it is closed, else the class that is drawn, ""
    for the averages alone. located: the tab's address.
    """

    fold: Any
    chart: Any
    areas: Any
    chosen: Any
    located: Any

    @property
    def shown(self) -> list[Any]:
        """What is filled when other answers are looked at."""
        return [self.fold, self.chart, self.areas]

    @property
    def drawn(self) -> list[Any]:
        """What is filled when a class is chosen."""
        return [self.chosen, self.chart, self.located]


def curves_layout(text: Text, located: Any) -> CurvesParts:
    """Lay out the section."""
    with gr.Accordion(text("areas.fold"), open=False, visible=False, elem_id="confusion-curves") as fold:
        chart = dots(text, elem_id="confusion-curves-chart")
        areas = table(
            text, elem_id="confusion-areas", name="areas", label=text("areas.table"), compact=True, height=300
        )
    return CurvesParts(fold=fold, chart=chart, areas=areas, chosen=gr.State(None), located=located)


def wire_curves(parts: CurvesParts, handlers: CurvesHandlers, choice: Sequence[Any]) -> None:
    """Connect the components to their handlers; choice: components with the fields of a `Choice`."""
    filled = [parts.chosen, parts.chart, parts.areas, parts.located]
    parts.fold.expand(handlers.open, choice, filled, **QUIET).then(None, js=REVEAL_CURVES)
    parts.fold.collapse(handlers.close, choice, filled, **QUIET)
    parts.areas.select(handlers.choose, choice, parts.drawn, **EVERY, **QUIET).then(None, js=REVEAL_CURVES)
