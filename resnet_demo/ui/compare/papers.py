"""What the papers published of A, B, C and plain where nothing is trained here: ImageNet, and depth 110."""

from __future__ import annotations

from typing import Any

from ..components.prose import note
from ..components.table import table
from ..text import Text

# top-1 and top-5 error in percent, ten crops, of 34 layers: He et al. 2015 (arXiv:1512.03385), table 3
IMAGENET_34 = {"A": (25.03, 7.76), "B": (24.52, 7.46), "C": (24.19, 7.40), "plain": (28.54, 10.02)}
# test error in percent on CIFAR-10 of 110 layers, C as "1x1 conv shortcut": He et al. 2016 (arXiv:1603.05027), table 1
RESNET_110 = {"A": 6.61, "C": 12.22}


def build(text: Text) -> None:
    """Two small tables."""
    for section, value in (("paper", imagenet(text)), ("deep", deep(text))):
        note(text, f"comparison.{section}", "h4")
        label = text(f"comparison.{section}.label")
        table(text, elem_id=f"published-{section}", name=section, label=label, value=value, selectable=False)
        note(text, f"comparison.{section}.note", "p")


def imagenet(text: Text) -> dict[str, Any]:
    """Errors of 34 layers on ImageNet (He et al. 2015, table 3)."""
    rows = [
        {"network": name("34", key, text), "top1": error(top1, text), "top5": error(top5, text)}
        for key, (top1, top5) in IMAGENET_34.items()
    ]
    return {"columns": _columns(("network", "top1", "top5"), text), "rows": rows}


def deep(text: Text) -> dict[str, Any]:
    """Errors of ResNet-110 on CIFAR-10 (He et al. 2016, table 1)."""
    rows = [{"network": name("110", key, text), "error": error(value, text)} for key, value in RESNET_110.items()]
    return {"columns": _columns(("network", "error"), text), "rows": rows}


def name(depth: str, key: str, text: Text) -> str:
    """ "ResNet-34 A", "Plain-34"."""
    if key == "plain":
        return f"Plain-{depth}"
    return text("run.shortcut", network=f"ResNet-{depth}", shortcut=key)


def error(percent: float, text: Text) -> dict[str, Any]:
    """An error in percent."""
    return {"text": text("comparison.error", percent=f"{percent:.2f}"), "sort": percent}


def _columns(keys: tuple[str, ...], text: Text) -> list[dict[str, Any]]:
    return [{"key": key, "title": text(f"comparison.column.{key}"), "numeric": key != "network"} for key in keys]
