"""What the fold on the loss surface does: it shows what was recorded, and measures a small slice of any model.

No handler makes a component: `parts` may be any object with the names of `surface_layout.SurfaceParts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from ....inside.surface import slice_1d, training_images
from ....library.datasets import dataset_at_hand
from ....services import Services
from ...components.notice import said
from ...errors import REFUSALS, sentence
from ...shared.progress import Watched
from ...text import Text
from ...visitor import visitor
from . import surface_views as views

if TYPE_CHECKING:
    from .surface_layout import SurfaceParts

Values = dict[Any, Any]  # by component; what is left out stays as it is
POINTS, IMAGES = 21, 256  # of a slice that is measured on the page


class SurfaceHandlers:
    """The handlers of one page."""

    def __init__(self, services: Services, text: Text, parts: SurfaceParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def open(self) -> Values:
        """Show what was recorded."""
        recorded = views.recorded(self.services, self.text)
        planes, lines = views.planes(recorded, self.text), views.lines(recorded, None, self.text)
        return {self.parts.planes: planes, self.parts.lines: lines, **self._ready()}

    def measure(
        self, model: str | None, path: Any, cuts: Any, index: Any, kept: Any, request: gr.Request
    ) -> Iterator[Values]:
        """Measure the slice of a model along one direction."""
        parts, text = self.parts, self.text
        try:
            classifier = self.services.catalogue.get(str(model))
            dataset, why = dataset_at_hand(self.services, classifier.run, visitor(self.services, request, kept))
            if dataset is None or classifier.run is None:
                yield self._ready(text("inside.preparing" if why == "preparing" else "surface.no_data"))
                return
            config = classifier.run.config
            rows, _ = dataset.split_rows(config.split_seed)
            images, labels, _ = training_images(dataset.train, rows, config.mean, config.std, IMAGES)
            loaded = self.services.store.get(classifier)
            watched = Watched(
                lambda progress, cancelled: slice_1d(
                    loaded.model, images, labels, points=POINTS, lock=loaded.lock, progress=progress,
                    cancelled=cancelled,
                )
            )  # fmt: skip
            for done, total in watched:
                busy = {parts.measure: gr.update(visible=False), parts.cancel: gr.update(visible=True)}
                yield {**busy, parts.about: said(text("surface.measuring", done=done, all=total))}
            if watched.result is not None:
                live = views.live(self.services, classifier, watched.result, text)
                recorded = views.recorded(self.services, text)
                yield {**self._ready(), parts.lines: views.lines(recorded, live, text)}
        except REFUSALS as error:
            yield self._ready(sentence(error, text), error=True)

    def cancel(self) -> Values:
        """Say that measuring has been cancelled."""
        return self._ready(self.text("surface.cancelled"))

    def _ready(self, words: str = "", error: bool = False) -> Values:
        parts = self.parts
        buttons = {parts.measure: gr.update(visible=True), parts.cancel: gr.update(visible=False)}
        return {**buttons, parts.about: said(words, error=error)}
