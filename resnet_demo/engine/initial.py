"""Values that a network begins from when they are another network's: all of them, or all but the last layer's.

Must not depend on files or runs; values come as a state dict under torchvision's names.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from ..errors import Refusal
from ..models import ModelSpec
from ..models.checkpoints import first_unusable, misfit, title
from ..models.registry import empty_state

LAST_LAYER = ("fc.weight", "fc.bias")


def fit_initial(state: Mapping[str, Tensor], spec: ModelSpec) -> dict[str, Tensor]:
    """The tensors of `state` that the network of `spec` begins from.

    Where the number of classes differs the last layer's are left out: it is learned anew, from the seed's values. So
    it is where `state` has none.
    Raises Refusal (a ValueError) if anything else does not fit, or has values that are not finite numbers.
    """
    wanted, bias = empty_state(spec), state.get("fc.bias")
    learned_anew = bias is None or bias.shape != wanted["fc.bias"].shape
    for name in LAST_LAYER:
        if bias is not None:  # of as many classes as `state` has
            wanted[name] = wanted[name].new_empty((*bias.shape, *wanted[name].shape[1:]))
        elif name not in state:
            del wanted[name]
    if detail := misfit(state, wanted):
        raise Refusal("unfit.initial", network=f"{title(spec)} and {spec.in_channels} channels", detail=detail)
    kept = {name: value for name, value in state.items() if not (learned_anew and name in LAST_LAYER)}
    if unusable := first_unusable(kept):
        raise Refusal("unfit.initial_broken", tensor=unusable)
    return kept
