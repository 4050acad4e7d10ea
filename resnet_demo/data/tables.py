"""Open and read uploaded tables, CSV or parquet; what cannot be read is named by its row.

Must not depend on what the columns mean: that is `predictions`. Rows are counted as people see them: in CSV the header
is row 1, in parquet, which has none, row 1 is the first.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from .columns import (
    HEAD_ROWS,
    MAX_BYTES,
    MAX_SHOWN,
    MAX_UNPACKED,
    Categories,
    Columns,
    Sheet,
    as_categories,
    as_columns,
    check_size,
    is_plain,
    missing,
    not_a_share,
    plain,
    shown_cells,
)
from .decode import printable
from .errors import DataError
from .roles import is_known

MAX_HEADER = 2**20  # bytes of the columns' names
MAX_LINE = 2**22  # bytes of a row: four times what pyarrow reads, who does not say which row it was
DELIMITERS = ",;\t"


def open_table(source: str | os.PathLike | bytes, name: str = "") -> Sheet:
    """The table in a file or in its bytes, known by its content; `name` is what sentences call it.

    Raises DataError for what is no such file, or too large.
    """
    if not isinstance(source, bytes):
        name, source = name or Path(source).name, Path(source)
    name = printable(name or "table")
    data = source if isinstance(source, bytes) else _content(source, name)
    if len(data) > MAX_BYTES:
        raise DataError("data.upload", name=name, megabytes=len(data) / 2**20, most=MAX_BYTES / 2**20)
    if not data.strip(b"\xef\xbb\xbf\r\n\t "):
        raise DataError("table.empty", name=name)
    return (ParquetTable if data.startswith(b"PAR1") else CsvTable)(name, data)


class CsvTable:
    """CSV in UTF-8, with or without a mark of that at its start; comma, semicolon or tab.

    name: in sentences. header: the columns' names. first_row: the number of the first row below them.
    """

    first_row = 2

    def __init__(self, name: str, data: bytes) -> None:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise DataError("table.encoding", name=name, row=1)
        if data.startswith(b"PK\3\4") or b"\0" in data[:MAX_HEADER]:
            raise DataError("table.format", name=name)
        data = data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
        self.name, self._data = name, data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        heads = [self._head(delimiter) for delimiter in DELIMITERS]
        # the delimiter with the most names that say something, else the one with the most names
        best = max(heads, key=lambda head: (len(head[0]) > 1 and sum(map(is_known, head[0])), len(head[0])))
        self.header, self._start, self._delimiter = best
        if not self.header or self._start > MAX_HEADER:
            raise DataError("table.format", name=name)
        if self._start >= len(self._data):
            raise DataError("table.no_rows", name=name)

    def read(
        self, labels: Sequence[int], numbers: Sequence[int] = (), texts: int | None = None, most: int = 1000
    ) -> Columns:
        """The columns with these places in the header; DataError where a cell is not what it has to be.

        most: different labels that a column may have.
        """
        import pyarrow as pa

        check_size(self.name, self.rows, len(numbers))
        kinds = dict.fromkeys(map(str, labels), pa.dictionary(pa.int32(), pa.string()))
        kinds |= dict.fromkeys(map(str, numbers), pa.float32())
        kinds |= {} if texts is None else {str(texts): pa.string()}
        return as_columns(self, self._arrow(kinds, numbers), labels, numbers, texts, most)

    def categories(self, columns: Sequence[int]) -> list[Categories | None]:
        """As Sheet.categories."""
        import pyarrow as pa

        kinds = dict.fromkeys(map(str, columns), pa.dictionary(pa.int32(), pa.string()))
        table = self._arrow(kinds, ())
        return [as_categories(table[str(column)]) for column in columns]

    def _arrow(self, kinds: dict[str, Any], numbers: Sequence[int]) -> Any:
        """Columns of these kinds by pyarrow; DataError at the first row that cannot be read."""
        import pyarrow as pa
        from pyarrow import csv as arrow

        try:
            return arrow.read_csv(
                pa.BufferReader(pa.py_buffer(self._data).slice(self._start)),
                arrow.ReadOptions(column_names=list(map(str, range(len(self.header))))),
                # a line break inside quotes costs the search for it only where there are quotes
                arrow.ParseOptions(
                    delimiter=self._delimiter, newlines_in_values=b'"' in self._data, ignore_empty_lines=False
                ),
                arrow.ConvertOptions(
                    include_columns=list(kinds),
                    column_types=kinds,
                    null_values=[""],
                    strings_can_be_null=True,
                    decimal_point=self._point(numbers),
                ),
            )
        except pa.ArrowException as cause:
            raise self._fault(numbers) from cause

    def head(self) -> tuple[tuple[str, ...], ...]:
        """As Sheet.head."""
        rows = csv.reader(_lines(self._data, self._start, errors="replace"), delimiter=self._delimiter)
        try:
            rows_read = [
                tuple(plain(cell[:MAX_SHOWN]) for cell in cells[: len(self.header)])
                for cells in islice(rows, HEAD_ROWS)
            ]
        except csv.Error:
            return ()
        return tuple((*cells, *("",) * (len(self.header) - len(cells))) for cells in rows_read)

    @property
    def rows(self) -> int:
        """How many lines there are below the header."""
        return self._data.count(b"\n", self._start) + 1

    def lines(self) -> list[list[str]]:
        """All cells as texts, the header's too, each row as long as that; for tables that are small."""
        rows = csv.reader(_lines(self._data), delimiter=self._delimiter)
        lines: list[list[str]] = []
        try:
            for cells in rows:
                if len(cells) != len(self.header):
                    where = {"row": len(lines) + 1, "count": len(cells), "header": len(self.header)}
                    raise DataError("table.cells", name=self.name, **where)
                lines.append(list(map(plain, cells)))
        except UnicodeDecodeError as cause:
            raise DataError("table.encoding", name=self.name, row=len(lines) + 1) from cause
        except csv.Error as cause:
            raise DataError("table.quote", name=self.name, row=len(lines) + 1) from cause
        return lines

    def _head(self, delimiter: str) -> tuple[tuple[str, ...], int, str]:
        """The columns' names as they are with a delimiter, where the rows below begin, and the delimiter."""
        rows = csv.reader(_lines(self._data[:MAX_HEADER]), delimiter=delimiter)
        try:
            header, start = tuple(map(plain, next(rows))), 0
        except UnicodeDecodeError as cause:
            raise DataError("table.encoding", name=self.name, row=1) from cause
        except csv.Error:  # with this delimiter a cell is too long
            return (), 0, delimiter
        for _ in range(rows.line_num):
            start = self._data.find(b"\n", start) + 1 or len(self._data)
        return header, start, delimiter

    def _point(self, numbers: Sequence[int]) -> str:
        """The decimal point: a comma where the first row has it, as tables with semicolons often do."""
        try:
            first = next(csv.reader(_lines(self._data, self._start, errors="replace"), delimiter=self._delimiter))
        except (csv.Error, StopIteration):
            return "."
        return "," if any("," in first[column] for column in numbers if column < len(first)) else "."

    def _fault(self, numbers: Sequence[int]) -> DataError:
        """What is wrong with the first row that cannot be read: they are read again, one by one."""
        rows = csv.reader(_lines(self._data, self._start), delimiter=self._delimiter)
        row, point = self.first_row, self._point(numbers)
        try:
            for cells in rows:
                if len(cells) != len(self.header):
                    return DataError("table.cells", name=self.name, row=row, count=len(cells), header=len(self.header))
                for column in numbers:
                    text = cells[column].strip()
                    if not text:
                        return missing(self, row, column)
                    try:
                        float(text.replace(point, "."))
                    except ValueError:
                        return not_a_share(self, row, column, text)
                row += 1
        except UnicodeDecodeError:
            return DataError("table.encoding", name=self.name, row=row)
        except csv.Error:  # a quote that never ends swallows the rest of the file
            return DataError("table.quote", name=self.name, row=row)
        return DataError("table.format", name=self.name)


