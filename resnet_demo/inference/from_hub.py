"""A model from the Hub in one call: `from_hub("user/name").classify("image.jpg")`.

It may be one that this project has saved, or a ResNet in the layout of timm and torchvision. Must not depend on pages.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from PIL import Image

from ..data.decode import decode
from ..data.preprocess import Preprocess
from ..hub.account import account_of
from ..models import ResNet
from ..places import Places
from ..runs.exchange.hub_pull import look_up, pull
from ..runs.folder import RunFolder
from .classifier import from_run
from .classify import classify
from .store import ModelStore


@dataclass(frozen=True, eq=False)
class HubModel:
    """A model that was loaded. model: the network, in evaluation mode, fp32, on the CPU. preprocess: what it wants to
    see. run: the folder that it has been made, for `evaluate --run` and `train --init`."""

    model: ResNet
    classes: tuple[str, ...]
    preprocess: Preprocess
    run: RunFolder

    def classify(self, image: str | os.PathLike | bytes | Image.Image, top_k: int = 5) -> list[tuple[str, float]]:
        """The most probable classes of an image with their probabilities, best first."""
        answer = classify(decode(image), from_run(self.run), ModelStore(), top_k)
        return list(zip(answer.labels, answer.probabilities, strict=True))


def from_hub(repository: str, token: str = "", places: Places | None = None) -> HubModel:
    """The model of "user/name" or "user/name@revision", downloaded once into the cache.

    token: for what not everybody may see. Refusal for whatever cannot be had, or is no model that is known here.
    """
    places = places or Places.from_environment()
    account = account_of(token) if token else None
    found = look_up(repository, account)
    folder = places.cache / "hub" / f"{found.name.replace('/', '--')}-{found.commit}"
    made = sorted(path for path in (folder / "run").glob("*") if path.is_dir() and not path.name.startswith("."))
    run = RunFolder(made[0]) if made else pull(found, folder / "run", folder / "files", account)
    return HubModel(run.load_model(), run.config.classes, run.preprocess(), run)
