"""Pictures that a visitor brings to train on: a zip or a folder with a folder for each class, checked, counted, shown.

Components and their handlers; the checks are `data.own`'s. What was brought stays the visitor's own: its id, which
nobody can guess, is remembered by their browser beside their runs.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from ..text import Text
from ..uploads import uploaded
from ..visitor import visitor

PREVIEWED_AT = 64  # pixels
MOST_SKIPPED = 5  # sentences about files that were left out


def remembered(kept: Any) -> list[str]:
    """The ids of the pictures in what a browser remembers: {"own:<id>": name}."""
    return [key for key in kept or {} if isinstance(key, str) and key.startswith(OWN)]


def choices(services: Services, kept: Any, text: Text) -> list[tuple[str, str]]:
    """(title, data name) of the pictures that the visitor brought and that are still here."""
    return [(text("own.choice", name=str(kept[key])[:60]), key) for key in remembered(kept) if services.own.has(key)]


class OwnPart:
    """The folded part for own pictures."""

    def __init__(self, services: Services, text: Text):
        self.services, self.text = services, text
        with gr.Accordion(text("own.label"), open=False, elem_id="own"):
            self.file = gr.File(
                label=text("own.file"), file_types=[".zip"], file_count="single", height=160, elem_id="own-file"
            )
            limits = services.own.limits
            self.folder = folder(text, files=limits.files, size=limits.packed, elem_id="own-folder")
            gr.Markdown(text("own.about"))
            self.said = notice(elem_id="own-said")
            self.classes = table(
                text, elem_id="own-classes", name="classes", label=text("own.classes"), selectable=False, height=280,
                compact=True,
            )  # fmt: skip
            self.remove = gr.Button(text("own.remove"), size="sm", visible=False, elem_id="own-remove")

    def wire(self, data: gr.Dropdown, listed: Any, kept: gr.BrowserState) -> None:
        """Connect the upload: what was brought is chosen in `data`, whose choices `listed(kept)` gives."""
        services, text = self.services, self.text

        def take_zip(path: str | None, remembered: Any, request: gr.Request) -> Sequence[Any]:
            return take(Path(path), Path(path).stem, remembered, request) if path else [gr.skip()] * 5

        def take_folder(value: Any, remembered: Any, request: gr.Request) -> Sequence[Any]:
            sent = brought(value)
            return take(*sent, remembered, request) if sent else [gr.skip()] * 5

        def take(path: Path, name: str, remembered: Any, request: gr.Request) -> Sequence[Any]:
            try:
                who = visitor(services, request)
                key = services.own.add(uploaded(path), name, PREVIEWED_AT, "" if who.local else who.address)
                found = services.own.preview(key, PREVIEWED_AT)
            except REFUSALS as error:
                return [said(sentence(error, text), error=True), None, gr.skip(), gr.update(visible=False), gr.skip()]
            remembered = {**(remembered or {}), OWN + key: name}
            chosen = gr.update(choices=listed(remembered), value=OWN + key)
            return [said(told(found, text)), counted(found, text), chosen, gr.update(visible=True), remembered]

        def remove(chosen: str, remembered: Any) -> Sequence[Any]:
            remembered = dict(remembered or {})
            if remembered.pop(chosen, None) is not None:
                services.own.remove(chosen)
            left = listed(remembered)
            return [
                said(text("own.removed")), None, gr.update(choices=left, value=left[0][1] if left else None),
                gr.update(visible=False), remembered,
            ]  # fmt: skip

        outputs = [self.said, self.classes, data, self.remove, kept]
        # shared with what Confusion takes: few zips are decoded at a time
        loading = {
            "show_progress": "minimal", "api_visibility": "private", "concurrency_id": "bring", "concurrency_limit": 2
        }  # fmt: skip
        self.file.upload(take_zip, [self.file, kept], outputs, **loading)
        self.folder.bring(take_folder, [self.folder, kept], outputs, **loading)
        self.remove.click(remove, [data, kept], outputs, show_progress="hidden", api_visibility="private")


def told(preview: Preview, text: Text) -> str:
    """How many pictures and classes there are, what is uneven about them, and which files were left out."""
    words = [text("own.found", pictures=f"{sum(preview.counts):,}", classes=len(preview.classes))]
    words += [text(f"own.warn.{reason}", **values) for reason, values in preview.warnings]
    if preview.skipped:
        files = " ".join(sentence(one, text) for one in preview.skipped[:MOST_SKIPPED])
        words.append(text("own.skipped", count=len(preview.skipped), files=files))
    return " ".join(words)


def counted(preview: Preview, text: Text) -> dict[str, Any]:
    """A row for each class: an example, its name, and how many pictures it has."""
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
