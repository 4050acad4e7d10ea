"""What two sides that are compared show: each handler returns the new values by component.

"This" side is what the tab looks at, the "other" one a run, set or epoch that it is compared with. No handler makes a
component: `parts` may be any object with the names of `difference_layout.DifferenceParts`.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from .cells import Cell
from .choice import OTHER, THIS, Choice, chosen_answers, epoch_update, merged, set_update

if TYPE_CHECKING:
    from .difference_layout import DifferenceParts

Values = dict[Any, Any]  # by component; what is left out stays as it is
HIDDEN = gr.update(visible=False)


class DifferenceHandlers:
    """The handlers of the section; the others also serve those of the tab."""

    def __init__(self, services: Services, text: Text, parts: DifferenceParts) -> None:
        self.services, self.text, self.parts = services, text, parts

    def listed(self, other: Any, set_name: Any, step: Any = 0) -> tuple[Choice, Values]:
        """(the other side, its lists); other: a run, "" for none. Its set is `set_name` where it has that."""
        sets = set_update(self.services, other, set_name, self.text)
        epochs = epoch_update(self.services, other, sets["value"], step, self.text)
        chosen = Choice(other, sets["value"], epochs["value"])
        return chosen, {self.parts.sets: sets, self.parts.epochs: epochs}

    def values(self, choice: Choice, cell: Cell, who: Visitor) -> tuple[dict[str, Any] | None, Values]:
        """(the matrix of the difference, or None where there is none to show; what the section shows)."""
        switch = {self.parts.view: gr.update(visible=bool(choice.other), value=choice.view)}
        if not choice.compares:
            return None, switch | self._closed()
        try:
            both = self._both(choice, who)
            if both is None:
                return self._refused(switch, self.text("confusion.empty"))
            matrix, rows, words = views.compared(*both, self.text)
        except REFUSALS as error:
            return self._refused(switch, sentence(error, self.text))
        return matrix, switch | {
            self.parts.status: said(words),
            self.parts.panel: gr.update(visible=True),
            self.parts.whose: gr.update(visible=views.only_one_is_right(*both) is not None, value=THIS),
            self.parts.output: gr.update(visible=True),
            self.parts.changes: rows,
            **self._images(both, THIS, 0, cell),
        }

    def opened(self, choice: Choice, whose: Any, cell: Cell, who: Visitor) -> Values:
        """Show the images that only one side gets right in a cell: of its true class, which the side that is wrong took
        for the predicted one."""
        return self._show_page(choice, whose, 0, cell, who)

    def choose_side(self, request: gr.Request, whose: Any, page: int, cell: Any, *values: Any) -> Values:
        """Show the images that only this side, or only the other one, gets right."""
        return self._turn(request, whose, 0, cell, values)

    def previous_page(self, request: gr.Request, whose: Any, page: int, cell: Any, *values: Any) -> Values:
        """Show the previous page of these images."""
        return self._turn(request, whose, max(0, page - 1), cell, values)

    def next_page(self, request: gr.Request, whose: Any, page: int, cell: Any, *values: Any) -> Values:
        """Show the next page of these images."""
        return self._turn(request, whose, page + 1, cell, values)

    def _turn(self, request: gr.Request, whose: Any, page: int, cell: Any, values: Sequence[Any]) -> Values:
        choice = Choice(*values)
        return self._show_page(choice, whose, page, cell, visitor(self.services, request, choice.kept))

    def _show_page(self, choice: Choice, whose: Any, page: int, cell: Cell, who: Visitor) -> Values:
        try:
            both = self._both(choice, who)
        except REFUSALS as error:
            return self._no_images() | {self.parts.images: {"note": sentence(error, self.text), "items": []}}
        return self._images(both, OTHER if whose == OTHER else THIS, page, cell) if both else self._no_images(page)

    def _both(self, choice: Choice, who: Visitor) -> tuple[Answers, Answers] | None:
        """(the other side, this side), None where one of them has no answers."""
        sides = (choice.other_side, choice)
        a, b = (merged(chosen_answers(self.services, side, who), choice.groups) for side in sides)
        return (a, b) if a and b and a.matrix.total and b.matrix.total else None

    def _closed(self) -> Values:
        """Compare nothing."""
        return {
            self.parts.status: said(),
            self.parts.panel: HIDDEN,
            self.parts.whose: gr.update(visible=False, value=THIS),
            self.parts.output: HIDDEN,
            self.parts.changes: None,
            **self._no_images(),
        }

    def _refused(self, switch: Values, words: str) -> tuple[dict[str, Any], Values]:
        """The reason that two sides cannot be compared."""
        return {"note": ""}, switch | self._closed() | {self.parts.status: said(words, error=True)}

    def _images(self, both: tuple[Answers, Answers], whose: str, page: int, cell: Cell) -> Values:
        at = None if isinstance(cell, str) else cell  # its mistakes are those of one side
        images, pages = views.strip(self.services, *both, whose, page, at, self.text)
        several = bool(images.get("items"))
        return {
            self.parts.images: images,
            self.parts.previous: gr.update(visible=several and page > 0),
            self.parts.next: gr.update(visible=several and page < pages - 1),
            self.parts.page: page,
        }

    def _no_images(self, page: int = 0) -> Values:
        return {self.parts.images: {}, self.parts.previous: HIDDEN, self.parts.next: HIDDEN, self.parts.page: page}
