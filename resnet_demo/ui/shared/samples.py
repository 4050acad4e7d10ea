"""The sample images, and the answers to them, which are computed once and not for each visitor.

A sample is handled as every uploaded image; it is recognised by its bytes. Photos and drawings are for the models of
CIFAR-10 and ImageNet, test images of `shapes` for those trained on `shapes`. It must not depend on a tab or make
components.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from ...data.shapes import CLASSES
from ...inference.classifier import Classifier
from ...places import PROJECT
from ...services import Services
from ..text import Text
from ..uploads import uploaded

FOLDER = PROJECT / "assets" / "samples"
PHOTOS = ("cat", "automobile", "ship", "airplane", "truck", "coffee", "rocket", "retina")

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Sample:
    """An image to try. name: key of its caption among the words. data: "shapes", or "" for a photo."""

    name: str
    path: Path
    data: str

    def captioned(self, text: Text) -> tuple[str, str]:
        """The sample as an image of a gallery, with a caption, by which it is told from what was uploaded."""
        return str(self.path), text(f"sample.{self.name}")


SAMPLES = (
    *(Sample(name, FOLDER / f"{name}.jpg", "") for name in PHOTOS),
    *(Sample(name, FOLDER / "shapes" / f"{name}.png", "shapes") for name in CLASSES),
)


def strips(text: Text, samples: Iterable[Sample] = SAMPLES) -> list[tuple[str, list[tuple[str, Path]]]]:
    """Values of `sample_strips`: a strip for each kind of sample, with its title."""
    by_kind: dict[str, list[tuple[str, Path]]] = {}
    for sample in samples:
        by_kind.setdefault(sample.data, []).append((text(f"sample.{sample.name}"), sample.path))
    return [(text(f"samples.{data or 'photos'}"), items) for data, items in by_kind.items()]


def fitting(sample: Sample, chosen: list[Classifier], ready: list[Classifier]) -> list[str]:
    """The ids of the models for a sample: those of `chosen` that were trained on such images, else the first that was.

    A model that has never seen a shape would call a star an airplane, and visitors would think that the demo is broken.
    """

    kept = [classifier.id for classifier in chosen if fits(sample, classifier)]
    return kept or [classifier.id for classifier in ready if fits(sample, classifier)][:1] or [c.id for c in chosen]


def fits(sample: Sample, classifier: Classifier) -> bool:
    """Whether a model was trained on such images."""
    return (classifier.run is not None and classifier.run.config.data == "shapes") == (sample.data == "shapes")


@cache
def _digests() -> frozenset[bytes]:
    return frozenset(sha256(sample.path.read_bytes()).digest() for sample in SAMPLES)


@cache
def _largest() -> int:
    return max(sample.path.stat().st_size for sample in SAMPLES)


def cached_answer(
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
