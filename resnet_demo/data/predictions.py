"""Uploaded predictions of any classifier: a table with a row for each image.

A true label beside a predicted one, or beside a probability for each class; what a column holds follows from its name
(`roles`) or is chosen. Must not depend on images; `metrics` counts.
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
from .errors import DataError
from .roles import SLACK, UNASKED, Roles, chosen, class_columns, numeric, recognise
from .slices import SliceColumn, slices_of
from .tables import open_table

MAX_CLASSES = 1000  # what a matrix of them can still be shown of
SHOWN = 8  # columns that a sentence names
MAX_NAME = 200  # characters of a class's name
WHOLE = re.compile(r"([+-]?\d{1,18})(\.0*)?", re.ASCII)


@dataclass(frozen=True, eq=False)
class Table:
    """n predictions.

    name: of the file. classes: C names. true, predicted: int64 (n,), places in `classes`. probabilities: float32
    (n, C), or None. confidence: float32 (n,), the probability of the predicted class where only that is known, or None.
    ids: n texts that say which picture a row is, or None. first_row: what the file calls the first of the rows, which
    is 2 below a header. ignored: columns that were not read. columns: those of the true and of the predicted label,
    "" where probabilities were read instead. slices: columns that part the rows.
    """

    name: str
    classes: tuple[str, ...]
    true: np.ndarray
    predicted: np.ndarray
    probabilities: np.ndarray | None = None
    ids: tuple[str, ...] | None = None
    first_row: int = 2
    ignored: tuple[str, ...] = ()
    confidence: np.ndarray | None = None
    columns: tuple[str, str] = ("y_true", "y_pred")
    slices: tuple[SliceColumn, ...] = ()

    def cell(self, true: int, predicted: int) -> np.ndarray:
        """int64 (k,): the rows of one cell of the matrix, surest first where that is known."""
        rows = np.flatnonzero((self.true == true) & (self.predicted == predicted))
        sure = self.confidence if self.probabilities is None else self.probabilities[:, predicted]
        return rows if sure is None else rows[np.argsort(-sure[rows], kind="stable")]

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


@dataclass(frozen=True)
class ColumnChoice:
    """Which columns hold the labels: names, or places in the header. predicted: None for the greatest probability."""

    true: str | int
    predicted: str | int | None = None
    ids: str | int | None = None


@dataclass(frozen=True)
class Head:
    """What is seen of a file before its columns are chosen: their names, and the first rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_head(source: str | os.PathLike | bytes, *, name: str = "") -> Head:
    """The names and first rows of a CSV or parquet file; DataError if it is none."""
    table = open_table(source, name)
    return Head(table.header, table.head())


def read_predictions(
    source: str | os.PathLike | bytes,
    classes: Sequence[str] | None = None,
    *,
    name: str = "",
    columns: ColumnChoice | None = None,
) -> Table:
    """The predictions in a CSV (comma, semicolon or tab; UTF-8) or parquet file, or in its bytes.

    Wanted are the columns y_true and y_pred (or what else they are called, see `roles`), with names or whole numbers,
    or y_true and a column for each class with its probability; the greatest of these is then the prediction, the first
    of equal ones. Where both are there, y_pred counts and the probabilities are kept beside it.

    classes: the names to expect, in their order; whole numbers are then places among them, unless the names are numbers
    themselves. Without it, the classes are those that have a column, or else all labels that occur, sorted.
    name: what sentences call the file, by default its name. columns: chosen, where the names do not say which they are.

    Raises DataError: one sentence, which names row and column; "table.unclear" where `columns` is needed.
    """
    return predictions_in(open_table(source, name), classes, columns)


