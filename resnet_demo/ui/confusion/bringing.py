"""What a visitor brings to be judged: predictions as a file, a network of their own, labelled pictures for a network.

Components and their handlers; files are read by `data.predictions`, `runs.uploaded` and `runs.labelled`. Nothing of it
is shown to anybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from ...data.dataset import Split
from ...data.own import OWN
from ...data.predictions import Table, read_predictions
from ...runs.labelled import evaluate_labelled, mapping_text, match_classes, parse_mapping
from ...runs.uploaded import make_uploaded_run
from ...services import Services
from ..components.notice import notice, said
from ..errors import REFUSALS, sentence
from ..frame import Frame
from ..runs import title
from ..text import Text
from ..train.viewing import found_run
from ..visitor import visitor
from . import source
from .source import Answers

QUIET = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
LOADING = {"show_progress": "minimal", "api_visibility": "private", "concurrency_id": "bring", "concurrency_limit": 2}
CIFAR_MEAN, CIFAR_STD = "0.4914, 0.4822, 0.4465", "0.2470, 0.2435, 0.2616"  # what published CIFAR-10 networks use
NAMED = 10  # columns that are listed
SEEN_AT = 64  # pixels of labelled pictures as the page shows them


@dataclass(frozen=True, eq=False)
class Brought:
    """Answers that are no run's own. name: for people. table: the file they came in, if they did."""

    name: str
    answers: Answers
    table: Table | None = None


