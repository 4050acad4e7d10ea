"""Files of ImageNet weights: random values under torchvision's names, small networks only."""

from __future__ import annotations

from pathlib import Path

import torch
import torchvision
from safetensors.torch import save_file


def random_network(depth: int, seed: int = 0) -> torch.nn.Module:
    """One of torchvision's networks with random values, in evaluation mode; logits differ between pictures."""
    generator = torch.Generator().manual_seed(seed)
    with torch.device("meta"):  # its own first values would be drawn in vain
        model = torchvision.models.get_model(f"resnet{depth}", weights=None)
    model.to_empty(device="cpu")
    for key, value in model.state_dict().items():
        if value.dim() > 1:
            value.normal_(0, (2 / value[0].numel()) ** 0.5, generator=generator)
        elif key.endswith("running_var"):
            value.uniform_(0.5, 1.5, generator=generator)
        elif key.endswith(("running_mean", "bias")):
            value.normal_(0, 0.1, generator=generator)
        elif "layer" in key and value.is_floating_point():  # small, or values would double from block to block
            value.uniform_(0.2, 0.5, generator=generator)
        else:
            value.fill_(float(value.is_floating_point()))  # of the first normalisation; counters of batches begin at 0
    return model.eval()


def write_weights_file(path: Path, model: torch.nn.Module) -> Path:
    """The network's state as safetensors or, by its name, as torch.save writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = model.state_dict()
    save_file(state, path) if path.suffix == ".safetensors" else torch.save(state, path)
    return path
