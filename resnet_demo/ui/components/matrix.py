"""A confusion matrix of 2 to 100 classes to look into: rows are the true class, columns the predicted one.

Cells are painted on a canvas, names and frames are elements above it: 10,000 cells as elements or as SVG took six to
twelve times as long to be seen. For the keyboard and for screen readers it is a grid with one tab stop, whose current
cell is an element. A new value, say each epoch, leaves focus, place, pointer and the visitor's choices as they are.
It draws counts and knows neither pictures nor runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom

MOST_CLASSES = 100  # that are shown at a time


def matrix(
    text: Text,
    *,
    elem_id: str,
    value: dict[str, Any] | None = None,
    selectable: bool = True,
    controls: bool = True,
    located: str = "",
) -> gr.HTML:
    """The matrix; `select` tells an opened cell: index is [true, predicted] (indices of classes), value its count.
    `mark` {index} tells a class that the visitor found by its name or marked by a click on it.

    value: all keys but the first two may be left out
      classes, counts  C names; C rows of C counts, or these `as_text`
      title, note      one line each, above the matrix, "" for none; with classes left out the note says why there is
                       none
      normalise        what colour stands for: share of the "row" (recall), "column" (precision), "all", or "none": the
                       count. Colour goes with the square root, so that rare mistakes are seen; digits are always counts
      hide_diagonal    colours then show mistakes alone
      order            indices of the classes in the order shown, fewer of them for a part; counts stay as they are
      orders           [{"name", "title", "order"}] from which the visitor chooses beside the one above
      totals           {"rows": C, "columns": C, "all": 1} numbers, where the counts are cut out of a larger matrix
      selected         [true, predicted] of the cell that is open, None for none; left out: it stays as it is
      highlight        index of a class whose row and column are marked
      signed           counts are differences: plus and minus, blue for the better, vermilion for the worse; with
      shares           they are differences of shares, -1 to 1, shown in percentage points
    `normalise` and `hide_diagonal` hold until the visitor chooses otherwise, and again when they change.

    controls: whether the visitor can choose colours and order, search for a class and enlarge what is small
    located: the id of the tab in whose address the visitor's choice of colours and order is kept
    """
    return custom(
        "matrix",
        value,
        elem_id=elem_id,
        text=text.part("matrix"),
        about=elem_id,
        selectable=selectable,
        controls=controls,
        located=located,
    )


def as_text(counts: Iterable[Iterable[int]]) -> str:
    """Rows of counts as one text, a line a row: the browser takes 10,000 numbers over in a fifth of the time."""
    return "\n".join(" ".join(map(str, row)) for row in counts)
