"""How large gradients and signals are in each layer of a network that has learned nothing yet, for one batch.

Measurements only, no conclusions: He et al. 2015 (arXiv:1512.03385), section 4.1, leave the cause of the degradation of
plain networks open. Must not depend on pages.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..data.augment import normalise
from ..data.dataset import Dataset
from ..models import ModelSpec, build_model


@dataclass(frozen=True)
class LayerNorms:
    """A network at its initial values, in training mode, on one batch.

    layers: names of the layers with weights that are not on a shortcut, from the input on: `spec.depth` of them.
    gradients: L2 norm of the gradient of the loss with respect to each one's weights.
    signals: how much what each one gives out differs over pictures and positions: standard deviation of a channel, root
        of the mean square over the channels; after batch normalisation where there is one. The last are the logits.
    loss: mean cross-entropy of the batch. total: L2 norm of the gradient with respect to all parameters, biases and
        shortcuts too.
    What overflowed is inf or NaN.
    """

    spec: ModelSpec
    layers: tuple[str, ...]
    gradients: tuple[float, ...]
    signals: tuple[float, ...]
    loss: float
    total: float


def first_batch(dataset: Dataset, size: int = 128) -> tuple[Tensor, Tensor]:
    """The first training pictures of a data set, normalised, not augmented: float (n, C, H, W), and labels (n,)."""
    images, labels = dataset.train.images[:size], dataset.train.labels[:size]
    mean, std = torch.tensor(dataset.mean), torch.tensor(dataset.std)
    pictures = normalise(torch.tensor(images), mean, std).permute(0, 3, 1, 2)
    return pictures, torch.tensor(labels, dtype=torch.int64)


def layer_norms(spec: ModelSpec, pictures: Tensor, labels: Tensor, seed: int = 0) -> LayerNorms:
    """Norms of the network that `seed` gives, for pictures (n, C, H, W) and labels (n,); fp32, nothing is learned."""
    with torch.inference_mode(False), torch.enable_grad():
        model = build_model(spec, seed).train().to(memory_format=torch.channels_last)
        layers = weighted_layers(model)
        with _signals(model, layers) as signals:
            loss = F.cross_entropy(model(pictures), labels)
        names = [name for name, _ in model.named_parameters()]
        gradients = dict(zip(names, torch.autograd.grad(loss, list(model.parameters())), strict=True))
    norms = {name: float(torch.linalg.vector_norm(gradient)) for name, gradient in gradients.items()}
    return LayerNorms(
        spec,
        layers,
        tuple(norms[f"{layer}.weight"] for layer in layers),
        tuple(signals[layer] for layer in layers),
        float(loss.detach()),
        math.hypot(*norms.values()),
    )


def weighted_layers(model: nn.Module) -> tuple[str, ...]:
    """Names of the convolutions and the linear layer on the way through the branches, in their order."""
    layers = [name for name, module in model.named_modules() if isinstance(module, nn.Conv2d | nn.Linear)]
    return tuple(name for name in layers if ".downsample" not in name)


@contextmanager
def _signals(model: nn.Module, layers: tuple[str, ...]) -> Iterator[dict[str, float]]:
    """While it lasts, what each layer (with its normalisation) gives out is reduced to one number at once: blocks
    overwrite their tensors afterwards."""
    signals: dict[str, float] = {}

    def keep(layer: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            channels = output.detach().transpose(0, 1).flatten(1)
            signals[layer] = float(channels.var(1, correction=0).mean().sqrt())

        return hook

    handles = [model.get_submodule(_normalised(layer)).register_forward_hook(keep(layer)) for layer in layers]
    try:
        yield signals
    finally:
        for handle in handles:
            handle.remove()


def _normalised(layer: str) -> str:
    """The module after which a layer's output counts: layer1.0.bn2 after layer1.0.conv2; it passes on without BN."""
    return layer.replace("conv", "bn")
