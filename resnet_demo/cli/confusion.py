"""Write the confusion matrix of a run, of any predictions, or of ready counts, as images, tables and a report.

Into --out go matrix.png, matrix.svg, matrix.csv, classes.csv (recall, precision, F1), report.md and report.json; where
probabilities are known, reliability.png, reliability.svg and curves.png, curves.svg, curves.csv (precision-recall and
ROC, each class against the rest), too. --slices adds slices.csv (accuracy for each value of a column), slices.json
(with their matrices) and slice-1.csv, slice-2.csv, … (the matrix of each row of slices.csv). Files of these names are
replaced. Examples:

  python -m resnet_demo confusion --run weights/cifar10-resnet20-a --out confusion
  python -m resnet_demo confusion --csv predictions.csv --groups groups.txt --look tutorial --out confusion
  python -m resnet_demo confusion --csv predictions.csv --slices camera --out confusion
  python -m resnet_demo confusion --csv confusion/matrix.csv --out again
  python -m resnet_demo confusion --csv answers.csv --true-column species --predicted-column answer --out confusion
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from ..data.counts import Counts, read_uploaded
from ..data.decode import printable
from ..data.errors import DataError
from ..data.predictions import ColumnChoice, read_head
from ..data.slices import SliceColumn
from ..figures.confusion import LOOKS, MOST_CLASSES, NORMALISE
from ..figures.files import confusion_files
from ..metrics import ConfusionMatrix, by_recall, by_similarity, most_confused, parse_groups, softmax, wilson
from ..metrics.curves import Curves, one_against_rest
from ..metrics.groups import Groups, merged_labels, merged_probabilities
from ..metrics.report import as_json, matrix_csv
from ..metrics.slices import slices_csv, slices_report
from ..places import Places
from ..runs.comparison.results import network_title
from ..runs.exchange.publish import public_config
from ..runs.folder import RunFolder
from . import options as shared

SETS = ("test", "test-lossless", "validation", "train")
ORDERS: dict[str, Callable[[ConfusionMatrix], np.ndarray]] = {
    "given": lambda matrix: np.arange(len(matrix.classes)),
    "similarity": lambda matrix: by_similarity(matrix.counts),
    "recall": by_recall,
}


@dataclass(frozen=True, eq=False)
class Counted:
    """What is counted. labels, predicted: int64 (n,), None where only the matrix is known. probabilities: float32
    (n, C) or None. about: for the report. best: how many probabilities of each row were recorded, None
    for all. slices: further columns of a file."""

    matrix: ConfusionMatrix
    title: str
    about: dict[str, str]
    labels: np.ndarray | None = None
    predicted: np.ndarray | None = None
    probabilities: np.ndarray | None = None
    best: int | None = None
    slices: tuple[SliceColumn, ...] = ()

    @property
    def curves(self) -> Callable[[], Curves] | None:
        """What computes precision-recall and ROC curves, once; None where not all probabilities are known."""
        if self.probabilities is None or self.labels is None or self.best is not None:
            return None
        return cache(partial(one_against_rest, self.probabilities, self.labels))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is counted, how it looks, and where the files go."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--run", metavar="RUN", help="a run that has been evaluated, its folder or id")
    what.add_argument(
        "--csv",
        metavar="FILE",
        help="CSV or parquet with y_true and y_pred, or y_true and a column for each class; "
        "or a matrix of counts (CSV), rows true, columns predicted, with or without names",
    )
    parser.add_argument("--true-column", metavar="NAME", help="of the true labels in --csv (recognised by its name)")
    parser.add_argument(
        "--predicted-column", metavar="NAME", help="beside --true-column (a column for each class with its probability)"
    )
    parser.add_argument(
        "--transposed", action="store_true", help="rows of a matrix of counts are the predicted classes"
    )
    parser.add_argument(
        "--slices", metavar="COLUMN", help="a further column of --csv: accuracy and matrix for each of its values"
    )
    parser.add_argument("--set", choices=SETS, help="of the run (test, or validation where there is none)")
    parser.add_argument("--out", metavar="DIR", required=True, help="a folder for the files, made if need be")
    parser.add_argument("--groups", metavar="FILE", help='classes to be merged, a line a group, "pets: cat, dog"')
    parser.add_argument("--look", choices=LOOKS, default="plain", help="of the picture (plain)")
    parser.add_argument("--normalise", choices=NORMALISE, default="row", help="what colour stands for (row: recall)")
    parser.add_argument("--order", choices=tuple(ORDERS), default="given", help="of the classes in it (given)")
    parser.add_argument("--title", help="above the picture (network, data and set; the file's name)")


def run(args: argparse.Namespace, places: Places) -> int:
    """Count, print accuracy and file names, write; 0 when done."""
    columns = _columns(args)
    if args.run and args.transposed:
        raise ValueError("--transposed is accepted with a matrix of counts in --csv only.")
    counted = _of_run(shared.run_named(args.run, places), args.set) if args.run else _of_file(args, columns)
    if args.groups:
        counted = _merged(counted, parse_groups(_text(Path(args.groups)), counted.matrix.classes))
    matrix = counted.matrix
    files = confusion_files(
        matrix,
        title=counted.title if args.title is None else args.title,
        about=counted.about,
        probabilities=counted.probabilities,
        labels=counted.labels,
        predicted=counted.predicted,
        curves=counted.curves,
        look=args.look,
        normalise=args.normalise,
        order=_order(matrix, args.order),
    )
    if args.slices is not None:
        files |= _slices(counted, args.slices, args.csv)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content())
    if matrix.total:
        interval = wilson(int(np.trace(matrix.counts)), matrix.total)
        bounds = f"95 % [{interval.low:.2%}, {interval.high:.2%}]"
        print(f"accuracy {matrix.accuracy:7.2%}   {bounds}   n={matrix.total}")
    print(f"{out}: {', '.join(sorted(files))}")
    return 0


def _of_run(folder: RunFolder, name: str | None) -> Counted:
    config = public_config(folder.config)
    by_set = folder.predictions()
    if not by_set:
        raise ValueError(f"{folder.id} has not been evaluated yet; accepted are runs after `evaluate --run`.")
    name = name or ("test" if "test" in by_set else "validation")
    if name not in by_set:
        raise ValueError(f"{folder.id} has no set {name}; accepted are {', '.join(by_set)}.")
    rows, network = by_set[name], network_title(config.model)
    shares = softmax(rows.logits)
    probabilities = shares if np.isfinite(shares).all() else None  # of a run that diverged the counts are left
    about = {"run": folder.name or folder.id, "network": network, "data": config.data, "set": name}
    title = f"{network}, {config.data}, {name}"
    matrix = ConfusionMatrix.from_predictions(rows.labels, rows.predicted, config.classes)
    return Counted(matrix, title, about, rows.labels, rows.predicted, probabilities, rows.best)


def _columns(args: argparse.Namespace) -> ColumnChoice | None:
    """The columns that were chosen, None for those that their names say."""
    if not args.true_column and not args.predicted_column:
        return None
    if args.run or not args.true_column:
        raise ValueError("--true-column, and --predicted-column beside it, are accepted with --csv only.")
    return ColumnChoice(args.true_column, args.predicted_column)


def _of_file(args: argparse.Namespace, columns: ColumnChoice | None) -> Counted:
    path, about = Path(args.csv), {"file": Path(args.csv).name}
    if args.set:
        raise ValueError(f"--set {args.set} is of a run; accepted with --csv is none: the whole file is counted.")
    try:
        table = read_uploaded(path, columns=columns, transposed=args.transposed)
    except DataError as error:
        if error.code not in ("table.unclear", "table.no_column"):
            raise
        names = ", ".join(map(printable, read_head(path).header))
        raise ValueError(f"{error} Choose with --true-column and --predicted-column from: {names}") from error
    if isinstance(table, Counts):
        kinds = ("predicted", "true") if args.transposed else ("true", "predicted")
        print(f"{path.name}: a matrix of counts, rows read as {kinds[0]} classes, columns as {kinds[1]} ones")
        return Counted(ConfusionMatrix(table.counts, table.classes), path.name, about)
    if args.transposed:
        raise ValueError(f"--transposed is accepted with a matrix of counts; {path.name} holds predictions.")
    matrix = ConfusionMatrix.from_predictions(table.true, table.predicted, table.classes)
    return Counted(matrix, path.name, about, table.true, table.predicted, table.probabilities, slices=table.slices)


def _merged(counted: Counted, groups: Groups) -> Counted:
    """The same answers after the classes of each group became one."""
    _, numbers = merged_labels(groups, counted.matrix.classes)
    labels, predicted, shares = counted.labels, counted.predicted, counted.probabilities
    return replace(
        counted,
        matrix=counted.matrix.merged(groups),
        labels=None if labels is None else numbers[labels],
        predicted=None if predicted is None else numbers[predicted],
        probabilities=None if shares is None else merged_probabilities(shares, numbers),
        about={**counted.about, "groups": ", ".join(groups)},
    )


def _slices(counted: Counted, name: str, csv: str | None) -> dict[str, Callable[[], bytes]]:
    """slices.csv and slices.json, and the matrix of each slice, numbered by its row in slices.csv."""
    column = next((one for one in counted.slices if one.name == name), None)
    if column is None or counted.labels is None or counted.predicted is None:
        names = ", ".join(one.name for one in counted.slices) or "none"
        of = Path(csv).name if csv else "a run"
        raise ValueError(f"--slices {printable(name)}: the columns of {of} that can part its rows are: {names}.")
    labels, predicted, classes = counted.labels, counted.predicted, counted.matrix.classes
    made = slices_report(labels, predicted, classes, column.codes, column.values)
    files: dict[str, Callable[[], bytes]] = {
        f"slice-{number}.csv": partial(_encoded, matrix_csv, ConfusionMatrix(np.array(one["counts"]), classes))
        for number, one in enumerate(made, 1)
    }
    whole = {"column": column.name, "classes": list(classes), "slices": made}
    return files | {
        "slices.csv": partial(_encoded, slices_csv, made, column.name),
        "slices.json": partial(_encoded, as_json, whole),
    }


def _encoded(write: Callable[..., str], *what: object) -> bytes:
    return write(*what).encode(errors="replace")


def _order(matrix: ConfusionMatrix, name: str) -> np.ndarray:
    """The classes to be drawn, the most confused ones where they are too many, in the order called `name`."""
    order = ORDERS[name](matrix)
    return order[np.isin(order, most_confused(matrix.counts, MOST_CLASSES))]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name} is no text; accepted are groups in UTF-8.") from error
