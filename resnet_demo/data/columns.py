"""Columns of a table as arrays: labels, numbers and texts; the limits, and what a single cell can be refused for.

Columns are as pyarrow reads them. Must not depend on the file they come from or on what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from .decode import printable
from .errors import DataError

MAX_BYTES = 200 * 2**20  # of the file
MAX_UNPACKED = 2**30  # bytes of a parquet file's columns, which are compressed
MAX_ROWS = 10_000_000
HEAD_ROWS = 5
MAX_SHOWN = 200  # characters of a cell in the head of a table
MOST_TEXTS = 1000  # different ones of a column that has to be neither labels nor ids
MAX_CELLS = 50_000_000  # numbers in all, which take 4 bytes each
NO_FORMULA = re.compile(r"'\s*[=+\-@]")


@dataclass(frozen=True, eq=False)
class Labels:
    """A column of n labels, each text kept once. codes: int32 (n,), places in `texts`, every one of them in use."""

    codes: np.ndarray
    texts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Columns:
    """What was asked for. labels: columns of labels. numbers: float32 (n, k), without NaN. texts: n of them."""

    labels: tuple[Labels, ...]
    numbers: np.ndarray | None
    texts: tuple[str, ...] | None


@dataclass(frozen=True, eq=False)
class Categories:
    """A column whose values may be anything. codes: int32 (n,), places among its different values, -1 for none.
    numbers: float64 (k,), the values as numbers, None where some are no numbers. texts: the values as texts, None where
    they are many."""

    codes: np.ndarray
    numbers: np.ndarray | None
    texts: tuple[str, ...] | None


class Sheet(Protocol):
    """A table that was opened. name: in sentences. header: the columns' names. first_row: what the first of the rows
    is called."""

    name: str
    header: tuple[str, ...]
    first_row: int

    def read(
        self, labels: Sequence[int], numbers: Sequence[int] = (), texts: int | None = None, most: int = 1000
    ) -> Columns:
        """The columns with these places in the header; DataError where a cell is not what it has to be.

        most: different labels that a column may have.
        """

    def categories(self, columns: Sequence[int]) -> list[Categories | None]:
        """Columns of whatever kind; None for one that holds neither texts nor numbers."""

    def head(self) -> tuple[tuple[str, ...], ...]:
        """The first rows, HEAD_ROWS at most, each with a text for each column; none where they cannot be read."""


def plain(text: str) -> str:
    """A cell without blanks around it, and without the ' that tells spreadsheets that it is no formula."""
    text = text.strip()
    return text[1:] if NO_FORMULA.match(text) else text


def missing(table: Sheet, row: int, column: int) -> DataError:
    """The error for an empty cell."""
    return DataError("table.missing", name=table.name, row=row, column=printable(table.header[column]))


def not_a_share(table: Sheet, row: int, column: int, value: object) -> DataError:
    """The error for a cell that is no probability."""
    title = printable(table.header[column])
    return DataError("table.number", name=table.name, row=row, column=title, value=printable(str(value)))


