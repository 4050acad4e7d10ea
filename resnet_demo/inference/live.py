"""An answer and the evidence for it in one forward pass, for images that come faster than gradients could be taken.

After the last stage there is only global average pooling and a linear layer: there the gradients that Grad-CAM weights
the maps by are, but for a factor, the weights of the class (Selvaraju et al. 2017, arXiv:1610.02391, section 3.1). So
the map is Grad-CAM's, and costs nothing beside the answer. Must not depend on pages.
"""

from __future__ import annotations

import torch
from PIL import Image

from .classifier import Classifier, check_class
from .classify import Prediction, check_options, not_finite, prediction, see
from .explain import HeatMap, layers
from .store import ModelStore


def classify_and_explain(
    image: Image.Image,
    classifier: Classifier,
    store: ModelStore,
    index: int | None = None,
    top_k: int = 5,
    temperature: float = 1.0,
    crop: str = "centre",
) -> tuple[Prediction, HeatMap]:
    """What `classify` and, for the last stage, `explain.heat_map` say of an RGB image.

    index: the class whose evidence is shown, None for the best one. The rest as for `classify`; Refusal as there.
    """
    check_options(top_k, temperature)
    if index is not None:
        check_class(classifier, index)
    prepared = see(image, classifier.preprocess, crop)
    loaded = store.get(classifier)
    batch = prepared.tensor[None].contiguous(memory_format=torch.channels_last)
    with loaded.lock, torch.inference_mode():
        maps = loaded.model.features(batch)
        answer = prediction(classifier, loaded.model.head(maps)[0], prepared.view, top_k, temperature)
        explained = answer.indices[0] if index is None else index
        evidence = torch.einsum("c,chw->hw", loaded.model.fc.weight[explained], maps[0]).clamp(min=0)
    if not evidence.isfinite().all():
        raise not_finite(classifier)
    top = float(evidence.max())
    values = (evidence / top if top > 0 else evidence).numpy()
    last = layers(classifier.spec)[len(classifier.spec.stage_blocks) - 1]
    return answer, HeatMap(prepared.view, values, "grad-cam", last, classifier.classes[explained], top <= 0)