def predictions_in(table: Sheet, classes: Sequence[str] | None = None, columns: ColumnChoice | None = None) -> Table:
    """The same of a table that is open."""
    roles = _roles(table, classes) if columns is None else _chosen(table, columns)
    true, predicted, others = roles.true, roles.predicted, roles.others
    wanted = [true] if predicted is None else [true, predicted]
    content, known = None, None if classes is None else tuple(map(str, classes))
    if known is None:
        head = table.header, table.head(), numeric(table.head(), others)
        shares = class_columns(*head)
        if predicted is not None or not shares:
            content = table.read(wanted, (), roles.ids, MAX_CLASSES)
            texts = {text for labels in content.labels for text in labels.texts}
            shares = shares or class_columns(*head, texts) or head[-1]
        titles = tuple(table.header[column] for column in shares)
        if content is None or predicted is None or texts <= set(titles):
            known, others = titles, shares
        else:
            known = _occurring(table, wanted, content.labels)
    check_names(table, known, own=classes is None)
    shares = _shares(table, others, known, needed=predicted is None)
    if content is None or shares:
        most = 10 * MAX_CLASSES  # a label too many is an unknown one, which another sentence says better
        content = table.read(wanted, shares, roles.ids, most)
    numbers = [_numbered(table, *column, known) for column in zip(wanted, content.labels, strict=True)]
    if content.numbers is not None:
        _check_shares(table, content.numbers, shares)
        if predicted is None:
            numbers.append(content.numbers.argmax(axis=1))
    confidence = None if shares or roles.confidence is None else _confidence(table, roles.confidence)
    read = {*wanted, *shares, roles.ids, None if confidence is None else roles.confidence}
    left = [at for at, title in enumerate(table.header) if title and at not in read]
    slices = slices_of(table, [at for at in left if table.header[at].casefold() not in UNASKED], len(numbers[0]))
    parted = {one.name for one in slices}
    ignored = tuple(title for title in (printable(table.header[at]) for at in left) if title not in parted)
    names = printable(table.header[true]), "" if predicted is None else printable(table.header[predicted])
    labels, answers = numbers
    return Table(
        table.name, known, labels, answers, content.numbers, content.texts, table.first_row, ignored, confidence, names,
        slices,
    )  # fmt: skip


def _roles(table: Sheet, classes: Sequence[str] | None) -> Roles:
    """The roles of the columns by their names."""
    keys = [title.casefold() for title in table.header]
    if len(keys) == 1:
        raise DataError("table.one_column", name=table.name, column=printable(table.header[0]))
    for key in ("y_true", "y_pred"):
        if keys.count(key) > 1:
            raise DataError("table.twice", name=table.name, column=printable(key))
    if roles := recognise(table.header, table.head(), frozenset(classes or ())):
        return roles
    raise DataError("table.unclear", name=table.name, found=_titles(table))


def _chosen(table: Sheet, columns: ColumnChoice) -> Roles:
    """The roles that somebody chose; DataError for a column that is not there, and for one with two roles."""

    def place(key: str | int | None) -> int | None:
        if key is None or key == "":
            return None
        names = list(table.header)
        if isinstance(key, str) and key not in names:
            key, names = key.casefold(), [title.casefold() for title in names]
        at = names.index(key) if key in names else key
        if not isinstance(at, int) or not 0 <= at < len(names):
            raise DataError("table.no_column", name=table.name, column=printable(str(key)), found=_titles(table))
        return at

    true, predicted, ids = place(columns.true), place(columns.predicted), place(columns.ids)
    if true is None:
        raise DataError("table.unclear", name=table.name, found=_titles(table))
    if true == predicted:
        raise DataError("table.same_column", name=table.name, column=printable(table.header[true]))
    roles = chosen(table.header, table.head(), true, predicted, None if ids in (true, predicted) else ids)
    if predicted is None and len(numeric(table.head(), roles.others)) < 2:
        raise DataError("table.unclear", name=table.name, found=_titles(table))
    return roles


def _titles(table: Sheet) -> str:
    """The first columns' names, for a sentence."""
    shown = ", ".join(f"“{printable(title)}”" for title in table.header[:SHOWN] if title)
    return shown + (", …" if len(table.header) > SHOWN else "")


def _confidence(table: Sheet, column: int) -> np.ndarray | None:
    """float32 (n,): a column of probabilities; None for one with gaps or other numbers, which costs nothing."""
    try:
        content = table.read((), (column,)).numbers
    except DataError:
        return None
    return content[:, 0] if content is not None and ((content >= 0) & (content <= 1)).all() else None


def _shares(table: Sheet, others: Sequence[int], classes: tuple[str, ...], needed: bool) -> tuple[int, ...]:
    """The places of the classes' probabilities, in the classes' order; none where y_pred does without them."""
    titles = [table.header[column] for column in others]
    if tuple(titles) == classes:  # also with ImageNet's two cranes
        return tuple(others)
    numbers = places(titles, classes)
    missing = np.setdiff1d(np.arange(len(classes)), numbers)
    if len(missing) and needed:
        raise DataError("table.class", name=table.name, label=printable(classes[missing[0]]))
    if len(missing):
        return ()
    first, counts = np.unique(numbers[numbers >= 0], return_index=True, return_counts=True)[1:]
    if counts.max() > 1:
        raise DataError("table.twice", name=table.name, column=printable(classes[int(np.argmax(counts))]))
    return tuple(np.asarray(others)[numbers >= 0][first].tolist())


