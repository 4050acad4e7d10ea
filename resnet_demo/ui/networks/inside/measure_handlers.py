"""What the part on the inside of a model measures over many images, or over all of its blocks, with progress.

Nothing here holds a model for longer than one batch: others are answered in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from ....data.dataset import Split
from ....inference.classifier import Classifier
from ....inside.recorded import REMOVAL_ROWS, read_record
from ....inside.removal import Score, accuracy_with_cuts, removal_curve
from ....inside.responses import image_responses
from ....library.datasets import dataset_at_hand
from ....library.visitors import Visitor
from ....services import Services
from ...components.notice import said
from ...errors import REFUSALS, sentence
from ...text import Text
from ...uploads import opened
from ...visitor import visitor
from . import measure_views as views

if TYPE_CHECKING:
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is
BATCH = 125  # images between two reports


class MeasureHandlers:
    """The handlers of one page."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def count(
        self, model: str | None, path: Any, cuts: list[str], index: Any, kept: Any, request: gr.Request
    ) -> Iterator[Values]:
        """Accuracy on test images, as trained and with the cuts; nothing where nothing is cut."""
        parts, text = self.parts, self.text
        if not cuts or not model:
            yield {parts.accuracy: said()}
            return
        try:
            classifier = self.services.catalogue.get(model)
            test, why = self._test(classifier, visitor(self.services, request, kept))
            if test is None:
                yield {parts.accuracy: said(why)}
                return
            for trained, cut in self._scores(classifier, test, cuts):
                yield {parts.accuracy: said(views.accuracy(trained, cut, min(REMOVAL_ROWS, len(test)), text))}
        except REFUSALS as error:
            yield {parts.accuracy: said(sentence(error, text), error=True)}

    def norms(self, model: str | None, path: str | None, cuts: list[str], index: Any) -> Values:
        """What each block adds, for this image and, where that was recorded, over test images."""
        parts, text = self.parts, self.text
        if not model or not path:
            return {parts.norms: {}, parts.responses: {}}
        try:
            classifier, image = self.services.catalogue.get(model), opened(path)
            measured = image_responses(image, classifier, self.services.store)
            record = read_record(classifier.run) if classifier.run else None
        except REFUSALS as error:
            return {parts.norms: {"empty": sentence(error, text)}, parts.responses: {}}
        many = record.responses if record else None
        others = views.recorded_runs(self.services, text)
        return {
            parts.norms: views.norms(measured, many, text),
            parts.responses: views.responses(measured, many, others, classifier.id, text),
        }

    def recorded_removal(self, model: str | None, path: Any, cuts: Any, index: Any) -> Values:
        """The recorded curves, that of the model among them where it has one."""
        parts, text = self.parts, self.text
        lines = views.recorded_runs(self.services, text)
        has_own = any(one.id == model for one in lines)
        return {
            parts.removal: views.removal(lines, None, text),
            parts.removal_about: said("" if has_own else text("inside.removal.live")),
            parts.removal_run: gr.update(visible=bool(model) and not has_own),
        }

    def measure_removal(
        self, model: str | None, path: Any, cuts: Any, index: Any, kept: Any, request: gr.Request
    ) -> Iterator[Values]:
        """Measure the curve of a model that has none yet."""
        parts, text = self.parts, self.text
        if not model:
            return
        ready = {parts.removal_run: gr.update(interactive=True)}
        try:
            classifier = self.services.catalogue.get(model)
            test, why = self._test(classifier, visitor(self.services, request, kept))
            if test is None:
                yield {**ready, parts.removal_about: said(why)}
                return
            loaded, rows = self.services.store.get(classifier), min(REMOVAL_ROWS, len(test))
            curve = None
            for start in range(0, rows, BATCH):
                stop = min(rows, start + BATCH)
                piece = removal_curve(
                    loaded, test.images[start:stop], test.labels[start:stop], *views.statistics(classifier)
                )
                curve = views.added(curve, piece)
                yield {
                    parts.removal_run: gr.update(interactive=False),
                    parts.removal_about: said(text("inside.counting", done=stop, all=rows)),
                    parts.removal: views.removal(
                        views.recorded_runs(self.services, text), views.line_of(self.services, classifier, curve, text),
                        text,
                    ),
                }  # fmt: skip
            yield {**ready, parts.removal_about: said()}
        except REFUSALS as error:
            yield {**ready, parts.removal_about: said(sentence(error, text), error=True)}

    def _scores(self, classifier: Classifier, test: Split, cuts: list[str]) -> Iterator[tuple[Score, Score]]:
        """The scores as trained and with the cuts, over more and more images."""
        loaded, rows = self.services.store.get(classifier), min(REMOVAL_ROWS, len(test))
        statistics = views.statistics(classifier)
        weights = classifier.weights.stat()
        trained = cut = Score(0, 0)
        for start in range(0, rows, BATCH):
            stop = min(rows, start + BATCH)
            given = (loaded, test.images[start:stop], test.labels[start:stop], *statistics)
            key = ("trained", classifier.id, weights.st_mtime_ns, weights.st_size, start)
            trained += self.services.answers.get(key, partial(accuracy_with_cuts, *given))
            cut += accuracy_with_cuts(*given, cuts)
            yield trained, cut

    def _test(self, classifier: Classifier, who: Visitor) -> tuple[Split | None, str]:
        """The test images of a model's data set, or a sentence why there are none."""
        dataset, why = dataset_at_hand(self.services, classifier.run, who)
        if dataset and dataset.test:
            return dataset.test, ""
        return None, self.text("inside.preparing" if why == "preparing" else "inside.no_test")
