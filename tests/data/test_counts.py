"""Confusion matrices of ready counts: as programs and people write them, and as nobody should."""

from __future__ import annotations

import numpy as np
import pandas
import pytest
from sklearn.metrics import confusion_matrix

from resnet_demo.data.counts import MAX_COUNT, Counts, read_uploaded
from resnet_demo.data.errors import DataError
from resnet_demo.data.predictions import MAX_CLASSES, ColumnChoice, Table
from resnet_demo.errors.english import SENTENCES
from resnet_demo.metrics import ConfusionMatrix
from resnet_demo.metrics.report import WORDS, matrix_csv
from resnet_demo.ui.errors import sentence
from resnet_demo.ui.text import LANGUAGES

NAMED = "true / predicted,cat,dog,owl\ncat,5,1,0\ndog,2,7,1\nowl,0,0,3\n"
COUNTS = [[5, 1, 0], [2, 7, 1], [0, 0, 3]]
FRAME = pandas.DataFrame(COUNTS, index=["cat", "dog", "owl"], columns=["cat", "dog", "owl"])


def read(text: str, **options) -> Counts | Table:
    return read_uploaded(text.encode(), name="my.csv", **options)


def refused(text: str) -> DataError:
    with pytest.raises(DataError) as caught:
        read(text)
    error = caught.value
    assert error.code in SENTENCES and "my.csv" in str(error)
    assert sentence(error, LANGUAGES["en"]) == str(error) != sentence(error, LANGUAGES["zh"])
    return error


@pytest.mark.parametrize(
    "text",
    [
        NAMED, NAMED.replace(",", ";"), NAMED.replace(",", "\t"), "\ufeff" + NAMED, NAMED.replace("\n", "\r\n"),
        NAMED.rstrip(), NAMED.replace("true / predicted", ""), NAMED.replace("true / predicted", "真实 / 预测"),
        NAMED.replace("true / predicted", "y_true"),  # a crosstab of two Series
        NAMED.replace("5", '" 5 "'), NAMED.replace("5", "5.0"), FRAME.to_csv(), FRAME.astype(float).to_csv(),
        FRAME.to_csv(index=False), FRAME.to_csv(header=False),
        "cat,dog,owl\n5,1,0\n2,7,1\n0,0,3\n", ",cat,owl,dog\nowl,0,3,0\ndog,2,1,7\ncat,5,0,1\n",
        '"true ↓ predicted →","cat","dog","owl"\r\n"cat","5","1","0"\r\n"dog","2","7","1"\r\n"owl","0","0","3"\r\n',
        "x,cat,dog,owl,All\ncat,5,1,0,6\ndog,2,7,1,10\nowl,0,0,3,3\nAll,7,8,4,19\n",
    ],
)  # fmt: skip
def test_the_ways_to_write_a_matrix(text):
    found = read(text)
    order = [found.classes.index(name) for name in ("cat", "dog", "owl")]
    assert isinstance(found, Counts) and found.named and len(found.classes) == 3
    assert found.counts[np.ix_(order, order)].tolist() == COUNTS and found.counts.dtype == np.int64
    assert found.totals == ("All" in text)


@pytest.mark.parametrize(
    "text",
    [
        "5,1,0\n2,7,1\n0,0,3", "5;1;0\n2;7;1\n0;0;3\n", "5\t1\t0\n2\t7\t1\n0\t0\t3\n",
        "5.000e+00,1e0,0\n2,7,1\n0,0,3\n", pandas.DataFrame(COUNTS).to_csv(header=False, index=False),
    ],
)  # fmt: skip
def test_a_matrix_without_names_has_numbers(text):
    found = read(text)
    assert isinstance(found, Counts) and not found.named
    assert found.classes == ("0", "1", "2") and found.counts.tolist() == COUNTS


def test_numbers_as_names():
    for text in (pandas.DataFrame(COUNTS).to_csv(), pandas.DataFrame(COUNTS).to_csv(index=False)):
        found = read(text)
        assert isinstance(found, Counts) and found.named and found.classes == ("0", "1", "2")
        assert found.counts.tolist() == COUNTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_export_comes_back(language):
    names = ("=HYPERLINK(1)", "a,b", 'say "x"', "猫", "@cat", "7")
    counts = np.random.default_rng(0).integers(0, 9, (6, 6))
    text = matrix_csv(ConfusionMatrix(counts, names), LANGUAGES[language].part("report"))
    found = read(text)
    assert isinstance(found, Counts) and found.classes == names and np.array_equal(found.counts, counts)
    assert WORDS["corner"] in matrix_csv(ConfusionMatrix(counts, names))


