"""A confusion matrix as files: one dictionary of all numbers, and from it JSON, CSV and Markdown.

Names are users' text: in CSV none is a formula, in Markdown none is markup. What does not exist is null in JSON, an
empty cell in CSV and "–" in Markdown. Words are English unless others are given.
"""

from __future__ import annotations

import csv
import html
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from .calibration import Reliability, reliability
from .confusion import MEASURES, ConfusionMatrix
from .curves import Curves
from .intervals import wilson
from .pairs import most_confused_pairs
from .ranking import told_apart, top_k_accuracy

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "title": "Confusion matrix",
        "accuracy": "Accuracy {value}, 95 % [{low}, {high}] (Wilson), {rows} rows, {classes} classes.",
        "empty": "No rows, {classes} classes.",
        "top": "Top-{k} accuracy {accuracy}.",
        "ece": "Expected calibration error {ece} ({bins} bins; Guo et al. 2017).",
        "area": "{area}: macro {macro}, micro {micro}.",
        "average_precision": "Average precision",
        "auc": "Area under the ROC curve",
        "threshold": "threshold",
        "false_positive_rate": "false positive rate",
        "classes": "Classes",
        "class": "class",
        "support": "rows",
        "predicted": "predicted",
        "true_positives": "right",
        "recall": "recall",
        "precision": "precision",
        "f1": "F1",
        "taken_for": "most often taken for",
        "average": "average",
        "macro": "macro",
        "weighted": "weighted by rows",
        "micro": "micro",
        "without": "{value} (classes left out: {count})",
        "left_out": "classes left out",
        "pairs": "Most frequent mistakes",
        "true": "true",
        "count": "count",
        "share": "share of the true class",
        "corner": "true / predicted",
        "matrix": "Counts (rows true, columns predicted)",
        "not_shown": "{classes} classes: the counts are in matrix.csv.",
    }
)
AREAS = ("average_precision", "auc")
MOST_SHOWN = 30  # classes whose counts stand in the Markdown itself


def report(
    matrix: ConfusionMatrix,
    *,
    about: Mapping[str, str] | None = None,
    probabilities: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    predicted: np.ndarray | None = None,
    curves: Curves | None = None,
    pairs: int = 20,
) -> dict[str, Any]:
    """Everything about a matrix as JSON has it: no NaN, null instead.

    about: what was counted, for people ("run": "…", "set": "test"), kept as it is. probabilities (n, C) with
    labels (n,) and answers, predicted (n,), where they are known: with them come top-k accuracies and calibration.
    curves: with them come average precision and AUC, of each class against the rest and on average.
    ValueError as of `reliability`.
    """
    support, given, right = matrix.support, matrix.predicted, np.diag(matrix.counts)
    ratios = {measure: getattr(matrix, measure) for measure in MEASURES}
    interval = wilson(int(right.sum()), matrix.total) if matrix.total else None
    averages = {
        kind: {
            measure: {"value": _known(mean.value), "left_out": mean.left_out}
            for measure in MEASURES
            for mean in [getattr(matrix, kind)(measure)]
        }
        for kind in ("macro", "weighted")
    }
    averages["micro"] = {measure: {"value": _known(matrix.micro(measure)), "left_out": 0} for measure in MEASURES}
    made = {
        "about": dict(about or {}),
        "classes": list(matrix.classes),
        "rows": matrix.total,
        "accuracy": {
            "value": _known(matrix.accuracy),
            "low": interval.low if interval else None,
            "high": interval.high if interval else None,
        },
        "averages": averages,
        "per_class": [
            {
                "class": name,
                "support": int(support[i]),
                "predicted": int(given[i]),
                "true_positives": int(right[i]),
                **{measure: _known(values[i]) for measure, values in ratios.items()},
                "taken_for": _taken_for(matrix, i),
            }
            for i, name in enumerate(matrix.classes)
        ],
        "pairs": [
            {
                "true": matrix.classes[pair.true],
                "predicted": matrix.classes[pair.predicted],
                "count": pair.count,
                "share_of_true": pair.share_of_true,
            }
            for pair in most_confused_pairs(matrix, pairs)
        ],
        "counts": matrix.counts.tolist(),
    }
    if probabilities is not None and labels is not None:
        made["calibration"] = calibration_dict(reliability(probabilities, labels, predicted=predicted))
        ks = told_apart(probabilities, (2, 3, 5))
        made["top_k"] = {str(k): _known(top_k_accuracy(probabilities, labels, k)) for k in ks}
    if curves is not None:
        for area in AREAS:
            for one, curve in zip(made["per_class"], curves.classes, strict=True):
                one[area] = _known(getattr(curve, area))
            macro, micro = curves.macro(area), _known(getattr(curves.micro, area))
            made[area] = {"macro": {"value": _known(macro.value), "left_out": macro.left_out}, "micro": micro}
    return made


