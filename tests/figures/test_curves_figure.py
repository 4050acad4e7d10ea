"""Precision-recall and ROC curves for paper: which classes are drawn, with which areas, and strangers' names."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from resnet_demo.figures.curves import MOST_DRAWN, curves_figure, curves_file
from resnet_demo.metrics.curves import one_against_rest

NAMES = ("$x$", "<b>", "猫", "=1", "owl", "never")


def made():
    """Curves of six classes; the last one has no rows."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 5, 400)
    logits = random.normal(0, 1, (400, 6)) + np.eye(6)[labels] * np.arange(400)[:, None] / 200
    return one_against_rest(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), labels)


def test_the_averages_and_the_classes_with_the_lowest_average_precision_are_drawn():
    curves = made()
    figure = curves_figure(curves, NAMES, title="mine")
    for axes, area in zip(figure.axes, ("average_precision", "auc"), strict=True):
        said = [text.get_text() for text in axes.get_legend().get_texts()]
        assert said[0].endswith(f"{getattr(curves.micro, area):.3f}") and len(said) == 2 + MOST_DRAWN
        assert not any(one.startswith("never") for one in said)
        lines = axes.get_lines()
        assert all(0 <= line.get_ydata().min() <= line.get_ydata().max() <= 1 for line in lines)
    best = max(range(5), key=lambda at: curves.classes[at].average_precision)
    drawn = " ".join(text.get_text() for text in figure.axes[0].get_legend().get_texts())
    assert NAMES[best] not in drawn and "mine" == figure.get_suptitle()


def test_names_are_no_markup_and_nothing_to_draw_is_a_figure_too():
    svg = curves_file("svg", made(), NAMES, title="<script>")
    tags = {one.tag.rpartition("}")[2] for one in ElementTree.fromstring(svg).iter()}
    assert "path" in tags and not tags & {"script", "b"}
    empty = one_against_rest(np.empty((0, 2), np.float32), np.empty(0, int))
    assert curves_file("png", empty, ("a", "b")).startswith(b"\x89PNG")
