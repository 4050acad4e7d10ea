"""What the difference does when it is used: each handler returns the new values by component.

"This" side is what the tab looks at, the "other" one a run, set or epoch that it is compared with. No handler makes a
component: `parts` may be any object with the names of `difference_layout.DifferenceParts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from ...library.answers import Answers
from ...library.visitors import Visitor
from ...services import Services
from ..components.notice import said
from ..errors import REFUSALS, sentence
from ..text import Text
from ..visitor import visitor
from . import difference_views as views
from .choice import Choice, chosen_answers, epoch_update, merged, set_update
from .difference_views import OTHER, THIS

if TYPE_CHECKING:
    from .difference_layout import DifferenceParts

Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = gr.update(visible=False)


class DifferenceHandlers:
    """The handlers of the section; `link` also serves those of the tab."""

    def __init__(self, services: Services, text: Text, parts: DifferenceParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def link(
        self, link: Mapping[str, Any], runs: Sequence[tuple[str, str]], other: Any, choice: Choice, who: Visitor
    ) -> Values:
        """Fill the lists, and compare if a link or another tab asks for it. runs: the list of runs, `other` chosen."""
        set_name = link.get("other_set") or choice.set_name
        sets = set_update(self.services, other, set_name, self.text)
        epochs = epoch_update(self.services, other, sets["value"], link.get("other_step"), self.text)
        side = {
            self.parts.runs: gr.update(choices=runs, value=other),
            self.parts.sets: sets,
            self.parts.epochs: epochs,
            self.parts.fold: gr.update(open=bool(link.get("other"))),
        }
        if not link.get("other"):
            return side | self._closed()
        return side | self._compared(choice, Choice(other, sets["value"], epochs["value"]), who)

    def choose_run(self, run_id: Any, set_name: Any) -> Values:
        """List the sets of the other run, and its epochs."""
        sets = set_update(self.services, run_id, set_name, self.text)
        epochs = epoch_update(self.services, run_id, sets["value"], 0, self.text)
        return {self.parts.sets: sets, self.parts.epochs: epochs}

    def choose_set(self, run_id: Any, set_name: Any) -> Values:
        """List the epochs of the other set."""
        return {self.parts.epochs: epoch_update(self.services, run_id, set_name, 0, self.text)}

    def compare(self, request: gr.Request, run_id: Any, set_name: Any, step: Any, *values: Any) -> Values:
        """Show the difference of both sides."""
        choice = Choice(*values)
        return self._compared(choice, Choice(run_id, set_name, step), visitor(self.services, request, choice.kept))

    def choose_side(self, request: gr.Request, whose: Any, page: int, *sides: Any) -> Values:
        """Show the images that only this side, or only the other one, gets right."""
        return self._show_page(request, whose, 0, *sides)

    def previous_page(self, request: gr.Request, whose: Any, page: int, *sides: Any) -> Values:
        """Show the previous page of these images."""
        return self._show_page(request, whose, max(0, page - 1), *sides)

    def next_page(self, request: gr.Request, whose: Any, page: int, *sides: Any) -> Values:
        """Show the next page of these images."""
        return self._show_page(request, whose, page + 1, *sides)

    def _show_page(
        self, request: gr.Request, whose: Any, page: int, run_id: Any, set_name: Any, step: Any, *values: Any
    ) -> Values:
        choice = Choice(*values)
        try:
            both = self._both(choice, Choice(run_id, set_name, step), visitor(self.services, request, choice.kept))
        except REFUSALS as error:
            return self._no_images() | {self.parts.images: {"note": sentence(error, self.text), "items": []}}
        return self._images(both, OTHER if whose == OTHER else THIS, page) if both else self._no_images(page)

    def _compared(self, choice: Choice, other: Choice, who: Visitor) -> Values:
        try:
            both = self._both(choice, other, who)
            if both is None:
                return self._refused(self.text("confusion.empty"))
            matrix, rows, words = views.compared(*both, self.text)
        except REFUSALS as error:
            return self._refused(sentence(error, self.text))
        return {
            self.parts.output: gr.update(visible=True),
            self.parts.status: said(words),
            self.parts.change: matrix,
            self.parts.changes: rows,
            self.parts.whose: gr.update(visible=views.only_one_is_right(*both) is not None, value=THIS),
            **self._images(both, THIS, 0),
        }

    def _both(self, choice: Choice, other: Choice, who: Visitor) -> tuple[Answers, Answers] | None:
        """(the other side, this side), None where one of them has no answers."""
        a, b = (merged(chosen_answers(self.services, side, who), choice.groups) for side in (other, choice))
        return (a, b) if a and b and len(a.labels) and len(b.labels) else None

    def _closed(self) -> Values:
        """Compare nothing."""
        return {
            self.parts.output: HIDDEN,
            self.parts.status: said(),
            self.parts.change: {},
            self.parts.changes: None,
            self.parts.whose: gr.update(visible=False, value=THIS),
            **self._no_images(),
        }

    def _refused(self, words: str) -> Values:
        """The reason that two sides cannot be compared."""
        status = {self.parts.output: gr.update(visible=True), self.parts.status: said(words, error=True)}
        return self._closed() | status

    def _images(self, both: tuple[Answers, Answers], whose: str, page: int) -> Values:
        images, pages = views.strip(self.services, *both, whose, page, self.text)
        several = bool(images.get("items"))
        return {
            self.parts.images: images,
            self.parts.previous: gr.update(visible=several and page > 0),
            self.parts.next: gr.update(visible=several and page < pages - 1),
            self.parts.page: page,
        }

    def _no_images(self, page: int = 0) -> Values:
        return {self.parts.images: {}, self.parts.previous: HIDDEN, self.parts.next: HIDDEN, self.parts.page: page}