def curves_csv(curves: Curves, classes: Sequence[str], words: Mapping[str, str] = WORDS) -> str:
    """The curves of each class against the rest, and of all decisions ("micro"), a row a threshold that was kept."""
    head = [words[key] for key in ("class", "threshold", "recall", "precision", "false_positive_rate")]
    rows: list[list[object]] = []
    for name, curve in zip((*map(unarmed, classes), words["micro"]), (*curves.classes, curves.micro), strict=True):
        columns = curve.threshold, curve.recall, curve.precision, curve.false_positive_rate
        rows += ([name, *(f"{value:.6g}" for value in row)] for row in zip(*columns, strict=True))
    return as_csv([head, *rows])


def calibration_dict(diagram: Reliability) -> dict[str, Any]:
    """A reliability diagram as JSON has it."""
    lists = {name: [_known(value) for value in getattr(diagram, name)] for name in ("confidence", "accuracy")}
    return {"ece": _known(diagram.ece), "edges": diagram.edges.tolist(), "count": diagram.count.tolist(), **lists}


def as_json(made: Mapping[str, Any]) -> str:
    """The report as JSON, names in their own letters; a line for each key, class, mistake and row of counts."""

    def laid_out(value: Any) -> str:
        if isinstance(value, list) and value and isinstance(value[0], dict | list):
            return "[\n  " + ",\n  ".join(map(dump, value)) + "\n]"
        return dump(value)

    dump = partial(json.dumps, ensure_ascii=False, allow_nan=False)
    return "{\n" + ",\n".join(f"{dump(key)}: {laid_out(value)}" for key, value in made.items()) + "\n}\n"


def matrix_csv(matrix: ConfusionMatrix, words: Mapping[str, str] = WORDS) -> str:
    """The counts with names at the top and at the left."""
    names = [unarmed(name) for name in matrix.classes]
    rows = ((name, *row) for name, row in zip(names, matrix.counts.tolist(), strict=True))
    return as_csv([(words["corner"], *names), *rows])


def classes_csv(made: Mapping[str, Any], words: Mapping[str, str] = WORDS) -> str:
    """The table of classes of a report: a row a class, then the averages and how many
    classes they leave out; ratios as numbers from 0 to 1."""
    keys = ("support", "predicted", "true_positives", *MEASURES)
    head = [words["class"], *(words[key] for key in keys), words["taken_for"], words["count"]]
    rows = []
    for one in made["per_class"]:
        taken = one["taken_for"] or {"class": "", "count": ""}
        numbers = ("" if one[key] is None else one[key] for key in keys)
        rows.append([unarmed(one["class"]), *numbers, unarmed(taken["class"]), taken["count"]])
    for kind, means in made["averages"].items():
        values = ("" if means[m]["value"] is None else means[m]["value"] for m in MEASURES)
        rows.append([words[kind], made["rows"], "", "", *values, "", ""])
        left_out = [means[m]["left_out"] for m in MEASURES]
        if any(left_out):
            rows.append([f"{words[kind]}, {words['left_out']}", "", "", "", *left_out, "", ""])
    return as_csv([head, *rows])


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows of cells as CSV with CRLF and a byte order mark, without which Excel takes UTF-8 for something else."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return "\ufeff" + text.getvalue()


def unarmed(name: str) -> str:
    """A name as a cell that no spreadsheet takes for a formula, on one line."""
    return re.sub(r"^(?=\s*[=+\-@])", "'", re.sub(r"[\t\r\n\0]+", " ", name))


