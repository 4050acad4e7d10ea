"""Data sets that are not on this machine yet: their sizes, and fetching one on a click, with progress."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from ...data.datasets import availability, download_dataset, list_datasets
from ...data.errors import DataError
from ...services import Services
from ..components.notice import notice, said
from ..errors import sentence
from ..runs import data_title
from ..text import Text
from ..watched import Report, watched


def missing(services: Services, text: Text) -> list[tuple[str, str]]:
    """(words with the size, name) of each data set that would have to be fetched."""
    places = services.places
    found = ((name, availability(name, places.data, places.cache)) for name in list_datasets())
    return [
        (text("train.fetch.choice", data=data_title(name, text), megabytes=there.megabytes), name)
        for name, there in found
        if not there.ready
    ]


def fetched(services: Services, text: Text, name: str) -> Iterator[tuple[dict[str, Any], bool]]:
    """(sentence to show, whether the data set is here now), twice a second until it has been downloaded and decoded, or
    cannot be."""
    title, places = data_title(name, text), services.places

    def load(report: Report) -> None:
        download_dataset(name, data=places.data, cache=places.cache, progress=report)
        if work := services.preparing.begin(name, data=places.data, cache=places.cache):
            report(1, 1)  # all that is to be downloaded
            work.result()

    try:
        for done, total in watched(load):
            sizes = {"done": f"{done / 1e6:.1f}", "total": f"{total / 1e6:.1f}"}
            stage = "begun" if not total else "progress" if done < total else "decoding"
            yield said(text(f"train.fetch.{stage}", data=title, **sizes)), False
    except DataError as error:
        yield said(sentence(error, text), error=True), False
        return
    yield said(text("train.fetch.done", data=title)), True


class Fetching:
    """The folded part with the data sets that could be fetched; `here` fires when one has come."""

    def __init__(self, services: Services, text: Text):
        self.services, self.text = services, text
        absent = missing(services, text)
        with gr.Accordion(text("train.fetch"), open=False, visible=bool(absent), elem_id="train-fetch") as self.part:
            self.which = gr.Dropdown(
                absent, label=text("train.fetch.which"), filterable=False, interactive=True, elem_id="train-fetch-which"
            )
            self.button = gr.Button(text("train.fetch.button"), size="sm", elem_id="train-fetch-button")
            self.said = notice(elem_id="train-fetch-said")

    def wire(self, data: gr.Dropdown, choices: Any, kept: gr.BrowserState) -> None:
        """Connect the button: what has come is chosen in `data`, whose choices `choices(kept)` lists."""
        services, text = self.services, self.text

        def fetch(name: str | None, kept: Any) -> Iterator[tuple[Any, ...]]:
            for words, here in fetched(services, text, name) if name else ():
                if not here:
                    yield words, gr.skip(), gr.skip(), gr.skip()
                    continue
                absent = missing(services, text)
                chosen = gr.update(choices=choices(kept), value=name)
                yield words, chosen, gr.update(choices=absent, value=None), gr.update(visible=bool(absent))

        self.button.click(
            fetch, [self.which, kept], [self.said, data, self.which, self.part], show_progress="hidden",
            concurrency_id="fetch", concurrency_limit=2, api_visibility="private",
        )  # fmt: skip
