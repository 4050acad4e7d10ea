"""Teach a model classes by showing it a few images of each: a run like any other, made in seconds.

The images become a data set of the visitor's own; of the best model that is here the last layer is trained on them. The
confidence below which it had better keep silent follows from the run's validation images. Must not depend on Gradio.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..data.own import OWN
from ..engine.config import TrainConfig, preset
from ..errors import Refusal
from ..inference.classifier import Classifier
from ..metrics import softmax
from ..metrics.threshold import Threshold, choose_threshold
from ..runs.folder import RunFolder
from ..runs.queue.manager import Submitted
from ..services import Services
from .launching import queue
from .visitors import Visitor

LEAST_CLASSES, MOST_CLASSES = 2, 10
MOST_IMAGES = 300  # of a class
MOST_BYTES = 2**20  # of an image
LONGEST_NAME = 40  # characters of a class's name
EPOCHS, BATCH = 40, 8  # some hundred steps of one small layer; an epoch has whole batches only


@dataclass(frozen=True)
class Taught:
    """A run that was queued. data: the name that opens its images, "own:<key>". backbone: what it starts from."""

    submitted: Submitted
    data: str
    backbone: Classifier

    @property
    def run(self) -> RunFolder:
        """The run."""
        return self.submitted.run


def find_backbone(services: Services) -> Classifier:
    """The best model here to take features from; Refusal where there is none.

    ImageNet's ResNet-50 on a GPU, where it costs little, else its ResNet-18, else the other one; without their weights
    the CIFAR-10 model among the published runs with the highest validation accuracy.
    """
    ready = {one.id: one for one in services.catalogue.ready(())}
    on_cpu = services.manager.queue.slots[0].startswith("cpu")
    for depth in (18, 50) if on_cpu else (50, 18):
        if found := ready.get(f"imagenet/resnet{depth}"):
            return found
    published = [one for one in ready.values() if one.run and one.run.config.data == "cifar10"]
    if not published:
        raise Refusal("teach.backbone")
    return max(published, key=_validation_accuracy)


def _validation_accuracy(classifier: Classifier) -> float:
    manifest = classifier.run.manifest if classifier.run else None
    return manifest["accuracy"]["validation"]["accuracy"] if manifest else 0.0


def teach(
    services: Services, images: Mapping[str, Sequence[bytes]], who: Visitor, name: str = "", *, whole: bool = False
) -> Taught:
    """`teach_zip` of image files in memory, by the names of their classes."""
    _check_classes(len(images))
    for label, files in images.items():
        if len(files) > MOST_IMAGES or max(map(len, files), default=0) > MOST_BYTES:
            raise Refusal("teach.large", name=label[:LONGEST_NAME], most=MOST_IMAGES, megabytes=MOST_BYTES / 2**20)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "images.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for label, files in zip(_folder_names(images), images.values(), strict=True):
                for number, content in enumerate(files):
                    archive.writestr(f"{label}/{number}.jpg", content)
        return teach_zip(services, path, who, name, whole=whole)


def teach_zip(services: Services, upload: Path, who: Visitor, name: str = "", *, whole: bool = False) -> Taught:
    """Keep a zip with a folder of images for each class as the visitor's own, and queue a run that learns from it.

    name: of the run and its images, for people; by default the classes' names. whole: train all layers, not the last
    alone. Refusal or DataError, and then nothing is kept, for images that cannot be learned from, or where there is no
    room.
    """
    backbone = find_backbone(services)
    services.manager.room.check(who.address)
    size = backbone.preprocess.size
    key = services.own.add(upload, name, size, "" if who.local else who.address)
    try:
        classes = services.own.preview(key, size).classes
        _check_classes(len(classes))
        config = config_for(backbone, OWN + key, whole=whole)
        submitted = queue(services, config, who, backbone, name=name or ", ".join(classes))
    except BaseException:
        services.own.remove(key)
        raise
    return Taught(submitted, OWN + key, backbone)


def config_for(backbone: Classifier, data: str, *, whole: bool = False) -> TrainConfig:
    """How a few images of each class are learned, beginning from `backbone`; not yet fitted to the data."""
    normalization = backbone.preprocess
    return replace(
        preset("demo", backbone.spec, data, length=float(EPOCHS), unit="epochs", batch_size=BATCH),
        lr=0.005 if whole else 0.02,
        mean=normalization.mean,
        std=normalization.std,
        initial=backbone.id,
        freeze=not whole,
    )


def threshold_of(run: RunFolder) -> Threshold | None:
    """The confidence below which the run's model keeps silent, chosen on its validation images; None before it has
    been evaluated on them. It follows from the predictions that are stored with the run."""
    answers = run.predictions().get("validation")
    return None if answers is None else choose_threshold(softmax(answers.logits), answers.labels)


def _check_classes(count: int) -> None:
    if not LEAST_CLASSES <= count <= MOST_CLASSES:
        raise Refusal("teach.classes", least=LEAST_CLASSES, most=MOST_CLASSES, given=count)


def _folder_names(names: Mapping[str, object]) -> list[str]:
    """The classes' names as they can be those of folders, each one different."""
    made: list[str] = []
    for number, name in enumerate(names, 1):
        label = "".join(" " if one in "/\\" or not one.isprintable() else one for one in name)
        label = label.strip(" .")[:LONGEST_NAME] or f"class {number}"
        made.append(f"{label} {number}" if label in made else label)
    return made