def whole(text: str) -> int | None:
    """The whole number that a label is, also as tables write it in a column with gaps (3.0)."""
    return int(match[1]) if (match := WHOLE.fullmatch(text)) else None


def places(texts: Sequence[str], classes: Sequence[str]) -> np.ndarray:
    """int64 (n,): the place of each text in `classes`; -1 for none, -2 for a name that two classes have.

    Names come first. Texts that are whole numbers, all of them, are places, unless classes are named by numbers.
    """
    named = {name: at for at, name in enumerate(classes)}
    if len(named) < len(classes):
        named |= {name: -2 for name, count in Counter(classes).items() if count > 1}
    positions = [named.get(text, -1) for text in texts]
    numbers = [whole(text) for text in texts]
    if -1 in positions and None not in numbers:
        spelt = {whole(name): at for at, name in enumerate(classes) if whole(name) is not None}
        spelt = spelt or {at: at for at in range(len(classes))}
        positions = [spelt.get(number, -1) for number in numbers]
    return np.array(positions, np.int64)


def _occurring(table: Sheet, columns: Sequence[int], by_column: Sequence[Labels]) -> tuple[str, ...]:
    """All labels that occur, sorted, numbers as such; DataError where one column has names and the other numbers."""
    numbers = [[whole(text) for text in labels.texts] for labels in by_column]
    named = [at for at, column in enumerate(numbers) if not any(number is not None for number in column)]
    numbered = [at for at, column in enumerate(numbers) if None not in column]
    if named and numbered:
        name, number = named[0], numbered[0]
        raise DataError(
            "table.mixed", name=table.name, row=table.first_row,
            named=printable(table.header[columns[name]]), label=printable(_first(by_column[name])),
            numbered=printable(table.header[columns[number]]), number=printable(_first(by_column[number])),
        )  # fmt: skip
    if len(numbered) == len(by_column):
        return tuple(map(str, sorted({number for column in numbers for number in column if number is not None})))
    return tuple(sorted({text for labels in by_column for text in labels.texts}))


def _first(labels: Labels) -> str:
    return labels.texts[labels.codes[0]]


def check_names(table: Sheet, classes: tuple[str, ...], own: bool) -> None:
    """DataError for classes that cannot be shown; `own` are those that the file names itself."""
    if len(classes) > MAX_CLASSES:
        raise DataError("table.many", name=table.name, count=len(classes), most=MAX_CLASSES)
    longest = max(classes, key=len, default="")
    if own and len(longest) > MAX_NAME:
        raise DataError("table.long", name=table.name, label=printable(longest), count=len(longest), most=MAX_NAME)
    if own and len(set(classes)) < len(classes):
        twice = Counter(classes).most_common(1)[0][0]
        raise DataError("table.twice", name=table.name, column=printable(twice))


def _numbered(table: Sheet, column: int, labels: Labels, classes: tuple[str, ...]) -> np.ndarray:
    """int64 (n,): the classes' places of one column; DataError at the first label that is none."""
    numbers = places(labels.texts, classes)
    if numbers.min() < 0:
        row = int(first_rows(labels.codes, len(labels.texts))[numbers < 0].min())
        label = printable(labels.texts[labels.codes[row]])
        where = {"name": table.name, "row": row + table.first_row, "column": printable(table.header[column])}
        shown = ", ".join(map(printable, classes[:5])) + (", …" if len(classes) > 5 else "")
        if numbers[labels.codes[row]] == -2:
            raise DataError("table.double", **where, label=label, last=len(classes) - 1)
        if any(whole(name) is not None for name in classes):  # no number is a place then
            raise DataError("table.name", **where, label=label, classes=shown)
        raise DataError("table.label", **where, label=label, classes=shown, last=len(classes) - 1)
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
        raise DataError(
            "table.sum", name=table.name, row=row + table.first_row, total=float(totals[row]), first=first, last=last
        )
