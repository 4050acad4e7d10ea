"""What the tab says about an uploaded table of predictions, and which columns it offers where the names are unclear.

It must not depend on a component.
"""

from __future__ import annotations

from typing import Any

from ...data.counts import Counts
from ...data.decode import printable
from ...data.predictions import Head, Table
from ..text import Text

MOST_COLUMNS = 12  # of the table that is shown; the lists have all
MOST_NAMED = 10  # columns that are listed as not read
NOT_A_COLUMN = ""
STANDARD = ("y_true", "y_pred")


def summary(table: Table | Counts, text: Text) -> str:
    """What was read of a file: rows, classes, which columns, and which ones were not; how counts were read."""
    if isinstance(table, Counts):
        return counts_summary(table, text)
    words = [text("bring.read", count=f"{len(table.true):,}", classes=f"{len(table.classes):,}")]
    if tuple(map(str.casefold, table.columns)) != STANDARD:
        true, predicted = table.columns
        words.append(text("bring.columns", true=true, predicted=predicted or text("columns.shares")))
    if table.slices:
        words.append(text("bring.slices", columns=", ".join(one.name for one in table.slices)))
    if table.ignored:
        words.append(text("bring.ignored", columns=", ".join(table.ignored[:MOST_NAMED])))
    return " ".join(words)


def counts_summary(counts: Counts, text: Text) -> str:
    """What was read of a matrix of counts, which way, and what it cannot tell."""
    size = {"count": f"{int(counts.counts.sum()):,}", "classes": f"{len(counts.classes):,}"}
    words = [text("bring.counts", **size)]
    if not counts.named:
        words.append(text("bring.counts.numbered"))
    if counts.totals:
        words.append(text("bring.counts.totals"))
    words.append(text(f"bring.counts.{'columns' if counts.transposed else 'rows'}"))
    return " ".join([*words, text("bring.counts.without")])


def column_names(head: Head, text: Text) -> list[str]:
    """The names of a table's columns, for people."""
    return [printable(title) or text("columns.unnamed", place=at + 1) for at, title in enumerate(head.header)]


def first_rows(head: Head, text: Text) -> dict[str, Any]:
    """The first rows of a table, as the component `table` shows them."""
    names = column_names(head, text)[:MOST_COLUMNS]
    return {
        "columns": [{"key": str(at), "title": name} for at, name in enumerate(names)],
        "rows": [{str(at): printable(cell) for at, cell in enumerate(row[:MOST_COLUMNS])} for row in head.rows],
    }


def column_choices(head: Head, text: Text) -> dict[str, list[tuple[str, Any]]]:
    """(name, place) of the columns that may hold the true labels, the predicted labels, and the ids."""
    columns = [(name, at) for at, name in enumerate(column_names(head, text))]
    return {
        "true": columns,
        "predicted": [*columns, (text("columns.shares"), NOT_A_COLUMN)],
        "ids": [(text("columns.no_ids"), NOT_A_COLUMN), *columns],
    }