class Bringing:
    """The folded parts for own predictions, own networks and own labelled pictures."""

    def __init__(self, services: Services, text: Text):
        self.services, self.text = services, text
        with gr.Accordion(text("bring.predictions"), open=False, elem_id="bring-predictions"):
            self.file = gr.File(
                label=text("bring.file"), file_types=[".csv", ".tsv", ".txt", ".parquet"], height=160,
                elem_id="bring-file",
            )  # fmt: skip
            gr.Markdown(text("bring.about"))
            self.said = notice(elem_id="bring-said")
        with gr.Accordion(text("bring.network"), open=False, elem_id="bring-network"):
            self.weights = gr.File(
                label=text("bring.weights"), file_types=[".pth", ".pt", ".th", ".safetensors"], height=160,
                elem_id="bring-weights",
            )  # fmt: skip
            self.classes = gr.Textbox(
                label=text("bring.classes"), info=text("bring.classes.info"), lines=2, elem_id="bring-classes"
            )
            self.size = gr.Number(32, label=text("bring.size"), precision=0, elem_id="bring-size")
            with gr.Row():
                self.mean = gr.Textbox(CIFAR_MEAN, label=text("bring.mean"), min_width=120, elem_id="bring-mean")
                self.std = gr.Textbox(CIFAR_STD, label=text("bring.std"), min_width=120, elem_id="bring-std")
            self.take = gr.Button(text("bring.take"), size="sm", elem_id="bring-take")
            self.network_said = notice(elem_id="bring-network-said")
        with gr.Accordion(text("bring.labelled"), open=False, elem_id="bring-labelled"):
            self.zip = gr.File(label=text("own.file"), file_types=[".zip"], height=160, elem_id="bring-zip")
            self.mapping = gr.Textbox(
                label=text("bring.mapping"), info=text("bring.mapping.info"), lines=3, elem_id="bring-mapping"
            )
            self.judge = gr.Button(text("bring.judge"), size="sm", elem_id="bring-judge")
            self.labelled_said = notice(elem_id="bring-labelled-said")
        self.key = gr.State("")  # of the labelled pictures

    def wire(
        self,
        frame: Frame,
        brought: gr.State,
        chosen: Sequence[Any],
        everything: Sequence[Any],
        shown: Callable[..., list[Any]],
        runs_for: Callable[..., Any],
    ) -> None:
        """Connect the parts. `shown(*chosen)` gives the values of `everything`; runs_for: updates of `chosen`'s first
        two, for a run that has come."""
        services, text, kept = self.services, self.text, frame.kept
        same = [gr.skip()] * len(everything)

        def read(path: str | None, written: str) -> list[Any]:
            if not path:
                return [said(), gr.skip(), *same]
            try:
                table = read_predictions(path, name=Path(path).name)
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), gr.skip(), *same]
            found = Brought(table.name, source.from_table(table), table)
            told = text("bring.read", count=f"{len(table.true):,}", classes=f"{len(table.classes):,}")
            if table.ignored:
                told += " " + text("bring.ignored", columns=", ".join(table.ignored[:NAMED]))
            return [said(told), found, *shown(None, None, written, found)]

        def take(path: str | None, names: str, size: Any, mean: str, std: str, kept: Any, request: gr.Request) -> list:
            if not path:
                return [said(text("bring.network.none"), error=True), kept]
            who = visitor(services, request, kept)
            try:
                made = services.manager.adopt(
                    lambda root: make_uploaded_run(
                        Path(path), root, classes=names or "", input_size=int(size) if size else None,
                        mean=mean, std=std, name=Path(path).stem,
                    ),
                    who.address,
                )  # fmt: skip
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), kept]
            kept = {**(kept or {}), made.run.id: made.token}
            return [said(text("bring.network.done", network=made.run.config.model.title)), kept]

        def look(path: str | None, run_id: Any, request: gr.Request) -> list[Any]:
            run = found_run(services, run_id)
            if not path or run is None:
                return [said(), "", ""]
            try:
                who = visitor(services, request)
                key = services.own.add(path, Path(path).stem, SEEN_AT, "" if who.local else who.address)
                theirs = services.own.preview(key, SEEN_AT).classes
                mapping = match_classes(theirs, run.config.classes)
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), "", ""]
            told = text("bring.matched", count=len(mapping), classes=len(theirs))
            return [said(told), mapping_text(mapping, theirs, run.config.classes), OWN + key]

        def judge(key: str, written: str, run_id: Any, groups: str) -> list[Any]:
            run = found_run(services, run_id)
            if not key or run is None:
                return [said(text("bring.labelled.none"), error=True), gr.skip(), *same]
            try:
                found = self.judged(key, written, run_id)
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), gr.skip(), *same]
            return [said(), found, *shown(run_id, None, groups, found)]

        which, groups = chosen[0], chosen[2]
        self.file.upload(read, [self.file, groups], [self.said, brought, *everything], **LOADING)
        inputs = [self.weights, self.classes, self.size, self.mean, self.std, kept]
        self.take.click(take, inputs, [self.network_said, kept], **LOADING).then(
            runs_for, [which, kept], [which], **QUIET
        )
        self.zip.upload(look, [self.zip, which], [self.labelled_said, self.mapping, self.key], **LOADING)
        self.judge.click(
            judge, [self.key, self.mapping, which, groups], [self.labelled_said, brought, *everything], **LOADING
        )

    def judged(self, key: str, written: str, run_id: str) -> Brought:
        """What a run's network answers to labelled pictures."""
        services, text = self.services, self.text
        classifier = services.catalogue.get(run_id)
        dataset = services.own.load(key, SEEN_AT)
        mapping = parse_mapping(written, dataset.classes, classifier.classes)
        loaded = services.store.get(classifier)
        name = title(services, classifier, text)
        answers = evaluate_labelled(
            loaded.model, classifier.preprocess, classifier.classes, dataset, mapping, services.own.path(key),
            name=name, lock=loaded.lock,
        )  # fmt: skip
        images = [dataset.train.images, *([dataset.test.images] if dataset.test is not None else [])]
        split = Split(np.concatenate(images), np.zeros(sum(map(len, images)), np.int64))
        found = source.from_predictions(answers, services.runs.get(run_id), "")
        return Brought(text("bring.judged", network=name), source.with_pictures(found, split))