def first_rows(codes: np.ndarray, size: int) -> np.ndarray:
    """int64 (size,): for each code the first place that has it."""
    first = np.full(size, len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # of several assignments the last one stays
    return first


def check_size(name: str, rows: int, numbers: int) -> None:
    """DataError for more rows than this many numbers in each of them allow."""
    most = min(MAX_ROWS, MAX_CELLS // max(1, numbers))
    if rows > most:
        raise DataError("table.rows", name=name, rows=rows, most=most)


def as_columns(
    table: Sheet, arrow: Any, labels: Sequence[int], numbers: Sequence[int], texts: int | None, most: int
) -> Columns:
    """What pyarrow found, as arrays; DataError at an empty cell or a label too many."""
    import pyarrow as pa

    grid = np.empty((arrow.num_rows, len(numbers)), np.float32)
    for at, column in enumerate(numbers):
        grid[:, at] = arrow[str(column)].cast(pa.float32(), safe=False).to_numpy()  # null is NaN
        gaps = np.isnan(grid[:, at])
        if gaps.any():
            raise missing(table, int(np.argmax(gaps)) + table.first_row, column)
    coded = tuple(_labels(table, arrow[str(column)], column, most) for column in labels)
    return Columns(coded, grid if numbers else None, None if texts is None else _texts(arrow[str(texts)]))


def _labels(table: Sheet, cells: Any, column: int, most: int) -> Labels:
    """One column of labels; `cells` is pyarrow's."""
    codes, values = _coded(cells)
    counts = np.bincount(codes + 1, minlength=len(values) + 1)
    nothing, used = counts[0], np.flatnonzero(counts[1:])
    if len(used) > most:
        used_codes = codes[codes >= 0] if nothing else codes
        code = used_codes[np.sort(first_rows(used_codes, len(values))[used])[most]]
        where = {"row": int(np.argmax(codes == code)) + table.first_row, "column": printable(table.header[column])}
        raise DataError("table.classes", name=table.name, most=most, label=printable(str(values[code])), **where)
    texts = ["" if value is None else plain(str(value)) for value in values.take(used).to_pylist()]
    empty = [code for code, text in zip(used, texts, strict=True) if text in ("", "nan", "NaN")]
    if nothing or empty:
        row = int(np.argmax(np.isin(codes, [-1, *map(int, empty)])))
        raise missing(table, row + table.first_row, column)
    place = np.zeros(len(values), np.int32)
    place[used] = np.arange(len(used))
    return Labels(place[codes], tuple(texts))


def as_categories(cells: Any) -> Categories:
    """One column, `cells` is pyarrow's, as its different values."""
    import pyarrow as pa

    codes, values = _coded(cells)
    try:
        numbers = values.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowException:
        numbers = None
    if len(values) > MOST_TEXTS:
        return Categories(codes, numbers, None)
    texts = tuple(plain(str(value)) for value in values.to_pylist())
    unnamed = [at for at, text in enumerate(texts) if text in ("", "nan", "NaN")]
    return Categories(np.where(np.isin(codes, unnamed), -1, codes) if unnamed else codes, numbers, texts)


def _texts(cells: Any) -> tuple[str, ...]:
    """A column of texts, "" where there is none; those of a dictionary are one object on all their rows."""
    import pyarrow as pa

    if pa.types.is_string(cells.type):
        return tuple(cells.fill_null("").to_numpy().tolist())
    codes, values = _coded(cells)
    texts = values.cast("string").fill_null("").to_numpy(zero_copy_only=False)
    return tuple(np.append(texts, "")[codes].tolist())  # -1, no text, is the last


def _coded(cells: Any) -> tuple[np.ndarray, Any]:
    """A column as int32 (n,), -1 for nothing, and pyarrow's array of the different values that these number."""
    import pyarrow as pa

    if pa.types.is_dictionary(cells.type):
        chunks = cells.unify_dictionaries().chunks
    else:  # as one chunk: of many, each would have a dictionary of all
        chunks = [cells.combine_chunks().dictionary_encode()]
    codes = [chunk.indices.cast("int32").fill_null(-1).to_numpy(zero_copy_only=False) for chunk in chunks]
    return np.concatenate(codes), chunks[0].dictionary


def is_plain(kind: Any) -> bool:
    """Whether a pyarrow type is of texts, numbers or truth values."""
    import pyarrow as pa

    number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    return number or pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind)


def shown_cells(cells: Any) -> list[str]:
    """A column of pyarrow's as texts, the beginnings of long ones; "" for what is neither text nor number."""
    import pyarrow as pa
    from pyarrow import compute

    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        cells = compute.utf8_slice_codeunits(cells, 0, MAX_SHOWN)
    elif not (pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type) or pa.types.is_boolean(cells.type)):
        return [""] * len(cells)
    return ["" if value is None else plain(str(value)) for value in cells.to_pylist()]
