"""The confusion matrix, against scikit-learn and on worked and degenerate examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
    precision_score,
    recall_score,
)

from resnet_demo.metrics import Average, ConfusionMatrix

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:sklearn")
CAT_DOG = ("cat", "dog")


def assert_like_sklearn(matrix: ConfusionMatrix, true, predicted) -> None:
    labels = range(len(matrix.classes))
    assert np.array_equal(matrix.counts, confusion_matrix(true, predicted, labels=labels))
    precision, recall, f1, support = precision_recall_fscore_support(
        true, predicted, labels=labels, zero_division=np.nan
    )
    np.testing.assert_allclose(matrix.precision, precision, rtol=0, atol=1e-12)
    np.testing.assert_allclose(matrix.recall, recall, rtol=0, atol=1e-12)
    np.testing.assert_allclose(matrix.f1, f1, rtol=0, atol=1e-12)
    assert np.array_equal(matrix.support, support)
    assert matrix.accuracy == pytest.approx(accuracy_score(true, predicted), abs=1e-12)


def test_the_worked_example():
    matrix = ConfusionMatrix([[7, 3], [10, 20]], CAT_DOG)
    assert matrix.recall.tolist() == pytest.approx([0.7, 2 / 3], abs=1e-15)
    assert matrix.precision.tolist() == pytest.approx([7 / 17, 20 / 23], abs=1e-15)
    assert np.round(100 * matrix.precision, 1).tolist() == [41.2, 87.0]
    assert matrix.accuracy == 0.675
    assert matrix.support.tolist() == [10, 30] and matrix.predicted.tolist() == [17, 23] and matrix.total == 40


@settings(max_examples=150)
@given(st.integers(1, 6).flatmap(lambda c: st.tuples(
    st.just(c), st.lists(st.tuples(st.integers(0, c - 1), st.integers(0, c - 1)), min_size=1, max_size=40)
)))  # fmt: skip
def test_like_sklearn_on_small_and_degenerate_input(case):
    classes, pairs = case
    true, predicted = (np.array(side) for side in zip(*pairs, strict=True))
    names = [f"class {i}" for i in range(classes)]
    assert_like_sklearn(ConfusionMatrix.from_predictions(true, predicted, names), true, predicted)


def test_like_sklearn_on_many_rows_and_classes():
    random = np.random.default_rng(0)
    true = random.integers(0, 50, 20_000)
    predicted = np.where(random.random(20_000) < 0.7, true, random.integers(0, 60, 20_000))  # ten are never true
    assert_like_sklearn(ConfusionMatrix.from_predictions(true, predicted, range(60)), true, predicted)


def test_rows_are_true_and_columns_predicted():
    matrix = ConfusionMatrix.from_predictions([0, 0, 1], [1, 1, 1], CAT_DOG)
    assert matrix.counts.tolist() == [[0, 2], [0, 1]] and matrix.counts.dtype == np.int64


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int8, np.int64, np.float64, str, object])
def test_labels_of_every_kind_count_alike(kind):
    random = np.random.default_rng(1)
    classes = [f"{i:03}" for i in range(100)]
    true, predicted = random.integers(0, 100, (2, 500))
    expected = confusion_matrix(true, predicted, labels=range(100))
    if kind in (str, object):
        true, predicted = (np.array([classes[i] for i in side], kind) for side in (true, predicted))
    else:
        true, predicted = true.astype(kind), predicted.astype(kind)  # 99 * 100 + 99 overflows most of them
    assert np.array_equal(ConfusionMatrix.from_predictions(true, predicted, classes).counts, expected)


def test_names_and_numbers_may_be_mixed_between_the_sides():
    assert ConfusionMatrix.from_predictions(["dog", "cat"], [1, 1], CAT_DOG).counts.tolist() == [
        [0, 1],
        [0, 1],
    ]


@pytest.mark.parametrize(
    ("labels", "where", "value"),
    [
        ([0, 1, 2, 3], 2, "2"), ([0, -1], 1, "-1"), ([1.0, np.nan], 1, "nan"), ([0.5], 0, "0.5"),
        (["cat", "Dog", "cow"], 1, "'Dog'"), (["cat", None], 1, "None"), ([0, None], 1, "None"),
        ([0.0, np.inf], 1, "inf"), (np.array([2**64 - 1], np.uint64), 0, str(2**64 - 1)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("side", ["y_true", "y_pred"])
def test_the_first_bad_label_is_named(labels, where, value, side):
    arguments = {"y_true": [0] * len(labels), "y_pred": [0] * len(labels), side: labels}
    with pytest.raises(ValueError) as caught:
        ConfusionMatrix.from_predictions(**arguments, classes=CAT_DOG)
    assert f"{side}[{where}] is {value};" in str(caught.value) and "cat, dog" in str(caught.value)


def test_bad_shapes_are_named():
    with pytest.raises(ValueError, match="2 labels, y_pred 1"):
        ConfusionMatrix.from_predictions([0, 1], [0], CAT_DOG)
    with pytest.raises(ValueError, match=r"y_true has shape \(2, 1\)"):
        ConfusionMatrix.from_predictions([[0], [1]], [0, 1], CAT_DOG)
    with pytest.raises(ValueError, match="at least one class"):
        ConfusionMatrix.from_predictions([], [], ())
    with pytest.raises(ValueError, match=r"\(2, 2\)"):
        ConfusionMatrix(np.zeros((2, 3), np.int64), CAT_DOG)
    with pytest.raises(ValueError, match="least -1"):
        ConfusionMatrix([[1, -1], [0, 0]], CAT_DOG)
    with pytest.raises(ValueError, match="float64"):
        ConfusionMatrix(np.eye(2), CAT_DOG)


def test_equal_class_names_are_fine_until_labels_go_by_name():
    classes = ("crane", "dog", "crane")  # a bird and a machine, as in ImageNet
    assert ConfusionMatrix.from_predictions([0, 2], [2, 2], classes).counts[0, 2] == 1
    assert ConfusionMatrix.from_predictions(["dog"], [1], classes).total == 1
    with pytest.raises(ValueError, match="crane"):
        ConfusionMatrix.from_predictions(["dog", "crane"], [1, 1], classes)


def test_empty_denominators_are_nan_and_macro_says_how_many():
    matrix = ConfusionMatrix([[2, 0, 0], [1, 0, 0], [0, 0, 0]], ("a", "b", "c"))
    np.testing.assert_equal(matrix.recall, [1, 0, np.nan])
    np.testing.assert_equal(matrix.precision, [2 / 3, np.nan, np.nan])
    np.testing.assert_equal(matrix.f1, [0.8, 0, np.nan])
    assert matrix.macro("recall") == Average(0.5, 1)
    assert matrix.macro("precision") == Average(2 / 3, 2)
    assert matrix.macro("f1") == Average(0.4, 1)
    with pytest.raises(ValueError, match="accuracy"):
        matrix.macro("accuracy")


def test_no_rows_at_all():
    matrix = ConfusionMatrix.from_predictions([], [], CAT_DOG)
    assert matrix.total == 0 and np.isnan(matrix.accuracy) and np.isnan(matrix.f1).all()
    average = matrix.macro("recall")
    assert np.isnan(average.value) and average.left_out == 2


def test_counts_are_a_read_only_copy():
    mine = np.array([[1, 0], [0, 1]])
    matrix = ConfusionMatrix(mine, CAT_DOG)
    mine[0, 0] = 5
    assert matrix.counts[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        matrix.counts[0, 0] = 5


@pytest.mark.parametrize("measure", ["recall", "precision", "f1"])
@pytest.mark.parametrize("seed", range(4))
def test_averages_are_sklearns(measure, seed):
    random = np.random.default_rng(seed)
    true = random.integers(0, 6, 300)
    predicted = np.where(random.random(300) < 0.6, true, random.integers(2, 8, 300))  # 6 and 7 never true, 8 nothing
    matrix = ConfusionMatrix.from_predictions(true, predicted, range(9))
    score = {"recall": recall_score, "precision": precision_score, "f1": f1_score}[measure]
    for kind in ("macro", "weighted", "micro"):
        expected = score(true, predicted, labels=range(9), average=kind, zero_division=np.nan)
        found = getattr(matrix, kind)(measure)
        if kind != "micro":
            assert found.left_out == np.isnan(getattr(matrix, measure)).sum() > 0
            found = found.value
        assert found == pytest.approx(expected, abs=1e-12)


def test_averages_of_nothing_and_of_unknown_measures():
    empty = ConfusionMatrix.from_predictions([], [], CAT_DOG)
    assert np.isnan(empty.weighted("f1").value) and empty.weighted("f1").left_out == 2 and np.isnan(empty.micro("f1"))
    for kind in ("weighted", "micro"):
        with pytest.raises(ValueError, match="measure is 'accuracy'; allowed are recall"):
            getattr(empty, kind)("accuracy")


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(2, 12))
def test_merging_is_counting_merged_labels(seed, classes):
    random = np.random.default_rng(seed)
    true, predicted = random.integers(0, classes, (2, 100))
    members = random.permutation(classes)
    groups = {"x": members[:1].tolist(), "y": members[1 : 1 + classes // 2].tolist()}
    names = [f"class {i}" for i in range(classes)]
    merged = ConfusionMatrix.from_predictions(true, predicted, names).merged(groups)
    new = {i: "x" if i in groups["x"] else "y" if i in groups["y"] else names[i] for i in range(classes)}
    alone = [name for i, name in enumerate(names) if new[i] == name]
    assert merged.classes == ("x", "y", *alone) and merged.total == 100
    again = ConfusionMatrix.from_predictions([new[i] for i in true], [new[i] for i in predicted], merged.classes)
    assert np.array_equal(merged.counts, again.counts)


def test_merging_refuses_what_is_no_partition():
    matrix = ConfusionMatrix(np.eye(3, dtype=int), ("a", "b", "c"))
    for groups, said in (({"x": []}, "'x' is empty"), ({"x": [0], "y": [0]}, "'y' has 0"), ({"x": [3]}, "'x' has 3")):
        with pytest.raises(ValueError, match=said):
            matrix.merged(groups)
    assert matrix.merged({}).classes == matrix.classes


def test_a_subset_has_its_rows_and_columns_in_the_order_asked_for():
    matrix = ConfusionMatrix(np.arange(9).reshape(3, 3), ("a", "b", "c"))
    part = matrix.subset([2, 0])
    assert part.counts.tolist() == [[8, 6], [2, 0]] and part.classes == ("c", "a")
    for indices in ([0, 0], [3], [-1], [0.5], []):
        with pytest.raises(ValueError, match="accepted are numbers from 0 to 2, each once"):
            matrix.subset(indices)
