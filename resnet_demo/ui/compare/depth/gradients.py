"""Gradients of untrained networks, plain and residual, shallow and deep, measured one after another on this machine.

It must not depend on Gradio or on words.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from ....data.datasets import load_dataset
from ....inference.gradients import LayerNorms, first_batch, layer_norms
from ....library.datasets import is_available
from ....models import ModelSpec
from ....services import Services

NORMS = ("batch", "none")
SPECS = tuple(product(NORMS, ("resnet20", "resnet56", "plain20", "plain56")))
IMAGES = 128


def data_set(services: Services) -> str:
    """The name of the data set whose first images are the batch."""
    return "cifar10" if is_available(services, "cifar10") else "shapes"


def measured(services: Services) -> Iterator[tuple[LayerNorms, ...]]:
    """The norms of the networks so far, one network more each time; one of `ui.errors.REFUSALS` without the images."""
    where: dict[str, Any] = {"name": data_set(services), "data": services.places.data, "cache": services.places.cache}
    if work := services.preparing.begin(**where):
        work.result()
    dataset = load_dataset(**where)
    images, labels = first_batch(dataset, IMAGES)
    classes, (height, _, channels) = len(dataset.classes), dataset.image_shape
    norms: tuple[LayerNorms, ...] = ()
    for norm, name in SPECS:
        spec = ModelSpec.from_name(name, norm=norm, num_classes=classes, in_channels=channels, input_size=height)
        norms = (*norms, layer_norms(spec, images, labels))
        yield norms
