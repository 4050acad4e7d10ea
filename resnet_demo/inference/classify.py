"""One picture, one network, one answer.

Must not depend on files (`data.decode` gives the image) or pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from PIL import Image
from torch import Tensor

from ..data.preprocess import Prepared, Preprocess, prepare
from ..errors import Refusal
from ..models.cuts import check_cuts, cut
from .classifier import Classifier
from .store import ModelStore

CROPS = ("centre", "whole")
COLDEST, HOTTEST = 0.1, 10.0


@dataclass(frozen=True)
class Prediction:
    """What a network says about a picture.

    id: whose answer, the classifier's id. labels, indices, probabilities: the most probable classes, best first, their
    positions in `classes`, 0 … 1 (softmax). classes: all that the network knows; it answers with one of them whatever
    the picture shows. view: the picture as the network saw it, before normalisation.
    """

    id: str
    labels: tuple[str, ...]
    indices: tuple[int, ...]
    probabilities: tuple[float, ...]
    classes: tuple[str, ...]
    view: Image.Image

    @property
    def confidence(self) -> float:
        """The probability of the best class, 0 … 1."""
        return self.probabilities[0]


def classify(
    image: Image.Image,
    classifier: Classifier,
    store: ModelStore,
    top_k: int = 5,
    temperature: float = 1.0,
    crop: str = "centre",
    cuts: Sequence[str] = (),
) -> Prediction:
    """The `top_k` most probable classes (all if there are fewer) of an RGB image, as `decode` gives it.

    temperature: what logits are divided by before the softmax, 0.1 (sharper) to 10 (flatter).
    crop: see `see`. cuts: what is cut meanwhile, of `models.cuts.possible_cuts(classifier.spec)`.

    Raises Refusal for a wrong argument, and for weights that are missing, damaged or not finite.
    """
    prepared = see(image, classifier.preprocess, crop)
    return classify_prepared(prepared, classifier, store, top_k, temperature, cuts)


def classify_prepared(
    prepared: Prepared,
    classifier: Classifier,
    store: ModelStore,
    top_k: int = 5,
    temperature: float = 1.0,
    cuts: Sequence[str] = (),
) -> Prediction:
    """The same of an image that is prepared already: the network is shown `prepared.tensor`."""
    check_options(top_k, temperature)
    cuts = check_cuts(classifier.spec, cuts)
    loaded = store.get(classifier)
    batch = prepared.tensor[None].contiguous(memory_format=torch.channels_last)
    with loaded.lock, torch.inference_mode(), cut(loaded.model, cuts):
        logits = loaded.model(batch)[0]
    return prediction(classifier, logits, prepared.view, top_k, temperature)


def check_options(top_k: int, temperature: float) -> None:
    """Refusal unless a prediction can be made with these."""
    if isinstance(top_k, bool) or not isinstance(top_k, int) or top_k < 1:
        raise Refusal("top_k", given=repr(top_k))
    if not isinstance(temperature, (int, float)) or not COLDEST <= temperature <= HOTTEST:
        raise Refusal("temperature", low=COLDEST, high=HOTTEST, given=repr(temperature))


def prediction(
    classifier: Classifier, logits: Tensor, view: Image.Image, top_k: int = 5, temperature: float = 1.0
) -> Prediction:
    """What a model says whose logits for `view` are these, (classes); Refusal where they are not finite."""
    probabilities = (logits / temperature).softmax(0)
    if not probabilities.isfinite().all():
        raise not_finite(classifier)
    order = probabilities.argsort(descending=True, stable=True)[:top_k].tolist()
    classes = classifier.classes
    return Prediction(
        id=classifier.id,
        labels=tuple(classes[index] for index in order),
        indices=tuple(order),
        probabilities=tuple(probabilities[order].tolist()),
        classes=classes,
        view=view,
    )


def see(image: Image.Image, preprocess: Preprocess, crop: str = "centre") -> Prepared:
    """What the network is shown of an RGB image.

    crop: "centre", the network's own evaluation transform, or "whole", the whole picture squeezed into the square.
    """
    if crop not in CROPS:
        raise Refusal("crop", given=repr(crop))
    if crop == "whole":  # squeezed with the filter of the network's own transform, and then left as it is
        own = Image.Resampling.BICUBIC if preprocess.name == "square" else Image.Resampling.BILINEAR
        image = image.resize((preprocess.size, preprocess.size), own)
        preprocess = replace(preprocess, name="square")
    return prepare(image, preprocess)


def not_finite(classifier: Classifier) -> Refusal:
    """The error for a network that diverged in training: its numbers would mean nothing."""
    return Refusal("not_finite", name=classifier.id)
