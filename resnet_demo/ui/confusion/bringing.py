"""What a visitor brings to be judged: predictions as a file, a network of their own, labelled pictures for a network.

Components and their handlers; files are read by `data.predictions`, `runs.uploaded` and `runs.labelled`. Nothing of it
is shown to anybody else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from ...data.dataset import Split
from ...data.own import OWN
from ...data.predictions import read_predictions
from ...runs.labelled import evaluate_labelled, mapping_text, match_classes, parse_mapping
from ...runs.uploaded import make_uploaded_run
from ...services import Services
from ..components.choices import Choices
from ..components.folder import brought as brought_folder
from ..components.folder import folder
from ..components.notice import notice, said
from ..errors import REFUSALS, sentence
from ..frame import EVERY, Frame
from ..runs import choices, title
from ..text import Text
from ..visitor import Visitor, visitor
from ..watched import Report, watched
from . import source
from .choosing import Brought

QUIET = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
LOADING = {"show_progress": "minimal", "api_visibility": "private", "concurrency_id": "bring", "concurrency_limit": 2}
CIFAR_MEAN, CIFAR_STD = "0.4914, 0.4822, 0.4465", "0.2470, 0.2435, 0.2616"  # what published CIFAR-10 networks use
NAMED = 10  # columns that are listed
SEEN_AT = 64  # pixels of labelled pictures as the page shows them


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
        with gr.Accordion(text("bring.labelled"), open=False, elem_id="bring-labelled") as self.part:
            self.judging = Choices(
                [], label=text("bring.judging"), elem_id="bring-judging", filterable=False, interactive=True
            )
            self.zip = gr.File(label=text("own.file"), file_types=[".zip"], height=160, elem_id="bring-zip")
            limits = services.own.limits
            self.folder = folder(text, files=limits.files, size=limits.packed, elem_id="bring-folder")
            self.mapping = gr.Textbox(
                label=text("bring.mapping"), info=text("bring.mapping.info"), lines=3, elem_id="bring-mapping"
            )
            self.judge = gr.Button(text("bring.judge"), size="sm", elem_id="bring-judge")
            self.labelled_said = notice(elem_id="bring-labelled-said")
        self.key = gr.State("")  # of the labelled pictures

    def networks(self, who: Visitor, now: Any) -> Any:
        """The list of the networks that can be asked, ImageNet's too; `now` stays chosen."""
        known = choices(self.services, self.text, who)
        ids = [one for _, one in known]
        return gr.update(choices=known, value=now if now in ids else ids[0] if ids else None)

    def wire(
        self,
        frame: Frame,
        which: gr.Dropdown,
        brought: gr.State,
        came: gr.State,
        list_runs: Callable[..., Any],
    ) -> None:
        """Connect the parts. `came` changes when `brought` is to be shown; list_runs: updates `which`."""
        services, text, kept = self.services, self.text, frame.kept
        same = [gr.skip(), gr.skip()]

        def read(path: str | None) -> list[Any]:
            if not path:
                return [said(), *same]
            try:
                table = read_predictions(path, name=Path(path).name)
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), *same]
            found = Brought(table.name, source.from_table(table), table)
            told = text("bring.read", count=f"{len(table.true):,}", classes=f"{len(table.classes):,}")
            if table.ignored:
                told += " " + text("bring.ignored", columns=", ".join(table.ignored[:NAMED]))
            return [said(told), found, time.monotonic()]

        def take(path: str | None, names: str, size: Any, mean: str, std: str, kept: Any, request: gr.Request) -> list:
            if not path:
                return [said(text("bring.network.none"), error=True), kept, gr.skip()]
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
                return [said(sentence(error, text), error=True), kept, gr.skip()]
            kept = {**(kept or {}), made.run.id: made.token}
            told = said(text("bring.network.done", network=made.run.config.model.title))
            return [told, kept, self.networks(visitor(services, request, kept), made.run.id)]

        def look_at_zip(path: str | None, network: Any, request: gr.Request) -> list[Any]:
            return look(Path(path), Path(path).stem, network, request) if path else [said(), "", ""]

        def look_at_folder(value: Any, network: Any, request: gr.Request) -> list[Any]:
            sent = brought_folder(value)
            return look(*sent, network, request) if sent else [gr.skip()] * 3

        def look(path: Path, name: str, network: Any, request: gr.Request) -> list[Any]:
            if not network:
                return [said(), "", ""]
            try:
                who = visitor(services, request)
                key = services.own.add(path, name, SEEN_AT, "" if who.local else who.address)
                return [*self.matched(key, network), OWN + key]
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), "", ""]

        def match(key: str, network: Any) -> list[Any]:
            if not key:
                return [said(), ""]
            try:
                return self.matched(key, network)
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), ""]

        def judge(key: str, written: str, network: Any) -> Iterator[list[Any]]:
            if not key or not network:
                yield [said(text("bring.labelled.none"), error=True), *same]
                return
            found: list[Brought] = []
            try:
                for done, total in watched(lambda report: found.append(self.judged(key, written, network, report))):
                    yield [said(text("confusion.again.progress", done=done, total=total)), *same]
            except REFUSALS as error:
                yield [said(sentence(error, text), error=True), *same]
                return
            yield [said(), found[0], time.monotonic()]

        def list_networks(now: Any, kept: Any, request: gr.Request) -> Any:
            return self.networks(visitor(services, request, kept), now)

        def leave() -> list[Any]:
            return [said(), None, time.monotonic()]

        self.file.upload(read, self.file, [self.said, brought, came], **LOADING)
        self.file.clear(leave, None, [self.said, brought, came], **LOADING)
        inputs = [self.weights, self.classes, self.size, self.mean, self.std, kept]
        self.take.click(take, inputs, [self.network_said, kept, self.judging], **LOADING).then(
            list_runs, [which, kept], [which], **QUIET
        )
        mapped = [self.labelled_said, self.mapping]
        self.part.expand(list_networks, [self.judging, kept], self.judging, **QUIET)
        self.judging.focus(list_networks, [self.judging, kept], self.judging, **QUIET)
        self.judging.input(match, [self.key, self.judging], mapped, **EVERY, **QUIET)
        self.zip.upload(look_at_zip, [self.zip, self.judging], [*mapped, self.key], **LOADING)
        self.folder.bring(look_at_folder, [self.folder, self.judging], [*mapped, self.key], **LOADING)
        self.judge.click(judge, [self.key, self.mapping, self.judging], [self.labelled_said, brought, came], **LOADING)

    def matched(self, key: str, network: str) -> list[Any]:
        """(sentence, mapping as text) of labelled pictures and a network."""
        theirs, ours = self.services.own.preview(key, SEEN_AT).classes, self.services.catalogue.get(network).classes
        mapping = match_classes(theirs, ours)
        told = self.text("bring.matched", count=len(mapping), classes=len(theirs))
        return [said(told), mapping_text(mapping, theirs, ours)]

    def judged(self, key: str, written: str, network: str, report: Report) -> Brought:
        """What a network answers to labelled pictures."""
        services, text = self.services, self.text
        classifier = services.catalogue.get(network)
        dataset = services.own.load(key, SEEN_AT)
        mapping = parse_mapping(written, dataset.classes, classifier.classes)
        loaded = services.store.get(classifier)
        name = title(services, classifier, text)
        answers = evaluate_labelled(
            loaded.model, classifier.preprocess, classifier.classes, dataset, mapping, services.own.path(key),
            name=name, lock=loaded.lock, progress=report,
        )  # fmt: skip
        images = [dataset.train.images, *([dataset.test.images] if dataset.test is not None else [])]
        split = Split(np.concatenate(images), np.zeros(sum(map(len, images)), np.int64))
        return Brought(text("bring.judged", network=name), source.from_predictions(answers, classifier, split=split))
