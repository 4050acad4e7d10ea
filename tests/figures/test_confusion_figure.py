"""The confusion matrix and the reliability diagram on paper: what is in them, and that any name can be."""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from made_runs import NASTY
from PIL import Image

from resnet_demo.figures import style
from resnet_demo.figures.confusion import LOOKS, NORMALISE, RED, as_file, confusion_figure, reliability_figure, save
from resnet_demo.figures.files import confusion_files
from resnet_demo.metrics import ConfusionMatrix, reliability, softmax
from resnet_demo.ui.text import LANGUAGES

ODD = (NASTY, "$\\frac{1}{2", "猫", "\x00\x1b[31m", "\U0001f408 very long name of a class that is far too long", "-->")


def matrix_of(names, seed: int = 0) -> ConfusionMatrix:
    counts = np.random.default_rng(seed).poisson(2, (len(names), len(names)))
    np.fill_diagonal(counts, 90)
    return ConfusionMatrix(counts, names)


def texts(figure) -> list[str]:
    """All that is written in the matrix itself."""
    (axes, *_) = figure.axes
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("normalise", NORMALISE)
@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_every_count(look, normalise):
    matrix = matrix_of(("cat", "dog", "fish"))
    figure = confusion_figure(matrix, look=look, normalise=normalise, title="ResNet-20")
    shown = [int(text) for text in texts(figure)]
    assert shown == [int(count) for count in matrix.counts.flat if count or look == "tutorial"]
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["cat", "dog", "fish"]
    assert axes.yaxis_inverted() and axes.get_ylabel() == "True class"
    assert axes.get_title("left") == f"ResNet-20\nAccuracy {100 * matrix.accuracy:.1f} %, {matrix.total} rows"


def test_the_tutorials_look_is_grey_with_red_counts_and_rotated_names():
    figure = confusion_figure(matrix_of("abc"), look="tutorial")
    axes = figure.axes[0]
    assert {text.get_color() for text in axes.texts} == {RED}
    assert {label.get_rotation() for label in axes.get_xticklabels()} == {90.0}
    found = colours(as_file(figure, "png"))
    tinted = found[np.ptp(found, axis=1) > 40]  # sharper letters than the paper has leave a trace of blue in the ink
    assert len(tinted) and (tinted.argmax(axis=1) == 0).all()  # what is no grey is red


def colours(data: bytes) -> np.ndarray:
    """int (n, 3): the colours that occur."""
    image = Image.open(BytesIO(data)).convert("RGB")
    return np.array([colour for _, colour in image.getcolors(image.width * image.height)])


def test_digits_are_legible_on_their_cells():
    figure = confusion_figure(ConfusionMatrix([[99, 1], [50, 50]], "ab"), normalise="row")
    assert [text.get_color() for text in figure.axes[0].texts][0] == "#ffffff"
    assert [text.get_color() for text in figure.axes[0].texts][1] == "#000000"


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
@pytest.mark.parametrize("look", LOOKS)
def test_any_name_can_be_drawn(look, kind):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = as_file(confusion_figure(matrix_of(ODD), look=look, title="\x07".join(ODD)), kind, title=NASTY + "\x00")
    assert len(data) > 5000
    if kind == "svg":
        tree = ElementTree.fromstring(data)
        kinds = {element.tag.rpartition("}")[2] for element in tree.iter()}
        assert "script" not in kinds and "img" not in kinds
        handlers = {key for element in tree.iter() for key in element.attrib if key.lower().startswith("on")}
        assert not handlers


def test_chinese_names_and_words_are_drawn():
    said, names = LANGUAGES["zh"].part("print"), ("飞机", "汽车", "猫")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = confusion_figure(matrix_of(names), words=said, title="残差网络")
        assert as_file(figure, "png") != as_file(confusion_figure(matrix_of(("飞机", "汽车", "狗")), words=said), "png")
        as_file(reliability_figure(reliability(np.eye(3), np.arange(3)), words=said), "svg")
    assert figure.axes[0].get_xlabel() == "预测类别"


def test_a_hundred_classes_are_names_and_colours():
    matrix = matrix_of([f"class {i}" for i in range(100)])
    figure = confusion_figure(matrix)
    assert not texts(figure) and len(figure.axes[0].get_yticklabels()) == 100
    assert len(as_file(figure, "svg")) < 3_000_000
    with pytest.raises(ValueError, match="101 classes cannot be drawn; accepted are 1 to 100"):
        confusion_figure(matrix_of(range(101)))


def test_a_part_keeps_the_shares_of_the_whole():
    matrix = ConfusionMatrix([[50, 0, 50], [0, 10, 0], [0, 0, 10]], "abc")
    figure = confusion_figure(matrix, order=[1, 0])
    assert texts(figure) == ["10", "50"]
    right = figure.axes[0].collections[0].get_array()
    assert right[0, 0] == 1 and right[1, 1] == 0.5
    assert "2 of 3 classes" in figure.axes[0].get_title("left")


