"""Where images are missing: why, and what helps. Downloading the data set, or classifying the one that is here again.

Each handler returns the new values by component, with progress, for this visitor alone. No handler makes a component:
`parts` may be any object with the names of `missing_layout.MissingParts`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np
import torch

from ...data.datasets import availability, list_datasets
from ...engine.evaluate import evaluation_rows, predict_split
from ...inference.classifier import from_run
from ...library.answers import (
    BY_EPOCH,
    Answers,
    answers_from_predictions,
    has_answers,
    pictures,
    recorded_epochs,
)
from ...library.datasets import await_prepared, dataset_of, is_available
from ...library.runs import has_private_images, usable_run
from ...runs.folder import RunFolder
from ...services import Services
from ..components.notice import said
from ..errors import REFUSALS, sentence
from ..runs import data_title, run_title
from ..shared.data_download import fetched
from ..text import Text
from ..visitor import visitor
from ..watched import Report, watched
from .choice import Choice, OwnAnswers, hold_in_memory

if TYPE_CHECKING:
    from .missing_layout import MissingParts

Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = gr.update(visible=False)


class MissingHandlers:
    """The handlers of the section; `values` also serves those of the tab."""

    def __init__(self, services: Services, text: Text, parts: MissingParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def values(self, answers: Answers | None, choice: Choice) -> Values:
        """Say what is missing for these answers, or why the run and set that are chosen have none."""
        parts, run = self.parts, None if choice.own else usable_run(self.services, choice.run)
        nothing = {parts.status: said(), parts.download: HIDDEN, parts.evaluate: HIDDEN}
        if run is None or not has_answers(run):
            return nothing
        why = self._why(run, answers, choice)
        if not why:
            return nothing
        data = data_title(run.config.data, self.text)
        values = nothing | {parts.status: said(self.text(f"confusion.remedy.{why}", data=data))}
        if why == "absent":
            places = self.services.places
            size = availability(run.config.data, places.data, places.cache).megabytes
            words = self.text("confusion.fetch", megabytes=size, data=data)
            values[parts.download] = gr.update(value=words, visible=True)
        if why == "fingerprint":
            values[parts.evaluate] = gr.update(visible=run.has_weights() and choice.set_name not in BY_EPOCH)
        return values

    async def await_images(self, request: gr.Request, *values: Any) -> bool:
        """Wait, in no thread, until the images of the run are in the cache, or cannot be; whether there was a need."""
        run = usable_run(self.services, Choice(*values).run)
        return bool(run and await await_prepared(self.services, run.config, visitor(self.services, request)))

    def download(self, request: gr.Request, *values: Any) -> Iterator[Values]:
        """Download the run's data set."""
        run = usable_run(self.services, Choice(*values).run)
        if run is None or run.config.data not in list_datasets():
            return
        for status, is_here in fetched(self.services, self.text, run.config.data):
            yield {self.parts.status: status} | ({self.parts.arrived: time.monotonic()} if is_here else {})

    def evaluate(self, request: gr.Request, *values: Any) -> Iterator[Values]:
        """Classify the data set that is here with the run's model, and show these answers instead."""
        services, text, choice, results = self.services, self.text, Choice(*values), []
        run, name, who = usable_run(services, choice.run), choice.set_name, visitor(services, request, choice.kept)
        if run is None or name in BY_EPOCH or has_private_images(services, run, who):
            return
        title = text("confusion.again.title", run=run_title(services.runs, run, text))
        note = text("confusion.again.note", data=data_title(run.config.data, text))
        try:
            for done, total in watched(lambda report: results.append(evaluated(services, run, name, report))):
                yield {self.parts.status: said(text("confusion.again.progress", done=done, total=total))}
            own = hold_in_memory(services, OwnAnswers(title, results[0], note=note), who)
        except REFUSALS as error:
            yield {self.parts.status: said(sentence(error, text), error=True)}
            return
        yield {self.parts.status: said(), self.parts.own: own, self.parts.refresh: time.monotonic()}

    def _why(self, run: RunFolder, answers: Answers | None, choice: Choice) -> str:
        """Which sentence applies: absent, missing (and cannot be downloaded), fingerprint, epochs, private, or ""."""
        downloadable = run.config.data in list_datasets() and not is_available(self.services, run.config.data)
        if answers:
            why = pictures(self.services, answers).why
            return "missing" if why == "absent" and not downloadable else why
        if choice.set_name not in BY_EPOCH or not recorded_epochs(run):
            return ""
        return "absent" if downloadable else "epochs"


def evaluated(services: Services, run: RunFolder, name: str, report: Report) -> Answers:
    """The answers of a run's model on the set of this name in the data set that is here; one of REFUSALS if it fails.

    report: called with (images done, images in all).
    """
    config, dataset = run.config, dataset_of(services, run.config)
    split, rows = evaluation_rows(dataset, config.split_seed)["test" if name == "test-lossless" else name]
    if name == "test-lossless" and dataset.lossless_test_rows is not None:
        rows = np.asarray(dataset.lossless_test_rows, np.int64)
    # a model of its own: visitors hook the one in the store
    predictions = predict_split(run.load_model(), split, rows, config.mean, config.std, torch.device("cpu"), report)
    known = {"name": name, "data": dataset.fingerprint, "split": split}
    answers = answers_from_predictions(predictions, from_run(run), **known)
    return replace(answers, labels=np.asarray(predictions.labels, np.int64))
