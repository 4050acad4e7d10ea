"""What `train --init` names: a run, a file of weights, or an ImageNet network; its values and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from ..errors import Refusal
from ..inference.catalogue import Catalogue
from ..inference.classifier import from_run
from ..models import ModelSpec
from ..models.weights_file import read_weights
from ..places import Places
from ..runs.files import CONFIG, WEIGHTS
from ..runs.folder import RunFolder
from ..runs.index import RunIndex


@dataclass(frozen=True, eq=False)
class Beginning:
    """Values to begin from.

    name: for people, what the configuration calls it. state: all values. spec: the network that has them, None where
    a bare file does not say. mean, std: how its pictures were normalised, empty where that is not known.
    """

    name: str
    state: dict[str, Tensor]
    spec: ModelSpec | None = None
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()


def find_beginning(given: str, places: Places) -> Beginning:
    """What `given` names: a run's folder or id, a file of weights, or "imagenet/resnet18" and the like.

    ValueError if there is nothing of the kind, or it cannot be read.
    """
    path = Path(given).expanduser()
    if path.name == WEIGHTS and (path.parent / CONFIG).is_file():
        path = path.parent
    if path.is_file():
        return Beginning(path.name, read_weights(path))
    if path.is_dir():
        classifier = from_run(RunFolder(path.resolve()))
    else:
        try:
            classifier = Catalogue(RunIndex(places.roots), places).get(given)
        except Refusal as error:
            raise ValueError(
                f"--init {given}: {error} Accepted is a run's folder or id, or a file of weights"
            ) from error
    seen = classifier.preprocess
    return Beginning(classifier.id, classifier.loader().state_dict(), classifier.spec, seen.mean, seen.std)
