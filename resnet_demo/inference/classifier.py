"""What can answer about an image: a run, or an ImageNet network with torchvision's weights.

A `Classifier` is cheap: it says where the weights lie and how to load them, and loads nothing itself. `catalogue` finds
them, `store` keeps their networks in memory, `classify` and `explain` run them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..data.preprocess import Preprocess
from ..errors import Refusal
from ..models import ModelSpec, ResNet
from ..runs.files import WEIGHTS
from ..runs.folder import RunFolder


@dataclass(frozen=True)
class Classifier:
    """A network that can answer, not loaded yet.

    id: the run's id, or "imagenet/resnet50" (a slash cannot be in a run's id).
    spec: the network's layout.
    classes: names of the classes in the order of the logits; ImageNet has some names twice.
    preprocess: how it wants its pictures.
    weights: the file whose replacement means other weights.
    run: the run it is from, None for ImageNet.
    loader: makes the network, in evaluation mode, fp32, on the CPU; a Refusal if it cannot.
    """

    id: str
    spec: ModelSpec
    classes: tuple[str, ...]
    preprocess: Preprocess
    weights: Path
    run: RunFolder | None
    loader: Callable[[], ResNet]


def from_run(run: RunFolder) -> Classifier:
    """The classifier that a run has trained so far; ValueError if the run's configuration is none of a classifier."""
    config = run.config
    weights = run.path / WEIGHTS
    return Classifier(run.id, config.model, config.classes, run.preprocess(), weights, run, run.load_model)


def check_class(classifier: Classifier, index: int) -> None:
    """Refusal unless `index` is the number of one of the classes."""
    last = len(classifier.classes) - 1
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index <= last:
        raise Refusal("class", name=classifier.id, last=last, given=repr(index))


def class_index(classifier: Classifier, given: int | str) -> int:
    """The number of a class that is given by its number or its name; Refusal if there is none, or several."""
    if isinstance(given, str):
        count = classifier.classes.count(given)
        if count != 1:
            last = len(classifier.classes) - 1
            raise Refusal("label", name=classifier.id, count=count, given=repr(given[:100]), last=last)
        return classifier.classes.index(given)
    check_class(classifier, given)
    return given
