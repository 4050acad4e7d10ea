"""What the tab shows of a choice, by component; the handlers decide which choice that is.

No component is made here: `parts` may be any object with the names of `layout.Parts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from ...data.sources import HUB_SOURCES
from ...library.visitors import Visitor
from ...services import Services
from ..components.matrix import MOST_CLASSES
from ..components.notice import said
from ..text import Text
from . import cells, takeaway, views
from .cell_handlers import CellHandlers
from .cells import SUREST, Cell
from .choice import LOSSLESS, Choice, Selection, about, select, shown_name
from .correcting_handlers import CorrectingHandlers
from .curves_handlers import CurvesHandlers
from .difference_handlers import DifferenceHandlers
from .linking import parameters_of
from .missing_handlers import MissingHandlers
from .slices_handlers import SlicesHandlers
from .slices_views import fact

if TYPE_CHECKING:
    from .layout import Parts

Values = dict[Any, Any]  # by component; what is left out stays as it is
CIFAR10 = HUB_SOURCES["cifar10"].classes
HIDDEN = gr.update(visible=False)


class Showing:
    """What is shown on one page, with the sections that show a part of it."""

    def __init__(self, services: Services, text: Text, parts: Parts) -> None:
        self.services, self.text, self.parts = services, text, parts
        self.cell = CellHandlers(services, text, parts.cell)
        self.correcting = CorrectingHandlers(services, text, parts.correcting)
        self.difference = DifferenceHandlers(services, text, parts.difference)
        self.curves = CurvesHandlers(services, text, parts.curves)
        self.slices = SlicesHandlers(services, text, parts.slices)
        self.missing = MissingHandlers(services, text, parts.missing)

    def select(self, choice: Choice, who: Visitor) -> Selection:
        """The answers of a side."""
        return select(self.services, choice, who, self.text)

    def values(self, choice: Choice, who: Visitor, cell: Cell = None, page: int = 0, new_run: bool = False) -> Values:
        """Everything that is shown of the side that is looked at, with this open, by default the cell of the most
        frequent mistake, in a difference none.

        new_run: its classes are others, so what was typed about them is cleared.
        """
        parts, text, side = self.parts, self.text, choice.shown
        selection = self.select(side, who)
        answers, own = selection.answers, side.own
        pairs, pair_cells = views.pair_table(answers.matrix, text) if answers else (None, [])
        if answers is None or not cells.has(answers, cell) or (choice.compares and cell == SUREST):
            cell = pair_cells[0] if pair_cells and not choice.compares else None
        changed, values = self.difference.values(choice, cell, who)
        values |= self.missing.values(answers, side)
        values |= self.curves.values(answers, choice.curve) | self.slices.values(choice)
        values |= self.correcting.shown(None if choice.compares else answers, side, who, new_run)
        values |= self.cell.opened(answers, cell, page, side) if answers else self.cell.closed()
        values |= {
            parts.groups_status: said(selection.error, error=bool(selection.error)),
            parts.located: parameters_of(choice),
            parts.cell.panel: gr.update(visible=answers is not None and not choice.compares),
            parts.cell.surest: gr.update(visible=answers is not None and cells.has(answers, SUREST)),
        }
        title = shown_name(self.services, side, text)
        if answers is None or not answers.matrix.total:
            return values | self._nothing(title)
        is_other = side is not choice  # what the lists above do not say
        about_it = [
            title if is_other else "",
            about(answers, text, is_other),
            own.note if own else "",
            fact(side.slicing, side.slice_value, answers, text),
        ]
        of_cifar10 = answers.run is not None and answers.run.config.classes == CIFAR10
        many = len(answers.classes) > MOST_CLASSES
        matrix = changed or views.matrix_value(answers, "", text, side.only)
        return values | {
            parts.head: {"title": title, "facts": [*filter(None, about_it), *views.headline(answers, text)]},
            parts.figure: {**matrix, "selected": views.place_of_cell(answers, cell, side.only)},
            parts.results: gr.update(visible=True),
            parts.per_class: views.class_table(answers.matrix, text),
            parts.averages: views.averages(answers.matrix, text),
            parts.pairs: pairs,
            parts.pair_cells: pair_cells,
            parts.confidence: views.confidence(answers, text),
            parts.files: takeaway.addresses(self.services, side, answers, text),
            parts.prepared: gr.update(visible=of_cifar10),
            parts.only: gr.update(visible=many, **({"value": ""} if new_run else {})),
            **self._lossless(side, who),
        }

    def _nothing(self, title: str) -> Values:
        """What is shown where there are no answers."""
        parts = self.parts
        return {
            **{part: {} for part in (parts.files, parts.confidence)},
            **dict.fromkeys((parts.per_class, parts.averages, parts.pairs)),
            **dict.fromkeys((parts.results, parts.prepared, parts.only, parts.lossless), HIDDEN),
            parts.head: {"title": title},
            parts.figure: {"note": self.text("confusion.empty")},
            parts.pair_cells: [],
            parts.lossless_about: said(),
        }

    def _lossless(self, side: Choice, who: Visitor) -> Values:
        """What is said of the losslessly stored part of a test set, where there is one."""
        parts, text = self.parts, self.text
        names = ("test", LOSSLESS)
        sides = [side._replace(set_name=name) for name in names] if side.set_name in names and not side.own else []
        whole, part = [self.select(one, who).answers for one in sides] or (None, None)
        words = views.lossless(whole, part, text) if whole and part else ""
        name = "all" if side.set_name == LOSSLESS else "only"
        return {
            parts.lossless: gr.update(visible=bool(words)),
            parts.lossless_about: said(words),
            parts.lossless_button: gr.update(value=text(f"confusion.lossless.{name}")),
        }
