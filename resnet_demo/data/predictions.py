"""Predictions that people bring, from any classifier: a table with a row for each picture.

It knows which columns say what: y_true beside y_pred, or beside a probability for each class; id or file says which
picture it was. It knows no picture, and counts nothing: `metrics` does.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .columns import Labels, Sheet, first_rows, not_a_share
from .decode import printable
from .errors import refusal
from .tables import open_table

MAX_CLASSES = 1000  # what a matrix of them can still be shown of
MAX_NAME = 200  # characters of a class's name
SLACK = 0.05  # by which the probabilities of a row may miss 1: written with 4 digits, 1,000 of them may
UNASKED = ("unnamed: 0", "__index_level_0__")  # columns that pandas adds


@dataclass(frozen=True, eq=False)
class Table:
    """n predictions.

    name: of the file. classes: C names. true, predicted: int64 (n,), places in `classes`. probabilities: float32
    (n, C), or None. ids: n texts from the column id or file, or None. first_row: what the file calls the first of the
    rows, which is 2 below a header. ignored: columns that were not read.
    """

    name: str
    classes: tuple[str, ...]
    true: np.ndarray
    predicted: np.ndarray
    probabilities: np.ndarray | None = None
    ids: tuple[str, ...] | None = None
    first_row: int = 2
    ignored: tuple[str, ...] = ()

    def cell(self, true: int, predicted: int) -> np.ndarray:
        """int64 (k,): the rows of one cell of the matrix, surest first where there are probabilities."""
        rows = np.flatnonzero((self.true == true) & (self.predicted == predicted))
        if self.probabilities is None:
            return rows
        return rows[np.argsort(-self.probabilities[rows, predicted], kind="stable")]

    def as_csv(self, rows: Sequence[int] | np.ndarray | None = None) -> str:
        """These rows (default: all) as a file that read_predictions takes; its id is the row's number without `ids`."""
        rows = range(len(self.true)) if rows is None else rows
        text, classes = io.StringIO(), list(map(unarmed, self.classes))
        writer = csv.writer(text)
        writer.writerow(["id", "y_true", "y_pred", *([] if self.probabilities is None else classes)])
        for row in rows:
            name = row + self.first_row if self.ids is None else unarmed(self.ids[row])
            shares = [] if self.probabilities is None else [f"{share:.6g}" for share in self.probabilities[row]]
            writer.writerow([name, classes[self.true[row]], classes[self.predicted[row]], *shares])
        return f"\ufeff{text.getvalue()}"  # the mark tells spreadsheets that it is UTF-8


def unarmed(text: str) -> str:
    """A text as one line that no spreadsheet takes for a formula."""
    return re.sub(r"^(?=\s*[=+\-@])", "'", re.sub(r"[\t\r\n]+", " ", text))


def read_predictions(
    source: str | os.PathLike | bytes, classes: Sequence[str] | None = None, *, name: str = ""
) -> Table:
    """The predictions in a CSV (comma, semicolon or tab; UTF-8) or parquet file, or in its bytes.

    Wanted are the columns y_true and y_pred, with names or whole numbers, or y_true and a column for each class with
    its probability; the greatest of these is then the prediction, the first of equal ones. Where both are there, y_pred
    counts and the probabilities are kept beside it.

    classes: the names to expect, in their order; whole numbers are then places among them, unless the names are numbers
    themselves. Without it, the classes are those that have a column, or else all labels that occur, sorted.
    name: what sentences call the file, by default its name.

    Raises DataError: one sentence, which names row and column.
    """
    table = open_table(source, name)
    true, predicted, ids, others = _roles(table, classes)
    wanted = [true] if predicted is None else [true, predicted]
    titles = tuple(table.header[column] for column in others)
    found, known = None, None if classes is None else tuple(map(str, classes))
    if known is None and predicted is None:
        known = titles
    if known is None:
        found = table.read(wanted, (), ids, MAX_CLASSES)
        texts = {text for labels in found.labels for text in labels.texts}
        known = titles if texts <= set(titles) else _occurring(table, wanted, found.labels)
    _check_names(table, known, own=classes is None)
    shares = _shares(table, others, known, needed=predicted is None)
    if found is None or shares:
        most = 10 * MAX_CLASSES  # a label too many is an unknown one, which another sentence says better
        found = table.read(wanted, shares, ids, most)
    numbers = [_numbered(table, *column, known) for column in zip(wanted, found.labels, strict=True)]
    if shares:
        _check_shares(table, found.numbers, shares)
    if predicted is None:
        numbers.append(found.numbers.argmax(axis=1))
    read = {*wanted, *shares, ids}
    ignored = tuple(printable(title) for at, title in enumerate(table.header) if title and at not in read)
    return Table(table.name, known, *numbers, found.numbers, found.texts, table.first_row, ignored)


def _roles(table: Sheet, classes: Sequence[str] | None) -> tuple[int, int | None, int | None, tuple[int, ...]]:
    """The places of y_true, y_pred, id or file, and of the columns that may belong to classes."""
    header, keys = table.header, [title.casefold() for title in table.header]
    if len(header) == 1:
        raise refusal("table.one_column", name=table.name, column=printable(header[0]))

    def place(key: str) -> int | None:
        if keys.count(key) > 1:
            raise refusal("table.twice", name=table.name, column=printable(key))
        return keys.index(key) if key in keys else None

    true, predicted, kept = place("y_true"), place("y_pred"), set(classes or ())
    told = [at for at, key in enumerate(keys) if key in ("id", "file") and header[at] not in kept]
    others = tuple(
        at for at, key in enumerate(keys) if at not in (true, predicted, *told) and key and key not in UNASKED
    )
    if true is None or predicted is None and len(others) < 2:
        shown = ", ".join(f"“{printable(title)}”" for title in header[:5]) + (", …" if len(header) > 5 else "")
        raise refusal("table.column", name=table.name, column="y_pred" if true is not None else "y_true", found=shown)
    return true, predicted, told[0] if told else None, others


