"""Which column of a table of predictions says what, by the columns' names; in English and Chinese.

It must depend neither on the kind of file nor on what is made of the columns. The rules, in this order:

1. y_true and y_pred are what they say, whatever else there is; so are id and file. 2. Else a name such as target,
actual or gt is the true label, one such as prediction, output or ŷ the predicted one. 3. label and class may be either:
the true label beside a predicted one or beside probabilities. 4. A column of fractions holds no labels and no ids,
whatever its name; a title that is a class's name belongs to it. 5. Where two columns have a claim, or none has, it is
not clear, and the user has to choose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isfinite

LABEL = "labels?|class(es)?|category|categories|标签|类别|类|分类"
TRUE = re.compile(
    "y|ytest|(y|label|class)?"
    "(true|truth|targets?|actuals?|gt|groundtruth|gold|expected|reference|真实|真|实际|正确|目标)"
    f"({LABEL}|name|value|值|答案)?"
)
PREDICTED = re.compile(
    "ŷ|yhat|top1|(y|label|class|model|模型)?(preds?|predict|predicted|predictions?|outputs?|预测|输出)"
    f"({LABEL}|name|value|值|结果)?"
)
EITHER = re.compile(LABEL)
CONFIDENCE = re.compile(
    "(y|max|top1)?(pred|predicted|prediction|class|预测)?"
    "(scores?|conf|confidence|prob|probability|置信度|概率|得分|分数)"
)
IDS = re.compile(
    "(images?|img|file|sample|row)?(ids?|files?|names?|filenames?|paths?|keys?)|images?|img|uid|编号"
    "|(图片|图像|文件)(名称?|路径|编号)?|路径"
)
SLACK = 0.05  # by which the probabilities of a row may miss 1: written with 4 digits, 1,000 of them may
UNASKED = ("unnamed: 0", "__index_level_0__")  # columns that pandas adds


@dataclass(frozen=True)
class Roles:
    """Places in the header. predicted: None where the greatest probability is the prediction. ids, confidence (the
    probability of the predicted class): None where there is no such column. others: columns that may belong to classes.
    """

    true: int
    predicted: int | None
    ids: int | None
    confidence: int | None
    others: tuple[int, ...]


def is_known(title: str) -> bool:
    """Whether a title names labels, ids or a confidence."""
    return any(kind.fullmatch(normal(title)) for kind in (TRUE, PREDICTED, EITHER, CONFIDENCE, IDS))


def normal(title: str) -> str:
    """A title without case, blanks and signs between its words."""
    return re.sub(r"[\s_\-./:]+", "", unicodedata.normalize("NFKC", title).casefold())


def recognise(header: Sequence[str], rows: Sequence[Sequence[str]], classes: Collection[str] = ()) -> Roles | None:
    """The roles of the columns with these names and first rows; None where they are not clear.

    rows: each with a cell for each column. classes: names that are known beforehand.
    """
    exact, keys = [title.casefold() for title in header], list(map(normal, header))

    def named(kind: re.Pattern) -> list[int]:
        return [
            at
            for at, key in enumerate(keys)
            if key and kind.fullmatch(key) and header[at] not in classes and not _has_fractions(rows, at)
        ]

    true = [exact.index("y_true")] if "y_true" in exact else named(TRUE)
    predicted = [exact.index("y_pred")] if "y_pred" in exact else named(PREDICTED)
    either = named(EITHER)
    ids = [at for at, key in enumerate(exact) if key in ("id", "file") and header[at] not in classes]
    taken = {*true, *predicted, *ids}
    if len(true) > 1 or len(predicted) > 1 or (true and not predicted and either):
        return None
    if not true:
        true = [at for at in either if at not in taken]
        taken.update(true)
    if len(true) != 1:
        return None
    ids = ids or [at for at in named(IDS) if at not in taken][:1]
    taken.update(ids)
    roles = _with_the_rest(header, rows, taken, true[0], next(iter(predicted), None), next(iter(ids), None), classes)
    return roles if predicted or len(numeric(rows, roles.others)) > 1 else None


def chosen(
    header: Sequence[str], rows: Sequence[Sequence[str]], true: int, predicted: int | None, ids: int | None
) -> Roles:
    """The roles that somebody chose."""
    return _with_the_rest(header, rows, {true, predicted, ids}, true, predicted, ids, ())


def _with_the_rest(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    taken: Collection[int | None],
    true: int,
    predicted: int | None,
    ids: int | None,
    classes: Collection[str],
) -> Roles:
    others = [at for at, title in enumerate(header) if at not in taken and title and title.casefold() not in UNASKED]
    sure = [
        at for at in numeric(rows, others) if CONFIDENCE.fullmatch(normal(header[at])) and header[at] not in classes
    ]
    confidence = sure[0] if len(sure) == 1 else None
    return Roles(true, predicted, ids, confidence, tuple(at for at in others if at != confidence))


def class_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[int], labels: Collection[str] = ()
) -> tuple[int, ...]:
    """Those of the numeric columns that hold the classes' probabilities: all of them where they add up to 1 in the
    first rows, else those without numbers that are no probability, else those that are called like labels; none where
    none of these add up."""
    shares = [[_number(row[column]) for column in columns] for row in rows]

    def adds_up(kept: Sequence[int]) -> bool:
        cells = [[row[at] for at in kept] for row in shares]
        known = [[cell for cell in row if cell is not None] for row in cells]
        return len(kept) > 1 and all(len(row) == len(kept) and abs(sum(row) - 1) <= SLACK for row in known)

    possible = [at for at in range(len(columns)) if all(_is_share(row[at]) for row in shares)]
    named = [at for at, column in enumerate(columns) if header[column] in labels]
    for kept in (range(len(columns)), possible, named):
        if adds_up(kept):
            return tuple(columns[at] for at in kept)
    return ()


def numeric(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> tuple[int, ...]:
    """Those of the columns whose cell in the first row is a number, or empty."""
    return tuple(at for at in columns if not rows or not rows[0][at] or _number(rows[0][at]) is not None)


def _is_share(number: float | None) -> bool:
    return number is not None and 0 <= number <= 1


def _has_fractions(rows: Sequence[Sequence[str]], column: int) -> bool:
    numbers = [_number(row[column]) for row in rows]
    return any(number is not None and isfinite(number) and number % 1 for number in numbers)


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
