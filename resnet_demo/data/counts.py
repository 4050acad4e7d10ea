"""Uploaded confusion matrices of ready counts: rows true, columns predicted, names in the first row and column or none.

A file is known as one by its content: below and beside its names it holds nothing but numbers, and as many rows as
columns; a table of predictions, whose columns' names say so, is none. Must not depend on what is made of the counts.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .columns import Sheet
from .decode import printable
from .errors import DataError
from .predictions import MAX_CLASSES, ColumnChoice, Table, check_names, predictions_in, whole
from .roles import recognise
from .tables import CsvTable, open_table

MAX_COUNT = 10**12  # of a cell: sums of a million of them are still exact
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?(nan|inf(inity)?)|", re.ASCII | re.IGNORECASE)
TOTAL = ("all", "total", "totals", "sum", "合计", "总计", "总和")  # names of sums at the lower and the right edge


@dataclass(frozen=True, eq=False)
class Counts:
    """A confusion matrix. name: of the file. classes: C names. counts: int64 (C, C), rows true. transposed: whether the
    file has them the other way round. named: whether it names its classes, else these are numbers from 0 on. totals:
    whether it had sums, which are left out."""

    name: str
    classes: tuple[str, ...]
    counts: np.ndarray
    transposed: bool = False
    named: bool = True
    totals: bool = False


@dataclass(frozen=True)
class Layout:
    """Whether the first row, and the first column, hold names."""

    first_row: bool
    first_column: bool


def read_uploaded(
    source: str | os.PathLike | bytes,
    *,
    name: str = "",
    columns: ColumnChoice | None = None,
    transposed: bool = False,
) -> Table | Counts:
    """What a file holds: a matrix of counts, or else predictions, as `read_predictions` has them.

    transposed: of a matrix the rows are the predicted classes.
    """
    sheet = open_table(source, name)
    layout = layout_of(sheet) if columns is None and isinstance(sheet, CsvTable) else None
    if layout is None or not isinstance(sheet, CsvTable):
        return predictions_in(sheet, columns=columns)
    return read_counts(sheet, layout, transposed)


def layout_of(sheet: CsvTable) -> Layout | None:
    """Where a table of counts has its names; None for a table that is none."""
    header, head = sheet.header, sheet.head()
    width, rows = len(header), sheet.rows
    if width < 2 or not head or not all(map(is_number, (cell for cells in head for cell in cells[1:]))):
        return None
    beside = [cells[0] for cells in head]
    values = [cell for cells in head for cell in cells[1:]]
    corner = not header[0] or not is_number(header[0])
    in_order = beside == list(header[1:][: len(head)])
    if corner and (in_order or (set(beside) <= set(header[1:]) and all(map(whole_count, values)))):
        is_table = recognise(header, head) is not None and not any(_above_one(value) for value in values)
        return None if is_table else Layout(True, True)
    if recognise(header, head):
        return None
    names_above, names_beside = (not all(map(is_number, cells)) for cells in (header[1:], beside))
    if not names_above and not names_beside:
        if not is_number(header[0]):  # one row of names has no number among them
            return Layout(False, True) if rows + 1 == width - 1 else None
        if rows == width and list(header) in _numberings(width):
            return Layout(True, False)
        near = width > 2 and all(map(whole_count, (*header, *beside, *values)))
        return Layout(False, False) if rows + 1 == width or near else None
    if names_above and not names_beside:
        return Layout(True, False) if rows == width else None
    if names_beside and not names_above:
        return Layout(False, True) if rows + 1 == width - 1 else None
    return Layout(True, True) if rows == width - 1 and all(map(whole_count, values)) else None


def read_counts(sheet: CsvTable, layout: Layout, transposed: bool = False) -> Counts:
    """The matrix in a table; DataError, one sentence, where it is none after all."""
    columns, rows = len(sheet.header) - layout.first_column, sheet.rows + 1 - layout.first_row
    if max(columns, rows) > MAX_CLASSES + 1:
        raise DataError("table.many", name=sheet.name, count=max(columns, rows), most=MAX_CLASSES)
    lines = sheet.lines()
    above = lines[0][layout.first_column :] if layout.first_row else None
    body = lines[layout.first_row :]
    beside = [cells[0] for cells in body] if layout.first_column else None
    cells = [one[layout.first_column :] for one in body]
    if len(cells) != columns:
        raise DataError("counts.square", name=sheet.name, rows=len(cells), columns=columns)
    counts = _numbers(sheet, cells, layout)
    names = above or beside or list(map(str, range(columns)))
    if above and beside:
        counts = _in_order(sheet, counts, above, beside)
    totals = _has_totals(names, counts)
    if totals:
        names, counts = names[:-1], counts[:-1, :-1]
    classes = tuple(names)
    if "" in classes:
        raise DataError("counts.unnamed", name=sheet.name, place=classes.index("") + 1)
    check_names(sheet, classes, own=True)
    if not counts.any():
        raise DataError("counts.zero", name=sheet.name)
    counts = np.ascontiguousarray(counts.T if transposed else counts)
    return Counts(sheet.name, classes, counts, transposed, bool(above or beside), totals)


def is_number(text: str) -> bool:
    """Whether a cell is a number, also one that no count can be, or empty."""
    return NUMBER.fullmatch(text) is not None


def whole_count(text: str) -> bool:
    """Whether a cell is a whole number, or empty."""
    return not text or whole(text) is not None


def _above_one(text: str) -> bool:
    return bool(text) and float(text) > 1


def _numberings(size: int) -> list[list[str]]:
    """Names that programs give to columns without any."""
    return [list(map(str, range(first, size + first))) for first in (0, 1)]


def _numbers(sheet: Sheet, cells: Sequence[Sequence[str]], layout: Layout) -> np.ndarray:
    """int64 (n, n); DataError at the first cell that is no count."""
    counts = np.zeros((len(cells), len(cells)), np.int64)
    for at, row in enumerate(cells):
        for place, text in enumerate(row):
            number = whole(text)
            if number is None and NUMBER.fullmatch(text) and text and float(text).is_integer():  # 5.0e+01
                number = int(min(float(text), MAX_COUNT + 1))
            if number is None or not 0 <= number <= MAX_COUNT:
                where = {"row": at + 1 + layout.first_row, "column": place + 1 + layout.first_column}
                if not text:
                    raise DataError("counts.missing", name=sheet.name, **where)
                raise DataError("counts.value", name=sheet.name, value=printable(text[:40]), most=MAX_COUNT, **where)
            counts[at, place] = number
    return counts


def _in_order(sheet: Sheet, counts: np.ndarray, above: list[str], beside: list[str]) -> np.ndarray:
    """The counts with their rows in the columns' order."""
    if above == beside:
        return counts
    rows, columns = Counter(beside), Counter(above)
    twice = [name for name, count in (rows + columns).items() if count > 2 or rows[name] > 1 or columns[name] > 1]
    if twice:
        raise DataError("table.twice", name=sheet.name, column=printable(twice[0]))
    if rows != columns:
        only = (next(iter(one), "") for one in (rows - columns, columns - rows))
        row, column = map(printable, only)
        raise DataError("counts.names", name=sheet.name, row=row, column=column)
    return counts[[beside.index(name) for name in above]]


def _has_totals(names: Sequence[str], counts: np.ndarray) -> bool:
    """Whether the last row and column are the sums of the others."""
    inner = counts[:-1, :-1]
    return (
        len(names) > 2
        and names[-1].casefold() in TOTAL
        and np.array_equal(counts[-1, :-1], inner.sum(axis=0))
        and np.array_equal(counts[:-1, -1], inner.sum(axis=1))
        and counts[-1, -1] == inner.sum()
    )