def _shares(table: Sheet, others: Sequence[int], classes: tuple[str, ...], needed: bool) -> tuple[int, ...]:
    """The places of the classes' probabilities, in the classes' order; none where y_pred does without them."""
    titles = [table.header[column] for column in others]
    if tuple(titles) == classes:  # also with ImageNet's two cranes
        return tuple(others)
    numbers = places(titles, classes)
    missing = np.setdiff1d(np.arange(len(classes)), numbers)
    if len(missing) and needed:
        raise refusal("table.class", name=table.name, label=printable(classes[missing[0]]))
    if len(missing):
        return ()
    first, counts = np.unique(numbers[numbers >= 0], return_index=True, return_counts=True)[1:]
    if counts.max() > 1:
        raise refusal("table.twice", name=table.name, column=printable(classes[int(np.argmax(counts))]))
    return tuple(np.asarray(others)[numbers >= 0][first].tolist())


def whole(text: str) -> int | None:
    """The whole number that a label is, also as tables write it in a column with gaps (3.0)."""
    match = re.fullmatch(r"([+-]?\d{1,18})(\.0*)?", text, re.ASCII)
    return int(match[1]) if match else None


def places(texts: Sequence[str], classes: Sequence[str]) -> np.ndarray:
    """int64 (n,): the place of each text in `classes`; -1 for none, -2 for a name that two classes have.

    Names come first. Texts that are whole numbers, all of them, are places, unless classes are named by numbers.
    """
    named = {name: at for at, name in enumerate(classes)}
    if len(named) < len(classes):
        named |= {name: -2 for name, count in Counter(classes).items() if count > 1}
    found = [named.get(text, -1) for text in texts]
    numbers = [whole(text) for text in texts]
    if -1 in found and None not in numbers:
        spelt = {whole(name): at for at, name in enumerate(classes) if whole(name) is not None}
        spelt = spelt or {at: at for at in range(len(classes))}
        found = [spelt.get(number, -1) for number in numbers]
    return np.array(found, np.int64)


def _occurring(table: Sheet, columns: Sequence[int], found: Sequence[Labels]) -> tuple[str, ...]:
    """All labels that occur, sorted, numbers as such; DataError where one column has names and the other numbers."""
    numbers = [[whole(text) for text in labels.texts] for labels in found]
    named = [at for at, column in enumerate(numbers) if not any(number is not None for number in column)]
    numbered = [at for at, column in enumerate(numbers) if None not in column]
    if named and numbered:
        name, number = named[0], numbered[0]
        raise refusal(
            "table.mixed", name=table.name, row=table.first_row,
            named=printable(table.header[columns[name]]), label=printable(_first(found[name])),
            numbered=printable(table.header[columns[number]]), number=printable(_first(found[number])),
        )  # fmt: skip
    if len(numbered) == len(found):
        return tuple(map(str, sorted({number for column in numbers for number in column})))
    return tuple(sorted({text for labels in found for text in labels.texts}))


def _first(labels: Labels) -> str:
    return labels.texts[labels.codes[0]]


def _check_names(table: Sheet, classes: tuple[str, ...], own: bool) -> None:
    """DataError for classes that cannot be shown; `own` are those that the file names itself."""
    if len(classes) > MAX_CLASSES:
        raise refusal("table.many", name=table.name, count=len(classes), most=MAX_CLASSES)
    longest = max(classes, key=len, default="")
    if own and len(longest) > MAX_NAME:
        raise refusal("table.long", name=table.name, label=printable(longest), count=len(longest), most=MAX_NAME)
    if own and len(set(classes)) < len(classes):
        twice = Counter(classes).most_common(1)[0][0]
        raise refusal("table.twice", name=table.name, column=printable(twice))


def _numbered(table: Sheet, column: int, labels: Labels, classes: tuple[str, ...]) -> np.ndarray:
    """int64 (n,): the classes' places of one column; DataError at the first label that is none."""
    numbers = places(labels.texts, classes)
    if numbers.min() < 0:
        row = int(first_rows(labels.codes, len(labels.texts))[numbers < 0].min())
        label = printable(labels.texts[labels.codes[row]])
        where = {"name": table.name, "row": row + table.first_row, "column": printable(table.header[column])}
        shown = ", ".join(map(printable, classes[:5])) + (", …" if len(classes) > 5 else "")
        if numbers[labels.codes[row]] == -2:
            raise refusal("table.double", **where, label=label, last=len(classes) - 1)
        if any(whole(name) is not None for name in classes):  # no number is a place then
            raise refusal("table.name", **where, label=label, classes=shown)
        raise refusal("table.label", **where, label=label, classes=shown, last=len(classes) - 1)
    return numbers[labels.codes]


def _check_shares(table: Sheet, shares: np.ndarray, columns: Sequence[int]) -> None:
    """DataError at the first row whose numbers are no probabilities."""
    bad = ((shares < 0) | (shares > 1 + 1e-6)).any(axis=1)
    if bad.any():
        row = int(np.argmax(bad))
        at = int(np.argmax((shares[row] < 0) | (shares[row] > 1 + 1e-6)))
        raise not_a_share(table, row + table.first_row, columns[at], f"{shares[row, at]:g}")
    totals = shares.sum(axis=1, dtype=np.float64)
    bad = abs(totals - 1) > SLACK
    if bad.any():
        row, (first, *_, last) = int(np.argmax(bad)), (printable(table.header[column]) for column in columns)
        raise refusal(
            "table.sum", name=table.name, row=row + table.first_row, total=float(totals[row]), first=first, last=last
        )
