"""Whether a heat map tells what matters to a model: deletion and insertion curves, and a sanity check.

Curves: Petsiuk, Das and Saenko 2018, "RISE" (arXiv:1806.07421), section 4, evaluation metrics: pixels are deleted from
the image, or inserted into a blurred one, the most important first, and the probability of the class is followed.
Sanity check: Adebayo et al. 2018 (arXiv:1810.03292), section 3.2 (independent randomization, of the last layer alone).
Must not depend on pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
import scipy
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from ..data.preprocess import to_tensor
from ..fields import Bound
from ..inference.classifier import Classifier, check_class
from ..inference.classify import not_finite
from ..inference.explain import HeatMap, heat_map
from ..inference.store import ModelStore
from ..models import initialize
from .occlusion import cover

BATCH = 16  # images at a time, between which other visitors have their turn
MOST_STEPS = 1024
DELETED, START = "mean", "blur"  # what replaces deleted pixels, and what pixels are inserted into: see `cover`


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """The probability of a class while pixels are deleted and inserted, in the order of a heat map and of a random one.

    fractions: float64 (steps + 1,), the share of the pixels that is deleted or inserted, from 0 to 1.
    deletion, insertion: float64 (steps + 1,), the probability, 0 … 1, in the order of the heat map.
    deletion_random, insertion_random: the same in the order of a random map.
    A map that tells what matters has a deletion curve that falls early (a small area under it) and an insertion curve
    that rises early (a large area).
    """

    fractions: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray
    deletion_random: np.ndarray
    insertion_random: np.ndarray

    def area(self, name: str) -> float:
        """The area under the curve of this name, 0 … 1, by the trapezoidal rule."""
        curve = getattr(self, name)
        return float((np.diff(self.fractions) * (curve[1:] + curve[:-1]) / 2).sum())


@dataclass(frozen=True)
class SanityCheck:
    """A heat map beside that of the same model with new initial values in its last layer.

    own, randomized: the two maps. seed: of the new values. correlation: Spearman's rank correlation of their values,
    -1 … 1; None where one of them is the same everywhere, as without positive evidence. A method whose map hardly
    changes does not explain what the last layer has learned.
    """

    own: HeatMap
    randomized: HeatMap
    seed: int
    correlation: float | None


def faithfulness(
    shown: HeatMap,
    classifier: Classifier,
    store: ModelStore,
    index: int,
    steps: int = 32,
    seed: int = 0,
    report: Callable[[float], object] = lambda share: None,
) -> Faithfulness:
    """Follow the probability of class `index` while the pixels of `shown.view` are deleted and inserted.

    Deleted pixels get the view's mean colour, insertion starts from the view blurred as `cover` blurs it (the paper's
    code has zeros and a weaker blur); step k of `steps` (1 to 1024) has changed k / steps of the pixels, rounded. Maps
    are enlarged bilinearly. Pixels that are equal, such as all without evidence, follow in the order of the random map.
    That one has independent uniform values from `seed` at the resolution of the heat map: its patches are as large.
    report: is told the share that is done, after each batch; what it raises ends the measurement.
    Raises Refusal for a wrong argument, and for weights that cannot be used.
    """
    check_class(classifier, index)
    Bound(1, MOST_STEPS, whole=True).check("steps", steps)
    view, size = shown.view, shown.view.size
    chance = enlarged(np.random.default_rng(seed).random(shown.values.shape, np.float32), size).ravel()
    orders = [np.lexsort((-chance, -enlarged(shown.values, size).ravel())), np.argsort(-chance, kind="stable")]
    counts = [round(step * view.width * view.height / steps) for step in range(steps + 1)]
    image, deleted, start = (
        to_tensor(one, classifier.preprocess) for one in (view, cover(view, DELETED), cover(view, START))
    )
    pairs = [(image, deleted), (start, image)]
    images = [
        partial(_mixed, before, after, order[:count]) for order in orders for before, after in pairs for count in counts
    ]
    by_map, by_chance = _probabilities(images, classifier, store, index, report).reshape(2, 2, steps + 1)
    return Faithfulness(np.array(counts) / counts[-1], *by_map, *by_chance)


def sanity_check(
    image: Image.Image,
    classifier: Classifier,
    store: ModelStore,
    index: int,
    method: str = "grad-cam",
    layer: str | None = None,
    crop: str = "centre",
    against: int | None = None,
    seed: int = 0,
) -> SanityCheck:
    """The heat map of these arguments (see `heat_map`), and the one with new initial values in the last layer.

    The new layer is drawn as for training, from a stream of random numbers that no run has for its initial values. It
    is used in the place of the model's own, which is not touched. Raises Refusal as `heat_map` does.
    """
    last = store.get(classifier).model.fc
    fresh = initialize(nn.ModuleDict({"randomized": nn.Linear(last.in_features, last.out_features)}), seed)
    linear = cast(nn.Linear, fresh.requires_grad_(False)["randomized"])
    own, randomized = (
        heat_map(image, classifier, store, index, method, layer, crop, against, one) for one in (None, linear)
    )
    return SanityCheck(own, randomized, seed, rank_correlation(own.values, randomized.values))


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    """Spearman's rank correlation of two arrays of equal shape, -1 … 1; None where all values of one are the same."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(scipy.stats.spearmanr(one.ravel(), other.ravel()).statistic)


def enlarged(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A map, float32 (h, w), at the resolution of a view of `size` (width, height), bilinear."""
    width, height = size
    return F.interpolate(torch.from_numpy(values)[None, None], (height, width), mode="bilinear")[0, 0].numpy()


def _mixed(before: Tensor, after: Tensor, changed: np.ndarray) -> Tensor:
    """`before`, (channels, H, W), with the pixels of `after` at these positions in the flattened image."""
    mask = torch.zeros(before.shape[1:], dtype=torch.bool)
    mask.view(-1)[torch.from_numpy(changed)] = True
    return torch.where(mask, after, before)


def _probabilities(
    images: Sequence[Callable[[], Tensor]],
    classifier: Classifier,
    store: ModelStore,
    index: int,
    report: Callable[[float], object],
) -> np.ndarray:
    """The probability of class `index`, float64 (n,), for each of n images, which are made when their batch comes."""
    loaded, found = store.get(classifier), []
    for first in range(0, len(images), BATCH):
        batch = torch.stack([make() for make in images[first : first + BATCH]])
        with loaded.lock, torch.inference_mode():
            logits = loaded.model(batch.contiguous(memory_format=torch.channels_last))
        found.append(logits.double().softmax(1)[:, index])
        report(min(1.0, (first + BATCH) / len(images)))
    probabilities = torch.cat(found)
    if not probabilities.isfinite().all():
        raise not_finite(classifier)
    return probabilities.numpy()
