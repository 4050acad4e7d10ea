"""What a confusion matrix, a reliability diagram and curves say on paper, in English; pages pass the same keys in their
own words. Must not depend on figures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "true": "True class",
        "predicted": "Predicted class",
        "right": "Right",
        "wrong": "Mistakes",
        "row": "share of the true class",
        "column": "share of the predicted class",
        "all": "share of all",
        "none": "count",
        "accuracy": "Accuracy {accuracy}, {rows} rows",
        "shown": "{shown} of {classes} classes",
        "comma": ", ",
        "confidence": "Confidence",
        "reliability": "Accuracy",
        "perfect": "As right as sure",
        "gap": "Gap to the confidence",
        "answers": "Answers",
        "average_precision": "Average precision, each class against the rest",
        "average_precision_x": "Recall",
        "average_precision_y": "Precision",
        "auc": "Area under the ROC curve",
        "auc_x": "False positive rate",
        "auc_y": "True positive rate",
        "micro": "micro average",
        "macro": "macro average",
        "ece": "Expected calibration error {ece}, {rows} answers",
    }
)
