"""Numbers about predictions: arrays in, numbers out. Pure NumPy; knows no network, data set or page."""

from __future__ import annotations

from resnet_demo.metrics.confusion import Average, ConfusionMatrix
from resnet_demo.metrics.intervals import Interval, wilson
from resnet_demo.metrics.ranking import softmax, top_k_accuracy

__all__ = ["Average", "ConfusionMatrix", "Interval", "softmax", "top_k_accuracy", "wilson"]
