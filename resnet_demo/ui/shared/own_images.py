"""Images that a visitor uploads to train on: a zip or a folder with a folder for each class, checked, counted, shown.

A section of a page: its components, handlers and wiring. `data.own` checks and stores the images. Their id, which
nobody can guess, is kept by the visitor's browser beside its runs. It must not depend on a tab.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

from ...data.own import OWN, Preview
from ...services import Services
from ..components.address import data_address
from ..components.folder import brought, folder
from ..components.notice import notice, said
from ..components.table import table
from ..errors import REFUSALS, sentence
from ..events import EVERY, PRIVATE
from ..latest import Entries
from ..runs import data_choices
from ..text import Text
from ..uploads import uploaded
from ..visitor import visitor

PREVIEW_SIZE = 64  # px
MOST_SKIPPED = 5  # sentences about files that were left out
HIDDEN = gr.update(visible=False)
# with the zips that Confusion takes: few are decoded at a time
LOADING = PRIVATE | {"show_progress": "minimal", "concurrency_id": "bring", "concurrency_limit": 2}
Values = dict[Any, Any]  # by component; what is left out stays as it is


def remembered(kept: Any) -> list[str]:
    """The ids of uploaded images in what a browser keeps: {"own:<id>": name}."""
    return [key for key in kept or {} if isinstance(key, str) and key.startswith(OWN)]


def choices(services: Services, kept: Any, text: Text) -> list[tuple[str, str]]:
    """(title, data name) of the images that the visitor has uploaded and that are still stored."""
    return [(text("own.choice", name=str(kept[key])[:60]), key) for key in remembered(kept) if services.own.has(key)]


def own_key(services: Services, kept: Any, data: str) -> str:
    """The key of the visitor's own images that a run's configuration names as `data`; "" for what is not theirs."""
    names = [one for one in remembered(kept) if services.own.has(one)]
    return next((one.removeprefix(OWN) for one in names if services.own.data(one) == data), "")


def all_data(services: Services, kept: Any, text: Text) -> list[tuple[str, str]]:
    """(title, data name) of all that the visitor can train on: the data sets on this machine, then their own images."""
    return [*data_choices(services, text), *choices(services, kept, text)]


@dataclass(frozen=True)
class Parts:
    """The components of the section. status: a sentence. classes: a table of the images that were uploaded last."""

    file: Any
    folder: Any
    status: Any
    classes: Any
    remove: Any


def upload_section(services: Services, text: Text) -> Parts:
    """Lay out the section, folded."""
    limits, label = services.own.limits, text("own.classes")
    with gr.Accordion(text("own.label"), open=False, elem_id="own"):
        file = gr.File(label=text("own.file"), file_types=[".zip"], file_count="single", height=160, elem_id="own-file")
        images = folder(text, files=limits.files, size=limits.packed, elem_id="own-folder")
        gr.Markdown(text("own.about"))
        return Parts(
            file=file,
            folder=images,
            status=notice(elem_id="own-said"),
            classes=table(
                text, elem_id="own-classes", name="classes", label=label, selectable=False, height=280, compact=True
            ),
            remove=gr.Button(text("own.remove"), size="sm", visible=False, elem_id="own-remove"),
        )


class Handlers:
    """The handlers of the section on one page.

    data: the list of data sets, in which uploaded images are selected. kept: what the browser keeps.
    """

    def __init__(self, services: Services, text: Text, parts: Parts, data: Any, kept: Any) -> None:
        self.services, self.text, self.parts, self.data, self.kept = services, text, parts, data, kept

    def upload_zip(self, path: str | None, kept: Any, request: gr.Request) -> Values:
        """Take a zip."""
        return self._upload(Path(path), Path(path).stem, kept, request) if path else {}

    def upload_folder(self, value: Any, kept: Any, request: gr.Request) -> Values:
        """Take a folder, which the browser has packed into a zip."""
        file = brought(value)
        return self._upload(*file, kept, request) if file else {}

    def remove(self, chosen: str, kept: Any) -> Values:
        """Delete the images that are selected in the list of data sets."""
        entries = {chosen: None} if chosen in remembered(kept) else {}
        if entries:
            self.services.own.remove(chosen)
        kept = Entries(kept, entries)
        left = all_data(self.services, kept, self.text)
        return {
            self.parts.status: said(self.text("own.removed")),
            self.parts.classes: None,
            self.parts.remove: HIDDEN,
            self.data: gr.update(choices=left, value=left[0][1] if left else None),
            self.kept: kept,
        }

    def _upload(self, path: Path, name: str, kept: Any, request: gr.Request) -> Values:
        """Store a zip of images, show its classes and select it as data set."""
        services, text, parts = self.services, self.text, self.parts
        try:
            who = visitor(services, request)
            key = services.own.add(uploaded(path), name, PREVIEW_SIZE, "" if who.local else who.address)
            preview = services.own.preview(key, PREVIEW_SIZE)
        except REFUSALS as error:
            return {parts.status: said(sentence(error, text), error=True), parts.classes: None, parts.remove: HIDDEN}
        kept = Entries(kept, {OWN + key: name})
        return {
            parts.status: said(summary(preview, text)),
            parts.classes: class_table(preview, text),
            parts.remove: gr.update(visible=True),
            self.data: gr.update(choices=all_data(services, kept, text), value=OWN + key),
            self.kept: kept,
        }


def wire(handlers: Handlers) -> None:
    """Connect the components to their handlers."""
    parts, data, kept = handlers.parts, handlers.data, handlers.kept
    outputs = [parts.status, parts.classes, data, parts.remove, kept]
    parts.file.upload(handlers.upload_zip, [parts.file, kept], outputs, **EVERY, **LOADING)
    parts.folder.bring(handlers.upload_folder, [parts.folder, kept], outputs, **EVERY, **LOADING)
    parts.remove.click(handlers.remove, [data, kept], outputs, **PRIVATE)


def summary(preview: Preview, text: Text) -> str:
    """How many images and classes there are, what is uneven about them, and which files were left out."""
    words = [text("own.found", pictures=f"{sum(preview.counts):,}", classes=len(preview.classes))]
    words += [text(f"own.warn.{reason}", **values) for reason, values in preview.warnings]
    if preview.skipped:
        files = " ".join(sentence(one, text) for one in preview.skipped[:MOST_SKIPPED])
        words.append(text("own.skipped", count=len(preview.skipped), files=files))
    return " ".join(words)


def class_table(preview: Preview, text: Text) -> dict[str, Any]:
    """A row for each class: an example, its name, and how many images it has."""
    most = max(preview.counts)
    columns = [
        {"key": "example", "title": text("own.column.example"), "image": True},
        {"key": "class", "title": text("own.column.class"), "wrap": True},
        {"key": "count", "title": text("own.column.count"), "numeric": True},
    ]
    rows = [
        {
            "example": data_address(Image.fromarray(example)),
            "class": name,
            "count": {"text": f"{count:,}", "sort": int(count), "bar": count / most},
        }
        for name, count, example in zip(preview.classes, preview.counts, preview.examples, strict=True)
    ]
    return {"columns": columns, "rows": rows}
