"""Weights of others: reads a checkpoint file and loads it strictly into one of our networks.

Understood are the keys of published CIFAR networks (conv1, bn1, layer1.0.conv1, layer2.0.shortcut.0, linear:
those of `pytorch_resnet_cifar10` and its relatives) and of torchvision, with or without a leading `module.`,
plain or inside {"state_dict": …}, as files of torch.save or safetensors. Nothing in a file is ever executed.
How pictures were normalised is not in such a file, so it is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

WRAPPERS = ("state_dict", "model", "net")  # where checkpoints keep the weights beside other things
PREFIXES = ("module.", "_orig_mod.")  # what DataParallel and torch.compile put in front
COUNTERS = "num_batches_tracked"  # no weights: old files lack them, and nothing depends on them
Model = TypeVar("Model", bound=nn.Module)


def canonical_keys(state_dict: Mapping[str, Any]) -> dict[str, Any]:
    """The same values under torchvision's keys: no prefix, `shortcut` becomes `downsample`, `linear` `fc`.

    A counter of batches that is no whole number any more, since every tensor of the file was cast, is left out.
    Raises ValueError if two keys become the same.
    """
    result: dict[str, Any] = {}
    for key, value in state_dict.items():
        new = key
        while new.startswith(PREFIXES):
            new = new.partition(".")[2]
        new = re.sub(r"^linear\.", "fc.", re.sub(r"(^layer\d+\.\d+)\.shortcut\.", r"\1.downsample.", new))
        if new in result:
            raise ValueError(f"the checkpoint has two tensors for {new!r}")
        result[new] = value
    return {key: value for key, value in result.items() if not (key.endswith(COUNTERS) and _is_cast(value))}


def _is_cast(counter: Any) -> bool:
    return isinstance(counter, Tensor) and (counter.is_floating_point() or counter.ndim > 0)


def read_checkpoint(path: str | Path) -> dict[str, Tensor]:
    """The state dict in a file, on the CPU, with canonical keys. ValueError says why a file is none."""
    path = Path(path)
    content: Any
    try:
        with path.open("rb") as file:
            start = file.read(9)
        if start[8:] == b"{":  # safetensors: eight bytes of length, then JSON
            content = load_file(path)
        else:
            content = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise ValueError(f"{path.name} cannot be read: {error.strerror or error}") from error
    except Exception as error:  # a broken file can fail in any way, and all mean the same
        raise ValueError(
            f"{path.name} is not a checkpoint that can be read safely (torch.save of tensors alone, or "
            "safetensors); a whole pickled model is refused, since opening it may run any code in it"
        ) from error
    for wrapper in WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    if not isinstance(content, Mapping) or not content:
        raise ValueError(f"{path.name} holds no weights: a mapping from names to tensors is expected")
    for key, value in content.items():
        if not isinstance(key, str) or not isinstance(value, Tensor):
            raise ValueError(f"{path.name} holds more than weights: {str(key)[:60]!r} is no tensor")
    return canonical_keys(content)


def load_checkpoint(path: str | Path, model: Model) -> Model:
    """Load a file into `model`, every tensor and no other, and return it (mode and device as before).

    Raises ValueError for a file that is no checkpoint, and for one of another network: it names a few missing
    and unexpected keys and wrong shapes and says what the file looks like. The model is then unchanged.
    """
    given, wanted = read_checkpoint(path), model.state_dict()
    missing = [key for key in wanted if key not in given and not key.endswith(COUNTERS)]
    unexpected = [key for key in given if key not in wanted]
    shapes = [
        f"{key} {tuple(given[key].shape)} instead of {tuple(wanted[key].shape)}"
        for key in wanted
        if key in given and given[key].shape != wanted[key].shape
    ]
    if missing or unexpected or shapes:
        parts = [("missing", missing), ("unexpected", unexpected), ("other shapes", shapes)]
        told = "; ".join(f"{what}: {_few(keys)}" for what, keys in parts if keys)
        spec = getattr(model, "spec", None)
        network = f"{spec.name} with shortcut {spec.shortcut}" if spec else type(model).__name__
        raise ValueError(f"{Path(path).name} does not fit {network}. {told}.{_looks_like(given)}")
    model.load_state_dict(given)
    return model


def _few(items: list[str], limit: int = 3) -> str:
    rest = f" and {len(items) - limit} more" if len(items) > limit else ""
    return ", ".join(items[:limit]) + rest


def _looks_like(state: Mapping[str, Tensor]) -> str:
    """A sentence on the network that a state dict looks like, or nothing if it looks like none."""
    blocks = {match[0] for key in state if (match := re.match(r"layer\d+\.\d+(?=\.conv1\.)", key))}
    if not blocks or "fc.weight" not in state:
        return ""
    bottleneck = any(key.endswith(".conv3.weight") for key in state)
    family = "cifar-" if len({block.partition(".")[0] for block in blocks}) == 3 else ""
    depth = len(blocks) * (3 if bottleneck else 2) + 2
    projections = {block for block in blocks if f"{block}.downsample.0.weight" in state}
    shortcut = "A (or a plain network)" if not projections else "C" if projections == blocks else "B"
    return (
        f" The file looks like {family}resnet{depth} of {'bottlenecks' if bottleneck else 'basic blocks'}, "
        f"shortcut {shortcut}, {len(state['fc.weight'])} classes."
    )
