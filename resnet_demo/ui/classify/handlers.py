"""What the tab Classify does when it is used: each handler returns the new values by component.

What is shown is made by `answers` (one image), `batch` (many), `heat_maps`, `fetch` (ImageNet's weights) and `samples`.
No handler makes a component: `parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from ...services import Services
from ..runs import choices
from ..shared import answers
from ..shared import heat_maps as heat
from ..shared.answers import MOST_NETWORKS, Options
from ..shared.inside_link import look_inside
from ..shared.samples import SAMPLES, fitting
from ..text import Text
from ..visitor import visitor
from . import batch, fetch, live, remembrance

if TYPE_CHECKING:
    from .layout import Parts

Uploads = list[tuple[str, str | None]] | None
Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = gr.update(visible=False)


class Handlers:
    """The handlers of one page."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def open(self, ids: list[str], kept: Any, remembered: Any, request: gr.Request) -> Values:
        """Fill the lists, and show the images that this browser showed last, else a sample for the best model."""
        images, chosen = remembrance.read(remembered)
        values = self.list_models(ids, kept, request, chosen or None)
        if not images and (first := answers.first_sample(self.services, ids)):
            images = [first.captioned(self.text)]
        return values | ({self.parts.first: images} if images else {})

    def show(self, uploaded: Uploads, ids: list[str], method: str, *options: Any) -> Iterator[Values]:
        """Answer about the uploaded images: in figures about one, in a table that fills about several."""
        services, text, parts = self.services, self.text, self.parts
        images = uploaded or []
        own = [(path, caption) for path, caption in images if not caption]
        if own and len(own) < len(images):  # Gradio adds an upload to the sample that is there: it takes its place
            yield {parts.uploads: own}  # which is a change, and answered
            return
        paths = [path for path, _ in images]
        nothing = {parts.batch: HIDDEN, parts.remembered: remembrance.note(images, ids or [])}
        if len(paths) < 2 or not ids:
            for values in self._answer(paths[0] if len(paths) == 1 else None, ids, method, *options):
                yield nothing | values
            return
        nothing |= {parts.heat: HIDDEN, parts.questions: []}
        yield nothing | {parts.figure: answers.message(batch.progress(text, 0, len(paths)))}
        for table, done in batch.tables(services, text, paths, ids, Options(*options)):
            words = answers.message(batch.progress(text, done, len(paths)))
            yield nothing | {parts.rows: table, parts.batch: gr.update(visible=True), parts.figure: words}

    def show_one(self, event: gr.SelectData, uploaded: Uploads, ids: list[str], *options: Any) -> Iterator[Values]:
        """Answer about the image that was clicked."""
        yield from self._detail(event.index, uploaded, ids, *options)

    def show_row(self, event: gr.SelectData, uploaded: Uploads, ids: list[str], *options: Any) -> Iterator[Values]:
        """Answer about the image of a row of the table, which has a row for each model."""
        yield from self._detail(event.index // max(1, len(ids or [])), uploaded, ids, *options)

    def aim(self, ids: list[str], *options: Any) -> Values:
        """Have the camera ask these models, with these options."""
        return {self.parts.camera: live.aim(ids or [], Options(*options))}

    def clear(self) -> Values:
        """Make room for the answers to the camera's frames."""
        parts = self.parts
        return {parts.batch: HIDDEN, parts.heat: gr.update(visible=True), parts.heat_maps: {}, parts.questions: []}

    def take_sample(self, event: gr.SelectData, ids: list[str], kept: Any, request: gr.Request) -> Values:
        """Take a sample as if it had been uploaded, with the models that fit it."""
        ready = self.services.catalogue.ready(visitor(self.services, request, kept).ids)
        sample, chosen = SAMPLES[event.index], [one for one in ready if one.id in (ids or [])]
        return {
            self.parts.uploads: [sample.captioned(self.text)],
            self.parts.models: fitting(sample, chosen, ready),
        }

    def explain(
        self, event: gr.SelectData, questions: list[heat.Question], method: str, against: str, rivals: list[str]
    ) -> Values:
        """Show where a model, or each where the event names none, finds evidence for the class that was clicked."""
        asked = [
            replace(one, index=event.index) if event.value in ("", one.classifier_id) else one for one in questions
        ]
        return self._explain(asked, method, None, against, rivals)

    def explain_again(self, questions: list[heat.Question], method: str, layer: str | None, against: str) -> Values:
        """The same by another method, for another layer, or compared with another class."""
        return self._maps(questions, method, layer, against) if questions else {}

    def look_inside(self, uploaded: Uploads, ids: list[str], questions: list[heat.Question]) -> Values:
        """Show the image that was answered in the part of Networks on the inside of a model."""
        path = questions[0].path if questions else uploaded[0][0] if uploaded else None
        return {self.parts.inside: look_inside(path, (ids or [""])[0])}

    def list_models(
        self, current: list[str], kept: Any, request: gr.Request, wanted: list[str] | None = None
    ) -> Values:
        """Fill the lists of models. wanted: what is to be chosen; else the choice stays, whatever it is by then."""
        who = visitor(self.services, request, kept)
        ready, missing = choices(self.services, self.text, who), fetch.choices(self.services, self.text)
        ids = [one for _, one in ready]
        chosen = [one for one in wanted or current or [] if one in ids] or ids[:1]
        value: dict[str, Any] = {} if chosen == current else {"value": chosen}
        return {
            self.parts.models: gr.update(choices=ready, **value),
            self.parts.missing: gr.update(choices=missing, value=missing[0][1] if missing else None),
            self.parts.downloads: gr.update(visible=bool(missing)),
            self.parts.offer: gr.update(visible=fetch.best_missing(self.services) is not None),
            self.parts.listed: (ready, missing),
        }

    def update_lists(self, current: list[str], listed: Any, kept: Any, request: gr.Request) -> Values:
        """The same where they have changed; an open list stays as it is."""
        values = self.list_models(current, kept, request)
        return {} if values[self.parts.listed] == listed else values

    def download(self, wanted: str | None, ids: list[str], kept: Any, request: gr.Request) -> Iterator[Values]:
        """Download ImageNet's weights, and have their model answer first."""
        yield from self._download(wanted, self.parts.download_status, ids, kept, request)

    def download_offered(self, ids: list[str], kept: Any, request: gr.Request) -> Iterator[Values]:
        """The same with the model that is offered beside the answer."""
        best = fetch.best_missing(self.services)
        yield from self._download(best.id if best else None, self.parts.offer_words, ids, kept, request)

    def _download(
        self, wanted: str | None, place: Any, ids: list[str], kept: Any, request: gr.Request
    ) -> Iterator[Values]:
        if not wanted:
            return
        for words, here in fetch.fetched(self.services, self.text, wanted):
            status = {place: words}
            first = [wanted, *(one for one in ids or [] if one != wanted)][:MOST_NETWORKS]
            yield status | (self.list_models(ids, kept, request, first) if here else {})

    def _detail(self, index: int, uploaded: Uploads, ids: list[str], *options: Any) -> Iterator[Values]:
        if not uploaded or not 0 <= index < len(uploaded):
            yield {self.parts.heat: HIDDEN, self.parts.questions: []}
            return
        path = uploaded[index][0]
        for values in self._answer(path, ids, *options):
            if self.parts.figure in values:
                values[self.parts.figure] |= {"file": Path(path).name}
            yield values

    def _answer(self, path: str | None, ids: list[str], method: str, *options: Any) -> Iterator[Values]:
        """The answers to one image, then the heat maps of their best classes, for which labels do not wait."""
        chosen = Options(*options)
        answer = answers.answer_to(self.services, self.text, path, ids or [], chosen)
        yield {
            self.parts.figure: answer.figure,
            self.parts.heat: gr.update(visible=bool(answer.views)),
            self.parts.heat_maps: answer.views,
            self.parts.questions: answer.questions,
        }
        if answer.questions:
            yield self._explain(answer.questions, method, None, "", answer.rivals)

    def _explain(
        self, questions: list[heat.Question], method: str, layer: str | None, against: str, rivals: list[str]
    ) -> Values:
        """Answer questions that are asked from now on, and list what they can be compared with."""
        values = self._maps(questions, method, layer, against)
        explained = values[self.parts.heat_maps]["explained"]
        others = [one for one in rivals if [one] != explained]
        return values | {
            self.parts.against: gr.update(
                choices=heat.rival_choices(others, self.text), value=against if against in others else ""
            ),
            self.parts.rivals: rivals,
            self.parts.questions: questions,
        }

    def _maps(self, questions: list[heat.Question], method: str, layer: str | None, against: str) -> Values:
        asked = [replace(one, against=against) for one in questions]
        maps = heat.figures(self.services, self.text, asked, method, layer)
        layers = maps["layers"]
        # without layers the choices stay: Gradio refuses what is on its way and names a layer that is none of them
        listed = {"choices": layers} if layers else {}
        return {
            self.parts.heat_maps: maps,
            self.parts.layer: gr.update(**listed, value=maps["layer"], interactive=bool(layers)),
        }
