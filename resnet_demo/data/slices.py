"""Further columns of a table of predictions as slices: parts of its rows, one for each value of a column.

Texts and a few different numbers are values as they are; of many numbers quartiles are. Must not depend on what is
counted in a slice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .columns import MAX_CELLS, Categories, Sheet
from .decode import printable

MOST_COLUMNS = 20
MOST_VALUES = 50  # of a column
LEAST_ROWS = 2  # of a value, on average; a column with less names its rows, or nearly
MOST_NUMBERS = 12  # different ones up to which each is a value
QUARTILES = (0.25, 0.5, 0.75)
MAX_VALUE = 100  # characters


@dataclass(frozen=True, eq=False)
class SliceColumn:
    """A column of n rows. name: the column's. codes: int16 (n,), places in `values`. values: texts, "" for rows without
    one. ranges: whether the values are quartiles of numbers."""

    name: str
    codes: np.ndarray
    values: tuple[str, ...]
    ranges: bool = False

    def rows(self, value: str) -> np.ndarray:
        """int64 (k,): the rows that have this value."""
        return np.flatnonzero(self.codes == self.values.index(value))


def slices_of(sheet: Sheet, columns: Sequence[int], rows: int) -> tuple[SliceColumn, ...]:
    """Those of these columns that have more than one value, and not too many; the first ones of too many columns, and
    of so many cells that they would take too much memory. rows: of the table."""
    names = [sheet.header[column] for column in columns]
    once = [column for at, column in enumerate(columns) if names.index(sheet.header[column]) == at]
    once = once[: min(2 * MOST_COLUMNS, MAX_CELLS // max(1, rows))]
    found: list[SliceColumn] = []
    for column, categories in zip(once, sheet.categories(once) if once else (), strict=True):
        made = _slice(printable(sheet.header[column]), categories) if categories else None
        if made and len(found) < MOST_COLUMNS:
            found.append(made)
    return tuple(found)


def _slice(name: str, categories: Categories) -> SliceColumn | None:
    """A column as a slice; None for one that cannot be."""
    numbers = categories.numbers
    if numbers is not None and len(numbers) > MOST_NUMBERS:
        return _quartiles(name, categories.codes, numbers)
    texts = categories.texts
    if texts is None or len(texts) > MOST_VALUES or max(map(len, texts), default=0) > MAX_VALUE:
        return None
    if numbers is not None:
        order = [int(at) for at in np.argsort(numbers, kind="stable")]
    else:
        order = sorted(range(len(texts)), key=texts.__getitem__)
    place = np.full(len(texts) + 1, len(texts), np.int16)  # -1, no value, is the last
    place[order] = np.arange(len(texts))
    return _column(name, place[categories.codes], [printable(texts[at]) for at in order])


def _quartiles(name: str, codes: np.ndarray, numbers: np.ndarray) -> SliceColumn | None:
    known = np.append(numbers, np.nan)[codes]
    there = np.isfinite(known)
    if not there.any():
        return None
    edges = np.unique(np.quantile(known[there], QUARTILES, method="lower"))
    edges = edges[edges < known[there].max()]
    if not len(edges):
        return None
    written = [f"{edge:.10g}" for edge in edges]
    middle = [f"> {low}, ≤ {high}" for low, high in zip(written, written[1:], strict=False)]
    places = np.where(there, np.searchsorted(edges, known, side="left"), len(edges) + 1).astype(np.int16)
    return _column(name, places, [f"≤ {written[0]}", *middle, f"> {written[-1]}"], ranges=True)


def _column(name: str, codes: np.ndarray, values: list[str], ranges: bool = False) -> SliceColumn | None:
    """With the value "" if rows have none; None for a column of one value, for one that nearly names its rows, and for
    values that look alike."""
    if (codes == len(values)).any():
        values = [*values, ""]
    if not 2 <= len(values) <= len(codes) / LEAST_ROWS or len(set(values)) < len(values):
        return None
    return SliceColumn(name, codes, tuple(values), ranges)
