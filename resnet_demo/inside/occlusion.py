"""Cover a part of what a model sees, and classify what is left.

Covering a region and watching the prediction is the occlusion test of Zeiler and Fergus 2013 (arXiv:1311.2901), section
4.2, with a region of any shape. Must not depend on pages.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from ..data.preprocess import Prepared, to_tensor
from ..errors import Refusal
from ..inference.classifier import Classifier
from ..inference.classify import Prediction, classify_prepared
from ..inference.store import ModelStore

COVERS = ("grey", "blur", "mean")
BLUR = 8  # sigma of the blur: the view's side divided by this


def cover(view: Image.Image, how: str) -> Image.Image:
    """An image of the same size and mode (RGB or L) that stands for "nothing".

    how: "grey", 128 in each channel; "blur", the view after a Gaussian blur with sigma = side / 8, as Pillow
    approximates it; or "mean", the mean colour of the view. Raises Refusal for anything else.
    """
    if how == "grey":
        return Image.new(view.mode, view.size, "grey")
    if how == "blur":
        return view.filter(ImageFilter.GaussianBlur(view.width / BLUR))
    if how == "mean":
        pixels = np.array(view)
        return Image.fromarray(np.full_like(pixels, pixels.mean((0, 1)).round()))
    raise Refusal("cover", given=repr(how), allowed=", ".join(COVERS))


def paint(view: Image.Image, mask: np.ndarray, how: str) -> Image.Image:
    """A copy of the view with `cover(view, how)` where the mask, bool (height, width), is true.

    Raises Refusal for a mask of another shape or type, and for a cover that does not exist.
    """
    if mask.dtype != np.bool_ or mask.shape != (view.height, view.width):
        raise Refusal("mask", height=view.height, width=view.width, given=f"{mask.dtype} {mask.shape}")
    pixels = np.array(view)
    pixels[mask] = np.array(cover(view, how))[mask]
    return Image.fromarray(pixels)


def classify_painted(
    view: Image.Image,
    mask: np.ndarray,
    how: str,
    classifier: Classifier,
    store: ModelStore,
    top_k: int = 5,
    temperature: float = 1.0,
) -> Prediction:
    """The prediction for a view, as `see` or `Prediction.view` gives it, that is covered where the mask is true.

    The painted view is normalised like the view and neither cropped nor resized again, so that an empty mask gives the
    prediction for the image itself. Raises Refusal as `paint` and `classify` do.
    """
    painted = paint(view, mask, how)
    prepared = Prepared(painted, to_tensor(painted, classifier.preprocess))
    return classify_prepared(prepared, classifier, store, top_k, temperature)