def test_counts_are_those_of_scikit_learn_either_way():
    random = np.random.default_rng(1)
    true, predicted = random.integers(0, 12, (2, 900))
    known = confusion_matrix(true, predicted)
    text = pandas.DataFrame(known).to_csv(header=False, index=False)
    assert np.array_equal(read(text).counts, known)
    assert np.array_equal(read(text, transposed=True).counts, known.T)
    assert np.array_equal(read(pandas.crosstab(true, predicted).to_csv()).counts, known)
    labels = [f"class {number}" for number in range(12)]
    given = pandas.crosstab(np.array(labels)[true], np.array(labels)[predicted], margins=True)
    found = read(given.to_csv())
    assert found.totals and set(found.classes) == set(labels) and found.counts.sum() == 900


@pytest.mark.parametrize(
    "text",
    [
        "y_true,y_pred\n0,1\n1,1\n", "y_true,cat,dog\ncat,0.9,0.1\ndog,0.2,0.8\n", "label,prediction\n3,5\n4,4\n",
        "y_true,0,1\n0,1,0\n1,0,1\n", "id,y_true,y_pred\n1,0,1\n2,1,1\n3,0,0\n", "y_true,y_pred\ncat,cat\ncat,dog\n",
        "y_true,cat,dog\ncat,1,0\ndog,0,1\n", "gt,pred,camera\n1,1,2\n2,2,2\n3,1,1\n",
    ],
)  # fmt: skip
def test_predictions_stay_predictions(text):
    assert isinstance(read(text), Table)


def test_columns_that_were_chosen_make_a_file_one_of_predictions():
    text = "a,b\n1,0\n0,1\n"
    assert isinstance(read(text), Counts)
    assert isinstance(read(text, columns=ColumnChoice("a", "b")), Table)


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        (NAMED.replace("7", "-7"), "counts.value", {"value": "-7", "row": 3, "column": 3}),
        (NAMED.replace("7", "7.5"), "counts.value", {"value": "7.5"}),
        (NAMED.replace("7", "nan"), "counts.value", {"value": "nan"}),
        (NAMED.replace("7", "inf"), "counts.value", {"value": "inf"}),
        (NAMED.replace("7", str(MAX_COUNT + 1)), "counts.value", {"most": MAX_COUNT}),
        (NAMED.replace("7", "9" * 400), "counts.value", {}),
        (NAMED.replace("7", "1e999"), "counts.value", {}),
        (NAMED.replace("7", ""), "counts.missing", {"row": 3, "column": 3}),
        ("0.9,0.1\n0.2,0.8\n", "counts.value", {"value": "0.9", "row": 1, "column": 1}),
        ("5,-1,0\n2,7,1\n0,0,3", "counts.value", {"value": "-1", "row": 1, "column": 2}),
        (NAMED.replace("dog", "cat"), "table.twice", {"column": "cat"}),
        (",cat,dog\ncat,5,1\n", "counts.square", {"rows": 1, "columns": 2}),
        ("5,1,0\n2,7,1\n", "counts.square", {"rows": 2, "columns": 3}),
        (NAMED.replace("\nowl", "\nOWL"), "counts.names", {"row": "OWL", "column": "owl"}),
        (",Katze,Hund\ncat,5,1\ndog,2,3\n", "counts.names", {"row": "cat", "column": "Katze"}),
        (",cat,\ncat,5,1\n,2,3\n", "counts.unnamed", {"place": 2}),
        ("0,0\n0,0\n", "counts.zero", {}),
        (NAMED + "dog,1\n", "table.cells", {"row": 5, "count": 2, "header": 4}),
        (NAMED.replace("cat", "c" * 300), "table.long", {"count": 300}),
    ],
)  # fmt: skip
def test_what_is_no_count_is_named(text, code, values):
    error = refused(text)
    assert error.code == code and values.items() <= error.values.items()


def test_too_many_classes_are_refused_before_they_are_read():
    size = MAX_CLASSES + 200
    line = ",".join("1" * size)
    error = refused("\n".join([line] * size))
    assert error.code == "table.many" and error.values["count"] == size
    found = read("\n".join([",".join("1" * MAX_CLASSES)] * MAX_CLASSES))
    assert isinstance(found, Counts) and len(found.classes) == MAX_CLASSES
