"""A table for the whole page: sorted by its headings, copied and downloaded, its rows opened by click or Enter.

It scrolls inside itself, keeps its order and place when it gets new rows, and knows nothing of what they mean.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def table(
    text: Text,
    *,
    elem_id: str,
    name: str,
    label: str = "",
    value: dict[str, Any] | None = None,
    selectable: bool = True,
    height: int = 420,
    compact: bool = False,
) -> gr.HTML:
    """The table; `select` tells the index of an opened row among the rows that were given, however they are sorted.

    value:  {"columns": [{"key", "title", "numeric": bool, "image": bool, "wrap": bool, "wide": bool, "spare": bool}],
             "rows": [{key: cell}]}, numeric columns to the right, "wrap" for text that may take several lines; a narrow
             table has no room for "wide" columns, which stand below the names of its rows, nor for "spare" ones, which
             it leaves out, but not in copies and files;
            "marked": index of the row that is marked as if it had been opened, and brought into view inside the table
    a cell: text; a number; {"text": what is shown, "sort": a number or text, "bar": 0 to 1 for a bar beside it,
            "detail": a line in grey below it};
            the address of a picture in image columns; left out where there is nothing to say. In copies and files
            numeric columns have the number in "sort", so that they can be reckoned with
    name:   of the downloaded file, "name.csv"
    label:  what the table is, for screen readers
    height: pixels from which on it scrolls
    compact: in small type, for many columns
    """
    return custom(
        "table",
        value,
        elem_id=elem_id,
        text=text.part("table"),
        name=name,
        caption=label,
        selectable=selectable,
        height=height,
        compact=compact,
    )
