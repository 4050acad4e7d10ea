"""One picture, one run, one answer.

It knows neither files (`data.decode` gives the picture) nor pages.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from PIL import Image

from ..data.preprocess import prepare
from ..runs.folder import RunError, RunFolder
from .store import ModelStore


@dataclass(frozen=True)
class Prediction:
    """What a network says about a picture.

    run_id: whose network. labels, probabilities: the most probable classes, best first; 0 … 1 (softmax).
    classes: all that the network knows; it answers with one of them whatever the picture shows.
    view: the picture as the network saw it, before normalisation.
    """

    run_id: str
    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    classes: tuple[str, ...]
    view: Image.Image

    @property
    def confidence(self) -> float:
        """The probability of the best class, 0 … 1."""
        return self.probabilities[0]


def classify(image: Image.Image, run: RunFolder, store: ModelStore, top_k: int = 5) -> Prediction:
    """The `top_k` most probable classes (all if there are fewer) of an RGB image, as `decode` gives it.

    Raises ValueError for a `top_k` below 1, RunError for weights that are missing, damaged or not finite.
    """
    if not isinstance(top_k, int) or top_k < 1:
        raise ValueError(f"top_k must be a whole number from 1 on, not {top_k!r}")
    prepared = prepare(image, run.preprocess())
    loaded = store.get(run)
    batch = prepared.tensor[None].contiguous(memory_format=torch.channels_last)
    with loaded.lock, torch.inference_mode():
        probabilities = loaded.model(batch)[0].softmax(0)
    if not probabilities.isfinite().all():
        raise RunError(f"{run.id} gives no probabilities: its weights are not finite numbers")
    order = probabilities.argsort(descending=True, stable=True)[:top_k].tolist()
    classes = run.config.classes
    return Prediction(
        run_id=run.id,
        labels=tuple(classes[index] for index in order),
        probabilities=tuple(probabilities[order].tolist()),
        classes=classes,
        view=prepared.view,
    )