@pytest.mark.parametrize("options", [{"look": "neon"}, {"normalise": "rows"}])
def test_unknown_looks_are_refused(options):
    with pytest.raises(ValueError, match="accepted are"):
        confusion_figure(matrix_of("ab"), **options)


DEGENERATE = [[[3]], [[0, 0], [0, 0]], [[5, 0], [0, 5]], [[0, 5], [5, 0]], [[123456, 7], [0, 1234567]]]


@pytest.mark.parametrize("counts", DEGENERATE, ids=str)
@pytest.mark.parametrize("normalise", NORMALISE)
def test_degenerate_counts_are_drawn(counts, normalise):
    for look in LOOKS if len(counts) > 1 else LOOKS[:1]:
        figure = confusion_figure(ConfusionMatrix(counts, "ab"[: len(counts)]), look=look, normalise=normalise)
        for cells in figure.axes[0].collections:
            values, scale = np.ma.compressed(cells.get_array()), cells.norm
            assert scale.vmin < scale.vmax and ((scale.vmin <= values) & (values <= scale.vmax)).all()
        if normalise != "row":  # the same picture in other colours: enough of it to see that they can be drawn
            figure.set_layout_engine(None)
        with style.look():
            assert len(style.save(figure, dpi=40)) > 1000


def test_reliability_shows_accuracy_gap_and_error():
    random = np.random.default_rng(0)
    logits, labels = random.normal(0, 3, (400, 5)), random.integers(0, 5, 400)
    found = reliability(softmax(logits), labels)
    figure = reliability_figure(found, title="x")
    upper, lower = figure.axes
    heights = [bar.get_height() for bar in upper.containers[0]]
    np.testing.assert_allclose(heights, found.accuracy[found.count > 0])
    assert sum(bar.get_height() for bar in lower.containers[0]) == 400
    assert f"{100 * found.ece:.1f} %, 400 answers" in upper.get_title("left")
    empty = reliability_figure(reliability(np.zeros((0, 2)), np.zeros(0, int)))
    assert "error –, 0 answers" in empty.axes[0].get_title("left") and as_file(empty, "png")


def test_saving_goes_by_the_files_ending(tmp_path):
    figure = confusion_figure(matrix_of("ab"))
    save(figure, tmp_path / "m.png")
    save(figure, tmp_path / "m.svg", "two classes")
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")
    assert "two classes" in (tmp_path / "m.svg").read_text()
    with pytest.raises(ValueError, match="png, svg, pdf"):
        save(figure, tmp_path / "m.exe")


def test_a_file_is_made_when_it_is_called_for_and_no_other_with_it(monkeypatch):
    from resnet_demo.figures import files as module

    drawn = []
    known = {"probabilities": np.eye(6), "labels": np.arange(6), "predicted": np.arange(6)}
    files = confusion_files(matrix_of(ODD), draw=lambda function, kind, *args, **options: drawn.append(kind), **known)
    assert not drawn
    monkeypatch.setattr(module, "report", None)  # whoever reckons a report fails
    assert files["matrix.csv"]().startswith("\ufeff".encode()) and not drawn
    files["matrix.svg"]()
    assert drawn == ["svg"]
    files["reliability.png"]()
    assert drawn == ["svg", "png"]
    monkeypatch.undo()
    assert files["report.json"]().startswith(b"{") and drawn == ["svg", "png"]


def test_files_of_a_matrix():
    matrix = matrix_of(ODD)
    files, again = ({name: make() for name, make in confusion_files(matrix).items()} for _ in range(2))
    assert set(files) == {"matrix.png", "matrix.svg", "matrix.csv", "classes.csv", "report.md", "report.json"}
    assert files == again
    assert not re.search(rb"<img", files["report.md"])
    said, written = LANGUAGES["zh"].part("print"), LANGUAGES["zh"].part("report")
    known = {"probabilities": np.eye(6), "labels": np.arange(6), "predicted": np.arange(6)}
    chinese = confusion_files(matrix, figure_words=said, report_words=written, **known)
    assert set(chinese) == {*files, "reliability.png", "reliability.svg"}
    assert "召回率".encode() in chinese["classes.csv"]() and "# 混淆矩阵".encode() in chinese["report.md"]()
    assert chinese["reliability.svg"]().startswith(b"<?xml")


def test_of_very_many_classes_the_most_confused_are_drawn():
    counts = np.eye(120, dtype=int)
    counts[119, 3] = 7
    files = confusion_files(ConfusionMatrix(counts, range(120)), draw=lambda *drawn, order, **options: order)
    for kind in ("png", "svg"):
        order = files[f"matrix.{kind}"]()
        assert len(set(order)) == len(order) == 100 and {3, 119} <= set(order)
    assert files["matrix.csv"]().count(b"\r\n") == 121
