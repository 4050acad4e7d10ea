"""Data sets that are not on this machine yet: their sizes, and a download on a click, with progress.

A section of a page: its components, handler and wiring; `fetched` is the download alone. It must not depend on a tab.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ...data.datasets import availability, download_dataset, list_datasets
from ...data.errors import DataError
from ...services import Services
from ..components.notice import notice, said
from ..errors import sentence
from ..events import PRIVATE
from ..runs import data_title
from ..text import Text
from ..watched import Report, watched
from .own_images import all_data

Values = dict[Any, Any]  # by component; what is left out stays as it is


def missing(services: Services, text: Text) -> list[tuple[str, str]]:
    """(title with the size, name) of each data set that would have to be downloaded."""
    places = services.places
    states = ((name, availability(name, places.data, places.cache)) for name in list_datasets())
    return [
        (text("train.fetch.choice", data=data_title(name, text), megabytes=state.megabytes), name)
        for name, state in states
        if not state.ready
    ]


def fetched(services: Services, text: Text, name: str) -> Iterator[tuple[dict[str, Any], bool]]:
    """(notice to show, whether the data set is ready now), twice a second until it has been downloaded and decoded, or
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


@dataclass(frozen=True)
class Parts:
    """The components of the section. which: the data set to download. status: a notice. fold: all of it."""

    which: Any
    download: Any
    status: Any
    fold: Any


def download_section(services: Services, text: Text) -> Parts:
    """Lay out the section, folded; hidden where nothing is missing."""
    options = missing(services, text)
    with gr.Accordion(text("train.fetch"), open=False, visible=bool(options), elem_id="train-fetch") as fold:
        return Parts(
            which=gr.Dropdown(
                options, label=text("train.fetch.which"), filterable=False, interactive=True,
                elem_id="train-fetch-which",
            ),
            download=gr.Button(text("train.fetch.button"), size="sm", elem_id="train-fetch-button"),
            status=notice(elem_id="train-fetch-said"),
            fold=fold,
        )  # fmt: skip


class Handlers:
    """The handler of the section on one page. data: the list of data sets, in which a downloaded one is selected."""

    def __init__(self, services: Services, text: Text, parts: Parts, data: Any) -> None:
        self.services, self.text, self.parts, self.data = services, text, parts, data

    def download(self, name: str | None, kept: Any) -> Iterator[Values]:
        """Download a data set and select it."""
        services, text, parts = self.services, self.text, self.parts
        for status, ready in fetched(services, text, name) if name else ():
            values = {parts.status: status}
            if ready:
                options = missing(services, text)
                values |= {
                    self.data: gr.update(choices=all_data(services, kept, text), value=name),
                    parts.which: gr.update(choices=options, value=None),
                    parts.fold: gr.update(visible=bool(options)),
                }
            yield values


def wire(handlers: Handlers, kept: gr.BrowserState) -> None:
    """Connect the button to its handler."""
    parts = handlers.parts
    parts.download.click(
        handlers.download, [parts.which, kept], [parts.status, handlers.data, parts.which, parts.fold],
        concurrency_id="fetch", concurrency_limit=2, **PRIVATE,
    )  # fmt: skip
