"""Where the pictures of some answers are not to be had: why, and what helps. Fetching the data set, or asking the
network again about the data set that is here; with progress, for this visitor alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr
import numpy as np
import torch

from ...data.datasets import availability, list_datasets
from ...engine.evaluate import evaluation_rows, predict_split
from ...inference.classifier import from_run
from ...library import answers as source
from ...library.answers import BY_EPOCH, Answers
from ...library.datasets import dataset_of, is_available
from ...library.runs import has_private_images, usable_run
from ...runs.folder import RunFolder
from ...services import Services
from ..components.notice import notice, said
from ..errors import REFUSALS, sentence
from ..runs import data_title, run_title
from ..shared.data_download import fetched
from ..text import Text
from ..visitor import visitor
from ..watched import Report, watched
from .choosing import Brought, Choice, held

HIDDEN = {"show_progress": "hidden", "api_visibility": "private"}


class Remedy:
    """A sentence and two buttons; `outputs` are filled by `filled`."""

    def __init__(self, services: Services, text: Text):
        self.services, self.text = services, text
        self.said = notice(elem_id="confusion-remedy")
        self.fetch = gr.Button(visible=False, size="sm", elem_id="confusion-fetch")
        self.again = gr.Button(text("confusion.again"), visible=False, size="sm", elem_id="confusion-again")
        self.outputs = [self.said, self.fetch, self.again]

    def filled(self, found: Answers | None, choice: Choice) -> list[Any]:
        """Values of `outputs` for answers, or where there are none for the run and set that were chosen."""
        services, text = self.services, self.text
        run, hidden = None if choice.own else usable_run(services, choice.run), gr.update(visible=False)
        if run is None or not source.has_answers(run):
            return [said(), hidden, hidden]
        fetchable = run.config.data in list_datasets() and not is_available(services, run.config.data)
        why = source.pictures(services, found).why if found else self.missing(run, choice.name, fetchable)
        words = {"data": data_title(run.config.data, text)}
        if why == "absent" and fetchable:
            there = availability(run.config.data, services.places.data, services.places.cache)
            button = gr.update(value=text("confusion.fetch", megabytes=there.megabytes, **words), visible=True)
            return [said(text("confusion.remedy.absent", **words)), button, hidden]
        if why == "fingerprint":
            possible = run.has_weights() and choice.name not in BY_EPOCH
            return [said(text("confusion.remedy.fingerprint", **words)), hidden, gr.update(visible=possible)]
        return [said(text(f"confusion.remedy.{why}", **words) if why in ("epochs", "private") else ""), hidden, hidden]

    def missing(self, run: RunFolder, name: Any, fetchable: bool) -> str:
        """Why there are no answers on a set that a run has."""
        if name not in BY_EPOCH or not source.epochs(run):
            return ""
        return "absent" if fetchable else "epochs"

    def wire(self, chosen: Sequence[Any], brought: gr.State, came: gr.State) -> None:
        """Connect the buttons; `came` changes when there is something new to show, `brought` first if it is what."""
        services, text = self.services, self.text

        def fetch(request: gr.Request, *values: Any) -> Iterator[list[Any]]:
            run = usable_run(services, Choice(*values).run)
            if run is None or run.config.data not in list_datasets():
                return
            for words, here in fetched(services, text, run.config.data):
                yield [words, time.monotonic() if here else gr.skip()]

        def again(request: gr.Request, *values: Any) -> Iterator[list[Any]]:
            choice, found = Choice(*values), []
            run, who = usable_run(services, choice.run), visitor(services, request, choice.kept)
            if run is None or choice.name in BY_EPOCH or has_private_images(services, run, who):
                return
            named = text("confusion.again.title", run=run_title(services.runs, run, text))
            note = text("confusion.again.note", data=data_title(run.config.data, text))
            try:
                for done, total in watched(lambda report: found.append(evaluated(services, run, choice.name, report))):
                    yield [said(text("confusion.again.progress", done=done, total=total)), gr.skip(), gr.skip()]
                shown = held(services, Brought(named, found[0], note=note), who)
            except REFUSALS as error:
                yield [said(sentence(error, text), error=True), gr.skip(), gr.skip()]
                return
            yield [said(), shown, time.monotonic()]

        shared = {"concurrency_limit": 2, **HIDDEN}
        self.fetch.click(fetch, chosen, [self.said, came], concurrency_id="fetch", **shared)
        self.again.click(again, chosen, [self.said, brought, came], concurrency_id="evaluate", **shared)


def evaluated(services: Services, run: RunFolder, name: str, report: Report) -> Answers:
    """What a run's network answers on the data set of this name that is here; one of REFUSALS if it cannot be asked.

    report: told (pictures done, pictures in all).
    """
    dataset = dataset_of(services, run.config)
    split, rows = evaluation_rows(dataset, run.config.split_seed)["test" if name == "test-lossless" else name]
    if name == "test-lossless" and dataset.lossless_test_rows is not None:
        rows = np.asarray(dataset.lossless_test_rows, np.int64)
    config = run.config
    # a network of its own: that of the store is shared with visitors who hook it
    found = predict_split(run.load_model(), split, rows, config.mean, config.std, torch.device("cpu"), report)
    known = {"name": name, "data": dataset.fingerprint, "split": split}
    return replace(source.from_predictions(found, from_run(run), **known), labels=np.asarray(found.labels, np.int64))
