"""Further columns of a table of predictions: which are slices, and with which values."""

from __future__ import annotations

import io

import numpy as np
import pandas
import pyarrow as pa
import pytest
from pyarrow import parquet

from resnet_demo.data import slices
from resnet_demo.data.predictions import Table, read_predictions
from resnet_demo.data.slices import MOST_COLUMNS, MOST_VALUES

ROWS = 120


def frame(**columns) -> pandas.DataFrame:
    random = np.random.default_rng(0)
    labels = np.array(["cat", "dog"])
    made = {"id": np.arange(ROWS), "y_true": labels[random.integers(0, 2, ROWS)]}
    return pandas.DataFrame(made | {"y_pred": labels[random.integers(0, 2, ROWS)]} | columns)


@pytest.fixture(params=["csv", "parquet"])
def read(request):
    def table_of(given: pandas.DataFrame) -> Table:
        file = io.BytesIO()
        given.to_csv(file, index=False) if request.param == "csv" else given.to_parquet(file, index=False)
        return read_predictions(file.getvalue(), name="my table")

    return table_of


def test_a_column_of_names_is_a_slice_with_its_rows(read):
    camera = np.array(["rear", "front", "top"])[np.arange(ROWS) % 3]
    table = read(frame(camera=camera))
    (one,) = table.slices
    assert (one.name, one.values, one.ranges) == ("camera", ("front", "rear", "top"), False)
    assert one.rows("rear").tolist() == np.flatnonzero(camera == "rear").tolist()
    assert table.ignored == () and len(table.ids) == ROWS


def test_few_numbers_are_values_in_their_order_and_many_are_quartiles(read):
    ages = np.random.default_rng(1).normal(50, 20, ROWS).round(1)
    table = read(frame(floor=np.arange(ROWS) % 11, age=ages, flag=np.arange(ROWS) % 2 == 0))
    floor, age, flag = table.slices
    assert floor.values == tuple(map(str, range(11))) and not floor.ranges
    assert flag.values == ("False", "True") or flag.values == ("false", "true")
    assert age.ranges and len(age.values) == 4 and age.values[0].startswith("≤ ") and age.values[3].startswith("> ")
    assert [25 <= len(age.rows(value)) <= 35 for value in age.values] == [True] * 4
    highest = float(age.values[0].removeprefix("≤ "))
    assert ages[age.rows(age.values[0])].max() == highest < ages[age.rows(age.values[1])].min()


def test_rows_without_a_value_are_a_slice_of_their_own(read):
    site = np.array(["a", "b", None], object)[np.arange(ROWS) % 3]
    dose = np.where(np.arange(ROWS) % 4 == 0, np.nan, np.arange(ROWS, dtype=float))
    site_slice, dose_slice = read(frame(site=site, dose=dose)).slices
    assert site_slice.values == ("a", "b", "") and len(site_slice.rows("")) == 40
    assert dose_slice.values[-1] == "" and len(dose_slice.rows("")) == 30 and len(dose_slice.values) == 5


def test_what_cannot_part_the_rows_is_ignored(read):
    named = [f"row {number}" for number in range(ROWS)]
    table = read(frame(note=named, same=["x"] * ROWS, many=[f"v{n % (MOST_VALUES + 1)}" for n in range(ROWS)]))
    assert table.slices == () and table.ignored == ("note", "same", "many")
    wide = {f"column {number:02}": np.arange(ROWS) % 2 for number in range(MOST_COLUMNS + 3)}
    table = read(frame(**wide))
    assert len(table.slices) == MOST_COLUMNS and table.ignored == ("column 20", "column 21", "column 22")


def test_more_cells_than_memory_is_there_for_are_not_read(read, monkeypatch):
    monkeypatch.setattr(slices, "MAX_CELLS", 2 * ROWS + 1)
    table = read(frame(a=np.arange(ROWS) % 2, b=np.arange(ROWS) % 3, c=np.arange(ROWS) % 4))
    assert [one.name for one in table.slices] == ["a", "b"] and table.ignored == ("c",)


def test_columns_beside_probabilities_are_no_classes(read):
    shares = np.random.default_rng(2).dirichlet((1, 1), ROWS)
    known = {"cat": shares[:, 0], "dog": shares[:, 1], "age": 30.0 + np.arange(ROWS), "sex": np.arange(ROWS) % 2}
    for given in (frame(**known), frame(**known).drop(columns="y_pred")):
        table = read(given)
        assert table.classes == ("cat", "dog") and table.probabilities.shape == (ROWS, 2)
        assert [one.name for one in table.slices] == ["age", "sex"]
    table = read(frame(**known, camera=["a", "b"] * 60))
    assert table.classes == ("cat", "dog") and [one.name for one in table.slices] == ["age", "sex", "camera"]


def test_values_of_strangers_stay_texts():
    formula, control = "=HYPERLINK(1)", "a\x07b"
    lines = [f"cat,dog,'{formula}", f'cat,cat,"{control}"'] * 3
    (one,) = read_predictions(("y_true,y_pred,where\n" + "\n".join(lines)).encode()).slices
    assert formula in one.values and not any("\x07" in value for value in one.values)
    long = "\n".join(["y_true,y_pred,where", *[f"a,b,{'x' * 300}", "a,b,y"] * 3])
    assert read_predictions(long.encode()).slices == ()


def test_a_parquet_column_of_another_kind_is_ignored():
    file = io.BytesIO()
    nested = pa.array([[1], [2]] * 10)
    days = pa.array([0, 1] * 10, pa.date32())
    parquet.write_table(pa.table({"y_true": ["a", "b"] * 10, "y_pred": ["a"] * 20, "n": nested, "day": days}), file)
    table = read_predictions(file.getvalue())
    assert table.slices == () and table.ignored == ("n", "day")
