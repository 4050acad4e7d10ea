"""One picture and every published variant of a network: what they say, where they look, and who alone is right.

This module lays the part out and wires it; `agreeing` says what is shown of one picture, `alone` finds the pictures
that exactly one network has right.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

from ...runs.comparison import Comparison
from ..components.mistakes import mistakes
from ..components.notice import notice, said
from ..components.opening import opening
from ..components.overlays import overlays
from ..components.prose import note, prose
from ..components.samples import sample_strips
from ..components.sides import sides
from ..components.table import table
from ..errors import REFUSALS, sentence
from ..events import EVERY, LAST, QUIET
from ..page_context import PageContext
from ..shared.samples import SAMPLES, Sample
from . import agreeing, alone
from .agreeing import Asked
from .known import Known

SHAPES = "shapes"


def build(context: PageContext) -> None:
    """Fill this part of the tab."""
    services, text = context.services, context.text
    known = Known(services.runs)
    published = [run.config for run in services.runs.with_weights() if services.runs.is_published(run)]
    samples = fitting([(config.data, config.model.shortcut) for config in published])
    begun = opening(elem_id="agreement-opening")
    prose(f'<div class="idea"><p>{escape(text("agreement.about"))}</p></div>')
    with gr.Row(elem_id="agreement"):
        with gr.Column(scale=1, min_width=300, elem_classes="controls"):
            which = gr.Dropdown(
                [], label=text("agreement.which"), filterable=False, interactive=True, elem_id="agreement-which"
            )
            upload = gr.UploadButton(
                text("agreement.upload"), file_types=["file"], size="sm", elem_id="agreement-upload"
            )
            strips = sample_strips(
                [
                    (
                        text(f"samples.{data or 'photos'}"),
                        [(text(f"sample.{one.name}"), one.path) for one in samples if one.data == data],
                    )
                    for data in dict.fromkeys(one.data for one in samples)
                ],
                elem_id="agreement-samples",
            )
        with gr.Column(scale=2, min_width=320, elem_classes="output"):
            answer = sides(text, elem_id="agreement-sides")
            looks = overlays(text, elem_id="agreement-overlays")
    note(text, "agreement.gallery", "h4")
    told = notice(elem_id="agreement-summary")
    only = gr.Radio([], label=text("agreement.who"), elem_id="agreement-only", visible=False)
    strip = mistakes(text, elem_id="agreement-strip")
    with gr.Row(elem_id="agreement-pages"):
        before = gr.Button(text("confusion.before"), size="sm", visible=False, min_width=80)
        after = gr.Button(text("confusion.after"), size="sm", visible=False, min_width=80)
    listed = table(
        text, elem_id="agreement-rows", name="only-one-right", label=text("agreement.gallery"), selectable=False,
        compact=True, height=300,
    )  # fmt: skip
    asked = gr.State(None)  # the picture that is looked at
    index = gr.State(None)  # the class whose heat maps are shown
    page = gr.State(0)  # of the gallery
    shown = [strip, before, after, listed, page]
    gallery = [told, only, *shown]
    one_picture = [answer, looks, asked, index]

    # --- one picture

    def comparison_of(key: Any) -> Comparison | None:
        return known.comparisons().get(key)

    def image_of(key: str, wanted: Asked) -> tuple[Image.Image, Path | None, int | None] | None:
        """The picture, the file it is from and its class, as far as they are known; None where it is not here."""
        if wanted.path:
            return agreeing.opened(wanted.path), Path(wanted.path), None
        found = known.gallery(key)
        split = alone.pictures(services, found).split
        if split is None or not 0 <= wanted.at < len(found.rows):
            return None
        return split.picture(int(found.rows[wanted.at])).convert("RGB"), None, int(found.labels[wanted.at])

    def answered(key: Any, wanted: Asked | None) -> tuple[Any, ...]:
        """Values of `one_picture`; heat maps come afterwards."""
        comparison = comparison_of(key)
        if comparison is None or not agreeing.has_weights(comparison):
            return empty(comparison), {}, None, None
        if wanted is None:
            return {"message": text("agreement.empty")}, {}, None, None
        try:
            found = image_of(key, wanted)
            if found is None:
                return {"message": text("agreement.gone"), "error": True}, {}, None, None
            image, path, label = found
            answers = agreeing.sides(services, comparison, image, path)
        except REFUSALS as error:
            return {"message": sentence(error, text), "error": True}, {}, None, None
        value = agreeing.value(answers, label, wanted, text)
        return value, {}, wanted, agreeing.favourite(answers) if label is None else label

    def empty(comparison: Comparison | None) -> dict[str, Any]:
        return {"message": text("agreement.none" if comparison is None else "agreement.weightless")}

    def looked(key: Any, wanted: Asked | None, at: int | None) -> dict[str, Any]:
        """Heat maps for the class `at`."""
        comparison = comparison_of(key)
        if comparison is None or wanted is None or at is None:
            return {}
        try:
            found = image_of(key, wanted)
            if found is None:
                return {}
            return agreeing.overlays(services, comparison, found[0], found[1], at, text)
        except REFUSALS as error:
            return {"message": sentence(error, text)}

    def take_sample(event: gr.SelectData, key: Any) -> tuple[Any, ...]:
        sample = samples[event.index]
        name = text(f"sample.{sample.name}")
        fits = [k for k, c in known.comparisons().items() if (c.data == SHAPES) == (sample.data == SHAPES)]
        key = key if key in fits or not fits else fits[0]
        return key, *answered(key, Asked(str(sample.path), name=name))

    def take_upload(path: str | None, key: Any) -> tuple[Any, ...]:
        return answered(key, Asked(path, name=Path(path).name) if path else None)

    def take_class(event: gr.SelectData, key: Any, wanted: Asked | None) -> tuple[Any, ...]:
        return looked(key, wanted, int(event.index)), int(event.index)

    def take_picture(event: gr.SelectData, key: Any) -> tuple[Any, ...]:
        return answered(key, Asked(at=int(event.index)))

    # --- the gallery

    def leaf(key: Any, who: Any, number: int) -> list[Any]:
        """Values of `shown`: a page of the pictures that only `who` has right."""
        hidden, comparison = gr.update(visible=False), comparison_of(key)
        if comparison is None:
            return [{}, hidden, hidden, None, 0]
        found = known.gallery(key)
        last = max(0, alone.pages(found, who) - 1)
        number = min(max(0, number), last)
        there = alone.pictures(services, found)
        return [
            alone.strip(found, who, number, there, text),
            gr.update(visible=number > 0),
            gr.update(visible=number < last),
            alone.table(found, who, number, text),
            number,
        ]

    def whole(key: Any) -> list[Any]:
        """Values of `gallery`, its first network chosen."""
        comparison = comparison_of(key)
        if comparison is None:
            return [said(), gr.update(visible=False), *leaf(None, None, 0)]
        try:
            found = known.gallery(key)
            first = found.keys[0]
            radio = gr.update(choices=alone.choices(found, text), value=first, visible=True)
            return [said(alone.summary(found, text)), radio, *leaf(key, first, 0)]
        except REFUSALS as error:
            return [said(sentence(error, text), error=True), gr.update(visible=False), *leaf(None, None, 0)]

    def mount() -> list[Any]:
        found = known.comparisons()
        choices = [(agreeing.title(comparison, text), key) for key, comparison in found.items()]
        key = choices[0][1] if choices else None
        return [gr.update(choices=choices, value=key), *answered(key, None), *whole(key)]

    def choose(key: Any, wanted: Asked | None) -> list[Any]:
        kept = wanted if wanted and wanted.path else None  # a position means another picture in another gallery
        return [*answered(key, kept), *whole(key)]

    maps = [looked, [which, asked, index], looks]
    begun.mount(mount, None, [which, *one_picture, *gallery], **QUIET)
    which.input(choose, [which, asked], [*one_picture, *gallery], **LAST).then(*maps, **QUIET)
    strips.select(take_sample, which, [which, *one_picture], **EVERY, **QUIET).then(*maps, **QUIET)
    upload.upload(take_upload, [upload, which], one_picture, **QUIET).then(*maps, **QUIET)
    strip.select(take_picture, which, one_picture, **EVERY, **QUIET).then(*maps, **QUIET)
    answer.select(take_class, [which, asked], [looks, index], **EVERY, **QUIET)
    only.input(lambda key, who: leaf(key, who, 0), [which, only], shown, **LAST)
    before.click(lambda key, who, number: leaf(key, who, number - 1), [which, only, page], shown, **QUIET)
    after.click(lambda key, who, number: leaf(key, who, number + 1), [which, only, page], shown, **QUIET)


def fitting(published: Sequence[tuple[str, str]]) -> list[Sample]:
    """The samples for networks on these (data, shortcut): a network that never saw a shape would guess."""
    shortcuts: dict[str, set[str]] = {}
    for data, shortcut in published:
        shortcuts.setdefault(SHAPES if data == SHAPES else "", set()).add(shortcut)
    compared = [data for data, found in shortcuts.items() if len(found) > 1]
    return [sample for sample in SAMPLES if sample.data in (compared or [""])]
