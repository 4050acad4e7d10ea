"""What the papers published of A, B, C and plain where nothing is trained here: ImageNet, and depth 110.

Values of tables; it must not depend on Gradio.
"""

from __future__ import annotations

from typing import Any

from ....runs.comparison.paper import IMAGENET_34, RESNET_110, Reported
from ...text import Text


def imagenet(text: Text) -> dict[str, Any]:
    """Errors of 34 layers on ImageNet."""
    rows = [
        {"network": name(one, text), "top1": error(one.top1, text), "top5": error(one.top5, text)}
        for one in IMAGENET_34
    ]
    return {"columns": _columns(("network", "top1", "top5"), text), "rows": rows}


def deep(text: Text) -> dict[str, Any]:
    """Errors of ResNet-110 on CIFAR-10."""
    rows = [{"network": name(one, text), "error": error(one.top1, text)} for one in RESNET_110]
    return {"columns": _columns(("network", "error"), text), "rows": rows}


def name(one: Reported, text: Text) -> str:
    """ "ResNet-34 A", "Plain-34"."""
    return one.network if one.key == "plain" else text("run.shortcut", network=one.network, shortcut=one.key)


def error(share: float | None, text: Text) -> dict[str, Any]:
    """An error, 0 … 1, in percent; a dash where none was published."""
    if share is None:
        return {"text": "–"}
    return {"text": text("comparison.error", percent=f"{100 * share:.2f}"), "sort": round(100 * share, 4)}


def _columns(keys: tuple[str, ...], text: Text) -> list[dict[str, Any]]:
    return [{"key": key, "title": text(f"comparison.column.{key}"), "numeric": key != "network"} for key in keys]
