"""What each part of a network gives out for one image, and the filters of its stem.

All is measured on the model in the shared store, whose lock is held meanwhile. Must not depend on pages or drawings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from ..inference.classifier import Classifier
from ..inference.classify import not_finite, see
from ..inference.store import ModelStore
from ..models.cuts import check_cuts, cut
from .walk import walk


@dataclass(frozen=True)
class Activation:
    """What one part gives out.

    name: "stem", "maxpool" (ImageNet) or a block, "layer1.0". maps: float32 (C, h, w) after the last ReLU, so 0 or
    more. order: int64 (C,), the channels by their mean, highest first. zeros: share of values that are exactly 0.
    """

    name: str
    maps: np.ndarray
    order: np.ndarray
    zeros: float


@dataclass(frozen=True)
class Activations:
    """An image on its way through a network.

    id: the classifier's. view: the image as the network saw it, before normalisation. parts: from the input on.
    logits: float32 (classes,).
    """

    id: str
    view: Image.Image
    parts: tuple[Activation, ...]
    logits: np.ndarray


def activations(
    image: Image.Image,
    classifier: Classifier,
    store: ModelStore,
    crop: str = "centre",
    cuts: Sequence[str] = (),
) -> Activations:
    """What the stem, max pooling where there is one, and each block give out for an RGB image.

    crop: see `inference.classify.see`. cuts: what is cut meanwhile, of `models.cuts.possible_cuts(classifier.spec)`.
    Raises Refusal for a wrong argument, and for weights that are missing, damaged or not finite.
    """
    cuts = check_cuts(classifier.spec, cuts)
    prepared = see(image, classifier.preprocess, crop)
    loaded = store.get(classifier)
    batch = prepared.tensor[None].contiguous(memory_format=torch.channels_last)
    with loaded.lock, torch.inference_mode(), cut(loaded.model, cuts):
        outputs = dict(walk(loaded.model, batch))
        logits = loaded.model.head(list(outputs.values())[-1])[0]
    if not logits.isfinite().all():
        raise not_finite(classifier)
    parts = (_activation(name, output[0].contiguous().numpy()) for name, output in outputs.items())
    return Activations(classifier.id, prepared.view, tuple(parts), logits.numpy())


def _activation(name: str, maps: np.ndarray) -> Activation:
    order = np.argsort(-maps.mean((1, 2)), kind="stable")
    return Activation(name, maps, order, 1 - np.count_nonzero(maps) / maps.size)


def stem_filters(classifier: Classifier, store: ModelStore) -> np.ndarray:
    """The weights of the first convolution, float32 (C, in_channels, k, k): 3 × 3 for CIFAR, 7 × 7 for ImageNet.

    Raises Refusal for weights that are missing or damaged.
    """
    loaded = store.get(classifier)
    with loaded.lock:
        return loaded.model.conv1.weight.detach().contiguous().numpy().copy()
