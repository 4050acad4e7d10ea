"""What the part on one image does when it is used: each handler returns the new values by component.

`answers` makes what is shown of one image, `gallery` what is shown of those that one model alone has right. No handler
makes a component: `parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from PIL import Image

from ....runs.comparison.published import Comparison
from ....services import Services
from ...components.notice import said
from ...errors import REFUSALS, sentence
from ...shared.samples import SAMPLES, Sample
from ...text import Text
from ...uploads import opened
from . import answers, gallery
from .answers import ChosenImage
from .comparisons import PublishedComparisons

if TYPE_CHECKING:
    from .layout import Parts

SHAPES = "shapes"
Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = gr.update(visible=False)


@dataclass(frozen=True)
class LoadedImage:
    """A decoded image, the file that it is from, and its class, as far as there are any."""

    pixels: Image.Image
    path: Path | None
    label: int | None


class ImagesGone(Exception):
    """The test images of a gallery are not on this machine any more."""


class Handlers:
    """The handlers of one page. samples: those of the strips, in their order."""

    def __init__(
        self, services: Services, text: Text, parts: Parts, published: PublishedComparisons, samples: Sequence[Sample]
    ) -> None:
        self.services, self.text, self.parts, self.published, self.samples = services, text, parts, published, samples

    def mount(self) -> Values:
        """List the comparisons when the part is opened; show the first sample and the gallery."""
        choices = [(answers.title(one, self.text), key) for key, one in self.published.comparisons().items()]
        key, image = self._sample(0, choices[0][1] if choices else None) if self.samples else (None, None)
        which = {self.parts.which: gr.update(choices=choices, value=key)}
        return which | self._answers(key, image) | self._gallery(key)

    # --- one image

    def choose_comparison(self, key: Any, image: ChosenImage | None) -> Values:
        """Show another comparison, with the same file; a position in one gallery is another image in another."""
        return self._answers(key, image if image and image.path else None) | self._gallery(key)

    def take_sample(self, event: gr.SelectData, key: Any) -> Values:
        """Show a sample to the models, or to the first that were trained on such images."""
        key, image = self._sample(event.index, key)
        return {self.parts.which: key, **self._answers(key, image)}

    def take_upload(self, path: str | None, key: Any) -> Values:
        """Show an uploaded image to the models."""
        return self._answers(key, ChosenImage(path, name=Path(path).name) if path else None)

    def take_test_image(self, event: gr.SelectData, key: Any) -> Values:
        """Show an image of the gallery to the models."""
        return self._answers(key, ChosenImage(position=int(event.index)))

    def choose_class(self, event: gr.SelectData, key: Any, image: ChosenImage | None) -> Values:
        """Show where each model finds evidence for another class."""
        index = int(event.index)
        return {**self.explain(key, image, index), self.parts.class_index: index}

    def explain(self, key: Any, image: ChosenImage | None, index: int | None) -> Values:
        """Show where each model finds evidence for the class `index`."""
        comparison = self._comparison(key)
        if comparison is None or image is None or index is None:
            return {self.parts.overlays: {}}
        try:
            loaded = self._load(key, image)
            value = answers.overlays(self.services, comparison, loaded.pixels, loaded.path, index, self.text)
        except ImagesGone:
            value = {}
        except REFUSALS as error:
            value = {"message": sentence(error, self.text)}
        return {self.parts.overlays: value}

    # --- the gallery

    def choose_model(self, key: Any, model: Any) -> Values:
        """Show the images that another model alone has right."""
        return self._page(key, model, 0)

    def previous_page(self, key: Any, model: Any, page: int) -> Values:
        """Show the images before these."""
        return self._page(key, model, page - 1)

    def next_page(self, key: Any, model: Any, page: int) -> Values:
        """Show the images after these."""
        return self._page(key, model, page + 1)

    # --- values

    def _sample(self, index: int, key: Any) -> tuple[Any, ChosenImage]:
        """A sample, and the comparison to show it to: `key` where its models were trained on such images, else the
        first whose were."""
        sample = self.samples[index]
        fitting = [
            other
            for other, comparison in self.published.comparisons().items()
            if (comparison.data == SHAPES) == (sample.data == SHAPES)
        ]
        image = ChosenImage(str(sample.path), name=self.text(f"sample.{sample.name}"))
        return key if key in fitting or not fitting else fitting[0], image

    def _comparison(self, key: Any) -> Comparison | None:
        return self.published.comparisons().get(key)

    def _load(self, key: str, image: ChosenImage) -> LoadedImage:
        """The image, decoded; one of REFUSALS if it cannot be used, ImagesGone if its data set is no longer here."""
        if image.path:
            return LoadedImage(opened(image.path), Path(image.path), None)
        shown = self.published.gallery(key)
        split = gallery.images(self.services, shown).split
        if split is None or not 0 <= image.position < len(shown.rows):
            raise ImagesGone
        pixels = split.picture(int(shown.rows[image.position])).convert("RGB")
        return LoadedImage(pixels, None, int(shown.labels[image.position]))

    def _answers(self, key: Any, image: ChosenImage | None) -> Values:
        """What the models of a comparison answer, or a sentence in its place; without heat maps."""
        parts, comparison = self.parts, self._comparison(key)
        nothing: Values = {parts.overlays: {}, parts.image: None, parts.class_index: None}
        if comparison is None or not answers.has_weights(comparison):
            key = "agreement.none" if comparison is None else "agreement.weightless"
            return {parts.answers: {"message": self.text(key)}, **nothing}
        if image is None:
            return {parts.answers: {"message": self.text("agreement.empty")}, **nothing}
        try:
            loaded = self._load(key, image)
            by_variant = answers.by_variant(self.services, comparison, loaded.pixels, loaded.path)
        except ImagesGone:
            return {parts.answers: {"message": self.text("agreement.gone"), "error": True}, **nothing}
        except REFUSALS as error:
            return {parts.answers: {"message": sentence(error, self.text), "error": True}, **nothing}
        index = answers.most_probable(by_variant) if loaded.label is None else loaded.label
        return {
            parts.answers: answers.value(by_variant, loaded.label, image, self.text),
            parts.overlays: {},
            parts.image: image,
            parts.class_index: index,
        }

    def _gallery(self, key: Any) -> Values:
        """The gallery of a comparison, its first model chosen; a sentence where predictions are damaged."""
        parts, text = self.parts, self.text
        if self._comparison(key) is None:
            return {parts.summary: said(), parts.only: HIDDEN, **self._page(None, None, 0)}
        try:
            shown = self.published.gallery(key)
            first = shown.keys[0]
            only = gr.update(choices=gallery.choices(shown, text), value=first, visible=True)
            return {parts.summary: said(gallery.summary(shown, text)), parts.only: only, **self._page(key, first, 0)}
        except REFUSALS as error:
            failed = said(sentence(error, text), error=True)
            return {parts.summary: failed, parts.only: HIDDEN, **self._page(None, None, 0)}

    def _page(self, key: Any, model: Any, page: int) -> Values:
        """The page of the gallery that is nearest to `page`; nothing where there is no such comparison."""
        parts = self.parts
        if self._comparison(key) is None:
            return {parts.strip: {}, parts.previous: HIDDEN, parts.next: HIDDEN, parts.rows: None, parts.page: 0}
        shown = self.published.gallery(key)
        last = max(0, gallery.pages(shown, model) - 1)
        page = min(max(0, page), last)
        there = gallery.images(self.services, shown)
        return {
            parts.strip: gallery.strip(shown, model, page, there, self.text),
            parts.previous: gr.update(visible=page > 0),
            parts.next: gr.update(visible=page < last),
            parts.rows: gallery.table(shown, model, page, self.text),
            parts.page: page,
        }


def fitting_samples(services: Services) -> list[Sample]:
    """The samples for the published runs with weights."""
    runs = [run.config for run in services.runs.with_weights() if services.runs.is_published(run)]
    return samples_for([(config.data, config.model.shortcut) for config in runs])


def samples_for(published: Sequence[tuple[str, str]]) -> list[Sample]:
    """The samples for models trained on these (data, shortcut): one that never saw a shape would guess."""
    shortcuts: dict[str, set[str]] = {}
    for data, shortcut in published:
        shortcuts.setdefault(SHAPES if data == SHAPES else "", set()).add(shortcut)
    compared = [data for data, options in shortcuts.items() if len(options) > 1]
    return [sample for sample in SAMPLES if sample.data in (compared or [""])]
