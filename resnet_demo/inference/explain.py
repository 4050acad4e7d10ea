"""Where in a picture a network finds evidence for a class, by captum's attribution methods.

grad-cam: Selvaraju et al. 2017 (arXiv:1610.02391), section 3: maps of a layer, weighted by their mean gradients.
hires-cam: Draelos and Carin 2020 (arXiv:2011.08891): gradient times activation, summed over the maps of a layer.
saliency: Simonyan et al. 2013 (arXiv:1312.6034), section 3: size of the gradient at each pixel; it has no layer.

All explain the logit of the class, before the softmax; a contrast explains the difference of two logits. The networks
are shared with other visitors: parameters stay frozen, gradients are taken by `torch.autograd.grad`, which leaves none
behind, captum's hooks are gone when it returns or fails, and the network's lock is held meanwhile. Must not depend on
colours or pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from ..errors import Refusal
from ..models import ModelSpec, ResNet
from ..models.cuts import check_cuts, cut
from .classifier import Classifier, check_class
from .classify import not_finite, see
from .store import ModelStore

METHODS = ("grad-cam", "hires-cam", "saliency")


@dataclass(frozen=True)
class HeatMap:
    """Evidence for one class, or for one class rather than another.

    view: the picture as the network saw it. values: float32 (h, w) in 0 … 1, at the resolution of the layer's maps
    (saliency: of the view), the strongest evidence 1. method: one of METHODS. layer: None for saliency.
    label: the class. blank: whether there is no positive evidence at all; values are then 0. against: the class that it
    is compared with, None if it is not.
    """

    view: Image.Image
    values: np.ndarray
    method: str
    layer: str | None
    label: str
    blank: bool
    against: str | None = None


def layers(spec: ModelSpec) -> tuple[str, ...]:
    """What can be explained: the stages "layer1", "layer2" …, then their blocks "layer1.0" …

    A stage's maps are those of its last block. The last stage, the default, has the coarsest maps and sees most.
    """
    stages = [f"layer{number}" for number in range(1, len(spec.stage_blocks) + 1)]
    blocks = [f"{stage}.{at}" for stage, count in zip(stages, spec.stage_blocks, strict=True) for at in range(count)]
    return (*stages, *blocks)


def heat_map(
    image: Image.Image,
    classifier: Classifier,
    store: ModelStore,
    index: int,
    method: str = "grad-cam",
    layer: str | None = None,
    crop: str = "centre",
    against: int | None = None,
    linear: nn.Linear | None = None,
    cuts: Sequence[str] = (),
) -> HeatMap:
    """The evidence for class `index` in an RGB image, as `decode` gives it.

    layer: one of `layers(classifier.spec)`, None for the last stage; saliency has none and ignores it. crop: see `see`.
    against: another class; the evidence is then that for z[index] - z[against], the difference of the two logits ("why
        this and not that"), in all three methods. For Grad-CAM this is the contrast of Finer-CAM (Zhang et al. 2025,
        arXiv:2501.11309), which weights the maps by the gradients of z[index] - γ z[against]; here γ = 1 and there is
        one class to compare with, where the paper averages over the most similar ones.
    linear: gives the logits in the place of the model's own last layer, which stays where it is.
    cuts: what is cut meanwhile, of `models.cuts.possible_cuts(classifier.spec)`.
    Raises Refusal for a wrong argument, and for weights that cannot be used.
    """
    layer = _checked(classifier, index, against, method, layer)
    cuts = check_cuts(classifier.spec, cuts)
    prepared = see(image, classifier.preprocess, crop)
    loaded = store.get(classifier)
    batch = prepared.tensor[None].contiguous(memory_format=torch.channels_last)
    with loaded.lock, cut(loaded.model, cuts):
        evidence = _attribute(loaded.model, _score(loaded.model, index, against, linear), batch, method, layer)
    if not evidence.isfinite().all():
        raise not_finite(classifier)
    evidence = evidence.clamp(min=0)
    top = float(evidence.max())
    values = (evidence / top if top > 0 else evidence).numpy()
    other = None if against is None else classifier.classes[against]
    return HeatMap(prepared.view, values, method, layer, classifier.classes[index], top <= 0, other)


def _checked(classifier: Classifier, index: int, against: int | None, method: str, layer: str | None) -> str | None:
    """The layer as it will be used; Refusal for what does not exist."""
    if method not in METHODS:
        raise Refusal("method", given=repr(method), allowed=", ".join(METHODS))
    check_class(classifier, index)
    if against is not None:
        check_class(classifier, against)
        if against == index:
            raise Refusal("against", label=classifier.classes[index])
    if method == "saliency":
        return None
    known = layers(classifier.spec)
    stages = len(classifier.spec.stage_blocks)
    layer = f"layer{stages}" if layer is None else layer
    if layer not in known:
        raise Refusal("layer", name=classifier.id, stages=stages, given=repr(layer), example=known[-1])
    return layer


def _score(model: ResNet, index: int, against: int | None, linear: nn.Linear | None) -> Callable[[Tensor], Tensor]:
    """What is explained of a batch: (N, channels, H, W) -> (N,), a logit or the difference of two."""

    def score(batch: Tensor) -> Tensor:
        logits = model(batch) if linear is None else linear(model.avgpool(model.features(batch)).flatten(1))
        return logits[:, index] if against is None else logits[:, index] - logits[:, against]

    return score


def _attribute(
    model: ResNet, score: Callable[[Tensor], Tensor], batch: Tensor, method: str, layer: str | None
) -> Tensor:
    """Evidence of either sign, (h, w). layer: None for saliency."""
    from captum.attr import LayerGradCam, LayerGradientXActivation, Saliency  # a second, wanted only here

    if layer is None:
        return Saliency(score).attribute(batch.requires_grad_())[0].amax(0)
    at = model.get_submodule(layer)
    if method == "grad-cam":
        return LayerGradCam(score, at).attribute(batch)[0, 0].detach()
    return LayerGradientXActivation(score, at).attribute(batch)[0].sum(0).detach()
