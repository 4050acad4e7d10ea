"""What the fold of precision-recall and ROC curves does when it is used: each handler returns the new values by
component.

Nothing is computed while it is closed. No handler makes a component: `parts` may be any object with the names of
`curves_layout.CurvesParts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from ...library.answers import Answers
from ...services import Services
from ..text import Text
from ..visitor import visitor
from . import curves_views as views
from .choice import Choice, select
from .linking import parameters_of

if TYPE_CHECKING:
    from .curves_layout import CurvesParts

Values = dict[Any, Any]  # by component; what is left out stays as it is


class CurvesHandlers:
    """The handlers of the section; `values` and `chosen` also serve those of the tab."""

    def __init__(self, services: Services, text: Text, parts: CurvesParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def values(self, answers: Answers | None, curve: Any) -> Values:
        """What is shown of the answers; curve: None while the fold is closed, else the name of a class, or ""."""
        known = answers is not None and answers.probabilities is not None
        values: Values = {self.parts.fold: gr.update(visible=known)}
        if answers is None or not known or curve is None:
            return values | {self.parts.chart: {}, self.parts.areas: None}
        return values | {
            self.parts.chart: views.chart(answers, str(curve), self.text),
            self.parts.areas: views.table(answers, self.text),
        }

    def open(self, request: gr.Request, *values: Any) -> Values:
        """Draw the curves of what is shown."""
        choice = Choice(*values)
        return self._shown(choice._replace(curve=choice.curve or ""), request)

    def close(self, request: gr.Request, *values: Any) -> Values:
        """Forget them."""
        return self._shown(Choice(*values)._replace(curve=None), request)

    def choose(self, event: gr.SelectData, request: gr.Request, *values: Any) -> Values:
        """Draw the class whose row of the table was clicked, or the averages alone."""
        choice = Choice(*values)
        answers = self._answers(choice, request)
        return self.chosen(answers, views.class_of_row(answers, event.index), choice) if answers else {}

    def chosen(self, answers: Answers, name: str, choice: Choice) -> Values:
        """Draw a class; nothing while the fold is closed."""
        if choice.curve is None:
            return {}
        return {
            self.parts.chosen: name,
            self.parts.chart: views.chart(answers, name, self.text),
            self.parts.located: parameters_of(choice._replace(curve=name)),
        }

    def _shown(self, choice: Choice, request: gr.Request) -> Values:
        values = self.values(self._answers(choice, request), choice.curve)
        values.pop(self.parts.fold)  # it is the visitor who opens and closes it
        return values | {self.parts.chosen: choice.curve, self.parts.located: parameters_of(choice)}

    def _answers(self, choice: Choice, request: gr.Request) -> Answers | None:
        return select(self.services, choice.shown, visitor(self.services, request, choice.kept), self.text).answers
