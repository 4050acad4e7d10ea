"""Predictions of other classifiers: tables as people have them, and as nobody should."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from sklearn.metrics import confusion_matrix

from resnet_demo.data import columns
from resnet_demo.data.errors import DataError
from resnet_demo.data.predictions import (
    MAX_CLASSES,
    ColumnChoice,
    Head,
    Table,
    places,
    read_head,
    read_predictions,
    unarmed,
    whole,
)
from resnet_demo.data.roles import recognise
from resnet_demo.errors.english import SENTENCES
from resnet_demo.ui.errors import sentence
from resnet_demo.ui.text import LANGUAGES

PLAIN = "y_true,y_pred\ncat,cat\ncat,dog\ndog,dog\n"
SHARES = "id,y_true,cat,dog\na,cat,0.75,0.25\nb,dog,0.5,0.5\nc,dog,0,1\n"
HOSTILE = "${alert(1)}<img src=x onerror=alert(2)>"


def read(text: str | bytes, classes=None, **options) -> Table:
    return read_predictions(text if isinstance(text, bytes) else text.encode(), classes, **options)


def as_parquet(**given: object) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table(given), file)
    return file.getvalue()


def refused(source, classes=None, **options) -> DataError:
    with pytest.raises(DataError) as caught:
        read(source, classes, name="my.csv", **options)
    error = caught.value
    assert error.code in SENTENCES and "my.csv" in str(error)
    assert sentence(error, LANGUAGES["en"]) == str(error) != sentence(error, LANGUAGES["zh"])
    return error


def test_names_become_places_among_the_sorted_labels():
    table = read(PLAIN, name="pets.csv")
    assert table.name == "pets.csv" and table.classes == ("cat", "dog") and table.first_row == 2
    assert table.true.tolist() == [0, 0, 1] and table.predicted.tolist() == [0, 1, 1]
    assert table.true.dtype == table.predicted.dtype == np.int64
    assert table.probabilities is None and table.ids is None and table.ignored == ()


@pytest.mark.parametrize(
    "source",
    [
        PLAIN.replace(",", ";"), PLAIN.replace(",", "\t"), "\ufeff" + PLAIN, PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"), PLAIN.replace("\n", "\r", 2), PLAIN + "\n\n\r\n", PLAIN.rstrip(),
        PLAIN.replace("cat", '"cat"'), PLAIN.replace("y_true", " Y_True "), PLAIN.replace("cat", " cat "),
        ",y_true,y_pred\n0,cat,cat\n1,cat,dog\n2,dog,dog\n",  # as pandas writes it
        as_parquet(y_true=["cat", "cat", "dog"], y_pred=["cat", "dog", "dog"]),
        as_parquet(y_true=pa.array(["cat", "cat", "dog"]).dictionary_encode(), y_pred=["cat", "dog", "dog"]),
        as_parquet(y_true=pa.array(["cat", "cat", "dog"], pa.large_string()), y_pred=["cat", "dog", "dog"]),
    ],
)  # fmt: skip
def test_the_ways_to_write_a_table(source):
    table = read(source)
    assert table.classes == ("cat", "dog") and table.ignored == ()
    assert (table.true.tolist(), table.predicted.tolist()) == ([0, 0, 1], [0, 1, 1])


def test_a_file_is_known_by_its_content(tmp_path):
    (tmp_path / "pets.txt").write_bytes(as_parquet(y_true=["b", "a"], y_pred=["a", "a"]))
    table = read_predictions(tmp_path / "pets.txt")
    assert table.name == "pets.txt" and table.first_row == 1 and table.true.tolist() == [1, 0]


NAMES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=3).filter(
    lambda text: text not in ("nan", "NaN") and text[0] not in "'\"" and whole(text) is None
)


@pytest.mark.filterwarnings("ignore:A single label")
@pytest.mark.parametrize("form", ["csv", "parquet"])
@given(label=st.sampled_from([NAMES, st.integers(-9, 99)]), data=st.data())
@settings(max_examples=30)
def test_counts_are_those_of_scikit_learn(form, label, data):
    rows = data.draw(st.lists(st.tuples(label, label), min_size=1, max_size=40))
    frame, file = pandas.DataFrame(rows, columns=["y_true", "y_pred"]), io.BytesIO()
    frame.to_csv(file, index=False) if form == "csv" else frame.to_parquet(file, index=False)
    table = read(file.getvalue())
    labels = sorted({label for row in rows for label in row})
    assert table.classes == tuple(map(str, labels))
    counts = np.zeros((len(labels),) * 2, int)
    np.add.at(counts, (table.true, table.predicted), 1)
    assert (counts == confusion_matrix(frame.y_true, frame.y_pred, labels=labels)).all()


@pytest.mark.parametrize(
    "source",
    [
        "y_true,y_pred\n10,9\n9,10\n", "y_true,y_pred\n10.0,9\n9.0,10\n", as_parquet(y_true=[10, 9], y_pred=[9, 10]),
        as_parquet(y_true=[10.0, 9.0], y_pred=[9, 10]), as_parquet(y_true=["10", "9"], y_pred=["9", "10"]),
    ],
)  # fmt: skip
def test_numbers_are_sorted_as_numbers(source):
    table = read(source)
    assert table.classes == ("9", "10") and table.true.tolist() == [1, 0] and table.predicted.tolist() == [0, 1]


def test_truth_values_are_labels():
    assert read(as_parquet(y_true=[True, False], y_pred=[True, True])).classes == ("False", "True")


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        ("filename,label,prediction,score", "itpc"), ("target,output", "tp"), ("truth,pred", "tp"), ("gt,pred", "tp"),
        ("y,ŷ", "tp"), ("y,y\u0302", "tp"), ("y,y_hat", "tp"), ("Y Hat,Y", "pt"), ("label,predicted_label", "tp"),
        ("label,pred", "tp"), ("Predicted Label,True Label,Image Path,Confidence", "ptic"), ("class,prediction", "tp"),
        ("ground_truth,model-output,probability", "tpc"), ("actual,predicted", "tp"), ("expected,predicted", "tp"),
        ("y_test,y_pred", "tp"), ("id,target,label,prediction", "it-p"), ("真实,预测", "tp"), ("标签,预测", "tp"),
        ("图片,真实标签,预测标签,置信度", "itpc"), ("文件名,类别,预测类别,备注", "itp-"),
        ("image,id,y_true,y_pred,target,prediction", "-itp--"), ("file,gt,pred,note", "itp-"),
        ("true_class,pred_class", "tp"), ("name,label,pred", "itp"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_usual_names_of_columns_are_recognised(header, roles, form):
    names, cells = header.split(","), {"t": "cat", "p": "dog", "i": "7.png", "c": "0.5", "-": "x"}
    row = {name: cells[role] for name, role in zip(names, roles, strict=True)}
    csv_text = f"{header}\n{','.join(row.values())}\n"
    numbers = {name: [float(cell) if cell == "0.5" else cell] for name, cell in row.items()}
    table = read(csv_text if form == "csv" else as_parquet(**numbers))
    assert table.classes == ("cat", "dog") and (table.true.tolist(), table.predicted.tolist()) == ([0], [1])
    assert table.columns == (names[roles.index("t")], names[roles.index("p")])
    assert table.ids == (("7.png",) if "i" in roles else None)
    assert (table.confidence is not None) == ("c" in roles)
    assert table.ignored == tuple(name for name, role in zip(names, roles, strict=True) if role == "-")


@pytest.mark.parametrize(
    "header",
    [
        "a,b",
        "label,class",
        "pred,prediction,target",
        "target,label",
        "truth,gt,pred",
        "y,label",
        "pred,note",
        "id,file",
    ],
)
def test_names_that_are_not_clear_have_to_be_chosen_from(header):
    text = f"{header}\n{','.join('x' for _ in header.split(','))}\n"
    error = refused(text)
    assert error.code == "table.unclear" and all(f"“{name}”" in str(error) for name in header.split(","))
    assert read(text, columns=ColumnChoice(0, 1)).classes == ("x",)


def test_a_column_of_fractions_holds_no_labels_whatever_its_name():
    table = read("y_true,image,output\nimage,0.75,0.25\noutput,0,1\n")
    assert table.classes == ("image", "output") and table.predicted.tolist() == [0, 1] and table.ids is None
    table = read("label;cat;dog;note\ncat;0,75;0,25;rain\ndog;0,5;0,5;sun\n")
    assert table.predicted.tolist() == [0, 0] and table.columns == ("label", "") and table.ignored == ("note",)


def test_a_score_that_is_no_probability_is_not_read():
    for cell in ("87", "high", "", "-0.5"):
        table = read(f"label,pred,score\na,b,0.5\nb,b,{cell}\n")
        assert table.confidence is None and table.ignored == ("score",)
    table = read("label,pred,score\na,b,0.25\na,b,0.75\n")
    assert table.cell(0, 1).tolist() == [1, 0]


TITLES = st.sampled_from(["label", "Pred", "y", "ŷ", "score", "id", "真实", "预测", "class", "", "a b"]) | st.text(
    max_size=6
)
CELLS = st.sampled_from(["", "cat", "0.5", "1", "nan", "1e999"])


@given(data=st.data())
@settings(max_examples=200)
def test_whatever_else_a_table_has_y_true_and_y_pred_are_what_they_say(data):
    header = data.draw(st.lists(TITLES, max_size=6))
    rows = data.draw(st.lists(st.tuples(*[CELLS] * len(header)), max_size=3))
    roles = recognise(header, rows)
    if roles:
        taken = [
            at for at in (roles.true, roles.predicted, roles.ids, roles.confidence, *roles.others) if at is not None
        ]
        assert len(set(taken)) == len(taken) and set(taken) <= set(range(len(header)))
    named = recognise([*header, "y_pred", "Y_TRUE"], [(*row, "cat", "dog") for row in rows])
    assert (named.true, named.predicted) == (len(header) + 1, len(header))


def test_columns_are_chosen_by_name_or_place():
    text = "first,second,first,third\ncat,dog,x,dog\ndog,dog,y,cat\n"
    table = read(text, columns=ColumnChoice("FIRST", "third", "second"))
    assert (table.true.tolist(), table.predicted.tolist()) == ([0, 1], [1, 0]) and table.ids == ("dog", "dog")
    assert read(text, columns=ColumnChoice(2, 1)).classes == ("dog", "x", "y")
    assert table.columns == ("first", "third") and read(text, columns=ColumnChoice(1, 3)).ids is None
    shares = read("what,cat,dog\ncat,0.25,0.75\n", columns=ColumnChoice("what"))
    assert shares.predicted.tolist() == [1] and shares.probabilities.shape == (1, 2)
    for choice, reason in (
        (ColumnChoice("first", "fourth"), "table.no_column"), (ColumnChoice(0, 9), "table.no_column"),
        (ColumnChoice(-1, 0), "table.no_column"), (ColumnChoice("second", 1), "table.same_column"),
        (ColumnChoice("", "second"), "table.unclear"), (ColumnChoice("first"), "table.unclear"),
        (ColumnChoice([], {}), "table.no_column"), (ColumnChoice(True, 1.5), "table.no_column"),
    ):  # fmt: skip
        assert refused(text, columns=choice).code == reason


def test_the_head_of_a_file_shows_what_there_is_to_choose_from():
    rows = "".join(f"{at},=1+{at}\n" for at in range(9))
    assert read_head(f"a,b\n{rows}".encode()) == Head(("a", "b"), tuple((f"{at}", f"=1+{at}") for at in range(5)))
    assert read_head(b"a,b\n1\n2,3,4\n") == Head(("a", "b"), (("1", ""), ("2", "3")))
    assert read_head(f"a,b\n{9000 * 'x'},1\n".encode()).rows == ((200 * "x", "1"),)
    found = read_head(as_parquet(a=[9000 * "x"], b=pa.array(["y"]).dictionary_encode(), c=[b"z"], d=[[1]], e=[True]))
    assert found.rows == ((200 * "x", "y", "", "", "True"),)
    found = read_head(as_parquet(a=[1, None, 3, 4, 5, 6], b=list("uvwxyz")))
    assert found == Head(("a", "b"), (("1", "u"), ("", "v"), ("3", "w"), ("4", "x"), ("5", "y")))


@pytest.mark.parametrize(
    ("texts", "classes", "expected"),
    [
        (["b", "a"], ("a", "b"), [1, 0]),
        (["1", "0.0"], ("a", "b"), [1, 0]),
        (["2", "1"], ("a", "b"), [-1, 1]),
        (["7", "3"], ("3", "7"), [1, 0]),  # names that are numbers are names
        (["1", "7.0", "03"], ("3", "7"), [-1, 1, 0]),
        (["a", "1"], ("a", "b"), [0, -1]),  # a mixture is one of names
        (["crane", "2", "x"], ("crane", "x", "crane"), [-2, -1, 1]),
        (["2", "0"], ("crane", "x", "crane"), [2, 0]),
    ],
)
def test_labels_are_names_or_else_places(texts, classes, expected):
    assert places(texts, classes).tolist() == expected


def test_with_classes_each_column_may_have_names_or_numbers():
    table = read("y_true,y_pred\ncat,2\ndog,1\n", ("bird", "cat", "dog"))
    assert table.classes == ("bird", "cat", "dog")
    assert table.true.tolist() == [1, 2] and table.predicted.tolist() == [2, 1]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_probabilities_give_the_prediction(form):
    frame = pandas.read_csv(io.StringIO(SHARES))
    table = read(SHARES if form == "csv" else as_parquet(**{name: frame[name].tolist() for name in frame}))
    assert table.classes == ("cat", "dog") and table.ids == ("a", "b", "c")
    assert table.true.tolist() == [0, 1, 1] and table.predicted.tolist() == [0, 0, 1]  # of equal ones the first
    assert table.probabilities.dtype == np.float32
    assert table.probabilities.tolist() == [[0.75, 0.25], [0.5, 0.5], [0, 1]]


def test_probabilities_stand_in_the_order_of_the_classes():
    table = read("p,dog,y_true,bird,cat\n1,0.5,2,0.25,0.25\n", ("bird", "cat", "dog"))
    assert table.probabilities.tolist() == [[0.25, 0.25, 0.5]] and table.predicted.tolist() == [2]
    assert table.ignored == ("p",)
    assert read("y_true,1,0\n0,0.25,0.75\n", ("a", "b")).probabilities.tolist() == [[0.75, 0.25]]


def test_two_classes_of_one_name_are_told_apart_by_their_place():
    cranes = ("crane", "x", "crane")
    table = read("y_true,crane,x,crane\n2,0.25,0.25,0.5\n", cranes)
    assert table.predicted.tolist() == table.true.tolist() == [2]
    error = refused("y_true,y_pred\nx,1\nx,1\ncrane,1\n", cranes)
    assert error.code == "table.double" and error.values["row"] == 4


def test_probabilities_beside_a_prediction():
    table = read("y_true,y_pred,cat,dog,cow\ncat,dog,0.5,0.3,0.2\n")
    assert table.classes == ("cat", "dog", "cow") and table.predicted.tolist() == [1]
    assert table.probabilities.shape == (1, 3)
    table = read("y_true,y_pred,confidence,note\ncat,dog,0.9,=1+1\n")
    assert table.probabilities is None and table.ignored == ("note",)
    assert table.confidence.tolist() == [np.float32(0.9)]
    assert table.classes == ("cat", "dog")


def test_a_decimal_comma_goes_with_semicolons():
    table = read("y_true;cat;dog\ncat;0,75;0,25\ndog;0,5;0,5\n")
    assert table.probabilities.tolist() == [[0.75, 0.25], [0.5, 0.5]]


@pytest.mark.parametrize("name", ["id", "FILE"])
def test_ids_say_which_picture_a_row_is(name):
    ids = ["=1+1", HOSTILE, ""]
    file = io.StringIO()
    csv.writer(file).writerows([[name, "y_true", "y_pred"], *([one, 0, 1] for one in ids)])
    assert read(file.getvalue()).ids == tuple(ids)
    assert read(as_parquet(**{name: [*ids[:2], None], "y_true": [0, 0, 0], "y_pred": [1, 1, 1]})).ids == tuple(ids)
    large = pa.array(ids, pa.large_string())  # as pandas 3 writes texts
    assert read(as_parquet(**{name: large, "y_true": [0, 0, 0], "y_pred": [1, 1, 1]})).ids == tuple(ids)
    assert read(as_parquet(**{name: [7, 8], "y_true": [0, 0], "y_pred": [1, 1]})).ids == ("7", "8")


def test_a_class_may_be_called_like_a_column():
    table = read("y_true,file,folder\nfile,0.9,0.1\n", ("file", "folder"))
    assert table.ids is None and table.true.tolist() == [0] and table.probabilities.shape == (1, 2)


def test_a_cell_lists_its_rows_surest_first():
    table = read("y_true,y_pred,a,b\na,b,0.4,0.6\na,a,0.9,0.1\na,b,0.1,0.9\nb,b,0,1\n")
    assert table.cell(0, 1).tolist() == [2, 0] and table.cell(1, 0).tolist() == []
    assert read("y_true,y_pred\na,b\na,a\na,b\n").cell(0, 1).tolist() == [0, 2]


def test_what_is_written_is_read_again():
    names = (HOSTILE, "=cmd|' /C calc'!A0", '-a,"b";c', "猫")
    shares = np.random.default_rng(1).dirichlet(np.ones(4), 9).astype(np.float32)
    truth = np.arange(9) % 4
    table = Table("x", names, truth, shares.argmax(1), shares, tuple(f"@{i}\n{i}" for i in range(9)))
    text = table.as_csv()
    assert not any(cell.startswith(tuple("=+-@")) for row in csv.reader(io.StringIO(text)) for cell in row)
    again = read(text, names)
    assert again.classes == names and (again.true == truth).all() and (again.predicted == table.predicted).all()
    assert np.abs(again.probabilities - shares).max() < 1e-6
    assert read(text).classes == names  # the columns' names say it too
    few = list(csv.reader(io.StringIO(read(PLAIN).as_csv([2]))))
    assert few == [["\ufeffid", "y_true", "y_pred"], ["4", "dog", "dog"]]  # as the file counts its rows


def test_no_text_becomes_a_formula_or_a_second_line():
    assert [unarmed(text) for text in ("=a", " +a", "a=b", "a\r\nb")] == ["'=a", "' +a", "a=b", "a b"]


@pytest.mark.parametrize(
    ("source", "reason", "values"),
    [
        ("", "table.empty", {}),
        ("\ufeff\n \n", "table.empty", {}),
        ("y_true,y_pred\n", "table.no_rows", {}),
        (as_parquet(y_true=pa.array([], pa.string()), y_pred=pa.array([], pa.string())), "table.no_rows", {}),
        ("y_true\ncat\n", "table.one_column", {"column": "y_true"}),
        ("y_true|y_pred\ncat|dog\n", "table.one_column", {"column": "y_true|y_pred"}),
        ("cat,dog\ndog,dog\n", "table.unclear", {"found": "“cat”, “dog”"}),
        ("y_true,answer\ncat,dog\n", "table.unclear", {"found": "“y_true”, “answer”"}),
        ("y_true,y_pred,Y_PRED\na,b,b\n", "table.twice", {"column": "y_pred"}),
        ("y_true,a,a\na,0,1\n", "table.twice", {"column": "a"}),
        ("y_true,y_pred\ncat,dog\ncat;dog\n", "table.cells", {"row": 3, "count": 1, "header": 2}),
        ("y_true,y_pred\ncat,dog\n\ncat,dog\n", "table.missing", {"row": 3, "column": "y_true"}),
        ("y_true,y_pred\na,b\na,b\na,b,c\n", "table.cells", {"row": 4, "count": 3}),
        ("y_true,y_pred\ncat,dog\ncat,\n", "table.missing", {"row": 3, "column": "y_pred"}),
        ("y_true,y_pred\ncat,dog\n  ,dog\n", "table.missing", {"row": 3, "column": "y_true"}),
        ("y_true,y_pred\n1,1\nnan,1\n", "table.missing", {"row": 3, "column": "y_true"}),
        ("y_true,a,b\na,1,0\na,1,\n", "table.missing", {"row": 3, "column": "b"}),
        (as_parquet(y_true=["a", None], y_pred=["a", "a"]), "table.missing", {"row": 2, "column": "y_true"}),
        (as_parquet(y_true=[1.0, float("nan")], y_pred=[1, 1]), "table.missing", {"row": 2}),
        (as_parquet(y_true=["a"], a=pa.array([None], pa.float64()), b=[1.0]), "table.missing", {"column": "a"}),
        ("y_true,y_pred\ncat,1\ndog,0\n", "table.mixed", {"named": "y_true", "label": "cat", "number": "1"}),
        ("y_true,a,b\na,1,0\na,x,0\n", "table.number", {"row": 3, "column": "a", "value": "x"}),
        ("y_true,a,b\na,1,0\na,-0.5,1.5\n", "table.number", {"row": 3, "column": "a", "value": "-0.5"}),
        ("y_true,a,b\na,1,0\nb,12,88\n", "table.number", {"row": 3, "column": "a", "value": "12"}),
        ("y_true,a,b\na,inf,0\n", "table.number", {"value": "inf"}),
        ("y_true,a,b\na,1,0\nb,0.6,0.3\n", "table.sum", {"row": 3, "first": "a", "last": "b"}),
        ("y_true,a,b\nc,1,0\n", "table.label", {"row": 2, "column": "y_true", "label": "c"}),
        ('y_true,y_pred\na,b\n"a,b\na,b\n' + 40000 * "a,b\n", "table.quote", {"row": 3}),
        ("y_true,y_pred\na,b\n飞机,b\n".encode("gbk"), "table.encoding", {"row": 3}),
        ("飞机,y_pred\na,b\n".encode("gbk"), "table.encoding", {"row": 1}),
        (PLAIN.encode("utf-16"), "table.encoding", {"row": 1}),
        (PLAIN.encode("utf-16-le"), "table.format", {}),
        (b"PK\3\4 a workbook", "table.format", {}),
        ("\ny_true,y_pred\na,b\n", "table.format", {}),
        (b"\x89PNG\r\n\x1a\n\0\0", "table.format", {}),
        (b"y_true" + bytes([65]) * 2_000_000 + b",y_pred\na,b\n", "table.format", {}),
        (as_parquet(y_true=["a"], y_pred=["b"])[:-20], "table.broken", {}),
        (b"PAR1" + bytes(100) + b"PAR1", "table.broken", {}),
        (as_parquet(y_true=[["a"]], y_pred=["b"]), "table.type", {"column": "y_true"}),
        (as_parquet(y_true=["a"], a=[b"0"], b=[0.5]), "table.type", {"column": "a"}),
        ("label,pred\nnan,1\n", "table.missing", {"row": 2, "column": "label"}),
        ("y_true,y_pred\n" + "".join(f"{i},{i}\n" for i in range(10_000)), "table.classes",
         {"row": 1002, "column": "y_true", "label": "1000"}),
        (as_parquet(y_true=[None, *range(2000)], y_pred=2001 * [1]), "table.classes", {"row": 1002, "label": "1000"}),
        ("y_true,y_pred\n" + "".join(f"{i},{i + 900}\n" for i in range(900)), "table.many", {"count": 1800}),
        ("y_true," + ",".join(f"c{i}" for i in range(10_000)) + "\nc1" + 10_000 * ",0" + "\n", "table.many",
         {"count": 10_000}),
        (f"y_true,y_pred\na,{300 * 'b'}\n", "table.long", {"count": 300, "most": 200}),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_by_row_and_column(source, reason, values):
    error = refused(source)
    assert error.code == reason, str(error)
    assert {key: error.values[key] for key in values} == values


@pytest.mark.parametrize(
    ("source", "reason", "values"),
    [
        ("y_true,y_pred\ncat,dog\ncat,cow\n", "table.label", {"row": 3, "column": "y_pred", "label": "cow", "last": 1}),
        ("y_true,y_pred\n0,1\n2,0\n", "table.label", {"row": 3, "column": "y_true", "label": "2"}),
        (f"y_true,y_pred\n{HOSTILE},cat\n", "table.label", {"label": HOSTILE}),
        ("y_true,y_pred\n" + "".join(f"{i},1\n" for i in range(2000)), "table.label", {"row": 4, "label": "2"}),
        ("y_true,cat,bird\ncat,1,0\n", "table.class", {"label": "dog"}),
        ("y_true,cat,dog,dog\ncat,1,0,0\n", "table.twice", {"column": "dog"}),
    ],
)  # fmt: skip
def test_labels_are_held_against_the_classes(source, reason, values):
    error = refused(source, ("cat", "dog"))
    assert error.code == reason, str(error)
    assert {key: error.values[key] for key in values} == values


def test_classes_named_by_numbers_have_no_places():
    error = refused("y_true,y_pred\n3,7\n7,1\n", ("3", "7"))
    assert error.code == "table.name" and error.values["row"] == 3 and error.values["classes"] == "3, 7"


def test_a_category_without_rows_is_no_label():
    values = pa.DictionaryArray.from_arrays(pa.array([0, 0]), ["cat", "cow"])
    assert read(as_parquet(y_true=values, y_pred=["cat", "cat"]), ("cat", "dog")).true.tolist() == [0, 0]


def test_a_sentence_names_the_row_after_many_good_ones():
    rows = 300_000 * ["cat,dog"]  # more than one block of pyarrow's
    rows[250_000] = "cat,cow"
    error = refused("\n".join(["y_true,y_pred", *rows]), ("cat", "dog"))
    assert error.values["row"] == 250_002 and error.values["label"] == "cow"
    rows[250_000] = "cat"
    assert refused("\n".join(["y_true,y_pred", *rows])).values == {
        "name": "my.csv", "row": 250_002, "count": 1, "header": 2,
    }  # fmt: skip


def test_line_breaks_inside_quotes_count_as_one_row():
    text = 'id,y_true,y_pred\n"a\nb",cat,dog\nc,cat,\n'
    assert refused(text).values["row"] == 3
    assert read(text.replace("cat,\n", "cat,cat\n")).ids == ("a\nb", "c")


def test_sizes_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(columns, "MAX_ROWS", 2)
    error = refused(PLAIN)
    assert error.code == "table.rows" and error.values["rows"] == 3 and error.values["most"] == 2
    monkeypatch.setattr(columns, "MAX_ROWS", 10)
    monkeypatch.setattr(columns, "MAX_CELLS", 5)
    assert refused(SHARES).values["most"] == 2
    with (tmp_path / "my.csv").open("wb") as sparse:
        sparse.truncate(columns.MAX_BYTES + 1)
    for path, reason in ((tmp_path / "my.csv", "data.upload"), (tmp_path / "gone" / "my.csv", "table.no_file")):
        with pytest.raises(DataError) as caught:
            read_predictions(path)
        assert caught.value.code == reason and "my.csv" in str(caught.value)


def test_a_small_file_cannot_unpack_to_a_large_one(monkeypatch):
    packed = as_parquet(y_true=100_000 * ["a"], y_pred=list(map(str, range(100_000))))
    monkeypatch.setattr("resnet_demo.data.tables.MAX_UNPACKED", 1000)
    assert refused(packed).code == "data.unpacked"


def test_a_damaged_file_costs_no_more_than_a_sentence():
    # pyarrow 26 ends the process where the description of a parquet column is damaged and asked for
    good = {1: as_parquet(y_true=["a", "b"], y_pred=["a", "a"], id=["1", "2"]), 7: SHARES.encode()}
    reasons = {"read"}
    for step, content in good.items():
        for at in range(4, len(content)):
            damaged = bytearray(content)
            damaged[at] = (damaged[at] + step) % 256
            try:
                read(bytes(damaged))
            except DataError as error:
                reasons.add(error.code)
    assert {"table.broken", "table.cells", "table.number", "table.label"} <= reasons <= {*SENTENCES, "read"}


def test_a_row_without_end_is_not_taken_apart():
    assert refused(b"y_true,y_pred\na,b\n" + 5_000_000 * b",").code == "table.format"


def test_a_thousand_classes_can_be_read(tmp_path: Path):
    shares = np.full((3, MAX_CLASSES), 1 / MAX_CLASSES, np.float32)
    frame = pandas.DataFrame(shares, columns=[f"class {i}" for i in range(MAX_CLASSES)]).assign(y_true="class 7")
    frame.to_csv(tmp_path / "wide.csv")
    frame.to_parquet(tmp_path / "wide.parquet")
    for name in ("wide.csv", "wide.parquet"):
        table = read_predictions(tmp_path / name)
        assert len(table.classes) == MAX_CLASSES and table.true.tolist() == [7, 7, 7]
        assert np.abs(table.probabilities - shares).max() < 1e-6
