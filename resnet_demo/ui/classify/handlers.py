"""What the tab Classify does when it is used: each handler returns the new values by component.

What is shown is made by `answers` (one image), `batch` (many), `heat`, `fetch` (ImageNet's weights) and `samples`. No
handler makes a component: `parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from ...services import Services
from ..runs import choices
from ..shared import heat_maps as heat
from ..shared.samples import SAMPLES, fitting
from ..text import Text
from ..visitor import visitor
from . import answers, batch, fetch
from .answers import MOST_NETWORKS, Options

if TYPE_CHECKING:
    from .layout import Parts

Uploads = list[tuple[str, str | None]] | None
Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = gr.update(visible=False)


class Handlers:
    """The handlers of one page."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def show(self, uploaded: Uploads, ids: list[str], *options: Any) -> Iterator[Values]:
        """Answer about the uploaded images: in figures about one, in a table that fills about several."""
        services, text, parts = self.services, self.text, self.parts
        paths, chosen = [path for path, _ in uploaded or []], Options(*options)
        nothing = {parts.batch: HIDDEN, parts.heat: HIDDEN, parts.index: 0}
        if len(paths) < 2 or not ids:
            only = paths[0] if len(paths) == 1 else None
            yield nothing | {parts.figure: answers.figure(services, text, only, ids or [], chosen)}
            return
        yield nothing | {parts.figure: answers.message(batch.progress(text, 0, len(paths)))}
        for table, done in batch.tables(services, text, paths, ids, chosen):
            words = answers.message(batch.progress(text, done, len(paths)))
            yield nothing | {parts.rows: table, parts.batch: gr.update(visible=True), parts.figure: words}

    def show_one(self, event: gr.SelectData, uploaded: Uploads, ids: list[str], *options: Any) -> Values:
        """Answer about the image that was clicked."""
        return self._detail(event.index, uploaded, ids, *options)

    def show_row(self, event: gr.SelectData, uploaded: Uploads, ids: list[str], *options: Any) -> Values:
        """Answer about the image of a row of the table, which has a row for each model."""
        return self._detail(event.index // max(1, len(ids or [])), uploaded, ids, *options)

    def take_sample(self, event: gr.SelectData, ids: list[str], kept: Any, request: gr.Request) -> Values:
        """Take a sample as if it had been uploaded, with the models that fit it."""
        ready = self.services.catalogue.ready(visitor(self.services, request, kept).ids)
        sample, chosen = SAMPLES[event.index], [one for one in ready if one.id in (ids or [])]
        return {self.parts.uploads: [str(sample.path)], self.parts.models: fitting(sample, chosen, ready)}

    def explain(self, event: gr.SelectData, uploaded: Uploads, index: int, crop: str, method: str) -> Values:
        """Show where a model sees the class that was clicked; nothing where the image has been removed meanwhile."""
        if not uploaded or not 0 <= index < len(uploaded):
            return {}
        question = heat.Question(uploaded[index][0], event.value, event.index, crop)
        figure = heat.figure(self.services, self.text, question, method, None)
        layers = figure["layers"]
        return {
            self.parts.heat_map: figure,
            self.parts.layer: gr.update(choices=layers, value=figure["layer"], interactive=bool(layers)),
            self.parts.heat: gr.update(visible=True),
            self.parts.question: question,
        }

    def explain_again(self, question: heat.Question | None, method: str, layer: str | None) -> Values:
        """The same by another method or for another layer."""
        if question is None:
            return {}
        figure = heat.figure(self.services, self.text, question, method, layer)
        choice = gr.update(value=figure["layer"] or layer, interactive=bool(figure["layers"]))
        return {self.parts.heat_map: figure, self.parts.layer: choice}

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
            self.parts.listed: (ready, missing),
        }

    def update_lists(self, current: list[str], listed: Any, kept: Any, request: gr.Request) -> Values:
        """The same where they have changed; an open list stays as it is."""
        values = self.list_models(current, kept, request)
        return {} if values[self.parts.listed] == listed else values

    def download(self, wanted: str | None, ids: list[str], kept: Any, request: gr.Request) -> Iterator[Values]:
        """Download ImageNet's weights, and have their model answer first."""
        if not wanted:
            return
        for words, here in fetch.fetched(self.services, self.text, wanted):
            status = {self.parts.download_status: words}
            first = [wanted, *(one for one in ids or [] if one != wanted)][:MOST_NETWORKS]
            yield status | (self.list_models(ids, kept, request, first) if here else {})

    def _detail(self, index: int, uploaded: Uploads, ids: list[str], *options: Any) -> Values:
        hidden = {self.parts.heat: HIDDEN}
        if not uploaded or not 0 <= index < len(uploaded):
            return hidden | {self.parts.index: 0}
        path = uploaded[index][0]
        figure = answers.figure(self.services, self.text, path, ids or [], Options(*options))
        return hidden | {self.parts.figure: figure | {"file": Path(path).name}, self.parts.index: index}