def as_markdown(made: Mapping[str, Any], words: Mapping[str, str] = WORDS) -> str:
    """The report to be read: accuracy, averages, classes, mistakes, and counts where they are few enough."""
    size = len(made["classes"])
    lines = [f"# {words['title']}", ""]
    lines += [f"- {escaped(key)}: {escaped(str(value))}" for key, value in made["about"].items()] + [""]
    lines += _summary(made, words) + [""]
    means = [[words["average"], *(words[m] for m in MEASURES)]]
    for kind, averages in made["averages"].items():
        means.append([words[kind], *(_average(averages[m], words) for m in MEASURES)])
    lines += [*_table(means), "", f"## {words['classes']}", ""]
    keys = ("support", "predicted", "true_positives", *MEASURES)
    table = [[words["class"], *(words[key] for key in keys), words["taken_for"]]]
    for one in made["per_class"]:
        taken = one["taken_for"]
        mistaken = f"{escaped(taken['class'])} ({taken['count']:,})" if taken else "–"
        counts, ratios = (f"{one[key]:,}" for key in keys[:3]), (_percent(one[m]) for m in MEASURES)
        table.append([escaped(one["class"]), *counts, *ratios, mistaken])
    lines += [*_table(table, text_columns=(0, len(table[0]) - 1)), ""]
    if made["pairs"]:
        table = [[words[key] for key in ("true", "predicted", "count", "share")]]
        for one in made["pairs"]:
            names = (escaped(one[key]) for key in ("true", "predicted"))
            table.append([*names, f"{one['count']:,}", _percent(one["share_of_true"])])
        lines += [f"## {words['pairs']}", "", *_table(table, text_columns=(0, 1)), ""]
    lines += [f"## {words['matrix']}", ""]
    if size > MOST_SHOWN:
        lines.append(words["not_shown"].format(classes=f"{size:,}"))
    else:
        classes = [escaped(name) for name in made["classes"]]
        rows = ([name, *map(str, row)] for name, row in zip(classes, made["counts"], strict=True))
        lines += _table([["", *classes], *rows])
    return "\n".join(lines) + "\n"


def escaped(name: str) -> str:
    """A name on one line in which Markdown finds neither markup nor HTML nor the end of a table's cell."""
    text = html.escape(" ".join(name.split()), quote=False)
    return re.sub(r"([\\`*_{}\[\]#|~$])", r"\\\1", text)


def _summary(made: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    sizes = {"rows": f"{made['rows']:,}", "classes": f"{len(made['classes']):,}"}
    if not made["rows"]:
        return [words["empty"].format(**sizes)]
    share = {key: _percent(value) for key, value in made["accuracy"].items()}
    lines = [words["accuracy"].format(**share, **sizes)]
    for k, value in made.get("top_k", {}).items():
        lines.append(words["top"].format(k=k, accuracy=_percent(value)))
    if "calibration" in made:
        calibration = made["calibration"]
        lines.append(words["ece"].format(ece=_percent(calibration["ece"]), bins=len(calibration["count"])))
    for area in AREAS:
        if area in made:
            values = {"macro": _percent(made[area]["macro"]["value"]), "micro": _percent(made[area]["micro"])}
            lines.append(words["area"].format(area=words[area], **values))
    return [f"{line}  " for line in lines[:-1]] + lines[-1:]  # two spaces: a new line without a new paragraph


def _table(rows: list[list[str]], text_columns: tuple[int, ...] = (0,)) -> list[str]:
    rule = ["---" if column in text_columns else "---:" for column in range(len(rows[0]))]
    return [f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:])]


def _average(mean: Mapping[str, Any], words: Mapping[str, str]) -> str:
    value = _percent(mean["value"])
    return words["without"].format(value=value, count=mean["left_out"]) if mean["left_out"] else value


def _taken_for(matrix: ConfusionMatrix, i: int) -> dict[str, Any] | None:
    row = matrix.counts[i].copy()
    row[i] = 0
    j = int(row.argmax())
    return {"class": matrix.classes[j], "count": int(row[j])} if row[j] else None


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"
