"""The sample pictures, and the answers to them, which are computed once and not for each visitor.

A sample goes the way of every uploaded picture; it is recognised by its bytes. Photographs and drawings are for the
networks of CIFAR-10 and ImageNet, `shapes` test pictures for those trained on `shapes`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from ...data.shapes import CLASSES
from ...inference.classifier import Classifier
from ...places import PROJECT
from ...services import Services
from ..uploads import uploaded

FOLDER = PROJECT / "assets" / "samples"
PHOTOS = ("cat", "automobile", "ship", "airplane", "truck", "coffee", "rocket", "retina")

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Sample:
    """A picture to try. name: key of its caption among the words. data: "shapes", or "" for a photograph."""

    name: str
    path: Path
    data: str


SAMPLES = (
    *(Sample(name, FOLDER / f"{name}.jpg", "") for name in PHOTOS),
    *(Sample(name, FOLDER / "shapes" / f"{name}.png", "shapes") for name in CLASSES),
)


def fitting(sample: Sample, chosen: list[Classifier], ready: list[Classifier]) -> list[str]:
    """The ids of the networks to show a sample to: those of `chosen` that know such pictures, else the first that does.

    A network that has never seen a shape would call a star an airplane, and a stranger would take that for the demo.
    """

    def knows(classifier: Classifier) -> bool:
        return (classifier.run is not None and classifier.run.config.data == "shapes") == (sample.data == "shapes")

    found = [classifier.id for classifier in chosen if knows(classifier)]
    return found or [classifier.id for classifier in ready if knows(classifier)][:1] or [c.id for c in chosen]


@cache
def _digests() -> frozenset[bytes]:
    return frozenset(sha256(sample.path.read_bytes()).digest() for sample in SAMPLES)


@cache
def _largest() -> int:
    return max(sample.path.stat().st_size for sample in SAMPLES)


def answered(
    services: Services, path: Path, classifier: Classifier, key: Hashable, compute: Callable[[], Answer]
) -> Answer:
    """Return `compute()`, or what it gave before for a sample with equal bytes, equal weights and an equal `key`.

    Answers to other images are not kept. DataError if the upload at `path` has been deleted.
    """
    try:
        if uploaded(path).stat().st_size > _largest():
            return compute()
        digest = sha256(path.read_bytes()).digest()
        weights = classifier.weights.stat()
    except OSError:  # deleted a moment ago, or not readable: `compute` says so in a sentence
        return compute()
    if digest not in _digests():
        return compute()
    return services.answers.get((digest, classifier.id, weights.st_mtime_ns, weights.st_size, key), compute)