class ParquetTable:
    """A parquet file; as CsvTable."""

    first_row = 1

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self._data = name, data
        file = self._open()
        self.header = tuple(map(plain, file.schema_arrow.names))
        if not file.metadata.num_rows:
            raise DataError("table.no_rows", name=name)

    def read(
        self, labels: Sequence[int], numbers: Sequence[int] = (), texts: int | None = None, most: int = 1000
    ) -> Columns:
        """As CsvTable.read."""
        import pyarrow as pa

        file, named = self._open(), [*labels, *([] if texts is None else [texts])]
        check_size(self.name, file.metadata.num_rows, len(numbers))
        schema, wanted = file.schema_arrow, [*named, *numbers]
        for column in wanted:
            kind = value = schema.types[column]
            if column in named and pa.types.is_dictionary(kind):
                value = kind.value_type
            good = is_plain(value) if column in named else pa.types.is_integer(value) or pa.types.is_floating(value)
            if not good:
                title = printable(self.header[column])
                raise DataError("table.type", name=self.name, column=title, type=printable(str(kind)))
        # of the groups as wholes: pyarrow ends the process where a column's own description is damaged
        groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
        if sum(group.total_byte_size for group in groups) > MAX_UNPACKED:
            raise DataError("data.unpacked", name=self.name, gigabytes=MAX_UNPACKED / 2**30)
        content = self._arrow(named, wanted)
        return as_columns(self, content, labels, numbers, texts, most)

    def categories(self, columns: Sequence[int]) -> list[Categories | None]:
        """As Sheet.categories."""
        import pyarrow as pa

        types = self._open().schema_arrow.types
        kinds = {
            column: types[column].value_type if pa.types.is_dictionary(types[column]) else types[column]
            for column in columns
        }
        good = [column for column, kind in kinds.items() if is_plain(kind)]
        content = self._arrow(good, good) if good else None
        return [as_categories(content[str(column)]) if content and column in good else None for column in columns]

    def _arrow(self, named: Sequence[int], wanted: Sequence[int]) -> Any:
        """Columns by pyarrow, those of `named` as dictionaries; DataError for a damaged file."""
        import pyarrow as pa

        schema = self._open().schema_arrow
        names = {column: schema.names[column] for column in wanted}
        try:
            # texts stay the numbers of a dictionary, so that a long one on many rows is there once
            file = self._open([names[column] for column in named])
            content = file.read(columns=list(names.values()))
            content = pa.table({str(column): content.column(name) for column, name in names.items()})
            content.validate(full=True)  # that every number is in the dictionary, and texts are UTF-8
        except Exception as cause:  # pyarrow has many error classes; each means: not to be read
            raise DataError("table.broken", name=self.name) from cause
        return content

    def head(self) -> tuple[tuple[str, ...], ...]:
        """As Sheet.head."""
        file = self._open()
        if file.metadata.row_group(0).total_byte_size > MAX_UNPACKED:
            return ()
        try:
            cells = map(shown_cells, next(file.iter_batches(HEAD_ROWS, row_groups=[0])).columns)
            return tuple(zip(*cells, strict=True))
        except Exception:  # pyarrow has many error classes; `read` says what each means
            return ()

    def _open(self, dictionaries: Iterable[str] = ()) -> Any:
        import pyarrow as pa
        from pyarrow import parquet

        try:
            return parquet.ParquetFile(pa.BufferReader(self._data), read_dictionary=list(dictionaries))
        except Exception as cause:
            raise DataError("table.broken", name=self.name) from cause


def _content(path: Path, name: str) -> bytes:
    """All of a file; never of a pipe or device, and never much more than MAX_BYTES."""
    if not path.is_file():
        raise DataError("table.no_file", name=name)
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise DataError("data.upload", name=name, megabytes=size / 2**20, most=MAX_BYTES / 2**20)
            return file.read(MAX_BYTES + 1)
    except OSError as error:  # deleted a moment ago, for instance
        raise DataError("table.no_file", name=name) from error


def _lines(data: bytes, start: int = 0, errors: str = "strict") -> Iterator[str]:
    """The lines from `start` on, up to one that is longer than any row."""
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        if end - start > MAX_LINE:
            return
        yield data[start:end].decode(errors=errors)
        start = end
