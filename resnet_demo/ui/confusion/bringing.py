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
from ...data.errors import DataError
from ...data.own import OWN, Lent
from ...data.predictions import ColumnChoice, read_head, read_predictions
from ...library import answers as source
from ...library.visitors import Visitor
from ...runs.labelled import evaluate_labelled, mapping_text, match_classes, parse_mapping
from ...runs.uploaded import make_uploaded_run
from ...services import Services
from ..components.choices import Choices
from ..components.folder import brought as brought_folder
from ..components.folder import folder
from ..components.notice import notice, said
from ..errors import REFUSALS, sentence
from ..events import EVERY, QUIET
from ..page_context import PageContext
from ..runs import choices, title
from ..text import Text
from ..uploads import upload_size, uploaded
from ..visitor import visitor
from ..watched import Report, watched
from .choosing import Brought, held
from .columns import ColumnQuestion

LOADING = {"show_progress": "minimal", "api_visibility": "private", "concurrency_id": "bring", "concurrency_limit": 2}
CIFAR_MEAN, CIFAR_STD = "0.4914, 0.4822, 0.4465", "0.2470, 0.2435, 0.2616"  # what published CIFAR-10 networks use
NAMED = 10  # columns that are listed
STANDARD = ("y_true", "y_pred")
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
            self.question = ColumnQuestion(text)
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
        self.images = gr.State(None)  # the labelled images, `Lent` for as long as this page holds them

    def networks(self, who: Visitor, now: Any) -> Any:
        """The list of the networks that can be asked, ImageNet's too; `now` stays chosen."""
        known = choices(self.services, self.text, who)
        ids = [one for _, one in known]
        return gr.update(choices=known, value=now if now in ids else ids[0] if ids else None)

    def wire(
        self,
        context: PageContext,
        which: gr.Dropdown,
        brought: gr.State,
        came: gr.State,
        list_runs: Callable[..., Any],
    ) -> None:
        """Connect the parts. `came` changes when `brought` is to be shown; list_runs: updates `which`."""
        services, text, kept = self.services, self.text, context.kept
        same = [gr.skip(), gr.skip()]

        question = self.question

        def read(path: str | None, request: gr.Request) -> list[Any]:
            if not path:
                return [said(), *same, *question.hidden()]
            try:
                try:
                    return [*self.predictions(path, visitor(services, request)), *question.hidden()]
                except DataError as error:
                    if error.reason != "table.unclear":
                        raise
                    told = said(text("columns.ask", name=error.values["name"]))
                    return [told, *same, *question.asked(read_head(uploaded(path)))]
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), *same, *question.hidden()]

        def use(path: str | None, request: gr.Request, *values: Any) -> list[Any]:
            if not path or (columns := question.choice(*values)) is None:
                return [said(text("columns.none"), error=True), *same]
            try:
                return self.predictions(path, visitor(services, request), columns)
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), *same]

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
                    who.address, upload_size(path),
                )  # fmt: skip
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), kept, gr.skip()]
            kept = {**(kept or {}), made.run.id: made.token}
            told = said(text("bring.network.done", network=made.run.config.model.title))
            return [told, kept, self.networks(visitor(services, request, kept), made.run.id)]

        def look_at_zip(path: str | None, network: Any, request: gr.Request) -> list[Any]:
            return look(Path(path), Path(path).stem, network, request) if path else [said(), "", None]

        def look_at_folder(value: Any, network: Any, request: gr.Request) -> list[Any]:
            sent = brought_folder(value)
            return look(*sent, network, request) if sent else [gr.skip()] * 3

        def look(path: Path, name: str, network: Any, request: gr.Request) -> list[Any]:
            if not network:
                return [said(), "", None]
            try:
                who = visitor(services, request)
                images = services.own.lend(uploaded(path), name, SEEN_AT, "" if who.local else who.address)
                return [*self.matched(images, network), images]
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), "", None]

        def match(images: Lent | None, network: Any) -> list[Any]:
            if not images:
                return [said(), ""]
            try:
                return self.matched(images, network)
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), ""]

        def judge(images: Lent | None, written: str, network: Any, request: gr.Request) -> Iterator[list[Any]]:
            if not images or not network:
                yield [said(text("bring.labelled.none"), error=True), *same]
                return
            found: list[Brought] = []
            try:
                for done, total in watched(lambda report: found.append(self.judged(images, written, network, report))):
                    yield [said(text("confusion.again.progress", done=done, total=total)), *same]
                shown = held(services, found[0], visitor(services, request))
            except REFUSALS as error:
                yield [said(sentence(error, text), error=True), *same]
                return
            yield [said(), shown, time.monotonic()]

        def list_networks(now: Any, kept: Any, request: gr.Request) -> Any:
            return self.networks(visitor(services, request, kept), now)

        def leave() -> list[Any]:
            return [said(), None, time.monotonic(), *question.hidden()]

        told = [self.said, brought, came]
        self.file.upload(read, self.file, [*told, *question.outputs], **LOADING)
        self.file.clear(leave, None, [*told, *question.outputs], **LOADING)
        question.button.click(use, [self.file, *question.chosen], told, **LOADING)
        inputs = [self.weights, self.classes, self.size, self.mean, self.std, kept]
        self.take.click(take, inputs, [self.network_said, kept, self.judging], **LOADING).then(
            list_runs, [which, kept], [which], **QUIET
        )
        mapped = [self.labelled_said, self.mapping]
        self.part.expand(list_networks, [self.judging, kept], self.judging, **QUIET)
        self.judging.focus(list_networks, [self.judging, kept], self.judging, **QUIET)
        self.judging.input(match, [self.images, self.judging], mapped, **EVERY, **QUIET)
        self.zip.upload(look_at_zip, [self.zip, self.judging], [*mapped, self.images], **LOADING)
        self.folder.bring(look_at_folder, [self.folder, self.judging], [*mapped, self.images], **LOADING)
        asked = [self.images, self.mapping, self.judging]
        self.judge.click(judge, asked, [self.labelled_said, brought, came], **LOADING)

    def predictions(self, path: str, who: Visitor, columns: ColumnChoice | None = None) -> list[Any]:
        """(sentence, what was uploaded, now) of a file of predictions; DataError if it cannot be read."""
        text, found = self.text, read_predictions(uploaded(path), name=Path(path).name, columns=columns)
        told = [text("bring.read", count=f"{len(found.true):,}", classes=f"{len(found.classes):,}")]
        if tuple(map(str.casefold, found.columns)) != STANDARD:
            true, predicted = found.columns
            told.append(text("bring.columns", true=true, predicted=predicted or text("columns.shares")))
        if found.ignored:
            told.append(text("bring.ignored", columns=", ".join(found.ignored[:NAMED])))
        brought = held(self.services, Brought(found.name, source.from_table(found), found), who)
        return [said(" ".join(told)), brought, time.monotonic()]

    def matched(self, images: Lent, network: str) -> list[Any]:
        """(sentence, mapping as text) of labelled pictures and a network."""
        theirs = self.services.own.preview(images.key, SEEN_AT).classes
        ours = self.services.catalogue.get(network).classes
        mapping = match_classes(theirs, ours)
        told = self.text("bring.matched", count=len(mapping), classes=len(theirs))
        return [said(told), mapping_text(mapping, theirs, ours)]

    def judged(self, images: Lent, written: str, network: str, report: Report) -> Brought:
        """What a network answers to labelled pictures."""
        services, text = self.services, self.text
        classifier = services.catalogue.get(network)
        dataset = services.own.load(OWN + images.key, SEEN_AT)
        mapping = parse_mapping(written, dataset.classes, classifier.classes)
        loaded = services.store.get(classifier)
        name = title(services, classifier, text)
        answers = evaluate_labelled(
            loaded.model, classifier.preprocess, classifier.classes, dataset, mapping, services.own.path(images.key),
            name=name, lock=loaded.lock, progress=report,
        )  # fmt: skip
        shown = dataset.train.images  # on disk, as long as `images` is
        if dataset.test is not None:
            shown = np.concatenate([shown, dataset.test.images])
        split = Split(shown, np.zeros(len(shown), np.int64))
        found = source.from_predictions(answers, classifier, split=split)
        return Brought(text("bring.judged", network=name), found, keeps=(images,))
