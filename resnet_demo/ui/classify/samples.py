"""The sample pictures, and the answers to them, which are computed once and not for each visitor.

A sample goes the way of every uploaded picture; it is recognised by its bytes. Photographs and drawings are for the
networks of CIFAR-10 and ImageNet, `shapes` test pictures for those trained on `shapes`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from ...data.shapes import CLASSES
from ...inference.classifier import Classifier
from ...places import PROJECT

FOLDER = PROJECT / "assets" / "samples"
PHOTOS = ("cat", "automobile", "ship", "airplane", "truck", "coffee", "rocket", "retina")
REMEMBERED = 1000  # answers; each holds a small picture

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


class Prepared:
    """Answers to the samples, remembered by what they depend on; other pictures are not remembered."""

    def __init__(self) -> None:
        self._samples = {sha256(sample.path.read_bytes()).digest() for sample in SAMPLES}
        self._largest = max(sample.path.stat().st_size for sample in SAMPLES)
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, path: Path, classifier: Classifier, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """`compute()`, or what it gave before for a sample with equal bytes, equal weights and an equal `key`."""
        if path.stat().st_size > self._largest:
            return compute()
        digest = sha256(path.read_bytes()).digest()
        if digest not in self._samples:
            return compute()
        weights = classifier.weights.stat()
        key = (digest, classifier.id, weights.st_mtime_ns, weights.st_size, key)
        with self._guard:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = compute()
        with self._guard:
            self._answers[key] = answer
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return answer
