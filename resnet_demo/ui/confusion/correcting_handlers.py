"""What corrects the labels of a visitor's own images: each handler returns the new values by component.

Images of a run on an uploaded set are relabeled or left out, several of them; the edited images are a set of their own,
and a run that begins from the weights of this one trains on them. No handler makes a component: `parts` may be any
object with the names of `correcting_layout.CorrectingParts`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from ...data.dataset import Dataset
from ...data.editing import edited, image_number
from ...data.own import OWN
from ...library.answers import Answers, pictures
from ...library.datasets import dataset_of
from ...library.launching import continue_run
from ...library.runs import may_change
from ...library.visitors import Visitor
from ...runs.folder import RunFolder
from ...services import Services
from ..components.address import data_address
from ..components.notice import said
from ..errors import REFUSALS, sentence
from ..latest import Entries
from ..shared.own_images import own_key
from ..text import Text
from ..text.classes import class_names
from ..visitor import visitor
from .choice import Choice, select

if TYPE_CHECKING:
    from .correcting_layout import CorrectingParts

Values = dict[Any, Any]  # by component; what is left out stays as it is
LOOK, ACCEPT, LEAVE_OUT = "look", "accept", "out"  # what a click does; else the number of a class, as text


@dataclass(frozen=True)
class Changes:
    """What a visitor has changed. run: the id of the run whose images these are. images: the new class of each, None
    for one that is left out, by its number in the data set (`data.editing.image_number`)."""

    run: str
    images: dict[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Correctable:
    """Answers about a visitor's own images, of which `rows` are. key: opens these."""

    run: RunFolder
    key: str
    answers: Answers
    rows: np.ndarray
    dataset: Dataset


class CorrectingHandlers:
    """The handlers of the section; `shown` also serves those of the tab."""

    def __init__(self, services: Services, text: Text, parts: CorrectingParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def shown(self, answers: Answers | None, choice: Choice, who: Visitor, new_run: bool) -> Values:
        """The section for what is looked at; new_run: what was chosen and changed belongs to other images."""
        found = self._correctable(answers, choice, who)
        names = class_names(found.dataset.classes, self.text.language) if found else ()
        actions = [(self.text(f"correct.{name}"), name) for name in (LOOK, ACCEPT, LEAVE_OUT)]
        actions += [(self.text("correct.label", label=name), str(at)) for at, name in enumerate(names)]
        value: dict[str, Any] = {"value": LOOK} if new_run else {}
        values: Values = {
            self.parts.fold: gr.update(visible=found is not None),
            self.parts.action: gr.update(choices=actions, **value),
        }
        return values | (self._nothing() if new_run else {})

    def change(self, event: gr.SelectData, request: gr.Request, action: Any, changes: Any, *values: Any) -> Values:
        """Do with the image that was clicked what is chosen; the same once more takes it back."""
        found, at = self._found(request, *values), event.index
        if found is None or action == LOOK or not 0 <= at < len(found.answers.labels):
            return {}
        number = image_number(found.dataset, found.answers.name, int(found.rows[at]))
        label = int(found.answers.predicted[at]) if action == ACCEPT else None
        if action not in (ACCEPT, LEAVE_OUT):
            if action not in map(str, range(len(found.dataset.classes))):
                return {}
            label = int(action)
        images = dict(self._of(changes, found).images)
        taken_back = images.pop(number, ...) == label
        if not taken_back and label != int(found.answers.labels[at]):
            images[number] = label
        return self._changed(found, images)

    def take_back(self, event: gr.SelectData, request: gr.Request, changes: Any, *values: Any) -> Values:
        """Take back the change of the row that was clicked."""
        found = self._found(request, *values)
        if found is None:
            return {}
        images = list(self._of(changes, found).images.items())
        return self._changed(found, dict(one for row, one in enumerate(images) if row != event.index))

    def train_again(self, request: gr.Request, changes: Any, *values: Any) -> Values:
        """Make a set of the edited images, and train on it from the weights of the run on."""
        found, kept = self._found(request, *values), Choice(*values).kept
        if found is None:
            return {}
        own, run = self.services.own, found.run
        who = visitor(self.services, request, kept)
        suffix, address = self.text("correct.suffix"), "" if who.local else who.address
        name = str(kept[OWN + found.key])[:60].removesuffix(suffix) + suffix
        key = ""
        try:
            key = edited(
                own, found.key, self._of(changes, found).images, name=name, size=run.config.model.input_size,
                split_seed=run.config.split_seed, address=address,
            )  # fmt: skip
            made = continue_run(self.services, run, run.config.length, run.config.unit, who, OWN + key)
        except REFUSALS as error:
            if key:
                own.remove(key)
            return {self.parts.status: said(sentence(error, self.text), error=True)}
        return {
            **self._nothing(),
            self.parts.tabs: gr.Tabs(selected="train"),
            self.parts.wanted: {"run": made.run.id, "turn": time.monotonic()},
            self.parts.kept: Entries(kept, {OWN + key: name, made.run.id: made.token}),
        }

    def _found(self, request: gr.Request, *values: Any) -> Correctable | None:
        choice = Choice(*values)
        who = visitor(self.services, request, choice.kept)
        return self._correctable(select(self.services, choice.shown, who, self.text).answers, choice.shown, who)

    def _correctable(self, answers: Answers | None, choice: Choice, who: Visitor) -> Correctable | None:
        """None where the images are not the visitor's own, are not here, or have other classes than the run's."""
        run = answers.run if answers else None
        if answers is None or run is None or answers.rows is None or (choice.groups or "").strip():
            return None
        key = own_key(self.services, choice.kept, run.config.data)
        if not key or not run.has_weights() or not may_change(self.services, run, who):
            return None
        if pictures(self.services, answers).split is None:
            return None
        return Correctable(run, key, answers, answers.rows, dataset_of(self.services, run.config))

    def _of(self, changes: Any, found: Correctable) -> Changes:
        """What was changed of these images."""
        mine = isinstance(changes, Changes) and changes.run == found.run.id
        return changes if mine else Changes(found.run.id)

    def _changed(self, found: Correctable, images: dict[int, int | None]) -> Values:
        count = len(images)
        return {
            self.parts.changes: Changes(found.run.id, images),
            self.parts.listed: self._table(found.dataset, images) if images else None,
            self.parts.again: gr.update(visible=bool(images), value=self.text("correct.again.count", count=count)),
            self.parts.status: said(),
        }

    def _nothing(self) -> Values:
        return {
            self.parts.changes: None,
            self.parts.listed: None,
            self.parts.again: gr.update(visible=False),
            self.parts.status: said(),
        }

    def _table(self, dataset: Dataset, images: dict[int, int | None]) -> dict[str, Any]:
        """A row for each image that is relabeled or left out."""
        count, names, rows = len(dataset.train), class_names(dataset.classes, self.text.language), []
        for number, label in images.items():
            split, row = dataset.train, number
            if dataset.test is not None and number >= count:
                split, row = dataset.test, number - count
            rows.append(
                {
                    "image": data_address(split.picture(row)),
                    "label": names[int(split.labels[row])],
                    "new": self.text("correct.left_out") if label is None else names[label],
                }
            )
        columns = [
            {"key": "image", "title": self.text("correct.column.image"), "image": True},
            *({"key": one, "title": self.text(f"correct.column.{one}"), "wrap": True} for one in ("label", "new")),
        ]
        return {"columns": columns, "rows": rows}
