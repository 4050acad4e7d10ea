"""Download ImageNet weights from the Hugging Face Hub. Must not depend on pages; see `data.download`."""

from __future__ import annotations

from pathlib import Path

from ..data.download import Report, Wanted, download
from ..data.hub import locate_on_hub
from ..places import Places
from .imagenet import HUB_FILE, Pretrained, fetched_to, find


def fetch(pretrained: Pretrained, places: Places, report: Report = lambda done, total: None) -> Path:
    """The file of weights, downloaded unless it is on this machine.

    Raises DataError with one of the sentences "download.…"; where the Hub cannot be reached, within seconds.
    """
    if path := find(pretrained, places):
        return path
    name = f"{pretrained.spec.title} (ImageNet)"
    file = f"{pretrained.repository.partition('/')[2]}/{HUB_FILE}"
    wanted = Wanted(name, pretrained.repository, (file,), "RESNET_DEMO_IMAGENET")
    target = fetched_to(pretrained, places)
    download(wanted, [(locate_on_hub(wanted, HUB_FILE, "model", pretrained.sha256), target)], report)
    return target
