"""What is measured of a heat map: the answer to a painted image, deletion and insertion, a randomized last layer.

The heat map is that of the model as it was trained. No handler makes a component.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from ....inference.classifier import Classifier
from ....inference.classify import Prediction, classify
from ....inference.explain import heat_map
from ....inside.faithfulness import faithfulness, sanity_check
from ....inside.occlusion import classify_painted
from ....services import Services
from ...components.brush import mask_of
from ...components.notice import said
from ...errors import REFUSALS, sentence
from ...text import Text
from ...uploads import opened
from . import evidence_views as views

if TYPE_CHECKING:
    from .evidence_layout import EvidenceParts

Values = dict[Any, Any]  # by component; what is left out stays as it is


class EvidenceHandlers:
    """The handlers of one page."""

    def __init__(self, services: Services, text: Text, parts: EvidenceParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def open(self, model: str | None, path: str | None, cuts: Any, index: int | None) -> Iterator[Values]:
        """Show the image to paint over, then measure the curves of its heat map."""
        parts, text = self.parts, self.text
        nothing = {parts.sanity: {}, parts.sanity_about: said(), parts.curves: {}, parts.curves_about: said()}
        if not model or not path:
            yield {**nothing, parts.brush: {}, parts.painted: {}}
            return
        try:
            classifier, index, answer = self._asked(model, path, index)
            shown = {
                parts.brush: views.image(answer.view),
                parts.painted: views.answers(answer, None, classifier, text),
            }
            yield {**nothing, **shown, parts.curves_about: said(text("evidence.measuring"))}
            image = opened(path)
            shown_map = heat_map(image, classifier, self.services.store, index)
            measured = faithfulness(shown_map, classifier, self.services.store, index)
            yield {parts.curves: views.curves(measured, classifier, index, text), parts.curves_about: said()}
        except REFUSALS as error:
            yield {parts.curves_about: said(sentence(error, text), error=True)}

    def follow(self, model: str | None, path: Any, cuts: Any, index: Any, shown: Any) -> Iterator[Values]:
        """The same for another image or class, if the fold has been opened: it has an image then."""
        if isinstance(shown, dict) and shown.get("view"):
            yield from self.open(model, path, cuts, index)

    def paint(
        self, event: gr.EventData, model: str | None, path: str | None, cuts: Any, index: Any, shown: Any
    ) -> Values:
        """Answer about the image as it is painted now."""
        parts, text = self.parts, self.text
        if not model or not path or not isinstance(shown, dict):
            return {}
        try:
            classifier, _, answer = self._asked(model, path, index)
            mask = mask_of(event.bits, answer.view.height, answer.view.width)
            top = len(classifier.classes)
            covered = classify_painted(answer.view, mask, str(event.cover), classifier, self.services.store, top)
        except REFUSALS as error:
            return {parts.painted: {"message": sentence(error, text), "error": True, "cards": []}}
        except ValueError:  # what no page sends, or of an image that was there before
            return {}
        return {
            parts.brush: views.image(answer.view, covered.view if mask.any() else None),
            parts.painted: views.answers(answer, covered if mask.any() else None, classifier, text),
        }

    def randomize(self, model: str | None, path: str | None, cuts: Any, index: int | None) -> Values:
        """Show the map beside that of the same model with new initial values in its last layer."""
        parts, text = self.parts, self.text
        if not model or not path:
            return {}
        try:
            classifier, index, _ = self._asked(model, path, index)
            check = sanity_check(opened(path), classifier, self.services.store, index)
        except REFUSALS as error:
            return {parts.sanity_about: said(sentence(error, text), error=True)}
        return {parts.sanity: views.sanity(check, text), parts.sanity_about: said(views.correlation(check, text))}

    def _asked(self, model: str, path: str, index: int | None) -> tuple[Classifier, int, Prediction]:
        """The model, the class of the heat map (its answer, if none was chosen), and the answer."""
        classifier = self.services.catalogue.get(model)
        image, count = opened(path), len(classifier.classes)
        answer = classify(image, classifier, self.services.store, count)
        return classifier, index if index is not None and 0 <= index < count else answer.indices[0], answer
