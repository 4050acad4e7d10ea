"""What the part on the inside of a model does when it is used: each handler returns the new values by component.

An image is answered first, as the model was trained and with what is cut; the heat maps and activations of the same
question follow (`look`), for which the answer does not wait. No handler makes a component: `parts` may be any object
with the names of `layout.Parts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from ....errors import Refusal
from ....inference.classifier import Classifier
from ....inside.activations import activations, stem_filters
from ....inside.receptive_field import receptive_field
from ....models.cuts import check_cuts
from ....services import Services
from ...errors import REFUSALS, sentence
from ...runs import choices
from ...shared import answers
from ...shared.samples import SAMPLES, fits, fitting
from ...text import Text
from ...uploads import opened
from ...visitor import visitor
from . import views

if TYPE_CHECKING:
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is
IN_ADDRESS = ("model", "image", "cuts")  # a path is none of an address's business


class Handlers:
    """The handlers of one page."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def mount(self, event: gr.EventData, kept: Any, request: gr.Request) -> Values:
        """Show the model, sample and cuts that the address names, else the first model and a sample that it knows."""
        link = event._data if isinstance(event._data, dict) else {}
        return self._open({name: link.get(name) for name in IN_ADDRESS}, kept, request)

    def follow(self, asked: Any, kept: Any, request: gr.Request) -> Values:
        """Show what another tab asks for: an image in a model."""
        return self._open(asked, kept, request) if isinstance(asked, dict) else {}

    def list_models(self, current: str | None, kept: Any, request: gr.Request) -> Values:
        """List the models that are there now."""
        return {self.parts.model: gr.update(choices=choices(self.services, self.text, self._who(kept, request)))}

    def take_sample(self, event: gr.SelectData, model: str, path: str, cuts: list[str], index: int | None) -> Values:
        """Show a sample in the model, or in the first one that was trained on such images."""
        sample, ready = SAMPLES[event.index], self.services.catalogue.ready()
        (fit, *_) = fitting(sample, [one for one in ready if one.id == model], ready) or [model]
        return self._answer(fit, str(sample.path), cuts if fit == model else [], None)

    def take_upload(self, uploaded_path: str | None, model: str, path: str, cuts: list[str], index: Any) -> Values:
        """Show an uploaded image in the model."""
        return self._answer(model, uploaded_path or path, cuts, None)

    def choose_model(self, model: str, path: str | None, cuts: list[str], index: Any) -> Values:
        """Show the same image in another model, with nothing cut."""
        return self._answer(model, path, [], None)

    def cut(self, event: gr.EventData, model: str, path: str | None, cuts: list[str], index: int | None) -> Values:
        """Answer with other shortcuts and branches cut."""
        asked = event.cuts if isinstance(event.cuts, list) else []
        return self._answer(model, path, [str(one) for one in asked], index)

    def choose_class(self, event: gr.SelectData, model: str, path: str, cuts: list[str], index: Any) -> Values:
        """Show where the model finds evidence for the class that was clicked."""
        return {self.parts.index: event.index}

    def look(self, model: str, path: str | None, cuts: list[str], index: int | None) -> Values:
        """The heat maps, and what every part of the network gives out."""
        parts, text = self.parts, self.text
        if not path or not model:
            return {parts.heat: {}, parts.flow: {}, parts.channels: {}}
        try:
            classifier, image = self.services.catalogue.get(model), opened(path)
            heat = views.heat(self.services, classifier, image, cuts, index, text)
            inside = activations(image, classifier, self.services.store, cuts=cuts)
            drawn = views.flow(classifier, inside, stem_filters(classifier, self.services.store), cuts, text)
        except REFUSALS as error:
            return {parts.heat: {"message": sentence(error, text)}, parts.flow: {}, parts.channels: {}}
        return {parts.heat: heat, parts.flow: drawn, parts.channels: {}}

    def open_part(self, event: gr.EventData, model: str, path: str, cuts: list[str], index: Any) -> Values:
        """Show all channels of a part."""
        try:
            classifier, image = self.services.catalogue.get(model), opened(path)
            inside = activations(image, classifier, self.services.store, cuts=cuts)
            if event.name == views.FILTERS:
                filters = stem_filters(classifier, self.services.store)
                return {self.parts.channels: views.filter_channels(inside, filters, self.text)}
            return {self.parts.channels: views.channels(inside, str(event.name), self.text)}
        except REFUSALS as error:
            raise gr.Error(sentence(error, self.text), print_exception=False) from error

    def point(
        self, event: gr.EventData, model: str, path: str, cuts: list[str], index: Any, shown: dict[str, Any]
    ) -> Values:
        """Show what of the image a unit can see, and what of that it responds to."""
        try:
            classifier, image = self.services.catalogue.get(model), opened(path)
            place = (str(event.name), int(event.row), int(event.column))
            field = receptive_field(image, classifier, self.services.store, *place)
            return {self.parts.channels: shown | {"field": views.field(field, self.text)}}
        except REFUSALS as error:
            return {self.parts.channels: shown | {"field": {"words": sentence(error, self.text)}}}
        except (TypeError, ValueError):  # what no page sends
            return {}

    def shut(self) -> Values:
        """Close the part."""
        return {self.parts.channels: {}}

    # --- values

    def _who(self, kept: Any, request: gr.Request) -> Any:
        return visitor(self.services, request, kept)

    def _open(self, asked: dict[str, Any], kept: Any, request: gr.Request) -> Values:
        """What an address or another tab asks for; what it does not name is chosen to fit."""
        listed = choices(self.services, self.text, self._who(kept, request))
        ready = self.services.catalogue.ready(self._who(kept, request).ids)
        ids = [one for _, one in listed]
        model = asked["model"] if asked.get("model") in ids else next(iter(ids), None)
        chosen = next((one for one in ready if one.id == model), None)
        named = next((one for one in SAMPLES if one.name == asked.get("image")), None)
        sample = named or next((one for one in SAMPLES if chosen and fits(one, chosen)), None)
        path = asked.get("path") or (str(sample.path) if sample else None)
        cuts = [one for one in str(asked.get("cuts") or "").split(",") if one]
        values = self._answer(model, path, _known(chosen, cuts), None)
        return values | {self.parts.model: gr.update(choices=listed, value=model)}

    def _answer(self, model: str | None, path: str | None, cuts: Sequence[str], index: int | None) -> Values:
        """What the model answers, with and without the cuts, and what leads back here."""
        parts, text = self.parts, self.text
        sample = next((one for one in SAMPLES if str(one.path) == path), None)
        link = {"model": model, "image": sample and sample.name, "cuts": ",".join(cuts)}
        same = {parts.path: path, parts.cuts: list(cuts), parts.index: index, parts.model: model, parts.address: link}
        if not model:
            return same | {parts.answer: answers.message(text("none.yet"), command=text("none.command"))}
        if not path:
            return same | {parts.answer: answers.message(text("result.empty"))}
        try:
            classifier = self.services.catalogue.get(model)
            return same | {parts.answer: views.answer(self.services, classifier, Path(path), cuts, text)}
        except REFUSALS as error:
            return same | {parts.answer: answers.message(sentence(error, text), error=True)}


def _known(classifier: Classifier | None, cuts: list[str]) -> list[str]:
    """The cuts of an address, none where the model has not all of them."""
    try:
        return list(check_cuts(classifier.spec, cuts)) if classifier else []
    except Refusal:
        return []
