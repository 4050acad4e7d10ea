"""What the papers report of the shortcut options: numbers of theirs, none of ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reported:
    """Errors of one network, 0 … 1, as published.

    key: "A", "B", "C" or "plain". data: for people. top5: None where it is not reported.
    """

    network: str
    key: str
    data: str
    top1: float
    top5: float | None
    source: str


# validation errors on ImageNet, 10-crop testing; He et al. 2015, arXiv:1512.03385, tables 2 (plain) and 3
IMAGENET_34 = tuple(
    Reported(network, key, "ImageNet", top1, top5, "He et al. 2015, table 3, 10-crop testing")
    for network, key, top1, top5 in (
        ("ResNet-34", "A", 0.2503, 0.0776),
        ("ResNet-34", "B", 0.2452, 0.0746),
        ("ResNet-34", "C", 0.2419, 0.0740),
        ("Plain-34", "plain", 0.2854, 0.1002),
    )
)
# test errors on CIFAR-10; He et al. 2016, "Identity Mappings in Deep Residual Networks", arXiv:1603.05027, table 1,
# where C is called "1x1 conv shortcut"
RESNET_110 = tuple(
    Reported("ResNet-110", key, "CIFAR-10", top1, None, "He et al. 2016 (Identity Mappings), table 1")
    for key, top1 in (("A", 0.0661), ("C", 0.1222))
)
REPORTED = (*IMAGENET_34, *RESNET_110)
