"""The report as JSON, CSV and Markdown: right numbers, nothing made up, and hostile names that stay text."""

from __future__ import annotations

import csv
import io
import json
import re

import numpy as np
import pytest
from made_runs import NASTY

from resnet_demo.metrics import ConfusionMatrix, softmax, wilson
from resnet_demo.metrics.report import as_json, as_markdown, classes_csv, escaped, matrix_csv, report, unarmed

MATRIX = ConfusionMatrix([[7, 3, 0], [10, 20, 0], [0, 0, 0]], ("cat", "dog", "=1+1"))


def cells(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff") and text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_json_has_all_numbers_and_no_nan():
    read = json.loads(as_json(report(MATRIX, about={"run": "${x}"})), parse_constant=pytest.fail)
    interval = wilson(27, 40)
    assert read["accuracy"] == {"value": 0.675, "low": interval.low, "high": interval.high}
    assert read["counts"] == MATRIX.counts.tolist() and read["rows"] == 40 and read["about"] == {"run": "${x}"}
    assert read["per_class"][1]["taken_for"] == {"class": "cat", "count": 10}
    assert read["per_class"][2]["recall"] is None and read["per_class"][2]["taken_for"] is None
    assert read["averages"]["macro"]["recall"] == {"value": pytest.approx((0.7 + 2 / 3) / 2), "left_out": 1}
    assert [(p["true"], p["predicted"], p["count"]) for p in read["pairs"]] == [("dog", "cat", 10), ("cat", "dog", 3)]
    assert "calibration" not in read and "top_k" not in read


def test_probabilities_bring_calibration_and_top_k():
    random = np.random.default_rng(0)
    logits, labels = random.normal(size=(500, 4)), random.integers(0, 4, 500)
    matrix = ConfusionMatrix.from_predictions(labels, logits.argmax(1), "abcd")
    made = json.loads(as_json(report(matrix, probabilities=softmax(logits), labels=labels)))
    assert set(made["top_k"]) == {"2", "3"} and made["accuracy"]["value"] < made["top_k"]["2"] < made["top_k"]["3"]
    assert sum(made["calibration"]["count"]) == 500 and made["calibration"]["accuracy"][0] is None
    assert "Expected calibration error" in as_markdown(made) and "Top-3 accuracy" in as_markdown(made)


def test_tables_are_csv_that_is_no_formula():
    counts = cells(matrix_csv(MATRIX))
    assert counts[0] == ["true / predicted", "cat", "dog", "'=1+1"] and counts[2] == ["dog", "10", "20", "0"]
    table = cells(classes_csv(report(MATRIX)))
    averages = ["macro", "macro, classes left out", "weighted by rows", "weighted by rows, classes left out", "micro"]
    assert [row[0] for row in table] == ["class", "cat", "dog", "'=1+1", *averages]
    assert table[5][4:7] == ["1", "1", "1"]
    assert table[1][1:5] == ["10", "17", "7", "0.7"] and float(table[2][5]) == 20 / 23
    assert table[3] == ["'=1+1", "0", "0", "0", "", "", "", "", ""]
    assert {len(row) for row in table} == {9}


@pytest.mark.parametrize("name", ["=1", "+1", "-1", "@x", " =1", "\t=1", "\n@x"])
def test_no_name_is_a_formula(name):
    assert unarmed(name).startswith("'") and "\n" not in unarmed(name) and "\t" not in unarmed(name)
    assert unarmed("T-shirt") == "T-shirt"


def test_markdown_has_tables_that_hold():
    names = (NASTY, "a|b\n# c", "`x` *y* [z](javascript:1)")
    text = as_markdown(report(ConfusionMatrix(np.eye(3, dtype=int) + 1, names), about={"run": NASTY}))
    assert "<img" not in text and "&lt;img" in text and "\n# c" not in text
    assert not re.search(r"(?<!\\)\]\(", text)  # no link
    tables = [line for line in text.splitlines() if line.startswith("|")]
    columns = [line.replace("\\|", "").count("|") for line in tables]
    assert sorted(set(columns)) == [5, 9] and columns.count(9) == 2 + 3
    assert "Accuracy 50.0 %, 95 % [" in text and "12 rows, 3 classes" in text


def test_markdown_says_what_does_not_exist():
    text = as_markdown(report(MATRIX))
    assert "| =1+1 | 0 | 0 | 0 | – | – | – | – |" in text
    assert "| macro | 68.3 % (classes left out: 1) |" in text
    empty = as_markdown(report(ConfusionMatrix.from_predictions([], [], "ab")))
    assert "No rows, 2 classes." in empty and "nan" not in empty.lower()


def test_many_classes_stay_in_the_table_of_counts():
    made = report(ConfusionMatrix(np.eye(31, dtype=int), range(31)))
    assert "31 classes: the counts are in matrix.csv." in as_markdown(made)


def test_names_are_escaped_once():
    assert escaped("AT&T <b> 1_2") == "AT&amp;T &lt;b&gt; 1\\_2" and escaped("猫 狗") == "猫 狗"
