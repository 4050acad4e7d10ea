"""Numbers about predictions: arrays in, numbers out. Pure NumPy; must not depend on networks, data sets or pages."""

from __future__ import annotations

from resnet_demo.metrics.calibration import confidence_histogram, coverage_curve, reliability
from resnet_demo.metrics.confusion import Average, ConfusionMatrix
from resnet_demo.metrics.groups import parse_groups
from resnet_demo.metrics.intervals import Interval, wilson
from resnet_demo.metrics.order import by_recall, by_similarity, most_confused
from resnet_demo.metrics.pairs import most_confused_pairs
from resnet_demo.metrics.ranking import most_confident_mistakes, softmax, top_k_accuracy

__all__ = [
    "Average",
    "ConfusionMatrix",
    "Interval",
    "by_recall",
    "by_similarity",
    "confidence_histogram",
    "coverage_curve",
    "most_confident_mistakes",
    "most_confused",
    "most_confused_pairs",
    "parse_groups",
    "reliability",
    "softmax",
    "top_k_accuracy",
    "wilson",
]
