"""How much each block of a network adds: norms of what its shortcut carries, of F(x) and of their sum; and the standard
deviation of layer responses of figure 7.

Source: He et al. 2015 (arXiv:1512.03385), section 4.2, "Analysis of Layer Responses", and figure 7: "The responses are
the outputs of each 3×3 layer, after BN and before other nonlinearity (ReLU/addition)." So the stem of CIFAR networks
counts, that of ImageNet (7×7) does not, nor do projections on shortcuts; of a bottleneck the 3×3 layer alone counts.
The paper does not say over what the standard deviation is taken: here over all values of a layer, images, channels and
positions together. All in evaluation mode. Must not depend on pages or drawings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite, sqrt

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from ..inference.classifier import Classifier
from ..inference.classify import not_finite, see
from ..inference.store import LoadedModel, ModelStore
from ..models import ResNet
from .walk import BATCH, batches, blocks


@dataclass(frozen=True)
class BlockNorms:
    """One block: L2 norms over all channels and positions of one image, or the means of these norms over images.

    shortcut: of what the shortcut carries: x or, where dimensions change and with option C, what its padding or
    projection makes of x; None for a plain block, which has no shortcut. branch: of F(x). total: of their sum, before
    the ReLU.
    """

    name: str
    shortcut: float | None
    branch: float
    total: float


@dataclass(frozen=True)
class Responses:
    """images: how many were measured. blocks: from the input on. layers: names of the 3×3 convolutions from the input
    on, "conv1", "layer1.0.conv1" …; stds: their standard deviations, as figure 7 has them."""

    images: int
    blocks: tuple[BlockNorms, ...]
    layers: tuple[str, ...]
    stds: tuple[float, ...]


def image_responses(image: Image.Image, classifier: Classifier, store: ModelStore, crop: str = "centre") -> Responses:
    """The responses to one RGB image; `crop` and errors as of `activations`."""
    prepared = see(image, classifier.preprocess, crop)
    loaded = store.get(classifier)
    measured = _Sums(loaded.model)
    with loaded.lock:
        measured.add(prepared.tensor[None].contiguous(memory_format=torch.channels_last))
    responses = measured.responses()
    if not isfinite(responses.blocks[-1].total):
        raise not_finite(classifier)
    return responses


def mean_responses(
    loaded: LoadedModel,
    images: np.ndarray,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    *,
    batch: int = BATCH,
    progress: Callable[[int, int], None] = lambda done, of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Responses:
    """The responses to many images, uint8 (n, H, W, C), normalised by the network's `mean` and `std`.

    batch: images at once, for which the model's lock is held; of large images take fewer. progress: told (images
    measured, images in all). cancelled: asked before each batch; where it says so, the responses are those to the
    images measured so far.
    """
    measured = _Sums(loaded.model)
    for _, x in batches(images, mean, std, batch):
        if cancelled():
            break
        with loaded.lock:
            measured.add(x)
        progress(measured.images, len(images))
    return measured.responses()


@dataclass
class _Sums:
    """What is added up, batch by batch. norms: by block, sums over images of shortcut, branch and total; the first
    stays 0 in a plain network. moments: by layer, number of values, their mean, sum of squared deviations from it."""

    model: ResNet
    images: int = 0
    norms: dict[str, np.ndarray] = field(default_factory=dict)
    moments: dict[str, tuple[int, float, float]] = field(default_factory=dict)

    @torch.inference_mode()
    def add(self, x: Tensor) -> None:
        """Measure a batch (n, C, H, W); whoever shares the model holds its lock."""
        self.images += len(x)
        with self._layers():
            x = self.model.maxpool(self.model.stem(x))
            for name, block in blocks(self.model):
                branch = block.branch(x)
                carried = (x if block.downsample is None else block.downsample(x)) if block.residual else None
                total = branch if carried is None else branch + carried
                sums = np.array([0.0 if part is None else _norms(part) for part in (carried, branch, total)])
                self.norms[name] = self.norms.get(name, 0) + sums
                x = F.relu(total)

    def responses(self) -> Responses:
        """Means and standard deviations of what was added, without blocks and layers where that is nothing."""
        residual, norms = self.model.spec.shortcut != "none", []
        for name, sums in self.norms.items():
            carried, branch, total = (sums / self.images).tolist()
            norms.append(BlockNorms(name, carried if residual else None, branch, total))
        stds = (sqrt(squares / count) for count, _, squares in self.moments.values())
        return Responses(self.images, tuple(norms), tuple(self.moments), tuple(stds))

    @contextmanager
    def _layers(self) -> Iterator[None]:
        """While it lasts, each 3×3 layer's output after BN is measured at once: blocks overwrite it afterwards."""
        handles = []
        try:
            for name in layers(self.model):
                # convN is followed by bnN, which passes on what it gets in networks without normalisation
                after = self.model.get_submodule(name.replace("conv", "bn"))
                handles.append(after.register_forward_hook(self._measure(name)))
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _measure(self, name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            variance, mean = torch.var_mean(output, correction=0)
            count, at, squares = self.moments.get(name, (0, 0.0, 0.0))
            n, apart = output.numel(), float(mean) - at
            # two sets of values as one: Chan, Golub and LeVeque 1983, exact where sums of squares would cancel
            squares += float(variance) * n + apart**2 * count * n / (count + n)
            self.moments[name] = count + n, at + apart * n / (count + n), squares

        return hook


def layers(model: ResNet) -> tuple[str, ...]:
    """Names of the 3×3 convolutions outside shortcuts, from the input on."""
    found = ((name, layer) for name, layer in model.named_modules() if isinstance(layer, nn.Conv2d))
    return tuple(name for name, layer in found if layer.kernel_size == (3, 3) and ".downsample" not in name)


def _norms(maps: Tensor) -> float:
    """The sum over images of the L2 norms of (n, C, h, w)."""
    return float(torch.linalg.vector_norm(maps, dim=(1, 2, 3)).sum())
