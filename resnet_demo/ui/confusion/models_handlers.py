"""What happens with an uploaded model and with labelled images: each handler returns the new values by component.

Weights are read by `runs.uploaded`, images by `data.own` and `runs.labelled`; none of it is shown to anybody else. No
handler makes a component: `parts` may be any object with the names of `models_layout.ModelsParts`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from ...data.dataset import Split
from ...data.own import OWN, Lent
from ...library.answers import answers_from_predictions
from ...library.visitors import Visitor
from ...runs.exchange.uploaded import make_uploaded_run
from ...runs.labelled import evaluate_labelled, mapping_text, match_classes, parse_mapping
from ...services import Services
from ..components.folder import brought as uploaded_folder
from ..components.notice import said
from ..errors import REFUSALS, sentence
from ..latest import Entries
from ..runs import choices, title
from ..shared.hub_load import loaded
from ..text import Text
from ..uploads import upload_size, uploaded
from ..visitor import visitor
from ..watched import Report, watched
from .choice import OwnAnswers, hold_in_memory

if TYPE_CHECKING:
    from .models_layout import ModelsParts

Values = dict[Any, Any]  # by component; what is left out stays as it is
SHOWN_AT = 64  # pixels of labelled images on the page


class ModelsHandlers:
    """The handlers of the section."""

    def __init__(self, services: Services, text: Text, parts: ModelsParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def load(
        self, path: str | None, classes: str, size: Any, mean: str, std: str, kept: Any, request: gr.Request
    ) -> Values:
        """Make an uploaded file of weights a run of the visitor's, and choose its model for labelled images."""
        if not path:
            return {self.parts.model_status: said(self.text("bring.network.none"), error=True)}
        described: dict[str, Any] = {
            "classes": classes or "",
            "input_size": int(size) if size else None,
            "mean": mean,
            "std": std,
        }
        who = visitor(self.services, request, kept)
        try:
            made = self.services.manager.adopt(
                lambda root: make_uploaded_run(Path(path), root, name=Path(path).stem, **described),
                who.address, upload_size(path),
            )  # fmt: skip
        except REFUSALS as error:
            return {self.parts.model_status: self._error(error)}
        kept = Entries(kept, {made.run.id: made.token})
        words = self.text("bring.network.done", network=made.run.config.model.title)
        listed = self._models(visitor(self.services, request, kept), made.run.id)
        return {self.parts.model_status: said(words), self.parts.kept: kept} | listed

    def load_from_hub(self, name: str, private: bool, kept: Any, request: gr.Request) -> Iterator[Values]:
        """Load a model from the Hub as a run of the visitor's, and choose it for labelled images."""
        for status, made in loaded(self.services, self.text, name, private, "hub.load.ready", request):
            values = {self.parts.hub_status: status}
            if made:
                entries = Entries(kept, {made.run.id: made.token})
                values |= {
                    self.parts.kept: entries,
                    **self._models(visitor(self.services, request, entries), made.run.id),
                }
            yield values

    def list_models(self, model: Any, kept: Any, request: gr.Request) -> Values:
        """List the models that can classify labelled images; `model` stays chosen."""
        return self._models(visitor(self.services, request, kept), model)

    def take_zip(self, path: str | None, model: Any, request: gr.Request) -> Values:
        """Take a zip of labelled images, or nothing."""
        return self._take(Path(path), Path(path).stem, model, request) if path else self._no_images()

    def take_folder(self, value: Any, model: Any, request: gr.Request) -> Values:
        """Take a folder of labelled images."""
        sent = uploaded_folder(value)
        return self._take(*sent, model, request) if sent else {}

    def match_classes(self, images: Lent | None, model: Any) -> Values:
        """Match the images' classes with another model's."""
        if not images:
            return {self.parts.images_status: said(), self.parts.mapping: ""}
        try:
            return self._matched(images, model)
        except REFUSALS as error:
            return {self.parts.images_status: self._error(error), self.parts.mapping: ""}

    def classify(self, images: Lent | None, mapping: str, model: Any, request: gr.Request) -> Iterator[Values]:
        """Classify the images, and show these answers."""
        status = self.parts.images_status
        if not images or not model:
            yield {status: said(self.text("bring.labelled.none"), error=True)}
            return
        results: list[OwnAnswers] = []
        try:
            for done, total in watched(lambda report: results.append(self._classified(images, mapping, model, report))):
                yield {status: said(self.text("confusion.again.progress", done=done, total=total))}
            own = hold_in_memory(self.services, results[0], visitor(self.services, request))
        except REFUSALS as error:
            yield {status: self._error(error)}
            return
        yield {status: said(), self.parts.own: own, self.parts.refresh: time.monotonic()}

    def _models(self, who: Visitor, chosen: Any) -> Values:
        """List all models, ImageNet's too."""
        models = choices(self.services, self.text, who)
        ids = [model for _, model in models]
        value = chosen if chosen in ids else ids[0] if ids else None
        return {self.parts.models: gr.update(choices=models, value=value)}

    def _take(self, path: Path, name: str, model: Any, request: gr.Request) -> Values:
        if not model:
            return self._no_images()
        who = visitor(self.services, request)
        try:
            images = self.services.own.lend(uploaded(path), name, SHOWN_AT, "" if who.local else who.address)
            return self._matched(images, model) | {self.parts.images: images}
        except REFUSALS as error:
            return self._no_images() | {self.parts.images_status: self._error(error)}

    def _no_images(self) -> Values:
        return {self.parts.images_status: said(), self.parts.mapping: "", self.parts.images: None}

    def _matched(self, images: Lent, model: str) -> Values:
        theirs = self.services.own.preview(images.key, SHOWN_AT).classes
        ours = self.services.catalogue.get(model).classes
        mapping = match_classes(theirs, ours)
        words = self.text("bring.matched", count=len(mapping), classes=len(theirs))
        return {self.parts.images_status: said(words), self.parts.mapping: mapping_text(mapping, theirs, ours)}

    def _classified(self, images: Lent, written: str, model: str, report: Report) -> OwnAnswers:
        """A model's answers to labelled images."""
        services = self.services
        classifier = services.catalogue.get(model)
        dataset = services.own.load(OWN + images.key, SHOWN_AT)
        mapping = parse_mapping(written, dataset.classes, classifier.classes)
        loaded = services.store.get(classifier)
        name = title(services, classifier, self.text)
        predictions = evaluate_labelled(
            loaded.model, classifier.preprocess, classifier.classes, dataset, mapping, services.own.path(images.key),
            name=name, lock=loaded.lock, progress=report,
        )  # fmt: skip
        shown = dataset.train.images  # on disk, as long as `images` is
        if dataset.test is not None:
            shown = np.concatenate([shown, dataset.test.images])
        split = Split(shown, np.zeros(len(shown), np.int64))
        answers = answers_from_predictions(predictions, classifier, split=split)
        return OwnAnswers(self.text("bring.judged", network=name), answers, keeps=(images,))

    def _error(self, error: Exception) -> Any:
        return said(sentence(error, self.text), error=True)
