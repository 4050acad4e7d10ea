"""From logits to probabilities, top-k accuracy and the most confident mistakes. Must not depend on networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Probabilities over the last axis, same shape; float64 for float64 logits, else float32.

    temperature: divides the logits; above 1 it evens the probabilities out, below 1 it sharpens them.
    """
    if not 1e-3 <= temperature <= 1e3:
        raise ValueError(f"temperature is {temperature}; allowed is 0.001 to 1000.")
    logits = np.asarray(logits)
    logits = logits.astype(np.float64 if logits.dtype == np.float64 else np.float32)
    # less the greatest, so that the greatest power is 1 and none overflows
    powers = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


def told_apart(scores: np.ndarray, ks: Sequence[int], sample: int = 1000) -> list[int]:
    """Those of `ks` below C whose rank is known: in some of the first `sample` rows of scores (N, C) the k-th greatest
    and the next differ. Where they are equal in all, as where only the first few are known, chance would say who is
    among the first k. Without rows all are given back.
    """
    n, classes = scores.shape
    below = [k for k in ks if k < classes]
    ordered = np.sort(scores[:sample], axis=1)[:, ::-1]
    return [k for k in below if not n or (ordered[:, k - 1] > ordered[:, k]).any()]


def top_k_accuracy(logits: np.ndarray, labels: np.ndarray, k: int = 1) -> float:
    """Share of the N rows of logits (N, C) whose label (N,) is among the k greatest; NaN without rows.

    Of equal logits the class with the lower number comes first, so that k = 1 agrees with argmax.
    """
    logits, labels = np.asarray(logits), np.asarray(labels)
    if logits.ndim != 2 or labels.shape != logits.shape[:1]:
        raise ValueError(f"logits is {logits.shape} and labels {labels.shape}; accepted are (N, C) and (N,).")
    classes = logits.shape[1]
    if not 1 <= k <= classes:
        raise ValueError(f"k is {k}; allowed is 1 to {classes}, the number of classes.")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels has type {labels.dtype}; accepted are integers from 0 to {classes - 1}.")
    bad = (labels < 0) | (labels >= classes)
    if bad.any():
        at = int(np.argmax(bad))
        raise ValueError(f"labels[{at}] is {labels[at]}; accepted are integers from 0 to {classes - 1}.")
    bad = np.isnan(logits).any(axis=1)
    if bad.any():
        raise ValueError(f"logits[{int(np.argmax(bad))}] holds NaN; accepted are numbers.")
    if not len(labels):
        return float("nan")
    own = np.take_along_axis(logits, labels[:, None].astype(np.int64), axis=1)
    before = (logits > own) | ((logits == own) & (np.arange(classes) < labels[:, None]))
    return float((before.sum(axis=1) < k).mean())


def most_confident_mistakes(labels: np.ndarray, predicted: np.ndarray, confidence: np.ndarray | None) -> np.ndarray:
    """int64 positions of the rows whose predicted class is not their label, over all classes, most confident first.

    labels, predicted: integers (n,). confidence: the probability of each prediction, (n,), NaN where it is not known,
    or None where none is. Equal ones stay in their own order, those without a probability come last in theirs.
    """
    labels, predicted = np.asarray(labels), np.asarray(predicted)
    known = np.zeros(len(labels)) if confidence is None else np.asarray(confidence)
    if not labels.shape == predicted.shape == known.shape:
        raise ValueError(
            f"labels is {labels.shape}, predicted {predicted.shape} and confidence {known.shape}; "
            "accepted is one of each a row."
        )
    wrong = np.flatnonzero(labels != predicted)
    return wrong[np.argsort(-known[wrong], kind="stable")]  # NaN goes to the end
