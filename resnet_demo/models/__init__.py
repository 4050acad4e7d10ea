"""Residual networks for small and large pictures, in plain PyTorch (He et al. 2015, arXiv:1512.03385).

Must not depend on data, training or the user interface.
"""

from .checkpoints import load_checkpoint
from .describe import Description, LayerRow, describe
from .initial import initialize
from .registry import blank_model, build_model, create_model
from .resnet import ResNet
from .spec import ModelSpec, list_models
from .weights_file import canonical_keys

__all__ = [
    "Description",
    "LayerRow",
    "ModelSpec",
    "ResNet",
    "blank_model",
    "build_model",
    "canonical_keys",
    "create_model",
    "describe",
    "initialize",
    "list_models",
    "load_checkpoint",
]
