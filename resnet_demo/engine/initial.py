"""Values that a network begins from when they are another network's: all of them, or all but the last layer's.

It knows neither files nor runs; whoever has values hands them over as a state dict under torchvision's names.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from ..errors import Refusal
from ..models import ModelSpec
from ..models.convert import COUNTERS
from ..models.registry import allocate

LAST_LAYER = ("fc.weight", "fc.bias")


def fit_initial(state: Mapping[str, Tensor], spec: ModelSpec) -> dict[str, Tensor]:
    """The tensors of `state` that the network of `spec` begins from.

    Where the number of classes differs the last layer's are left out: it is learned anew, from the seed's values. So
    it is where `state` has none.
    Raises Refusal (a ValueError) if anything else does not fit, or has values that are not finite numbers.
    """
    wanted = {name: tensor.shape for name, tensor in allocate(spec, lambda tensor: tensor).state_dict().items()}
    head = [name for name in LAST_LAYER if name in state]
    other_classes = len(head) == 2 and state[LAST_LAYER[1]].shape != wanted[LAST_LAYER[1]]
    kept = {name: value for name, value in state.items() if not (other_classes and name in LAST_LAYER)}
    needed = [name for name in wanted if not name.endswith(COUNTERS) and (head or name not in LAST_LAYER)]
    missing = [name for name in needed if name not in state]
    unknown = [name for name in kept if name not in wanted]
    shapes = [name for name, value in kept.items() if name in wanted and value.shape != wanted[name]]
    if other_classes and state[LAST_LAYER[0]].shape[1:] != wanted[LAST_LAYER[0]][1:]:
        shapes.append(LAST_LAYER[0])
    for names, what in ((shapes, "of another shape"), (missing, "missing"), (unknown, "not part of it")):
        if names:
            network = f"{spec.title} with shortcut {spec.shortcut} and {spec.in_channels} channels"
            more = f" and {len(names) - 1} more are" if len(names) > 1 else " is"
            raise Refusal("unfit.initial", network=network, detail=f"{str(names[0])[:60]}{more} {what}")
    for name, value in kept.items():
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise Refusal("unfit.initial_broken", tensor=name)
    return kept
